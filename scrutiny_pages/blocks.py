"""Blocks that point at a record, so that a newsletter never types a fact again."""

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.blocks import LiveBlock, StoryBlocks, page_seen
from cms.core.visibility import Viewer


class PageReferenceBlock(LiveBlock):
    """A page, as it is now."""

    def live(self, value, viewer: Viewer) -> dict:
        """Give the page, as far as this viewer may see it."""
        return {"shown": page_seen(value["page"], viewer)}


class ReportReferenceBlock(PageReferenceBlock):
    """A report, with its title and summary as they are now."""

    page = blocks.PageChooserBlock(
        page_type="scrutiny_pages.ReportPage", label="Report", help_text="Shown only while it is public."
    )

    class Meta:
        icon = "doc-full"
        label = "A report"
        description = "Points at a report; its title and summary are filled in."
        template = "blocks/report_reference.html"


class OutcomeReferenceBlock(PageReferenceBlock):
    """An outcome, with its words as they are now."""

    page = blocks.PageChooserBlock(
        page_type="scrutiny_pages.OutcomePage", label="Outcome", help_text="Shown only while it is public."
    )

    class Meta:
        icon = "check"
        label = "You said, we did"
        description = "Points at an outcome; its words are filled in."
        template = "blocks/outcome_reference.html"


class MeetingReferenceBlock(LiveBlock):
    """A meeting, with its date and place as they are now."""

    meeting = SnippetChooserBlock("scrutiny_pages.Meeting", help_text="Shown only while it is public.")

    def live(self, value, viewer: Viewer) -> dict:
        """Give the meeting, if it is public."""
        meeting = value["meeting"]
        return {"shown": meeting if meeting and meeting.is_public else None}

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
