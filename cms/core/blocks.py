"""The blocks that editors tell a story with, on any page. Blocks that show live records live with those records."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from cms.core.visibility import Viewer

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]


class LiveBlock(blocks.StructBlock):
    """A block whose content is looked up when the page is shown, as far as the person may see it."""

    def get_context(self, value, parent_context=None):
        """Add ``live``, what the block shows to this viewer."""
        context = super().get_context(value, parent_context)
        request = context.get("request")
        viewer = context.get("viewer") or (Viewer.of(request) if request else Viewer.stranger())
        return context | self.live(value, viewer)

    def live(self, value, viewer: Viewer) -> dict:
        """Give what the template shows."""
        raise NotImplementedError


def page_seen(page: Page | None, viewer: Viewer) -> Page | None:
    """Give a chosen page with all its fields, if it is still there and this viewer may see it."""
    return page.specific if page and viewer.sees_page(page) else None


def is_heading(block: StreamValue.StreamChild) -> bool:
    """Say whether a block of a story is a heading, for the list of contents."""
    return block.block_type == "heading"


def anchor(block: StreamValue.StreamChild) -> str:
    """Give the place of a heading in its page: its words, and enough of its id to be the only one."""
    return f"{slugify(block.value)}-{str(block.id)[:4]}"


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

    def __init__(self, **kwargs):
        super().__init__(**{"features": RICH_TEXT_FEATURES} | kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        description = "Paragraphs, lists and links."
        template = "blocks/text.html"
        preview_value = "<p>We read twelve months of records and spoke to forty residents.</p>"


class FindingBlock(blocks.StructBlock):
    """One thing that was found, good or bad, with what shows it."""

    title = blocks.CharBlock(help_text="The finding in one short sentence.")
    text = TextBlock(label="What shows it")

    class Meta:
        icon = "search"
        label = "Finding"
        description = "One thing that residents found, and what shows it."
        template = "blocks/finding.html"
        preview_value = {
            "title": "Nobody owns telling the resident",
            "text": "<p>We followed 40 visits that moved. In 27 the resident was never told.</p>",
        }


class GoodPracticeBlock(FindingBlock):
    """Something that works well and deserves to be kept or copied."""

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
    """What somebody said, and who they are without naming them."""

    quote = blocks.TextBlock(rows=2, help_text="No quotation marks: they are added.")
    who = blocks.CharBlock(label="Who said it", help_text="Such as: a resident of Mill Court. Never a name.")

    class Meta:
        icon = "openquote"
        label = "Quote"
        description = "What somebody said, without naming them."
        template = "blocks/quote.html"
        preview_value = {"quote": "I took two unpaid days off.", "who": "A resident, in our survey"}


class FigureBlock(blocks.StructBlock):
    """One number that says a lot, and what it counts."""

    number = blocks.CharBlock(max_length=20, help_text="Such as 27 of 40, or 14%.")
    meaning = blocks.CharBlock(help_text="What it counts, and when.")

    class Meta:
        icon = "order"
        label = "Figure"
        description = "One number in large type, and what it counts."
        template = "blocks/figure.html"
        preview_value = {"number": "27 of 40", "meaning": "residents were not told that a visit had moved"}


def say_number(number: Decimal | int) -> str:
    """Say a number without needless noughts: 7, 7.5."""
    return f"{Decimal(number).normalize():f}"


class ChartRowBlock(blocks.StructBlock):
    """One bar of a chart."""

    label = blocks.CharBlock(max_length=60)
    value = blocks.DecimalBlock(min_value=0, max_digits=12, decimal_places=2)
    weak = blocks.BooleanBlock(required=False, label="Point this one out", help_text="Drawn in red, and said in words.")


class ChartBlock(blocks.StructBlock):
    """A bar chart drawn on the server from numbers that the editor types, with those numbers as a table."""

    title = blocks.CharBlock(
        help_text="What the chart shows, in one sentence: it is read out to those who cannot see it."
    )
    unit = blocks.CharBlock(required=False, max_length=40, help_text="Such as: of 10 told.")
    rows = blocks.ListBlock(ChartRowBlock(), min_num=1, max_num=20)

    def get_context(self, value, parent_context=None):
        """Add the bars, as whole numbers out of 1000: no locale can turn those into a broken picture."""
        context = super().get_context(value, parent_context)
        # A draft may have a row that is not filled in yet.
        rows = [row for row in value["rows"] if row["value"] is not None]
        largest = max((row["value"] for row in rows), default=0) or 1
        context["bars"] = [
            {
                "label": row["label"],
                "number": say_number(row["value"]),
                "value": f"{say_number(row['value'])} {value['unit']}".strip(),
                "weak": row["weak"],
                "width": max(5, round(1000 * row["value"] / largest)),
            }
            for row in rows
        ]
        return context

    class Meta:
        icon = "table"
        label = "Chart"
        description = "A bar chart from numbers you type, with a table of the same numbers."
        template = "blocks/chart.html"
        preview_value = {
            "title": "Residents told before a visit moved",
            "unit": "of 10 told",
            "rows": [
                {"label": "Heating team", "value": 7, "weak": False},
                {"label": "Joinery team", "value": 1, "weak": True},
            ],
        }


class PhotoBlock(blocks.StructBlock):
    """A picture, with what it shows in words and a note of who agreed to be in it."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False)
    consent = blocks.CharBlock(
        required=False,
        label="Consent noted",
        help_text="For staff: who in the picture agreed to it and when. Never shown to the public.",
    )

    def get_preview_value(self):
        """Show any picture there is."""
        image = get_image_model().objects.first()
        return self.to_python({"image": {"image": image.pk, "alt_text": ""}, "caption": image.title}) if image else None

    def get_api_representation(self, value, context=None):
        """Leave the consent note out of what programs read."""
        data = super().get_api_representation(value, context)
        data.pop("consent", None)
        return data

    class Meta:
        icon = "image"
        label = "Photo"
        description = "A picture with its description and an optional caption."
        template = "blocks/photo.html"


class LinkBlock(blocks.StructBlock):
    """A link to a page of this site or to an address elsewhere."""

    page = blocks.PageChooserBlock(required=False)
    url = blocks.CharBlock(
        required=False, label="or an address", help_text="An address on this site, such as /meetings/, or a full one."
    )
    label = blocks.CharBlock(required=False, max_length=60, help_text="Leave empty to use the page's title.")

    def clean(self, value):
        """Ask for one target, and for words when the target has no title of its own."""
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

    def live(self, value, viewer: Viewer) -> dict:
        """Give where the link leads and what it is called; nowhere, if its page cannot be seen."""
        page = value["link"]["page"]
        page = page if page and viewer.sees_page(page) else None
        title = page.title if page else ""
        return {"url": value["link"]["url"] or (page and page.url), "label": value["link"]["label"] or title}

    class Meta:
        icon = "plus-inverse"
        label = "Invitation"
        description = "A coloured band that invites people to do one thing."
        template = "blocks/call.html"
        preview_value = {
            "heading": "Tell us what to look at next",
            "text": "It takes five minutes.",
            "link": {"page": None, "url": "/contact/", "label": "Tell us"},
        }


class StoryBlocks(blocks.StreamBlock):
    """What any page may be told with."""

    heading = HeadingBlock()
    text = TextBlock()
    finding = FindingBlock()
    good_practice = GoodPracticeBlock()
    quote = QuoteBlock()
    figure = FigureBlock()
    chart = ChartBlock()
    photo = PhotoBlock()
    call = CallBlock()
