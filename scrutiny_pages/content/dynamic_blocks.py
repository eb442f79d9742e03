"""StreamField blocks that query current records: reports, recommendation counts, outcomes, vacancies, meetings."""

from typing import Any

from wagtail import blocks

from cms.core.block_serializers import PageRef
from cms.core.blocks import LiveBlock
from cms.core.visibility import Viewer, visible_to

from ..models.editing.blocks import meeting_as_data, outcome_as_data
from ..models.meeting import Meeting
from ..models.pages.outcome import latest_outcomes, with_statuses
from ..models.pages.panel import PanelPage
from ..models.pages.report import latest_reports
from ..models.pages.tracker import tracker_status_chart
from ..models.panel import Panel


def _how_many(default: int) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(default=default, min_value=1, max_value=12, label="How many")


class LatestReportsBlock(LiveBlock):
    """The latest reports."""

    heading = blocks.CharBlock(default="What we found")
    intro = blocks.CharBlock(required=False)
    number = _how_many(3)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the latest reports that the viewer may see."""
        return {"reports": latest_reports(viewer)[: value["number"]]}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each report with the counts of its recommendations."""
        return [
            {"page": PageRef(report), "summary": report.summary, "result": report.result_words}
            for report in live["reports"]
        ]

    class Meta:
        icon = "doc-full"
        label = "Latest reports"
        description = (
            "The latest reports, with how many of their recommendations are confirmed. Keeps itself up to date."
        )
        template = "blocks/latest_reports.html"
        preview_value = {"heading": "What we found", "intro": "Our latest reports.", "number": 3}


class TrackerNumbersBlock(LiveBlock):
    """Recommendation counts by status, as a bar chart with an equivalent table."""

    heading = blocks.CharBlock(default="changes asked for", help_text="The number is put before these words.")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the chart."""
        return {"standings": tracker_status_chart(viewer)}

    def as_data(self, live: dict) -> dict:
        """Serialise the counts."""
        return live["standings"].as_data()

    class Meta:
        icon = "order"
        label = "Numbers from the tracker"
        description = "How many promises are kept, late or refused. Keeps itself up to date."
        template = "blocks/tracker_numbers.html"
        preview_value = {"heading": "changes asked for"}


class LatestOutcomesBlock(LiveBlock):
    """The latest outcomes."""

    heading = blocks.CharBlock(default="You said, we did")
    intro = blocks.CharBlock(required=False)
    number = _how_many(2)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the latest outcomes, each with its derived status."""
        return {"rows": with_statuses(latest_outcomes(viewer)[: value["number"]], viewer)}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each outcome with its derived status."""
        return [
            outcome_as_data(row["outcome"]) | {"status": row["status"].words if row["status"] else ""}
            for row in live["rows"]
        ]

    class Meta:
        icon = "check"
        label = "Latest outcomes"
        description = "The latest You said, we did stories, with the state each is really in. Keeps itself up to date."
        template = "blocks/latest_outcomes.html"
        preview_value = {"heading": "You said, we did", "intro": "The latest changes.", "number": 2}


class VacanciesBlock(LiveBlock):
    """Panels with open seats."""

    text = blocks.CharBlock(required=False, max_length=250)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the recruiting panels that have a page, and their open seats."""
        panels = {panel.pk: panel for panel in visible_to(viewer, Panel.objects.filter(recruiting=True)).with_seats()}
        pages = visible_to(viewer, PanelPage.objects.filter(panel__in=list(panels))).order_by("title")
        rows = [{"page": page, "words": panels[page.panel_id].vacancy_words(viewer.today)} for page in pages]
        return {"rows": [row for row in rows if row["words"]]}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each panel's page with its number of open seats."""
        return [{"page": PageRef(row["page"]), "words": row["words"]} for row in live["rows"]]

    class Meta:
        icon = "group"
        label = "Vacancies"
        description = "Panels with open seats. Shows nothing when every seat is taken."
        template = "blocks/vacancies.html"
        preview_value = {"text": "No experience needed. Expenses paid, training given."}


class NextMeetingsBlock(LiveBlock):
    """Upcoming meetings and events."""

    heading = blocks.CharBlock(default="Coming up")
    number = _how_many(3)

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the upcoming meetings that the viewer may see."""
        coming = visible_to(viewer, Meeting.objects.all()).coming(viewer.at)
        return {"meetings": coming.select_related("panel")[: value["number"]]}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each meeting in its short form."""
        return [meeting_as_data(meeting) for meeting in live["meetings"]]

    class Meta:
        icon = "date"
        label = "Next meetings"
        description = "The next meetings and events. Keeps itself up to date."
        template = "blocks/next_meetings.html"
        preview_value = {"heading": "Coming up", "number": 3}


class LiveBlocks(blocks.StreamBlock):
    """Blocks with current records, available on home and landing pages."""

    tracker_numbers = TrackerNumbersBlock()
    latest_outcomes = LatestOutcomesBlock()
    latest_reports = LatestReportsBlock()
    vacancies = VacanciesBlock()
    next_meetings = NextMeetingsBlock()
