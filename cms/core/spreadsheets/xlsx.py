"""Excel workbooks written as a stream, in constant memory."""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape

from zipstream import ZIP_DEFLATED, ZipStream

from .csv import cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters in a cell: Excel takes no more
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
AT_A_TIME = 64  # rows that are written together

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def xlsx_parts(
    headings: Iterable[str], rows: Iterable[Iterable], *, as_cell: Callable[[object], str] = cell
) -> Iterator[bytes]:
    """Yield the bytes of a workbook with one sheet. Every cell is text, so none is a formula."""
    book = ZipStream(compress_type=ZIP_DEFLATED, compress_level=1)
    for name, content in _PARTS.items():
        book.add(content.encode(), name)
    book.add(_sheet(headings, rows, as_cell), "xl/worksheets/sheet1.xml")
    yield from book


def _sheet(headings: Iterable[str], rows: Iterable[Iterable], as_cell: Callable[[object], str]) -> Iterator[bytes]:
    text = [f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>', _row(headings, as_cell)]
    for row in rows:
        text.append(_row(row, as_cell))
        if len(text) >= AT_A_TIME:
            yield "".join(text).encode()
            text = []
    text.append("</sheetData></worksheet>")
    yield "".join(text).encode()


def _row(values: Iterable, as_cell: Callable[[object], str]) -> str:
    texts = (escape(NOT_XML.sub("", as_cell(value)[:LONGEST])) for value in values)
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f"<row>{cells}</row>"
