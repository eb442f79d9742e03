"""Serializers of StreamField content: every block as its type, id and value, with references for anonymous users.

Serializers leave references (``RichTextRef``, ``ImageRef``, ``PageRef``, ``DocumentRef``) in place of what has to be
looked up. The endpoint resolves all references of a response at the end, so the number of queries does not depend on
the number of images.
"""

import dataclasses
import datetime
import decimal
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.html import escape
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import Field
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import SourceImageIOError
from wagtail.models import CollectionViewRestriction, Page
from wagtail.rich_text import RichText
from wagtail.rich_text.rewriters import LinkRewriter
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.blocks import LiveBlock
from cms.core.visibility import Viewer

# The same as in the templates, so that a picture is cut to size once.
WIDTHS = ("format-webp|width-960", "format-webp|width-480")
_OPENING = re.compile(r"<a\b[^>]*>")
_LINK_TYPE = re.compile(r'\blinktype="(page|document)"')
_ID = re.compile(r'\bid="(\d{1,9})"')
_NO_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
# The editor's own marks, and what no editor of ours can put in.
_LEFT_OUT = re.compile(r' data-block-key="[^"]*"|<embed\b[^>]*>')


@dataclasses.dataclass(frozen=True)
class RichTextRef:
    """A reference to rich text as stored; resolved to the public HTML."""

    source: str


@dataclasses.dataclass(frozen=True)
class ImageRef:
    """A reference to an image; resolved to its URL in two sizes and its alternative text."""

    image_id: int
    alt: str


@dataclasses.dataclass(frozen=True)
class PageRef:
    """A reference to a page; resolved to its id, title and URL, or to None if it is not public."""

    page: Page | None


@dataclasses.dataclass(frozen=True)
class DocumentRef:
    """A reference to a document; resolved to its title, URL and size, or to None if it is not public."""

    document_id: int


class LinkSerializer(serializers.Serializer):
    """Another page of the site."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()


class BlockSerializer(serializers.Serializer):
    """One block of a stream. The shape of its value depends on its type."""

    type = serializers.CharField()
    id = serializers.CharField(allow_null=True)
    value = serializers.JSONField(allow_null=True)


class SmallerSerializer(serializers.Serializer):
    """An image in one size."""

    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class PictureSerializer(SmallerSerializer):
    """An image, its alternative text, and the same in a smaller size."""

    smaller = SmallerSerializer()
    alt = serializers.CharField()


@extend_schema_field(str)
class HtmlField(Field):
    """A field of rich text."""

    def to_representation(self, value: str) -> RichTextRef:
        """Return a RichTextRef."""
        return RichTextRef(value)


@extend_schema_field(LinkSerializer(allow_null=True))
class LinkField(Field):
    """Another page: its id, title and URL. Null if it is not public."""

    def to_representation(self, value: Page) -> PageRef:
        """Return a PageRef."""
        return PageRef(value)


@extend_schema_field(PictureSerializer(allow_null=True))
class PictureField(Field):
    """An image, with the title that staff gave it as alternative text."""

    def to_representation(self, value: Any) -> ImageRef:
        """Return an ImageRef."""
        return ImageRef(value.pk, value.default_alt_text)


@extend_schema_field(BlockSerializer(many=True))
class StoryField(Field):
    """A stream: a list of blocks, each ``{type, id, value}``."""

    def to_representation(self, value: StreamValue) -> list[dict]:
        """Return the list of blocks."""
        return serialize_block(value.stream_block, value, self.context["view"].viewer)


def serialize_block(block: blocks.Block, value: Any, viewer: Viewer) -> Any:
    """Return the value of a block as data that may contain references."""
    match block:
        case blocks.StreamBlock():
            return [
                {"type": child.block_type, "id": child.id, "value": serialize_block(child.block, child.value, viewer)}
                for child in value or ()
            ]
        case blocks.ListBlock():
            return [serialize_block(block.child_block, item, viewer) for item in value or ()]
        case ImageBlock():
            return ImageRef(value.pk, "" if value.decorative else value.contextual_alt_text or "") if value else None
        case blocks.StructBlock():
            hidden = getattr(block, "not_public", ())
            data = {
                name: serialize_block(child, value.get(name), viewer)
                for name, child in block.child_blocks.items()
                if name not in hidden
            }
            return data | {"shown": block.as_data(block.live(value, viewer))} if isinstance(block, LiveBlock) else data
        case DocumentChooserBlock():
            return DocumentRef(value.pk) if value else None
        case blocks.PageChooserBlock():
            return PageRef(value)
        case SnippetChooserBlock():
            return value.pk if value else None
        case blocks.RichTextBlock():
            return RichTextRef(value.source if isinstance(value, RichText) else value or "")
        case _:
            return plain(value)


def plain(value: Any) -> Any:
    """Return a value as JSON represents it: a Decimal as a number, a date as 2026-04-02."""
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


class ReferenceResolver:
    """Resolves the references of one response with one lookup for each kind."""

    def __init__(self, request: HttpRequest, viewer: Viewer):
        self.request, self.viewer = request, viewer

    def finish(self, data: Any) -> Any:
        """Return the data with every reference resolved."""
        references = list(_references_in(data))
        if not references:
            return data
        linked: dict[str, set[int]] = {"page": set(), "document": set()}
        for reference in references:
            if isinstance(reference, DocumentRef):
                linked["document"].add(reference.document_id)
            elif isinstance(reference, RichTextRef):
                for tag in _OPENING.findall(reference.source):
                    kind, key = _LINK_TYPE.search(tag), _ID.search(tag)
                    if kind and key:
                        linked[kind[1]].add(int(key[1]))
        self.pages = self._pages(linked["page"])
        self.files = self._files(linked["document"])
        self.pictures = self._pictures(
            {reference.image_id for reference in references if isinstance(reference, ImageRef)}
        )
        self.rewrite = LinkRewriter(bulk_rules={"page": self._page_links, "document": self._file_links})
        return self._put_right(data)

    def _put_right(self, data: Any) -> Any:
        match data:
            case dict():
                return {name: self._put_right(value) for name, value in data.items()}
            case list() | tuple():
                return [self._put_right(value) for value in data]
            case RichTextRef():
                return _NO_LINK.sub(r"\1", self.rewrite(_LEFT_OUT.sub("", data.source)))
            case ImageRef():
                picture = self.pictures.get(data.image_id)
                return picture and picture | {"alt": data.alt}
            case PageRef():
                return self._link(data.page)
            case DocumentRef():
                return self.files.get(data.document_id)
            case _:
                return data

    def _link(self, page: Page | None) -> dict | None:
        if page is None or not self.viewer.sees_page(page):
            return None
        return {"id": page.pk, "title": page.title, "url": page.get_url(self.request)}

    def _pages(self, keys: set[int]) -> dict[int, str]:
        """Return the public pages among these ids, by id."""
        pages = Page.objects.filter(pk__in=keys) if keys else ()
        return {page.pk: page.get_url(self.request) for page in pages if self.viewer.sees_page(page)}

    def _files(self, keys: set[int]) -> dict[int, dict]:
        """Return the documents among these ids that are in no restricted collection, by id."""
        if not keys:
            return {}
        closed = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
        documents = get_document_model().objects.filter(pk__in=keys).select_related("collection")
        return {
            document.pk: {
                "title": document.title,
                "url": self.request.build_absolute_uri(document.url),
                "size": document.file_size,
            }
            for document in documents
            if not document.collection.path.startswith(closed)
        }

    def _pictures(self, keys: set[int]) -> dict[int, dict]:
        if not keys:
            return {}
        images = get_image_model().objects.filter(pk__in=keys).prefetch_renditions(*WIDTHS)
        return {image.pk: picture for image in images if (picture := self._picture(image))}

    def _picture(self, image: Any) -> dict | None:
        try:
            sizes = [image.get_rendition(width) for width in WIDTHS]
        except SourceImageIOError:  # its file is gone; the page shows a gap too
            return None
        large, small = (
            {"url": self.request.build_absolute_uri(size.url), "width": size.width, "height": size.height}
            for size in sizes
        )
        return large | {"smaller": small}

    def _page_links(self, found: list[dict]) -> list[str]:
        urls = (self.pages.get(int(attrs.get("id") or 0)) for attrs in found)
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]

    def _file_links(self, found: list[dict]) -> list[str]:
        files = (self.files.get(int(attrs.get("id") or 0)) for attrs in found)
        return [f'<a href="{escape(file["url"])}">' if file else "<a>" for file in files]


def _references_in(data: Any) -> Iterator[RichTextRef | ImageRef | PageRef | DocumentRef]:
    match data:
        case dict():
            for value in data.values():
                yield from _references_in(value)
        case list() | tuple():
            for value in data:
                yield from _references_in(value)
        case RichTextRef() | ImageRef() | PageRef() | DocumentRef():
            yield data
