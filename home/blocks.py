"""StreamField blocks of home and landing pages."""

from typing import Any

from wagtail import blocks

from cms.core.block_serializers import PageRef
from cms.core.blocks import LiveBlock, StoryBlocks, TextBlock, page_seen
from cms.core.visibility import Viewer
from scrutiny_pages.content.dynamic_blocks import LiveBlocks
from scrutiny_pages.content.reference_blocks import ListBlocks

# Those most asked for in social housing.
LANGUAGES = [
    ("ar", "Arabic"),
    ("bn", "Bengali"),
    ("cy", "Welsh"),
    ("fa", "Farsi"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("gd", "Scottish Gaelic"),
    ("gu", "Gujarati"),
    ("ku", "Kurdish"),
    ("lt", "Lithuanian"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("so", "Somali"),
    ("ti", "Tigrinya"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh-Hans", "Chinese"),
]
WRITTEN_FROM_THE_RIGHT = {"ar", "fa", "ps", "ur"}


class StartFormBlock(LiveBlock):
    """A form to start, with its description and whether it is open."""

    page = blocks.PageChooserBlock(page_type="forms.FormPage", label="Form")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the form, and whether it can be submitted today."""
        form, today = page_seen(value["page"], viewer), viewer.today
        if form is None:
            return {"form": None}
        return {"form": form, "is_open": form.is_open(today), "closed_words": form.closed_words(today)}

    def as_data(self, live: dict) -> dict | None:
        """Return the form, and whether it can be submitted today."""
        if not (form := live["form"]):
            return None
        told = {"summary": form.summary, "is_open": live["is_open"], "closed_words": live["closed_words"]}
        return {"page": PageRef(form), **told}

    class Meta:
        icon = "form"
        label = "A form to start"
        description = "Invites people to start one of your forms. Its title and summary are filled in."
        template = "blocks/start_form.html"


class ContactDetailsBlock(LiveBlock):
    """The team's contact details from the site settings."""

    heading = blocks.CharBlock(required=False, max_length=80)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return an empty dict: every template has the settings."""
        return {}

    def as_data(self, live: dict) -> None:
        """Return an empty dict: the API has an endpoint of the settings."""

    class Meta:
        icon = "mail"
        label = "Contact details"
        description = "The team, phone, email and opening hours from the site settings."
        template = "blocks/contact_details.html"
        preview_value = {"heading": "Talk to us"}


class OtherLanguageBlock(blocks.StructBlock):
    """Text in another language, marked so that a screen reader pronounces it correctly (WCAG 3.1.2)."""

    language = blocks.ChoiceBlock(choices=LANGUAGES)
    text = TextBlock()

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the direction of the language's script."""
        context = super().get_context(value, parent_context)
        return context | {"direction": "rtl" if value["language"] in WRITTEN_FROM_THE_RIGHT else "ltr"}

    class Meta:
        icon = "globe"
        label = "Text in another language"
        description = "A few words in another language, read aloud as that language."
        template = "blocks/other_language.html"
        preview_value = {"language": "cy", "text": "<p>Croeso. Ffoniwch ni am help yn Gymraeg.</p>"}


class LandingBlocks(StoryBlocks, LiveBlocks, ListBlocks):
    """The blocks of a landing page: those of any page, live records, forms to start and contact details."""

    start_form = StartFormBlock()
    contact_details = ContactDetailsBlock()
    other_language = OtherLanguageBlock()
