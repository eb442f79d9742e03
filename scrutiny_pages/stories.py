"""What happened, told in order: the turns of a recommendation, the stages of a review, the picture of them all."""

import dataclasses
import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cms.core.dates import say_date
from cms.core.visibility import Viewer

from .enums import AGREED, Answer, EventKind, Standing
from .standing import Status
from .turns import Turn, sentences

if TYPE_CHECKING:
    from .models import Escalation, Event, Meeting, Recommendation, ReviewPage, Tracking

BAR_LENGTH = 1000


TONES = {
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
}


def turns_of(recommendation: "Recommendation", on: datetime.date) -> list[Turn]:
    """Give the public turns of a recommendation, newest first, with today's lateness on top if it is late."""
    turns = [_turn(event) for event in recommendation.public_history()]
    return [*_lateness(recommendation, on), *turns]


def staff_turns_of(recommendation: "Recommendation", on: datetime.date) -> list[Turn]:
    """Give all turns of a recommendation, newest first: also those that are for staff only, which say so."""
    private = [
        dataclasses.replace(_turn(event), title=f"{event.title} (for staff only)", date=event.on)
        for event in recommendation.tracking.events.filter(is_public=False)
    ]
    turns = [*(_turn(event) for event in recommendation.public_history()), *private]
    return [*_lateness(recommendation, on), *sorted(turns, key=lambda turn: turn.date, reverse=True)]


def _turn(event: "Event") -> Turn:
    text = sentences(event.text, event.how)
    return Turn(event.on, event.title, text, TONES.get(event.kind, "done"), say_date(event.on))


def _lateness(recommendation: "Recommendation", on: datetime.date) -> list[Turn]:
    tracking = recommendation.tracking
    if not tracking.is_overdue(on):
        return []
    owed = "done" if tracking.answer in AGREED else "answered"
    text = f"It was due on {say_date(tracking.due)} and is not {owed}. No later date has been agreed."
    return [Turn(on, tracking.status(on).words, text, "late", say_date(on))]


def facts_of(recommendation: "Recommendation") -> list[tuple[str, object]]:
    """Give what a resident asks about a recommendation, as labels and values; what is not known is left out."""
    tracking = recommendation.tracking
    changes = len(tracking.granted)
    facts = [
        ("Answer", _on(tracking.get_answer_display(), tracking.answered_on)),
        ("First answer", _first_answer(tracking)),
        ("Who must do it", recommendation.owner),
        ("Answer due", say_date(tracking.answer_due) if tracking.answer_due and not tracking.answered_on else None),
        ("First date promised", say_date(tracking.first_target) if tracking.first_target else None),
        ("Date now", say_date(tracking.current_target) if changes else None),
        ("Times the date changed", {0: None, 1: "Once", 2: "Twice"}.get(changes, f"{changes} times")),
        ("Who it helps", recommendation.who_benefits),
        ("Who checks that it is done", recommendation.checking_body),
        ("Did it help?", _on(tracking.get_impact_display(), tracking.impact_checked_on) if tracking.impact else None),
        ("We check if it helped", say_date(tracking.impact_due) if tracking.impact_due else None),
        ("Passed on to", recommendation.refers_to),
        ("Standards", ", ".join(str(standard) for standard in recommendation.standards.all())),
    ]
    return [(label, value) for label, value in facts if value]


def _on(words: str, day: datetime.date | None) -> str:
    return f"{words}, {say_date(day)}" if day else words


def _first_answer(tracking: "Tracking") -> str:
    """Give what the landlord said first, once it has said something else (W47, H 5.4)."""
    if not tracking.first_answer or tracking.first_answered_on == tracking.answered_on:
        return ""
    return _on(Answer(tracking.first_answer).label, tracking.first_answered_on)


def taken_to(tracking: "Tracking", on: datetime.date) -> list[Turn]:
    """Tell where a recommendation was taken after a no, or after nothing; the last is current until it replies."""
    return [_taken_to(rung, on) for rung in tracking.escalations.all()] if tracking.pk else []


def _taken_to(rung: "Escalation", on: datetime.date) -> Turn:
    asked = f"We asked: {rung.asks}"
    if rung.replied_on:
        tone, reply = "done", f"They replied on {say_date(rung.replied_on)}"
    elif not rung.reply_due:
        tone, reply = "current", "They have not replied yet"
    elif rung.reply_due < on:
        tone, reply = "late", f"They should have replied by {say_date(rung.reply_due)}, and have not"
    else:
        tone, reply = "current", f"They should reply by {say_date(rung.reply_due)}"
    title = f"Taken to {rung.to_whom} on {say_date(rung.on)}"
    return Turn(rung.on, title, sentences(asked, reply), tone, "" if rung.replied_on else "It is here now")


def facts_of_review(review: "ReviewPage") -> list[tuple[str, str]]:
    """Give who carries a review out and what it is about, as labels and values."""
    facts = [
        ("Where it is", review.get_state_display()),
        ("Carried out by", str(review.panel or "")),
        ("What set it off", str(review.trigger or "")),
        ("Asked for by", review.commissioned_by),
        ("Part of our work for", review.programme.title if review.programme else ""),
        ("Started", say_date(review.started_on) if review.started_on else ""),
        ("Services", ", ".join(area.name for area in review.service_areas.all())),
        ("Kind", str(review.kind or "")),
        ("How thorough", "A light-touch review" if review.light_touch else ""),
    ]
    return [(label, value) for label, value in facts if value]


def facts_of_meeting(meeting: "Meeting") -> list[tuple[str, str]]:
    """Give when and where a meeting is, as labels and values."""
    facts = [
        ("When", meeting.when_words),
        ("Where", meeting.place),
        ("Panel", str(meeting.panel)),
    ]
    return [(label, value) for label, value in facts if value]


def recommendation_context(recommendation: "Recommendation", viewer: Viewer) -> dict:
    """Give what the page of one recommendation shows, to a viewer at a moment."""
    tracking = recommendation.tracking
    return {
        "recommendation": recommendation,
        "viewer": viewer,
        "status": tracking.status(viewer.today),
        "turns": turns_of(recommendation, viewer.today),
        "facts": facts_of(recommendation),
        "plan": [{"actions": tracking.actions.all()}] if tracking.pk and tracking.actions.all() else [],
        "shown": list(tracking.evidence.all()) if tracking.pk else [],
        "taken_to": taken_to(tracking, viewer.today),
        "made_at": recommendation.made_at if recommendation.made_at and recommendation.made_at.is_public else None,
    }


@dataclasses.dataclass(frozen=True)
class Segment:
    """One part of the picture of where everything stands; ``x`` and ``width`` are of 1000."""

    key: str
    count: int
    words: str
    url: str
    x: int
    width: int


@dataclasses.dataclass(frozen=True)
class Picture:
    """Where every recommendation stands: a bar in parts, and the same as words."""

    total: int
    segments: list[Segment]


def standing_picture(counts: dict[str, int], *, tracker_url: str) -> Picture:
    """Draw counts by standing as parts of one bar, in the order of ``Standing``, each with its way to the list."""
    total = sum(counts.values())
    segments, passed = [], 0
    for where in Standing:
        count = counts.get(where, 0)
        if not count:
            continue
        start = round(BAR_LENGTH * passed / total)
        passed += count
        width = round(BAR_LENGTH * passed / total) - start
        url = f"{tracker_url}?{urlencode({'standing': where.value})}" if tracker_url else ""
        words = where.label[0].lower() + where.label[1:]
        segments.append(Segment(where.value, count, words, url, start, width))
    return Picture(total, segments)


def combined_status(statuses: list[Status]) -> Status | None:
    """Give the one status that says most honestly where several recommendations stand: the least finished wins."""
    worst_first = [
        Standing.LATE,
        Standing.WAITING,
        Standing.PROGRESS,
        Standing.CLAIMED,
        Standing.REFUSED,
        Standing.CLOSED,
        Standing.WITHDRAWN,
        Standing.CONFIRMED,
    ]
    return min(statuses, key=lambda status: worst_first.index(Standing(status.key)), default=None)
