"""How any step of a recommendation is taken: locked, allowed, in order, and told in its history."""

import datetime
from functools import wraps

from django.utils import timezone
from wagtail.models import Page

from cms.core.dates import say_date
from cms.core.service_writes import lock_rows, service_write

from ..enums import EventKind, Level, Step
from ..models import Event, Meeting, Recommendation, Tracking
from ..models.tracking import WRITTEN_BY
from ..review_limits import problem_of_target
from ..transitions import refusal
from .chairs import tell_chairs
from .refused import StepRefused, need


def locked(recommendation: Recommendation, step: Step) -> Tracking:
    """Give the tracking row, locked, once the step is known to be allowed."""
    (tracking,) = lock_rows(Tracking.objects.filter(recommendation=recommendation))
    if reason := refusal(step, **where(tracking)):
        raise StepRefused(reason)
    return tracking


def where(tracking: Tracking) -> dict:
    """Give where a recommendation is, as the rules of ``transitions.py`` take it."""
    return {
        "answer": tracking.answer,
        "delivery": tracking.delivery,
        "time_asked": tracking.open_request is not None,
        "escalated": tracking.open_escalation is not None,
        "actions_open": tracking.actions.filter(done_on__isnull=True).exists(),
    }


def decided(how: str, meeting: Meeting | None, on: datetime.date) -> str:
    """Say how something was decided; refuse a decision that says neither where nor how (G 8), or could not be taken.

    :raises StepRefused: for a meeting without enough members (K 7.2) or that is still to come.
    """
    if meeting is None:
        need(how.strip(), "Say at which meeting, or in what other way, this was decided.")
        return how
    if reason := meeting.may_decide():
        raise StepRefused(reason)
    held_on = timezone.localdate(meeting.starts_at)
    if on != held_on:
        raise StepRefused(f"That meeting was on {say_date(held_on)}, and so is what was decided there.")
    return ". ".join(filter(None, [f"At the meeting of the {meeting.panel} on {say_date(held_on)}", how]))


def allow_target(recommendation: Recommendation, target: datetime.date) -> None:
    """Refuse a date promised that the process does not allow (G 8: only the end of a quarter)."""
    process = recommendation.process
    problem = problem_of_target(target, process.quarter_ends) if process else None
    if problem and problem.level == Level.REFUSE:
        raise StepRefused(problem.words)


def lock_parent(page_type: type[Page], missing: str) -> Page:
    """Lock and return the page under which pages of a kind are listed, so that two at once get places of their own.

    :raises StepRefused: with the words ``missing``, if the site has no such page.
    """
    first = page_type.objects.values_list("pk", flat=True).first()
    need(first, missing)
    (parent,) = lock_rows(page_type.objects.filter(pk=first))
    return parent


def _in_order(tracking: Tracking, on: datetime.date) -> None:
    """Refuse a step dated before the one it follows."""
    dates = tracking.events.exclude(kind=EventKind.NOTE).values_list("on", flat=True)
    last = max([tracking.recommendation.asked_on, *dates])
    if on < last:
        raise StepRefused(f"This is dated before the last thing that happened, on {say_date(last)}.")


def taken(function):
    """Make a function a step: one transaction, and the recommendation in hand with its tracking as it then is."""

    @wraps(function)
    def stepped(*, recommendation: Recommendation, **details) -> None:
        with service_write(WRITTEN_BY):
            function(recommendation=recommendation, **details)
        tracked = Recommendation._meta.get_field("tracking")
        if tracked.is_cached(recommendation):
            tracked.delete_cached_value(recommendation)

    return stepped


def tell(tracking: Tracking, kind: EventKind, on: datetime.date, text: str, by, title: str = "", **decision) -> None:
    """Add to the history what a step did, in the order of days.

    :param decision: how it was decided, and where, if it is a decision of the panel: its chair is then told.
    """
    _in_order(tracking, on)
    Event.objects.create(tracking=tracking, on=on, kind=kind, title=title, text=text, recorded_by=by, **decision)
    if decision and by:
        tell_chairs(tracking.recommendation, by=by)


def let_request_lapse(tracking: Tracking, on: datetime.date) -> None:
    """Close a request for more time that nobody has decided: the work is done or closed, so it needs none."""
    if request := tracking.open_request:
        request.granted, request.decided_on, request.decided_how = False, on, "It was no longer needed"
        request.save()


def close_escalation(tracking: Tracking, on: datetime.date) -> None:
    """Record on the open rung, if there is one, that a reply came."""
    if rung := tracking.open_escalation:
        rung.replied_on = on
        rung.save()
