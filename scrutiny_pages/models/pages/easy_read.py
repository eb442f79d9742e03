"""Easy Read pages: a page retold in pictures, each with one short sentence."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.search import index

from cms.core.blocks import HeadingBlock, NumberedBlocks
from cms.core.models import BasePage
from cms.core.pdf.pages import LARGE_PRINT, PDF, PdfMixin
from cms.core.visibility import Viewer, visible_to

LONGEST_SENTENCE = 15  # words
RIGHT_TO_LEFT = {"ar", "fa", "ur"}


class Language(models.TextChoices):
    """Languages of Easy Read pages."""

    ENGLISH = "en-GB", "English"
    ARABIC = "ar", "Arabic (العربية)"
    BENGALI = "bn", "Bengali (বাংলা)"
    FARSI = "fa", "Farsi (فارسی)"
    POLISH = "pl", "Polish (polski)"
    PORTUGUESE = "pt", "Portuguese (português)"
    PUNJABI = "pa", "Punjabi (ਪੰਜਾਬੀ)"
    ROMANIAN = "ro", "Romanian (română)"
    SOMALI = "so", "Somali (Soomaali)"
    UKRAINIAN = "uk", "Ukrainian (українська)"
    URDU = "ur", "Urdu (اردو)"
    WELSH = "cy", "Welsh (Cymraeg)"


def too_long(text: str) -> str:
    """Return editor advice on a sentence that is hard to read, or an empty text."""
    sentences = [part for part in re.split(r"[.!?]+(?:\s|$)", text) if part.strip()]
    longest = max((len(sentence.split()) for sentence in sentences), default=0)
    if longest > LONGEST_SENTENCE:
        return f"{longest} words in one sentence"
    return f"{len(sentences)} sentences" if len(sentences) > 1 else ""


class PairBlock(blocks.StructBlock):
    """A picture and its sentence."""

    image = ImageBlock(help_text="A picture that shows what the sentence says. One thing, drawn or photographed.")
    sentence = blocks.CharBlock(
        max_length=200,
        help_text=f"One short sentence: up to {LONGEST_SENTENCE} words, and everyday ones. One idea each.",
    )

    def get_preview_value(self) -> Any:
        """Return a preview with an arbitrary picture."""
        image = get_image_model().objects.first()
        picture = {"image": image.pk, "alt_text": ""} if image else None
        return self.to_python({"image": picture, "sentence": "We talked to people about damp."})

    class Meta:
        icon = "image"
        label = "Picture and sentence"
        description = "A picture, and one short sentence beside it."
        template = "blocks/easy_read_pair.html"


class EasyReadBlocks(NumberedBlocks):
    """Blocks available on an Easy Read page."""

    pair = PairBlock()
    heading = HeadingBlock()


class EasyReadPage(PdfMixin, BasePage):
    """The Easy Read version of its parent page."""

    language = models.CharField(
        max_length=5,
        choices=Language,
        default=Language.ENGLISH,
        help_text="The language of these words. Screen readers need it to say them right.",
    )
    body = StreamField(
        EasyReadBlocks(),
        blank=True,
        help_text="Ten to twenty pairs say most things. Leave out what people do not need to know.",
    )

    parent_page_types = ["scrutiny_pages.ReportPage", "home.StandardPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("language"),
        HelpPanel(template="scrutiny_pages/admin/long_sentences.html"),
        FieldPanel("body"),
        *PdfMixin.pdf_panels,
    ]
    api_fields = [*BasePage.api_fields, APIField("language"), APIField("body"), *PdfMixin.paper_api_fields]

    def clean(self) -> None:
        """Raise ValidationError for slugs that the parent page uses for its alternative formats."""
        super().clean()
        if f"{self.slug}/" in (LARGE_PRINT, PDF):
            words = f"The page above this one has its own “{self.slug}” address. Choose another slug."
            raise ValidationError({"slug": words})

    @property
    def direction(self) -> str:
        """Return the text direction of the page's language."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def format_name(self) -> str:
        """Return the link text of this version: Easy Read, or Easy Read in Polish (polski)."""
        if self.language == Language.ENGLISH:
            return "Easy Read"
        return f"Easy Read in {self.get_language_display()}"

    @property
    def long_sentences(self) -> list[dict]:
        """Return the sentences that an editor may want to shorten, each with the reason."""
        texts = (block.value["sentence"] for block in self.body if block.block_type == "pair")
        return [{"text": text, "why": why} for text in texts if (why := too_long(text or ""))]

    def alternative_formats(self, viewer: Viewer, request: HttpRequest | None = None) -> list[dict]:
        """Return a link back to the parent page, then the alternative formats of this page."""
        above = self.get_parent() if self.pk else None
        back = []
        if above and viewer.sees_page(above):
            back = [{"kind": "full", "words": above.title, "url": above.get_url(request)}]
        return back + super().alternative_formats(viewer, request)


def easy_read_formats(page: Page, viewer: Viewer, request: HttpRequest | None = None) -> list[dict]:
    """Return the Easy Read versions of a page as alternative formats: text, URL and language of each link."""
    if not page.pk:
        return []
    below = visible_to(viewer, EasyReadPage.objects.child_of(page)).order_by("path").defer_streamfields()
    return [
        {"kind": "easy_read", "words": item.format_name, "url": item.get_url(request), "lang": item.language}
        for item in below
    ]
