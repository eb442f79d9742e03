"""The StreamField blocks that any page may use. Blocks that show records are defined with those records."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from cms.core.charts import ChartBlock, PairsChartBlock, TimeChartBlock
from cms.core.text.formatting import format_size
from cms.core.text.terminology import lazy_words
from cms.core.visibility import Viewer

EARLY = 4  # blocks that a reader sees at once, so their pictures are not left for later
RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]


class LiveBlock(blocks.StructBlock):
    """A block whose content is looked up when the page is rendered, limited to what the viewer may see."""

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add ``live``, the content of the block for this viewer."""
        context = super().get_context(value, parent_context)
        request = context.get("request")
        viewer = context.get("viewer") or (Viewer.of(request) if request else Viewer.anonymous())
        return context | self.live(value, viewer)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the data that the template renders."""
        raise NotImplementedError

    def as_data(self, live: dict) -> object:
        """Return the API representation of ``live``, which may contain the references of ``block_serializers``."""
        raise NotImplementedError


def page_seen(page: Page | None, viewer: Viewer) -> Page | None:
    """Return the chosen page as its specific type, or None if it was deleted or the viewer may not see it."""
    return page.specific if page and viewer.sees_page(page) else None


def anchor(block: StreamValue.StreamChild) -> str:
    """Return the HTML id of a block. It stays the same when the block is reworded or moved."""
    return f"part-{str(block.id or '')[:8]}"


def finding_numbers(story: StreamValue) -> dict[int, int]:
    """Return the number of each finding of a stream, by the index of its block."""
    places = [place for place, block in enumerate(story) if block.block_type == "finding"]
    return {place: number for number, place in enumerate(places, start=1)}


def contents_of(story: StreamValue) -> list[dict]:
    """Return the table of contents of a stream: its headings, with the findings under each."""
    numbers = finding_numbers(story)
    parts: list[dict[str, Any]] = []
    for place, block in enumerate(story):
        if block.block_type == "heading":
            parts.append({"title": str(block.value), "url": f"#{anchor(block)}", "within": []})
        elif block.block_type == "finding":
            finding = {"title": f"{numbers[place]}. {block.value['title']}", "url": f"#{anchor(block)}", "within": []}
            (parts[-1]["within"] if parts else parts).append(finding)
    return parts


class HeadingBlock(blocks.CharBlock):
    """A heading that also appears under "On this page"."""

    class Meta:
        icon = "title"
        label = "Heading"
        description = "A heading inside the page. It also appears in the list of contents."
        template = "blocks/heading.html"
        preview_value = "How we did it"


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and links."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICH_TEXT_FEATURES} | kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        description = "Paragraphs, lists and links."
        template = "blocks/text.html"
        preview_value = "<p>We read twelve months of records and spoke to forty people.</p>"


class FindingBlock(blocks.StructBlock):
    """One finding, good or bad, with its evidence. Its number comes from its position."""

    title = blocks.CharBlock(help_text="The finding in one short sentence. It is numbered for you.")
    text = TextBlock(label="What shows it", help_text="What you read, saw or heard, and how often.")

    class Meta:
        icon = "search"
        label = "Finding"
        description = lazy_words("One thing that {residents} found, and what shows it.")
        template = "blocks/finding.html"
        preview_value = {
            "title": "Nobody owns telling people",
            "text": "<p>We followed 40 visits that moved. In 27 nobody was told.</p>",
        }


class GoodPracticeBlock(blocks.StructBlock):
    """A practice that works well and deserves to be kept or copied."""

    title = blocks.CharBlock(help_text="What works well, in one short sentence.")
    text = TextBlock(label="What shows it", help_text="Who does it, and how you know that it works.")

    class Meta:
        icon = "thumbtack"
        label = "Good practice"
        description = "Something that works well. Worth saying even when no change is asked for."
        template = "blocks/good_practice.html"
        preview_value = {
            "title": "One team texts from the van",
            "text": "<p>Its engineers send a name and a number before they set off.</p>",
        }


class QuoteBlock(blocks.StructBlock):
    """A quotation, and a description of the speaker without a name."""

    quote = blocks.TextBlock(rows=2, help_text="No quotation marks: they are added.")
    who = blocks.CharBlock(
        label="Who said it", help_text=lazy_words("Such as: a {resident} of Mill Court. Never a name.")
    )

    class Meta:
        icon = "openquote"
        label = "Quote"
        description = "What somebody said, without naming them."
        template = "blocks/quote.html"
        preview_value = {"quote": "I took two unpaid days off.", "who": "Somebody who answered our survey"}


class FigureBlock(blocks.StructBlock):
    """One figure, and what it counts."""

    number = blocks.CharBlock(max_length=20, help_text="Such as 27 of 40, or 14%.")
    meaning = blocks.CharBlock(help_text="What it counts, and when.")

    class Meta:
        icon = "order"
        label = "Figure"
        description = "One number in large type, and what it counts."
        template = "blocks/figure.html"
        preview_value = {"number": "27 of 40", "meaning": "were not told that a visit had moved"}


class PhotoBlock(blocks.StructBlock):
    """An image, with its alternative text and a note of the consent of the people in it."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False, help_text="Shown under the picture. It need not say what one can see.")
    consent = blocks.CharBlock(
        required=False,
        label="Consent noted",
        help_text="For staff: who in the picture agreed to it and when. Never shown to the public.",
    )

    # What programs are not told.
    not_public = ("consent",)

    def get_preview_value(self) -> Any:
        """Return a value with any image of the library."""
        image = get_image_model().objects.first()
        return self.to_python({"image": {"image": image.pk, "alt_text": ""}, "caption": image.title}) if image else None

    class Meta:
        icon = "image"
        label = "Photo"
        description = "A picture with its description and an optional caption."
        template = "blocks/photo.html"


class EvidenceBlock(blocks.StructBlock):
    """An item of evidence: what it is, its source, and a link or document to read it."""

    title = blocks.CharBlock(label="What it is", help_text="Such as: Our survey of 900 homes.")
    source = blocks.CharBlock(label="Where it is from", help_text="Who made it, and when. Never a person's name.")
    text = blocks.TextBlock(
        required=False, rows=2, label="What it shows", help_text="One or two sentences, if the title does not say it."
    )
    document = DocumentChooserBlock(
        required=False, help_text="If everybody may read it. Its kind and size are shown beside the link."
    )
    url = blocks.URLBlock(required=False, label="or an address", help_text="Where it is published. A full address.")

    def clean(self, value: Any) -> Any:
        """Refuse a value with both a document and a URL."""
        cleaned = super().clean(value)
        if cleaned["document"] and cleaned["url"]:
            raise ValidationError("Choose a document or write an address: not both.")
        return cleaned

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the link, and the type and size of a document: PDF, 180 KB."""
        context = super().get_context(value, parent_context)
        document = value.get("document")
        if not document:
            return context | {"link": value.get("url"), "kind": ""}
        size = f", {format_size(document.file_size)}" if document.file_size else ""
        return context | {"link": document.url, "kind": f"{document.file_extension.upper()}{size}"}

    class Meta:
        icon = "doc-full-inverse"
        label = "Evidence"
        description = "Something that a finding rests on, and where it can be read."
        template = "blocks/evidence.html"
        preview_value = {
            "title": "Our survey of 900 homes",
            "source": "The panel, March 2026",
            "text": "212 people answered.",
            "document": None,
            "url": "",
        }


class LinkBlock(blocks.StructBlock):
    """A link to a page of this site or to an address elsewhere."""

    page = blocks.PageChooserBlock(required=False)
    url = blocks.CharBlock(
        required=False, label="or an address", help_text="An address on this site, such as /meetings/, or a full one."
    )
    label = blocks.CharBlock(required=False, max_length=60, help_text="Leave empty to use the page's title.")

    def clean(self, value: Any) -> Any:
        """Require exactly one target, and a label if the target has no title."""
        cleaned = super().clean(value)
        url = cleaned["url"]
        if bool(cleaned["page"]) == bool(url):
            raise ValidationError("Choose a page or write an address: one of the two.")
        if url and not url.startswith(("/", "https://", "http://", "mailto:", "tel:")):
            raise blocks.StructBlockValidationError({"url": ValidationError("Start the address with / or https://")})
        if url and not cleaned["label"]:
            raise blocks.StructBlockValidationError({"label": ValidationError("Say what the link is called.")})
        return cleaned

    class Meta:
        icon = "link"
        label = "Link"


class CallBlock(LiveBlock):
    """A coloured band that invites people to do one thing."""

    heading = blocks.CharBlock(max_length=80)
    text = blocks.CharBlock(required=False, max_length=250)
    link = LinkBlock()

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the URL and label of the link; the URL is None if the viewer may not see its page."""
        page = value["link"]["page"]
        page = page if page and viewer.sees_page(page) else None
        title = page.title if page else ""
        return {"url": value["link"]["url"] or (page and page.url), "label": value["link"]["label"] or title}

    def as_data(self, live: dict) -> dict:
        """Return the link unchanged."""
        return live

    class Meta:
        icon = "plus-inverse"
        label = "Invitation"
        description = "A coloured band that invites people to do one thing."
        template = "blocks/call_to_action.html"
        preview_value = {
            "heading": "Tell us what to look at next",
            "text": "It takes five minutes.",
            "link": {"page": None, "url": "/contact/", "label": "Tell us"},
        }


class NumberedBlocks(blocks.StreamBlock):
    """A StreamBlock that renders each block with its number, heading level and anchor."""

    def render_basic(self, value: Any, context: Any = None) -> SafeString:
        """Return the rendered blocks; findings are numbered, and those under a heading are a level below it."""
        numbers, level, told = finding_numbers(value), 2, []
        for place, block in enumerate(value):
            if block.block_type == "heading":
                level = 3
            extra = {"number": numbers.get(place), "level": level, "anchor": anchor(block), "early": place < EARLY}
            told.append((block.render(dict(context or {}) | extra),))
        return format_html_join("\n", "{}", told)


class StoryBlocks(NumberedBlocks):
    """The StreamField blocks of any page."""

    heading = HeadingBlock()
    text = TextBlock()
    finding = FindingBlock()
    good_practice = GoodPracticeBlock()
    quote = QuoteBlock()
    figure = FigureBlock()
    chart = ChartBlock()
    pairs_chart = PairsChartBlock()
    time_chart = TimeChartBlock()
    photo = PhotoBlock()
    evidence = EvidenceBlock()
    call = CallBlock()
