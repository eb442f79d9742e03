"""Conversion of rich text to plain text."""

import re

from wagtail.utils.text import text_from_html

END_OF_BLOCK = re.compile(r"(</(?:p|li|h[1-6]|blockquote)>|<br ?/?>)")


def plain_paragraphs(html: str) -> str:
    """Return rich text as plain text, each paragraph and each list item on a line of its own."""
    lines = text_from_html(END_OF_BLOCK.sub(r"\1\n", html)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
