"""Links in HTML that is made in Python."""

from django.utils.html import format_html


def linked(words: object, url: str) -> str:
    """Return a link as HTML, or the label alone if there is no URL."""
    return format_html('<a href="{}">{}</a>', url, words) if url and words else str(words or "")
