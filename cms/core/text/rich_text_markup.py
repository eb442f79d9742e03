"""Conversion of a small markup, used in data files, to the HTML that Wagtail stores.

Paragraphs are separated by an empty line; ``- `` and ``1. `` start lists, ``### `` a heading; ``**bold**``;
``[words](page:key)`` or ``[words](https://...)`` is a link. There is no other syntax.
"""

import re
from collections.abc import Callable
from html import escape

BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
ITEM = re.compile(r"^(- |\d+\. )")


def _no_pages(key: str) -> int:
    raise LookupError(f"These words cannot link to a page: {key}")


def rich_text(text: str, page_id: Callable[[str], int] = _no_pages) -> str:
    """Return a text as rich text.

    :param page_id: returns the id of the page that a ``page:key`` link refers to.
    """
    parts = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.splitlines()
        if lines[0].startswith("### "):
            parts.append(f"<h3>{_inline(lines.pop(0)[4:], page_id)}</h3>")
        before = []
        while lines and not ITEM.match(lines[0]):
            before.append(lines.pop(0))
        if before:
            parts.append(f"<p>{_inline(' '.join(before), page_id)}</p>")
        if lines:
            parts.append(_list(lines, page_id))
    return "".join(parts)


def _list(lines: list[str], page_id: Callable[[str], int]) -> str:
    """Return a list; a line that starts no item continues the one before."""
    items: list[str] = []
    for line in lines:
        if ITEM.match(line):
            items.append(ITEM.sub("", line))
        else:
            items[-1] += f" {line.strip()}"
    tag = "ul" if lines[0].startswith("- ") else "ol"
    return f"<{tag}>{''.join(f'<li>{_inline(item, page_id)}</li>' for item in items)}</{tag}>"


def _inline(text: str, page_id: Callable[[str], int]) -> str:
    def link(match: re.Match) -> str:
        words, target = match.groups()
        if target.startswith("page:"):
            return f'<a linktype="page" id="{page_id(target.removeprefix("page:"))}">{words}</a>'
        return f'<a href="{target}">{words}</a>'

    return LINK.sub(link, BOLD.sub(r"<b>\1</b>", escape(text, quote=False)))
