"""Typed words as strict formats take them, such as Atom and calendars: what is pasted brings signs that none allows."""

import re

from wagtail.utils.text import text_from_html

# XML 1.0, 2.2: the only characters that a document may hold.
NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DELETE = "\x7f"


END_OF_BLOCK = re.compile(r"(</(?:p|li|h[1-6]|blockquote)>|<br ?/?>)")


def plain_paragraphs(html: str) -> str:
    """Give rich text as plain text, each paragraph and each point on a line of its own."""
    lines = text_from_html(END_OF_BLOCK.sub(r"\1\n", html)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def printable(text: str) -> str:
    """Give a text without the control characters that no reader shows; tabs and line ends stay."""
    return NOT_OF_XML.sub("", text).replace(DELETE, "")


def one_line(text: str) -> str:
    """Give a text in one line, whatever parted its lines."""
    return printable(" ".join(text.split()))
