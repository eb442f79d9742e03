"""Conversion of cell text: markup to plain text, and a title for text that is too long for one. Pure."""

import datetime
import html
import re

from cms.core.text.cleaning import clean_text
from cms.core.text.excerpts import plain_paragraphs

# Tags that other systems export. "<5 days" and "a < b > c" are none.
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|strong|i|em|u|s|a|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th|font|blockquote|sup|sub|img|script|style)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK_END = re.compile(r"</(?:div|tr|table|ul|ol|td|th)>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A full stop ends a sentence before a capital, but not after what is shortened.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”’\"')]*\s+(?=[^a-z\s])")
_SHORTENED = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|nos?|st|mrs?|ms|dr|para|sec|[a-z])\.$", re.IGNORECASE)
CUT = "…"


def plain_text(text: str) -> str:
    """Return text without the markup of another system; line breaks are kept."""
    if _TAG.search(text):
        return clean_text(plain_paragraphs(_BLOCK_END.sub("<br>", text)))
    return clean_text(html.unescape(text)) if _ENTITY.search(text) else text


def one_line(text: str) -> str:
    """Return text with line breaks and runs of spaces reduced to one space."""
    return clean_text(text, multiline=False)


def first_sentence(text: str, most: int) -> str:
    """Return the first sentence of a text in one line, cut at a word's end if longer than `most` characters."""
    text = one_line(text)
    sentence = text
    for found in _SENTENCE_END.finditer(text):
        if not _SHORTENED.search(text[: found.start()]):
            sentence = text[: found.start()]
            break
    sentence = sentence.removesuffix(".") if not sentence.endswith("..") else sentence
    if len(sentence) <= most:
        return sentence
    cut = sentence[: most - len(CUT) + 1]
    words, space, _ = cut.rpartition(" ")
    return (words if space else cut[:-1]).rstrip(" ,;:-(\N{EN DASH}") + CUT


def match_key(panel_id: int | None, title: str, asked_on: datetime.date | None) -> tuple:
    """Return the panel, the title with case and spaces normalised, and the day, as a tuple."""
    return panel_id, " ".join(title.casefold().split()), asked_on
