"""What a home or landing page may be composed of."""

from wagtail import blocks

from cms.core.blocks import LiveBlock, StoryBlocks, page_seen
from cms.core.visibility import Viewer
from scrutiny_pages.live_blocks import LiveBlocks


class StartFormBlock(LiveBlock):
    """A form to start, with what it asks and whether it is open."""

    page = blocks.PageChooserBlock(page_type="forms.FormPage", label="Form")

    def live(self, value, viewer: Viewer) -> dict:
        """Give the form, and whether it can be sent today."""
        form, today = page_seen(value["page"], viewer), viewer.today
        if form is None:
            return {"form": None}
        return {"form": form, "is_open": form.is_open(today), "closed_words": form.closed_words(today)}

    class Meta:
        icon = "form"
        label = "A form to start"
        description = "Invites people to start one of your forms. Its title and summary are filled in."
        template = "blocks/start_form.html"


class LandingBlocks(StoryBlocks, LiveBlocks):
    """Stories, what is true now, and forms to start."""

    start_form = StartFormBlock()
