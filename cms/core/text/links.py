"""Links in HTML that is made in Python."""

from django.utils.html import format_html


def linked(words: object, url: str) -> str:
    """Return words as a link, or as plain text where there is no address to link to."""
    return format_html('<a href="{}">{}</a>', url, words) if url and words else str(words or "")
