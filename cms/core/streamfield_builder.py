"""Builder of StreamField values from the plain format of data files, following the field's own blocks.

Every block gets an explicit id, nested ones too: Wagtail gives ids to the top level only until somebody saves a
revision. An id is made from a readable key, so loading the same content makes the same ids.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "content.scrutineer")


def made_id(key: str) -> str:
    """Return the UUID derived from a readable key."""
    return str(uuid.uuid5(NAMESPACE, key))


@dataclass(frozen=True)
class Finder:
    """Lookups for data files: text with dates filled in, rich text, and records by key."""

    words: Callable[[str], str]
    rich: Callable[[str], str]
    page_id: Callable[[str], int]
    meeting_id: Callable[[str], int]
    picture: Callable[[str], dict]
    document_id: Callable[[str], int]


def stream(field: Any, items: list[dict], key: str, find: Finder) -> str:
    """Return the stored form of a StreamField's value.

    :param field: the model's field, such as ``HomePage._meta.get_field("body")``.
    :param items: one dictionary a block: ``{heading: ...}``, or, with its own key, ``{type: ..., key: ..., ...}``.
    :param key: the key from which the blocks' ids are derived.
    """
    return json.dumps(_value(field.stream_block, items, key, find))


def _value(block: blocks.Block, data: Any, key: str, find: Finder) -> Any:
    match block:
        case ImageBlock():
            return find.picture(data)
        case DocumentChooserBlock():
            return find.document_id(data)
        case SnippetChooserBlock():
            return find.meeting_id(data)
        case blocks.PageChooserBlock():
            return find.page_id(data)
        case blocks.StreamBlock():
            return [_child(block, item, f"{key}/{number}", find) for number, item in enumerate(data)]
        case blocks.ListBlock():
            places = [f"{key}/{number}" for number in range(len(data))]
            values = [_value(block.child_block, item, place, find) for place, item in zip(places, data, strict=True)]
            return [
                {"type": "item", "id": made_id(place), "value": value}
                for place, value in zip(places, values, strict=True)
            ]
        case blocks.StructBlock():
            unknown = set(data) - set(block.child_blocks)
            if unknown:
                raise ValueError(f"{key}: {', '.join(sorted(unknown))} is not part of {type(block).__name__}")
            return {name: _value(block.child_blocks[name], item, f"{key}/{name}", find) for name, item in data.items()}
        case blocks.RichTextBlock():
            return find.rich(data)
        case _:
            return find.words(data) if isinstance(data, str) else data


def _child(block: blocks.StreamBlock, item: dict, place: str, find: Finder) -> dict:
    """Return one block of a stream; its own key, if it has one, determines its id independently of its position."""
    if "type" in item:
        kind, place = item["type"], f"{place.split('/')[0]}/{item['key']}"
        data = {name: value for name, value in item.items() if name not in ("type", "key")}
    else:
        [(kind, data)] = item.items()
    child = block.child_blocks[kind]
    return {"type": kind, "id": made_id(place), "value": _value(child, data, place, find)}
