"""StreamField blocks that reference a record, so that newsletters do not repeat its facts."""

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.block_serializers import PageRef
from cms.core.blocks import LiveBlock, StoryBlocks, page_seen
from cms.core.visibility import Viewer


def outcome_as_data(outcome: Any) -> dict:
    """Serialise an outcome in its short form."""
    told = {name: getattr(outcome, name) for name in ("you_said", "we_did", "difference")}
    return {"page": PageRef(outcome), **told}


def meeting_as_data(meeting: Any) -> dict:
    """Serialise a meeting in its short form."""
    return {
        "id": meeting.pk,
        "theme": meeting.theme,
        "url": meeting.get_absolute_url(),
        "when": meeting.when_words,
        "place": meeting.place,
        "called_off_because": meeting.called_off_because,
    }


class PageReferenceBlock(LiveBlock):
    """A reference to a page, rendered in its current state."""

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return template context with the page, if the viewer may see it."""
        return {"shown": page_seen(value["page"], viewer)}


class ReportReferenceBlock(PageReferenceBlock):
    """A reference to a report, rendered with its current title and summary."""

    page = blocks.PageChooserBlock(
        page_type="scrutiny_pages.ReportPage", label="Report", help_text="Shown only while it is public."
    )

    def as_data(self, live: dict) -> dict | None:
        """Serialise the report in its current state."""
        report = live["shown"]
        return {"page": PageRef(report), "summary": report.summary} if report else None

    class Meta:
        icon = "doc-full"
        label = "A report"
        description = "Points at a report; its title and summary are filled in."
        template = "blocks/report_reference.html"


class OutcomeReferenceBlock(PageReferenceBlock):
    """A reference to an outcome, rendered with its current text."""

    page = blocks.PageChooserBlock(
        page_type="scrutiny_pages.OutcomePage", label="Outcome", help_text="Shown only while it is public."
    )

    def as_data(self, live: dict) -> dict | None:
        """Serialise the outcome in its current state."""
        return outcome_as_data(live["shown"]) if live["shown"] else None

    class Meta:
        icon = "check"
        label = "You said, we did"
        description = "Points at an outcome; its words are filled in."
        template = "blocks/outcome_reference.html"


class MeetingReferenceBlock(LiveBlock):
    """A reference to a meeting, rendered with its current date and place."""

    meeting = SnippetChooserBlock("scrutiny_pages.Meeting", help_text="Shown only while it is public.")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return template context with the meeting, if it is public."""
        meeting = value["meeting"]
        return {"shown": meeting if meeting and meeting.is_public else None}

    # Its number is told of what is shown, and of nothing else.
    not_public = ("meeting",)

    def as_data(self, live: dict) -> dict | None:
        """Serialise the meeting in its current state."""
        return meeting_as_data(live["shown"]) if live["shown"] else None

    class Meta:
        icon = "date"
        label = "A meeting"
        description = "Points at a meeting; its date and place are filled in."
        template = "blocks/meeting_reference.html"


class NewsletterBlocks(StoryBlocks):
    """Blocks available in a newsletter."""

    report = ReportReferenceBlock()
    outcome = OutcomeReferenceBlock()
    meeting = MeetingReferenceBlock()
