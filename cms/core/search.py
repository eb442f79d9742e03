"""Full-text search over pages and records: query words, matches and highlighted excerpts."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BooleanField, CharField, FloatField, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString
from wagtail.models import Page, get_page_models
from wagtail.search import index
from wagtail.search.models import IndexEntry

LONGEST = 200
SNIPPET = 200  # characters
LEAD = 60  # of them, at most so many before the first word that was found
SHORTEST_STEM = 3
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ers", "er", "ed", "es", "ly", "s")


# --- Words -------------------------------------------------------------------------------------------------


def plain_words(typed: str) -> str:
    """Return the words of a query without punctuation: SQLite's index reads some as its own grammar."""
    return " ".join(re.findall(r"\w+", typed[:LONGEST]))


def without_accents(text: str) -> str:
    """Return a text without accents, as both databases' indexes store it (case P1)."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def stem(word: str) -> str:
    """Return the part of a word that its forms share: that of repair, repairs and repaired is the same."""
    word = without_accents(word).lower()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    if len(word) > SHORTEST_STEM:
        word = re.sub("y$", "i", word.removesuffix("e"))
        word = word[:-1] if word[-1] == word[-2] else word
    return word


def marked(text: str, words: str) -> SafeString:
    """Return a text as HTML in which every form of the words is marked."""
    wanted = {stem(word) for word in words.split()}
    pieces = ((escape(piece), stem(piece) in wanted) for piece in re.split(r"(\w+)", text))
    return SafeString("".join(f"<mark>{piece}</mark>" if found else piece for piece, found in pieces))


def snippet(text: str, words: str) -> SafeString:
    """Return the part of a text in which the words are first found, as HTML with the words marked."""
    text = " ".join(text.split())
    wanted = {stem(word) for word in words.split()}
    first = next((found.start() for found in re.finditer(r"\w+", text) if stem(found[0]) in wanted), 0)
    start = 0
    if first > LEAD:
        start = text.find(" ", first - LEAD, first) + 1
    end = start + SNIPPET
    if end < len(text) and (space := text.rfind(" ", first + 1, end)) > 0:
        end = space
    return SafeString(f"{'… ' if start else ''}{marked(text[start:end], words)}{' …' if end < len(text) else ''}")


# --- The index ---------------------------------------------------------------------------------------------


class _MatchSQLite(Func):
    template = "wagtailsearch_indexentry_fts MATCH %(expressions)s"
    output_field = BooleanField()


class _ScoreSQLite(Func):
    # Of each column, in its order: what completes a word, the body, the title. The lower the better.
    template = "bm25(wagtailsearch_indexentry_fts, 0, 1, 8)"
    output_field = FloatField()


class _MatchPostgres(Func):
    template = "(title || body) @@ plainto_tsquery('scrutineer', %(expressions)s)"
    output_field = BooleanField()


class _ScorePostgres(Func):
    template = "-ts_rank(title || body, plainto_tsquery('scrutineer', %(expressions)s), 1)"
    output_field = FloatField()


def matches(words: str, public: Sequence[QuerySet]) -> list[tuple[int, int, float]]:
    """Return the objects that contain all of the words, in any form: content type id, primary key and score.

    The best have the lowest scores, all below zero, and come first.

    :param words: from ``plain_words``.
    :param public: the searchable objects, as a queryset for each record model; one of ``Page`` covers every page.
    """
    if not words:
        return []
    if connection.vendor == "sqlite":
        entry, entries = "index_entry__", apps.get_model("wagtailsearch", "SQLiteFTSIndexEntry").objects
        # Each word in quotes, so that none is read as AND or NOT.
        typed = Value("{title body} : (" + " ".join(f'"{word}"' for word in words.split()) + ")")
        found = entries.filter(_MatchSQLite(typed)).annotate(score=_ScoreSQLite())
    else:
        entry, entries = "", IndexEntry.objects
        found = entries.filter(_MatchPostgres(Value(words))).annotate(score=_ScorePostgres(Value(words)))
    allowed = Q()
    for queryset in public:
        keys = queryset.order_by().annotate(key=Cast("pk", CharField())).values("key")
        allowed |= Q(**{f"{entry}content_type__in": _types(queryset.model), f"{entry}object_id__in": keys})
    rows = found.filter(allowed).order_by("score", f"{entry}id")
    values = rows.values_list(f"{entry}content_type_id", f"{entry}object_id", "score")
    return [(kind, int(key), score) for kind, key, score in values]


def _types(model: type[Model]) -> list[int]:
    models = get_page_models() if model is Page else [model]
    return [content_type.pk for content_type in ContentType.objects.get_for_models(*models).values()]


class HiddenSearchField(index.SearchField):
    """A search field whose text is searched, and not shown with the result."""


def text_of(record: Any) -> str:
    """Return the searchable text of a record without its title."""
    parts: list[str] = []
    for field in record.get_search_fields():
        if isinstance(field, HiddenSearchField) or field.field_name == "title":
            continue
        if isinstance(field, index.SearchField):
            value = field.get_value(record)
            parts += value if isinstance(value, list) else [str(value or "")]
        elif isinstance(field, index.RelatedFields) and (other := field.get_value(record)):
            parts += [str(inner.get_value(other)) for inner in field.fields if isinstance(inner, index.SearchField)]
    # What ends without a stop was a heading, or a field of its own.
    return " ".join(
        part if part.endswith((".", "!", "?", ":")) else f"{part}." for part in filter(None, map(str.strip, parts))
    )
