"""Tests of the readers: accepted files, and the message of each refused one."""

import contextlib
import csv
import datetime
import io
import random
import zipfile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from scrutiny_pages.importer import readers, tables
from scrutiny_pages.importer.columns import COLUMNS, OUR_HEADINGS, examples, guess, name_of
from scrutiny_pages.importer.parsers import Cell, CellProblem, to_date, to_text
from scrutiny_pages.importer.readers import open_book, read
from scrutiny_pages.importer.sheet import CannotRead, Layout, Sheet
from scrutiny_pages.importer.workbooks import _hidden_columns, _hidden_rows

TABLE = "Title,Reason\nMend the gate,£5 for Zoë and her café\n"
DAY = datetime.date(2026, 4, 3)


def workbook(*rows, change=None, **settings) -> bytes:
    """Return a workbook's bytes; ``change`` is called with it before it is saved."""
    book = openpyxl.Workbook()
    for name, value in settings.items():
        setattr(book, name, value)
    for row in rows or (["Title", "Asked for on"], ["Mend the gate", DAY]):
        book.active.append(row)
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, *, add: dict[str, bytes] | None = None, without: str = "") -> bytes:
    """Return an archive again with parts added or left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != without and name not in (add or {}):
                new.writestr(name, old.read(name))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return packed.getvalue()


def texts(sheet: Sheet) -> list[tuple[int, list[str]]]:
    return [(number, [cell.text for cell in cells]) for number, cells in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_usual_encoding_and_with_any_usual_delimiter(encoding, delimiter):
    sheet = read(TABLE.replace(",", delimiter).encode(encoding))
    assert (sheet.headings, texts(sheet)) == (["Title", "Reason"], [(2, ["Mend the gate", "£5 for Zoë and her café"])])
    assert sheet.notices == []


def test_an_old_windows_encoding_is_read_with_a_notice():
    sheet = read(TABLE.encode("cp1252"))
    assert texts(sheet) == [(2, ["Mend the gate", "£5 for Zoë and her café"])]
    assert "old Windows encoding" in sheet.notices[0]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    content = io.StringIO()
    rows = [["Title", "Reason"], [], ["Mend; the, gate", "One line\nand another"], ["", ""], ["Plant a hedge"]]
    csv.writer(content).writerows(rows)
    assert texts(read(content.getvalue().encode())) == [
        (3, ["Mend; the, gate", "One line\nand another"]),
        (5, ["Plant a hedge"]),
    ]
    assert [number for number, _ in texts(read(workbook(*rows)))] == [3, 5]


def hidden_first(book):
    book.active.sheet_state = "hidden"
    book.create_sheet("Tracker 2026").append(["Title"])
    book["Tracker 2026"].append(["From the second sheet"])


def test_the_first_sheet_that_can_be_seen_is_read_and_named():
    sheet = read(workbook(change=hidden_first))
    assert texts(sheet) == [(2, ["From the second sheet"])]
    assert sheet.notices == ["The workbook has 2 sheets. Only “Tracker 2026” is read."]


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, CALENDAR_MAC_1904])
def test_a_date_is_the_same_day_whichever_year_the_workbook_counts_from(epoch):
    content = workbook(epoch=epoch)
    marked = b'date1904="1"' in zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
    assert marked == (epoch == CALENDAR_MAC_1904)
    [(_, cells)] = read(content).rows
    assert to_date(cells[1]) == DAY


def test_cells_of_every_kind():
    values = [
        1,
        2.5,
        4.0,
        True,
        datetime.datetime.fromisoformat("2026-04-03 09:30"),
        "  text_x000D_ ",
        "=A1",
        "#N/A",
        None,
    ]
    sheet = read(workbook(["Title"] * 9, values))
    [(_, cells)] = sheet.rows
    assert [(cell.kind, cell.text) for cell in cells] == [
        ("number", "1"),
        ("number", "2.5"),
        ("number", "4"),
        ("text", "Yes"),
        ("date", "2026-04-03"),
        ("text", "text"),
        ("formula", "="),
        ("broken", "#N/A"),
    ]
    assert Sheet.unpack(sheet.pack()) == sheet


def zip_of(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return packed.getvalue()


def merged(book):
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("A6:B6")  # within a row: that row's
    book.active.merge_cells("C1:D1")


def locked_flag() -> bytes:
    content = bytearray(zip_of(**{"xl__workbook.xml": b"<a/>"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD_FILES = {
    "empty": (b"", "The file is empty."),
    "only white": (b" \r\n\n", "The file is empty."),
    "only a mark": (b"\xef\xbb\xbf", "The file is empty."),
    "only headings": (b"Title,Reason\n", "There is nothing below the headings."),
    "NUL": (b"Title\nMend\x00 the gate\n", "characters in it that are no text (NUL)"),
    "UTF-16 without its mark": ("Title\nMend\n".encode("utf-16-le"), "no text (NUL)"),
    "half of UTF-16": (b"\xff\xfeT", "The file's text is damaged."),
    "damaged UTF-8": (b"\xef\xbb\xbfTitle\nCaf\xe9\n", "The file's text is damaged."),
    "a Mac's encoding": ("Title\nZoë and “café”\n".encode("mac-roman"), "We cannot tell in which encoding"),
    "Cyrillic": (b"Title\n\xc7\xe0\xe1\xee\xf0\n", "We cannot tell in which encoding"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "We cannot tell in which encoding"),
    "open quotation": (b'Title,Reason\n"Mend,it\n', 'A quotation mark (") near line 2'),
    "endless cell": (b"Title\n" + b"a" * 140_000, "is too long to be one"),
    "a PDF": (b"%PDF-1.7", "This is a PDF."),
    "a web page called xls": (b"<html><table><tr><td>Title", "This is a web page"),
    "old Excel": (XLS, "This is an old Excel file (.xls)."),
    "a password": (XLS + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "a locked archive": (locked_flag(), "protected by a password"),
    "OpenDocument": (zip_of(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument file (.ods)"),
    "macros": (repacked(workbook(), add={"xl/vbaProject.bin": b"x"}), "has macros (.xlsm)"),
    "binary Excel": (zip_of(**{"xl__workbook.bin": b"x"}), "a binary Excel workbook (.xlsb)"),
    "an archive": (zip_of(**{"tracker.csv": TABLE.encode()}), "This is a zip archive, not a spreadsheet."),
    "a torn archive": (workbook()[:2000], "The workbook is damaged"),
    "a part is missing": (repacked(workbook(), without="xl/worksheets/sheet1.xml"), "no sheet that can be read"),
    "a part is no XML": (repacked(workbook(), add={"xl/worksheets/sheet1.xml": b"<a"}), "The workbook is damaged"),
    "merged": (workbook(change=merged), "Cells A2:A4, C1:D1 are merged."),
    "all hidden": (
        repacked(
            workbook(),
            add={
                "xl/workbook.xml": zipfile.ZipFile(io.BytesIO(workbook()))
                .read("xl/workbook.xml")
                .replace(b'state="visible"', b'state="hidden"')
            },
        ),
        "no sheet that can be read",
    ),
    "a formula for a heading": (workbook(["Title", "=A1"], ["Mend", "x"]), "The heading in B1 cannot be read."),
    "an empty workbook": (workbook([None]), "The file is empty."),
    "too many columns": (b"a," * 101 + b"b\nc,d\n", "more than 100 columns"),
    "unpacks to too much": (
        repacked(workbook(), add={"xl/media/image1.png": bytes(90_000_000)}),
        "unpacks into far more",
    ),
    "too many tags": (
        repacked(workbook(), add={"xl/worksheets/sheet9.xml": b"<c/>" * 4_100_000}),
        "unpacks into far more",
    ),
    "a row where none is": (
        repacked(
            workbook(),
            add={
                "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                b'<sheetData><row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
            },
        ),
        "rows where no spreadsheet has them",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_in_words(name):
    content, words = BAD_FILES[name]
    with pytest.raises(CannotRead) as refused:
        read(content)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        (b"sep=;\nTitle;Reason\nMend the gate;It is broken, and old\n", ";"),
        (b'\xef\xbb\xbf"sep=;"\r\nTitle;Reason\r\nMend the gate;It is broken, and old\r\n', ";"),
        (b"SEP=|\nTitle|Reason\nMend the gate|It is broken, and old\n", "|"),
        (b"sep=\t\nTitle\tReason\nMend the gate\tIt is broken, and old\n", "\t"),
        (b'sep=,,\nTitle,Reason\nMend the gate,"It is broken, and old"\n', ","),
    ],
)
def test_case_i13_excels_own_hint_says_what_parts_the_cells(content, delimiter):
    sheet = read(content)
    assert (sheet.headings, sheet.delimiter) == (["Title", "Reason"], delimiter)
    assert texts(sheet) == [(2, ["Mend the gate", "It is broken, and old"])]


NOTED = [["Tracker 2026"], ["As of March; draft"], ["Ref", "Recommendation", "Status"], ["1", "Mend the gate", "Open"]]


def as_csv(rows: list[list[str]], delimiter: str) -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(rows)
    return content.getvalue().encode()


@pytest.mark.parametrize("content", [as_csv(NOTED, ","), as_csv(NOTED, ";"), workbook(*NOTED)])
def test_case_i16_titles_above_the_headings_are_left_out_and_any_row_can_be_chosen(content):
    sheet = read(content)
    assert sheet.headings == NOTED[2]
    assert texts(sheet) == [(4, NOTED[3])]
    assert sheet.notices == ["The headings are in row 3. What stands above them is left out."]
    assert not open_book(content).is_plain
    assert read(content, Layout(heading_row=2)).headings == NOTED[1]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["Wish", "By"], ["Mend the gate", "Soon"]], 1),
        ([["Our wishes"], ["Wish", "By"], ["Mend the gate", "Soon"]], 2),
        ([["Recommendations"], ["Mend the gate"], ["Plant a hedge"]], 1),
        ([["Recommendations", "12"], ["Open", "3"], ["What", "Who", "When"], ["Mend", "Grounds", "Soon"]], 3),
        ([["Ref", "Action"], ["Title", "Status"]], 1),
    ],
)
def test_case_i16_the_likely_row_of_headings(rows, row):
    assert open_book(as_csv(rows, ",")).likely.likely_heading[0] == row


def with_a_cover(book):
    book.active.title = "Cover"
    for title, rows in (("Tracker", NOTED), ("Old", [["Title", "Status"], ["Plant a hedge", "Done"]])):
        for row in rows if book.create_sheet(title) else []:
            book[title].append(row)
    book["Tracker"].merge_cells("A1:C1")
    book["Old"].sheet_state = "hidden"


def test_case_i16_the_sheet_with_most_known_headings_is_likely_and_any_can_be_chosen():
    content = workbook(["Scrutiny at Oak House"], ["Status", "as of March"], change=with_a_cover)
    book = open_book(content)
    assert [(table.name, table.is_hidden) for table in book.tables] == [
        ("Cover", False),
        ("Tracker", False),
        ("Old", True),
    ]
    assert (book.likely.name, book.is_plain) == ("Tracker", False)
    assert texts(read(content)) == [(4, NOTED[3])]
    assert read(content).notices[0] == "The workbook has 3 sheets. Only “Tracker” is read."
    old = read(content, Layout("Old"))
    assert texts(old) == [(2, ["Plant a hedge", "Done"])]
    assert "The sheet “Old” is hidden in the workbook. It is brought in because you chose it." in old.notices
    with pytest.raises(CannotRead, match="There are: Cover, Tracker, Old"):
        read(content, Layout("New"))


def hide(book):
    sheet = book.active
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:C6"


def test_case_i4_what_is_hidden_in_a_workbook_is_brought_in_only_when_asked_for():
    rows = [["Title", "Cost", "Owner"], *([f"Wish {n}", f"£{n}", "Head"] for n in range(2, 7))]
    content = workbook(*rows, change=hide)
    sheet = read(content)
    assert sheet.headings == ["Title", "", "Owner"]
    assert [(number, cells[:2]) for number, cells in texts(sheet)] == [
        (number, [f"Wish {number}", ""]) for number in (2, 4, 6)
    ]
    assert sheet.hidden == [1]
    assert sheet.notices == ["Hidden in the workbook, or by a filter, and so left out: 2 rows (3, 5) and 1 column (B)."]
    sheet = read(content, Layout(with_hidden=True))
    assert (sheet.headings, [number for number, _ in sheet.rows]) == (rows[0], [2, 3, 4, 5, 6])
    assert sheet.notices == [
        "Hidden in the workbook, and brought in because you asked for it: 2 rows (3, 5) and 1 column (B)."
    ]


def test_case_i4_a_row_without_height_and_a_column_without_width_are_hidden_too():
    xml = b'<cols><col min="2" max="3" width="0"/></cols><row r="4" ht="0.0"/><row/><x:row hidden="true" ht="15">'
    assert list(_hidden_rows(xml)) == [4, 6]
    assert list(_hidden_columns(xml)) == [1, 2]


def test_a_cell_that_is_shown_as_a_percentage_is_read_so():
    def show(book):
        book.active["B2"].number_format = "0%"

    [(_, cells)] = read(workbook(["Title", "Status"], ["Mend", 0.5], change=show)).rows
    assert cells[1].text == "50%"


def test_the_limits_hold(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read(b"Title\na\nb\nc\n").rows) == 3
    with pytest.raises(CannotRead, match="more than 3 rows"):
        read(b"Title\na\nb\nc\nd\n")
    monkeypatch.setattr(readers, "LARGEST_FILE", 10)
    with pytest.raises(CannotRead, match="larger than 10 MB"):
        read(b"Title\nabcdefgh")


def test_whatever_the_bytes_the_answer_is_rows_or_a_sentence():
    """Noise, and good files with some of their bytes changed; the seed is fixed so that a failure can be repeated."""
    noise = random.Random(20261122)
    good = [workbook(), workbook(change=hidden_first), TABLE.encode(), TABLE.encode("utf-16"), XLS]
    for turn in range(300):
        content = bytearray(noise.choice(good))
        if turn % 5 == 0:
            content = bytearray(noise.randbytes(noise.randrange(200)))
        for _ in range(noise.randrange(1, 12)):
            if content:
                content[noise.randrange(len(content))] = noise.randrange(256)
        with contextlib.suppress(CannotRead):
            assert read(bytes(content)).rows


SATURDAY = datetime.date(2025, 3, 29)
WRITTEN = {
    "": None,
    "2026-04-03": DAY,
    "2026-04-03 00:00:00": DAY,
    "2026-4-3": DAY,
    "3 April 2026": DAY,
    "3rd Apr 2026": DAY,
    "03-Apr-2026": DAY,
    "1 Sept 2026": datetime.date(2026, 9, 1),
    "03/04/2026": DAY,
    "3.4.2026": DAY,
    # Case I15, and others as other systems write them.
    "2025-03-29T00:00:00Z": SATURDAY,
    "2025/03/29": SATURDAY,
    "29/03/2025 09:15": SATURDAY,
    "Sat 29 March 2025": SATURDAY,
    "29th of March 2025": SATURDAY,
    "Saturday, 29 March 2025": SATURDAY,
    "Saturday 29/03/2025": SATURDAY,
    "29 March, 2025 at 9:15 am": SATURDAY,
    "29-Mar-2025 09:15:30": SATURDAY,
    "March 29, 2025": SATURDAY,
    "29 / 03 / 2025": SATURDAY,
    "2025.03.29": SATURDAY,
    "2025-03-29T09:15:30.123+00:00": SATURDAY,
    "2025-03-29 17:30": SATURDAY,
    # Midnight in summer, as a system at Greenwich writes it.
    "2025-06-29T23:00:00Z": datetime.date(2025, 6, 30),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_dates_as_people_and_systems_write_them(text):
    assert to_date(Cell(text)) == WRITTEN[text]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell("TBC"), "“TBC” is not a date."),
        (Cell("n/a"), "“n/a” is not a date."),
        (Cell("04/23/2026"), "not a day of the calendar"),
        (Cell("2026-02-30T00:00:00Z"), "not a day of the calendar"),
        (Cell("29/03/2025 25:15"), "not a day of the calendar"),
        (Cell("Fri 29 March 2025"), "29 March 2025 is a Saturday."),
        (Cell("29 or 30 March 2025"), "is not a date"),
        (Cell("29/03/2025?"), "is not a date"),
        (Cell("end of March 2025"), "is not a date"),
        (Cell("2025/03-29"), "is not a date"),
        (Cell("31 April 2026"), "not a day of the calendar"),
        (Cell("03/04/26"), "a short year"),
        (Cell("Apr 2026"), "is not a date"),
        (Cell("3 Ap 2026"), "is not a date"),
        (Cell("46115", "number"), "46115 is a number. Format the cell as a date."),
        (Cell("3 April 0206"), "cannot be right"),
        (Cell("=", "formula"), "holds a formula"),
        (Cell("#REF!", "broken"), "“#REF!” cannot be read"),
        (Cell.of("3\x00"), "“3” is not a date"),
    ],
)
def test_what_is_no_date_is_said_in_words(cell, words):
    with pytest.raises(CellProblem) as problem:
        to_date(cell)
    assert words in str(problem.value)


def test_a_formula_is_never_read_by_what_it_last_came_to():
    [(_, cells)] = read(workbook(["Title", "Days"], ["Mend", "=1+1"])).rows
    with pytest.raises(CellProblem, match="formula"):
        to_text(cells[1])


@pytest.mark.parametrize("number", range(len(COLUMNS)))
def test_every_column_is_known_by_its_label_and_its_key(number):
    column = list(COLUMNS.values())[number]
    for heading in (column.label, column.key, column.label.upper() + " (required)", *column.also):
        found = guess([heading, *OUR_HEADINGS])
        assert found[column.key] == 0, heading
        assert guess([heading]) == ({} if column.ours else {column.key: 0}), heading


def test_of_two_columns_for_one_thing_the_first_is_guessed_and_each_has_a_name_of_its_own():
    sheet = read(b"Status,Recommendation,,Status\nOpen,Mend,x,Done\nOpen,Plant,,\n")
    assert guess(sheet.headings) == {"delivery": 0, "title": 1}
    names = [name_of(sheet, position) for position in range(4)]
    assert names == ["Status (column A)", "Recommendation", "Column C", "Status (column D)"]
    assert examples(sheet, 0) == ["Open"]
