"""Detection of file types from content; the name and the content type that a browser claims are ignored. Pure."""

import dataclasses
import io
import re
import struct
import zipfile
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 7 * 1024 * 1024  # bytes
LARGEST_WORDS = "7 MB"
ALLOWED_WORDS = "A picture (JPG, PNG or WebP), PDF, Word, Excel, OpenDocument or plain text file"
MOST_PIXELS = 40_000_000
TOO_LARGE = "is too large a picture. Make it smaller and choose it again"
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 10_000
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

# What Pillow is known to raise over a broken or hostile picture.
BROKEN_IMAGE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class NotAllowed(Exception):
    """Raised for a file that is not accepted; the message is for the person who chose it."""


class UploadRefused(Exception):
    """Raised when a file is not kept; the message gives the reason and a remedy, for the person who sent it."""


@dataclasses.dataclass(frozen=True)
class FileType:
    """An allowed file type, stored with the first of its extensions."""

    extension: str
    content_type: str
    other_extensions: tuple[str, ...] = ()  # with which people have them too


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
PDF = FileType("pdf", "application/pdf")
TXT = FileType("txt", "text/plain", ("text", "csv"))
IMAGES = {
    "JPEG": FileType("jpg", "image/jpeg", ("jpeg", "jpe", "jfif")),
    "PNG": FileType("png", "image/png"),
    "WEBP": FileType("webp", "image/webp"),
}
# By the part that only such a document has.
OFFICE = {
    "word/document.xml": FileType("docx", f"{_OFFICE}.wordprocessingml.document"),
    "xl/workbook.xml": FileType("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
}
OPEN = {kind.content_type: kind for kind in (FileType("odt", f"{_OPEN}.text"), FileType("ods", f"{_OPEN}.spreadsheet"))}
KINDS = (PDF, *IMAGES.values(), *OFFICE.values(), *OPEN.values(), TXT)
EXTENSIONS = tuple(extension for kind in KINDS for extension in (kind.extension, *kind.other_extensions))


def harmless(data: bytes) -> tuple[FileType, bytes]:
    """Return the type of a file and the bytes to keep; an image is re-encoded without its metadata.

    :raises NotAllowed: for every other type, and for what is broken or would unpack to far more than its size.
    """
    if data.startswith(b"%PDF-"):
        return PDF, data
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(data)
    if data.startswith(b"PK\x03\x04"):
        return _archive(data), data
    if _is_text(data):
        return TXT, data
    raise NotAllowed("is not a kind of file that we can take")


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return not NOT_TEXT.search(text) and "\ufffd" not in text


def _picture(data: bytes) -> tuple[FileType, bytes]:
    kept = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            # A phone may put a second picture behind the first: it stays behind.
            shape = "JPEG" if image.format == "MPO" else str(image.format)
            if image.width * image.height > MOST_PIXELS:
                raise NotAllowed(TOO_LARGE)
            upright = ImageOps.exif_transpose(image)
            has_alpha = shape != "JPEG" and (upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info)
            drawn = upright.convert("RGBA" if has_alpha else "RGB")
        # Nothing is carried over but the pixels.
        drawn.info = {}
        drawn.save(kept, format=shape, **({} if shape == "PNG" else {"quality": 88}))
    except Image.DecompressionBombError:
        raise NotAllowed(TOO_LARGE) from None
    except BROKEN_IMAGE:
        raise NotAllowed("is a picture that we cannot open") from None
    return IMAGES[shape], kept.getvalue()


def _archive(data: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise NotAllowed("unpacks to far more than it seems")
            names = {part.filename for part in parts}
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise NotAllowed("has a program (a macro) in it. Save it without and choose it again")
            if "[Content_Types].xml" in names:
                found = next((kind for part, kind in OFFICE.items() if part in names), None)
            elif "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                found = OPEN.get(archive.read("mimetype").decode("ascii", errors="replace").strip())
            else:
                found = None
    except BROKEN_ARCHIVE:
        raise NotAllowed("is broken: we cannot open it") from None
    if found is None:
        raise NotAllowed("is not a kind of file that we can take")
    return found
