"""Timelines, key facts and the status chart of recommendations; key facts of reviews and meetings."""

import dataclasses
import datetime
from typing import cast
from urllib.parse import urlencode

from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.text.links import linked

from ..enums import AGREED, EXPLANATIONS, Answer, EventKind, Standing
from ..rules.recommendation_status import Status
from .records import Escalation, Event, Meeting, Panel, PanelPage, Programme, Recommendation, Review, Tracking
from .timeline import TimelineEntry, sentences
from .tracker_columns import Use, columns_for

BAR_LENGTH = 1000
LEAST_PART = 36  # of it: ten pixels on a phone of 320


TONES: dict[str, str] = {
    EventKind.ANSWER_DUE: "current",
    EventKind.TIME_ASKED: "moved",
    EventKind.TIME_GRANTED: "moved",
    EventKind.TIME_REFUSED: "moved",
    EventKind.SENT_BACK: "moved",
    EventKind.NOT_ACCEPTED: "refused",
    EventKind.CLOSED: "refused",
    EventKind.WITHDRAWN: "refused",
    EventKind.CLAIMED: "current",
    EventKind.ESCALATED: "moved",
    EventKind.REPLIED: "current",
    EventKind.ACTION_PLANNED: "current",
    EventKind.REWORDED: "current",
    EventKind.RATIFIED: "done",
    EventKind.CORRECTED: "moved",
}


def public_timeline(recommendation: Recommendation, on: datetime.date) -> list[TimelineEntry]:
    """Return the public timeline of a recommendation, latest first, with an entry for a current delay on top."""
    entries = [_timeline_entry(event) for event in recommendation.public_history()]
    return [*_lateness(recommendation, on), *entries]


def staff_timeline(recommendation: Recommendation, on: datetime.date) -> list[TimelineEntry]:
    """Return the full timeline of a recommendation, latest first; entries for staff only are labelled so."""
    public = recommendation.public_history()
    told = [event.pk for event in public if event.pk]
    others = recommendation.tracking.events.exclude(pk__in=told).select_related("meeting", "correction")
    private = [
        dataclasses.replace(_timeline_entry(event), title=f"{event.headline} (for staff only)", date=event.on)
        for event in others
    ]
    entries = [*(_timeline_entry(event) for event in public), *private]
    return [
        *_lateness(recommendation, on),
        *sorted(entries, key=lambda entry: cast("datetime.date", entry.date), reverse=True),
    ]


def _timeline_entry(event: Event) -> TimelineEntry:
    text = sentences(event.text, f"How it was decided: {event.how}" if event.how else "")
    tone, mistake = TONES.get(event.kind, "done"), ""
    if event.is_corrected:
        tone, mistake = "skipped", f"Recorded by mistake. Corrected on {format_date(event.correction.on)}."
    entry = TimelineEntry(event.on, event.headline, text, tone, format_date(event.on), mistake=mistake, key=event.pk)
    if event.meeting and event.meeting.is_public:
        held_on = format_date(timezone.localdate(event.meeting.starts_at))
        url = event.meeting.get_absolute_url()
        return dataclasses.replace(entry, url=url, url_words=f"The meeting of {held_on}")
    return entry


def _lateness(recommendation: Recommendation, on: datetime.date) -> list[TimelineEntry]:
    tracking = recommendation.tracking
    if not tracking.is_overdue(on):
        return []
    owed = "done" if tracking.answer in AGREED else "answered"
    text = f"It was due on {format_date(tracking.due)} and is not {owed}. No later date has been agreed."
    return [TimelineEntry(on, tracking.status(on).words, text, "late", format_date(on))]


def panel_link(panel: Panel | None, pages: dict[int, PanelPage]) -> str:
    """Return the name of a panel, linked to its page if it has one."""
    page = pages.get(panel.pk) if panel else None
    return linked(panel, page.url if page else "")


def facts_of(recommendation: Recommendation, panel_pages: dict[int, PanelPage]) -> list[tuple[str, object]]:
    """Return the key facts of a recommendation as pairs of label and value; unknown ones are omitted.

    Tracker columns that appear on the page come last, except those with a fixed position among the others.
    """
    tracking = recommendation.tracking
    plain = {column.key: (str(column.label), column.of(recommendation)) for column in columns_for(Use.PAGE)}
    changes = len(tracking.granted)
    facts = [
        ("Asked for by", panel_link(recommendation.panel, panel_pages) if recommendation.panel_id else None),
        plain.pop("earlier_reference"),
        ("Answer", _on(tracking.get_answer_display(), tracking.answered_on)),
        ("First answer", _first_answer(tracking)),
        plain.pop("owner"),
        ("Answer due", format_date(tracking.answer_due) if tracking.answer_due and not tracking.answered_on else None),
        ("First date promised", format_date(tracking.first_target) if tracking.first_target else None),
        ("Date now", format_date(tracking.current_target) if changes else None),
        ("Times the date changed", {0: None, 1: "Once", 2: "Twice"}.get(changes, f"{changes} times")),
        plain.pop("who_benefits"),
        ("Who checks that it is done", panel_link(recommendation.checking_body, panel_pages)),
        ("Did it help?", _on(tracking.get_impact_display(), tracking.impact_checked_on) if tracking.impact else None),
        ("We check if it helped", format_date(tracking.impact_due) if tracking.impact_due else None),
        ("Passed on to", panel_link(recommendation.refers_to, panel_pages)),
        ("Standards", ", ".join(str(standard) for standard in recommendation.standards.all())),
        *plain.values(),
    ]
    return [(label, value) for label, value in facts if value]


def _on(words: str, day: datetime.date | None) -> str:
    return f"{words}, {format_date(day)}" if day else words


def _first_answer(tracking: Tracking) -> str:
    """Return the landlord's first answer if a later one replaced it, else an empty text (W47, H 5.4)."""
    if not tracking.first_answer or tracking.first_answered_on == tracking.answered_on:
        return ""
    return _on(Answer(tracking.first_answer).label, tracking.first_answered_on)


def escalation_timeline(tracking: Tracking, on: datetime.date) -> list[TimelineEntry]:
    """Return the escalation steps as timeline entries; the last is current until there is a reply."""
    return [_escalation_entry(step, on) for step in tracking.escalations.all()] if tracking.pk else []


def _escalation_entry(step: Escalation, on: datetime.date) -> TimelineEntry:
    asked = f"We asked: {step.asks}"
    if step.replied_on:
        tone, reply = "done", f"They replied on {format_date(step.replied_on)}"
    elif not step.reply_due:
        tone, reply = "current", "They have not replied yet"
    elif step.reply_due < on:
        tone, reply = "late", f"They should have replied by {format_date(step.reply_due)}, and have not"
    else:
        tone, reply = "current", f"They should reply by {format_date(step.reply_due)}"
    title = f"Taken to {step.to_whom} on {format_date(step.on)}"
    return TimelineEntry(step.on, title, sentences(asked, reply), tone, "" if step.replied_on else "It is here now")


def facts_of_review(review: Review, year: Programme | None, panel_url: str, on: datetime.date) -> list[tuple[str, str]]:
    """Return the key facts of a review as pairs of label and value.

    :param year: the work programme that includes it, if the viewer may see that.
    :param panel_url: the URL of its panel's page, empty if the viewer may not see it.
    """
    start = format_date(review.started_on) if review.started_on else ""
    facts = [
        ("Where it is", review.get_state_display()),
        ("Carried out by", linked(review.panel, panel_url)),
        ("What set it off", str(review.trigger or "")),
        ("Asked for by", review.commissioned_by),
        ("Part of our work for", linked(year.title, year.get_absolute_url()) if year else ""),
        ("Starts" if review.started_on and review.started_on > on else "Started", start),
        ("Services", ", ".join(area.name for area in review.service_areas.all())),
        ("Kind", str(review.kind or "")),
        ("How thorough", "A light-touch review" if review.light_touch else ""),
    ]
    return [(label, value) for label, value in facts if value]


def facts_of_meeting(meeting: Meeting, panel_url: str) -> list[tuple[str, str]]:
    """Return the date and place of a meeting, as pairs of label and value."""
    facts = [
        ("When", meeting.when_words),
        ("Where", meeting.place),
        ("Panel", linked(meeting.panel, panel_url)),
    ]
    return [(label, value) for label, value in facts if value]


@dataclasses.dataclass(frozen=True)
class Segment:
    """One segment of the status chart; ``x`` and ``width`` are thousandths of the bar, ``share`` is text."""

    key: str
    count: int
    words: str
    explanation: str
    share: str
    url: str
    x: int
    width: int

    @property
    def label(self) -> str:
        """Return the status label with a capital first letter."""
        return self.words[0].upper() + self.words[1:]


@dataclasses.dataclass(frozen=True)
class StatusChart:
    """Numbers of recommendations by status: a segmented bar, and an equivalent table with every status."""

    total: int
    table: list[Segment]

    @property
    def segments(self) -> list[Segment]:
        """Return the segments that are not empty."""
        return [segment for segment in self.table if segment.count]

    def as_data(self) -> dict:
        """Serialise the same numbers."""
        names = ("count", "words", "explanation", "share")
        told = [{"standing": part.key} | {name: getattr(part, name) for name in names} for part in self.table]
        return {"total": self.total, "standings": told}


def status_chart(counts: dict[str, int], *, tracker_url: str, query: str = "") -> StatusChart:
    """Return the chart of counts by status, in the order of ``Standing``, each segment linked to its list.

    :param query: the other active filters, as a URL query string.
    """
    total = sum(counts.values())
    widths = bar_widths([counts.get(where, 0) for where in Standing])
    table, start = [], 0
    for where, width in zip(Standing, widths, strict=True):
        count = counts.get(where, 0)
        words = where.label[0].lower() + where.label[1:]
        url = f"{tracker_url}?{_filter_query(where, query)}" if tracker_url and count else ""
        table.append(Segment(where.value, count, words, EXPLANATIONS[where], _share(count, total), url, start, width))
        start += width
    return StatusChart(total, table)


def bar_widths(counts: list[int]) -> list[int]:
    """Return the width of each segment of a bar of 1000; segments that are not empty get a visible minimum (case P8).

    The extra width of small segments is taken from the others in proportion. The widths add up to 1000.
    """
    shares = {number: count for number, count in enumerate(counts) if count}
    narrow: set[int] = set()
    while True:
        rest = BAR_LENGTH - LEAST_PART * len(narrow)
        total = sum(count for number, count in shares.items() if number not in narrow)
        found = {n for n, count in shares.items() if n not in narrow and count * rest < LEAST_PART * total}
        if not found:
            break
        narrow |= found
    ends, passed, at = [], 0.0, 0
    for number in range(len(counts)):
        if number in narrow:
            passed += LEAST_PART
        elif number in shares:
            passed += shares[number] * rest / total
        ends.append(round(passed) - at)
        at = round(passed)
    return ends


def _filter_query(where: Standing, query: str) -> str:
    """Return the query string that filters the list by one status; overdue ones have a filter of their own."""
    chosen = {"overdue": "true"} if where == Standing.LATE else {"standing": where.value}
    return "&".join(filter(None, [urlencode(chosen), query]))


def _share(count: int, total: int) -> str:
    if not count:
        return "0%"
    percent = round(100 * count / total)
    return f"{percent}%" if percent else "under 1%"


def combined_status(statuses: list[Status]) -> Status | None:
    """Return the least finished of several recommendations' statuses, or None if there are none."""
    worst_first = [
        Standing.UNRATIFIED,
        Standing.LATE,
        Standing.WAITING,
        Standing.NOT_STARTED,
        Standing.PROGRESS,
        Standing.CLAIMED,
        Standing.REFUSED,
        Standing.CLOSED,
        Standing.WITHDRAWN,
        Standing.CONFIRMED,
    ]
    return min(statuses, key=lambda status: worst_first.index(Standing(status.key)), default=None)
