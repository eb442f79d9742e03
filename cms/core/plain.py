"""Typed words as strict formats take them, such as Atom and calendars: what is pasted brings signs that none allows."""

import re

# XML 1.0, 2.2: the only characters that a document may hold.
NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DELETE = "\x7f"


def printable(text: str) -> str:
    """Give a text without the control characters that no reader shows; tabs and line ends stay."""
    return NOT_OF_XML.sub("", text).replace(DELETE, "")


def one_line(text: str) -> str:
    """Give a text in one line, whatever parted its lines."""
    return printable(" ".join(text.split()))
