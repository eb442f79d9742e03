"""What a home or landing page may be composed of."""

from wagtail import blocks

from cms.core.blocks import StoryBlocks
from scrutiny_pages.live_blocks import LiveBlocks


class StartFormBlock(blocks.StructBlock):
    """A form to start, with what it asks and whether it is open."""

    page = blocks.PageChooserBlock(page_type="forms.FormPage", label="Form")

    class Meta:
        icon = "form"
        label = "A form to start"
        description = "Invites people to start one of your forms. Its title and summary are filled in."
        template = "blocks/start_form.html"


class LandingBlocks(StoryBlocks, LiveBlocks):
    """Stories, what is true now, and forms to start."""

    start_form = StartFormBlock()
