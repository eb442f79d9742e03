"""References to the landlord's settings in what editors type: ``{organisation}`` and the like, resolved when shown.

What is stored keeps the reference, so a name that changes in the settings changes everywhere. Within ``showing()``, a
page that is fetched has its references resolved, whatever renders it (a page, a listing, the API, a feed, a PDF); a
page fetched for editing keeps them. A form's version has its own text, so ``forms.builder.definition`` resolves it too.
"""

import contextlib
import re
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from html import escape
from typing import Any

from django.db import models
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from cms.core.text.terminology import current_words

# What each reference shows: a field of the settings, and what stands in for one that is empty.
FIELDS = {
    "organisation": ("organisation", "our landlord"),
    "team": ("team_name", "our team"),
    "phone": ("phone", "our phone number"),
    "email": ("email", "our email address"),
    "address": ("post", "our address"),
    "opening_hours": ("opening_hours", "office hours"),
    "resident": ("resident", "resident"),
    "residents": ("residents", "residents"),
}
HELP = (
    "Write {organisation} for the landlord’s name, {team}, {phone} or {email} for who to contact, "
    "and {residents} or {resident}. Each shows what the settings say."
)
REFERENCES = (*FIELDS, "Resident", "Residents")
REFERENCE = re.compile(rf"\{{({'|'.join(REFERENCES)})\}}")
# Titles are shown by Wagtail's own screens too, and addresses are no text.
UNTOUCHED = {"title", "draft_title", "slug", "url_path", "path"}

_shows: ContextVar[bool] = ContextVar("showing", default=False)


@contextlib.contextmanager
def showing() -> Iterator[None]:
    """Resolve the references of every page that is fetched within the block."""
    token = _shows.set(True)
    try:
        yield
    finally:
        _shows.reset(token)


def is_showing() -> bool:
    """Return whether pages are fetched to be shown, and not to be edited."""
    return _shows.get()


def resolved_text(text: str, *, is_html: bool = False) -> str:
    """Return a text with the settings' values in place of its references, escaped if the text is HTML."""
    if "{" not in text:
        return text

    def value_of(match: re.Match) -> str:
        field, otherwise = FIELDS[match[1].lower()]
        value = getattr(current_words(), field) or otherwise
        value = capfirst(value) if match[1][0].isupper() else value
        return escape(value, quote=False) if is_html else value

    return REFERENCE.sub(value_of, text)


def refers(value: Any) -> bool:
    """Return whether the stored form of a field has a reference: a text, or the raw data of a stream."""
    match value:
        case str():
            return REFERENCE.search(value) is not None
        case dict():
            return any(refers(each) for each in value.values())
        case list():
            return any(refers(each) for each in value)
    return False


def resolved_raw(block: blocks.Block, raw: Any) -> Any:
    """Return the raw data of a block with its references resolved; values that are no text are unchanged."""
    match block:
        case blocks.StreamBlock():
            children = block.child_blocks
            known = ((item, children.get(item["type"])) for item in raw or [])
            return [item | {"value": resolved_raw(child, item["value"])} if child else item for item, child in known]
        case blocks.ListBlock():
            return [
                item | {"value": resolved_raw(block.child_block, item["value"])}
                if isinstance(item, dict) and "value" in item
                else resolved_raw(block.child_block, item)
                for item in raw or []
            ]
        case blocks.StructBlock():
            named = {name: block.child_blocks.get(name) for name in raw or {}}
            return {name: resolved_raw(child, raw[name]) if child else raw[name] for name, child in named.items()}
    return resolved_text(raw, is_html=isinstance(block, blocks.RichTextBlock)) if isinstance(raw, str) else raw


@cache
def text_fields(model: type[models.Model]) -> list[Any]:
    """Return the fields of a model in which references are resolved."""
    kinds = (models.CharField, models.TextField, StreamField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]
    return [field for field in fields if field.name not in UNTOUCHED]


def resolve(page: models.Model) -> Any:
    """Resolve the references in the loaded text fields of a page, in place, and return the page.

    A page that had any can no longer be saved: that would store the settings' current values.
    """
    for field in text_fields(type(page)):
        value = page.__dict__.get(field.attname)
        if isinstance(value, StreamValue):
            raw = list(value.raw_data)
            if refers(raw):
                setattr(page, field.name, field.stream_block.to_python(resolved_raw(field.stream_block, raw)))
                page.is_resolved = True  # type: ignore[attr-defined]  # every page has it
        elif isinstance(value, str) and refers(value):
            setattr(page, field.name, resolved_text(value, is_html=isinstance(field, RichTextField)))
            page.is_resolved = True  # type: ignore[attr-defined]  # every page has it
    return page


def resolved_value(value: Any) -> Any:
    """Return the stored form of a block's value, rich text as its source, with its references resolved."""
    if isinstance(value, RichText):
        return resolved_text(value.source, is_html=True)
    return resolved_text(value) if isinstance(value, str) else value
