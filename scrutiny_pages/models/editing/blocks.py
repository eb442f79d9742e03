"""Blocks that point at a record, so that a newsletter never types a fact again."""

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.block_serializers import Link
from cms.core.blocks import LiveBlock, StoryBlocks, page_seen
from cms.core.visibility import Viewer


def outcome_as_data(outcome) -> dict:
    """Return an outcome in brief, as its card tells it."""
    told = {name: getattr(outcome, name) for name in ("you_said", "we_did", "difference")}
    return {"page": Link(outcome), **told}


def meeting_as_data(meeting) -> dict:
    """Return a meeting in brief, as a list tells it."""
    return {
        "id": meeting.pk,
        "theme": meeting.theme,
        "url": meeting.get_absolute_url(),
        "when": meeting.when_words,
        "place": meeting.place,
        "called_off_because": meeting.called_off_because,
    }


class PageReferenceBlock(LiveBlock):
    """A page, as it is now."""

    def live(self, value, viewer: Viewer) -> dict:
        """Return the page, as far as this viewer may see it."""
        return {"shown": page_seen(value["page"], viewer)}


class ReportReferenceBlock(PageReferenceBlock):
    """A report, with its title and summary as they are now."""

    page = blocks.PageChooserBlock(
        page_type="scrutiny_pages.ReportPage", label="Report", help_text="Shown only while it is public."
    )

    def as_data(self, live: dict) -> dict | None:
        """Return the report as it is now."""
        report = live["shown"]
        return {"page": Link(report), "summary": report.summary} if report else None

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

    def as_data(self, live: dict) -> dict | None:
        """Return the outcome as it is now."""
        return outcome_as_data(live["shown"]) if live["shown"] else None

    class Meta:
        icon = "check"
        label = "You said, we did"
        description = "Points at an outcome; its words are filled in."
        template = "blocks/outcome_reference.html"


class MeetingReferenceBlock(LiveBlock):
    """A meeting, with its date and place as they are now."""

    meeting = SnippetChooserBlock("scrutiny_pages.Meeting", help_text="Shown only while it is public.")

    def live(self, value, viewer: Viewer) -> dict:
        """Return the meeting, if it is public."""
        meeting = value["meeting"]
        return {"shown": meeting if meeting and meeting.is_public else None}

    # Its number is told of what is shown, and of nothing else.
    not_public = ("meeting",)

    def as_data(self, live: dict) -> dict | None:
        """Return the meeting as it is now."""
        return meeting_as_data(live["shown"]) if live["shown"] else None

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
