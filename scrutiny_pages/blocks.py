"""Blocks that point at a record, so that a newsletter never types a fact again."""

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.blocks import StoryBlocks


class ReportReferenceBlock(blocks.StructBlock):
    """A report, with its title and summary as they are now."""

    page = blocks.PageChooserBlock(page_type="scrutiny_pages.ReportPage", label="Report")

    class Meta:
        icon = "doc-full"
        label = "A report"
        description = "Points at a report; its title and summary are filled in."
        template = "blocks/report_reference.html"


class OutcomeReferenceBlock(blocks.StructBlock):
    """An outcome, with its words as they are now."""

    page = blocks.PageChooserBlock(page_type="scrutiny_pages.OutcomePage", label="Outcome")

    class Meta:
        icon = "tick"
        label = "You said, we did"
        description = "Points at an outcome; its words are filled in."
        template = "blocks/outcome_reference.html"


class MeetingReferenceBlock(blocks.StructBlock):
    """A meeting, with its date and place as they are now."""

    meeting = SnippetChooserBlock("scrutiny_pages.Meeting")

    class Meta:
        icon = "date"
        label = "A meeting"
        description = "Points at a meeting; its date and place are filled in."
        template = "blocks/meeting_reference.html"


class NewsletterBlocks(StoryBlocks):
    """What a newsletter may be told with."""

    report = ReportReferenceBlock()
    outcome = OutcomeReferenceBlock()
    meeting = MeetingReferenceBlock()
