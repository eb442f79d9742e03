"""Open tasks of staff, computed from the records on each request: none are stored or ticked off."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms.core.dates.formatting import format_date
from cms.core.emails import stuck
from cms.core.scheduler.publishing import waiting
from cms.core.text.terminology import fill_terms

from ..enums import (
    DECIDING_MEETINGS,
    SEATED,
    UNSETTLED,
    DecisionState,
    Delivery,
    Impact,
    MeetingKind,
    MemberStanding,
    ReviewState,
    Standing,
    TodoKind,
)
from ..models import (
    Action,
    DutyDone,
    Escalation,
    Interest,
    Meeting,
    Membership,
    Panel,
    Recommendation,
    RegularDuty,
    ReviewPage,
    ReviewTask,
    SiteCalendar,
    StarterPage,
)
from ..rules.meetings import activity_breaches, began_on
from ..rules.membership import absence_breaches, reminders
from ..rules.rule_types import Activity, Attended, Quorum, Rules, Seat
from ..rules.stage_dates import NOTHING
from ..services.permissions import user_can_record_stage, user_can_start_outcome

SOON = datetime.timedelta(days=14)
UNRECORDED = datetime.timedelta(days=31)  # after a month nobody remembers who came
STUCK = datetime.timedelta(minutes=30)  # a mail server that is being restarted is back by then


@dataclasses.dataclass(frozen=True)
class Todo:
    """One open task: its subject, text, link and due date.

    :param due: None for a task without a date.
    """

    kind: TodoKind
    words: str
    url: str
    due: datetime.date | None = None


def todos(user: Any, on: datetime.date) -> list[Todo]:
    """Return the open tasks of a user on a day, soonest due first, those without a date last.

    Only tasks that the user has permission for are included, and names of members only for keepers of the members'
    register. The number of queries does not depend on the number of rows.
    """
    found = [todo for may, source in SOURCES if user.is_active and may(user) for todo in source(on, user)]
    return sorted(found, key=lambda todo: (todo.due is None, todo.due or on, todo.words))


def may_have_todos(user: Any) -> bool:
    """Return whether the user has the permission for any kind of task."""
    return user.is_active and any(may(user) for may, _source in SOURCES)


# --- Members ------------------------------------------------------------------------------------------


def _member_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    # Panels that are read together share one rule book.
    panels = {panel.pk: panel for panel in Panel.objects.prefetch_related("agreements__versions", "trainings")}
    rules_of = {pk: panel.rules_in_force for pk, panel in panels.items()}
    rows = Membership.objects.filter(standing__in=SEATED).for_rules()
    for row in rows.select_related("person").prefetch_related("attendances__meeting"):
        row.panel = panels[row.panel_id]
        rules = rules_of[row.panel_id]
        seat = row.as_seat(on)
        for words, due in [
            *_to_accept(row, seat, on),
            *reminders(seat, rules=rules, on=on, soon=on + SOON),
            *_missed(row, rules, on),
        ]:
            yield Todo(TodoKind.MEMBER, f"{row.name}, {row.panel}: {words}", _member_url(row), due)


def _member_url(row: Membership) -> str:
    return reverse("members_modeladmin_edit", args=[row.pk])


Found = Iterator[tuple[str, datetime.date | None]]


def _to_accept(row: Membership, seat: Seat, on: datetime.date) -> Found:
    """Yield the acceptances and training that a new member lacks (W31, K 13), or has to renew (C Code changes)."""
    agreements = [each for each in row.panel.agreements.all() if each.slug not in seat.agreements]
    if row.standing == MemberStanding.JOINING:
        trainings = [each for each in row.panel.trainings.all() if each.slug not in seat.trainings]
        if missing := [each.name for each in [*agreements, *trainings]]:
            yield f"joining, and still needs {get_text_list(missing, 'and')}", None
    elif row.standing == MemberStanding.ACTIVE:
        for agreement in agreements:
            if version := agreement.version_in_force(on):
                yield f"has to accept {version}", version.in_force_from


def _missed(row: Membership, rules: Rules, on: datetime.date) -> Found:
    """Yield the attendance rules that a member has broken (W41, K 4.3b, K 10.4)."""
    met = [each for each in row.attendances.all() if each.meeting.kind != MeetingKind.BETWEEN]
    attended = [Attended(each.meeting.day, each.state) for each in met]
    for breach in absence_breaches(attended, rules=rules, on=on):
        yield breach.sentence, None


def _interest_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    rows = Interest.objects.filter(followed="", membership__standing__in=SEATED)
    for interest in rows.select_related("membership__person", "membership__panel"):
        words = (
            f"{interest.membership.name} declared an interest on {format_date(interest.declared_on)}: say what followed"
        )
        yield Todo(TodoKind.MEMBER, words, _member_url(interest.membership))


# --- Meetings -----------------------------------------------------------------------------------------


def _meeting_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    panels = {panel.pk: panel for panel in Panel.objects.all()}
    held = Meeting.objects.not_cancelled().filter(starts_at__date__lt=on)
    past = held.filter(kind__in=DECIDING_MEETINGS).order_by("starts_at")
    recent = past.filter(starts_at__date__gte=on - UNRECORDED, attendances__isnull=True)
    for meeting in recent:
        if panels[meeting.panel_id].rules_in_force.one(Quorum):
            url = reverse("wagtailsnippets_scrutiny_pages_meeting:attendance", args=[meeting.pk])
            yield Todo(TodoKind.MEETING, f"Record who came: {meeting}, {format_date(meeting.day)}", url, meeting.day)
    undecided = past.filter(decisions__isnull=False, decisions__ratified_at=None).distinct()
    for meeting in undecided.prefetch_related("decisions", "attendances"):
        meeting.panel = panels[meeting.panel_id]
        for decision in meeting.decisions.all():
            decision.meeting = meeting
            if decision.state == DecisionState.WAITING:
                words = f"To be ratified, from {format_date(meeting.day)}: {decision}"
                url = reverse("wagtailsnippets_scrutiny_pages_meeting:edit", args=[meeting.pk])
                yield Todo(TodoKind.MEETING, words, url)


def _unratified_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield recommendations made without a quorum, which need a full meeting's decision (K 7.2)."""
    for item in Recommendation.objects.filter(live=True).in_standing(Standing.UNRATIFIED, on):
        url = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])
        yield Todo(TodoKind.MEETING, f"To be ratified by a full meeting: {item}", url)


def _pace_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield the panels that meet less often, or more often, than their rules allow."""
    met_on: dict[int, list[datetime.date]] = defaultdict(list)
    for meeting in Meeting.objects.not_cancelled().filter(kind__in=DECIDING_MEETINGS, starts_at__date__lte=on):
        met_on[meeting.panel_id].append(meeting.day)
    for panel in Panel.objects.filter(live=True):
        published = panel.first_published_at and timezone.localdate(panel.first_published_at)
        first_day = began_on(panel.starts_on, published, met_on[panel.pk])
        if first_day is None or first_day > on or panel.is_finished(on):
            continue
        activity = Activity(met_on[panel.pk], first_day, on)
        for breach in activity_breaches(activity, rules=panel.rules_in_force):
            url = reverse("wagtailsnippets_scrutiny_pages_meeting:list")
            yield Todo(TodoKind.MEETING, f"{panel}: {breach.sentence}", url)


# --- Tasks and duties ---------------------------------------------------------------------------------


def _task_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    rows = ReviewTask.objects.filter(done_on=None, due__lte=on + SOON).select_related("review", "member__person")
    for task in rows:
        url = reverse("review-tasks_modeladmin_edit", args=[task.pk])
        yield Todo(TodoKind.TASK, f"{task.review.title}: {task.task} ({task.member.name})", url, task.due)


def _duty_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    for duty in RegularDuty.objects.filter(for_each_member=False).annotate(last_done=Max("times__done_on")):
        due = duty.next_due(duty.last_done)
        if due and due <= on + SOON:
            yield Todo(TodoKind.DUTY, f"{duty.name}, {duty.how_often}", _done_url(duty), due)


def _duty_with_member_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    duties = list(RegularDuty.objects.filter(for_each_member=True))
    last: Mapping[tuple[int, int], datetime.date] = {
        (duty, member): done
        for duty, member, done in DutyDone.objects.filter(membership__isnull=False)
        .order_by()
        .values_list("duty", "membership")
        .annotate(Max("done_on"))
    }
    members = list(
        Membership.objects.filter(standing=MemberStanding.ACTIVE, review=None).select_related("person", "panel")
    )
    for duty in duties:
        for row in members:
            if duty.panel_id not in (None, row.panel_id):
                continue
            due = duty.next_due_with(row, last.get((duty.pk, row.pk)))
            if due and due <= on + SOON:
                yield Todo(TodoKind.DUTY, f"{duty.name}: {row.name}", f"{_done_url(duty)}?member={row.pk}", due)


def _done_url(duty: RegularDuty) -> str:
    return reverse("wagtailsnippets_scrutiny_pages_regularduty:done", args=[duty.pk])


# --- Recommendations ----------------------------------------------------------------------------------


def _recommendation_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    items = Recommendation.objects.select_related("tracking").soonest_due_first()
    for item in items.filter(due__lte=on + SOON):
        what = "answer" if item.tracking.answered_on is None else "delivery"
        yield Todo(TodoKind.RECOMMENDATION, f"{item}: {what}", _record_url(item), item.due)
    asking = items.filter(tracking__extensions__isnull=False, tracking__extensions__granted=None)
    for item in asking.distinct():
        yield Todo(TodoKind.RECOMMENDATION, f"{item}: more time is asked for", _record_url(item))
    for item in items.filter(tracking__delivery=Delivery.CLAIMED):
        since = format_date(item.tracking.claimed_on) if item.tracking.claimed_on else ""
        words = f"{item}: the landlord says it is done{f', since {since}' if since else ''}. Check it"
        yield Todo(TodoKind.RECOMMENDATION, words, _record_url(item))
    unknown = items.filter(tracking__delivery=Delivery.CONFIRMED, tracking__impact__in=["", Impact.TOO_SOON])
    for item in unknown.filter(tracking__impact_check_on__lte=on + SOON):
        words = f"{item}: ask whether it helped"
        yield Todo(TodoKind.RECOMMENDATION, words, _record_url(item), item.tracking.impact_check_on)


def _reply_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield the overdue replies to escalations (W47, H 5.4)."""
    open_escalations = Escalation.objects.filter(Q(reply_due=None) | Q(reply_due__lte=on + SOON), replied_on=None)
    for escalation in open_escalations.select_related("tracking__recommendation"):
        item = escalation.tracking.recommendation
        yield Todo(
            TodoKind.RECOMMENDATION, f"{item}: reply from {escalation.to_whom}", _record_url(item), escalation.reply_due
        )


def _action_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield overdue actions whose recommendation is not delivered yet (H 6.2, G 8)."""
    late = Action.objects.filter(done_on=None, due__lt=on, tracking__delivery__in=UNSETTLED)
    for action in late.select_related("tracking__recommendation", "owner"):
        item = action.tracking.recommendation
        yield Todo(TodoKind.RECOMMENDATION, f"{item}: {action} ({action.owner})", _record_url(item), action.due)


def _record_url(item: Recommendation) -> str:
    return reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])


# --- Reviews and what came of them ---------------------------------------------------------------------


def _stage_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield stages that are late or due soon, of the reviews whose stages this user records."""
    calendar = SiteCalendar()
    for review in ReviewPage.objects.for_listing().filter(state=ReviewState.UNDER_WAY):
        if not user_can_record_stage(user, review):
            continue
        review.calendar = calendar
        for stage in review.stages_in_order:
            due = review.due_dates[stage.key].on
            if due and due <= on + SOON and not review.happened.get(stage.key, NOTHING).is_over:
                url = reverse("record_stage", args=[review.pk])
                yield Todo(TodoKind.REVIEW, f"{review.title}: {stage.name}", url, due)


def _without_outcome_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    for item in Recommendation.objects.without_outcome():
        yield Todo(
            TodoKind.OUTCOME,
            f"{item}: {fill_terms('confirmed, and {residents} are not told yet')}",
            reverse("without_outcome"),
        )


# --- The website itself --------------------------------------------------------------------------------


def _schedule_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield drafts whose scheduled publication time has passed without publication."""
    for revision in waiting(timezone.now() - STUCK).select_related("content_type"):
        model = revision.content_type.model_class()
        page = issubclass(model, Page)
        name = (
            "wagtailadmin_pages:edit"
            if page
            else f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}:edit"
        )
        words = f"{revision.object_str} could not be published as planned. Open it and press Publish to see why"
        day = timezone.localdate(revision.approved_go_live_at)
        yield Todo(TodoKind.SITE, words, reverse(name, args=[revision.object_id]), day)


def _starter_page_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield draft pages from a starter that nobody has published, for users who publish them."""
    pages = page_permission_policy.instances_user_has_permission_for(user, "publish")
    for row in StarterPage.objects.filter(page__in=pages).select_related("page"):
        words = f"Page “{row.page.get_admin_display_title()}”: it came with the arrangement. Look at it and publish it"
        yield Todo(TodoKind.SITE, words, reverse("wagtailadmin_pages:edit", args=[row.page_id]))


def _mail_todos(on: datetime.date, user: Any) -> Iterator[Todo]:
    """Yield one task for all email that is stuck; it does not reveal recipients."""
    if number := stuck(timezone.now() - STUCK).count():
        words = f"Emails that could not be sent: {number}. Ask whoever looks after the mail server"
        yield Todo(TodoKind.SITE, words, reverse("todos"))


def _has(*permissions: str) -> Callable:
    """Return a predicate of users that checks for all of some permissions."""
    return lambda user: user.has_perms([f"scrutiny_pages.{permission}" for permission in permissions])


SOURCES: list[tuple[Callable, Callable]] = [
    (_has("handle_membership"), _member_todos),
    (_has("handle_membership"), _interest_todos),
    (_has("handle_membership"), _meeting_todos),
    (_has("handle_membership"), _pace_todos),
    (_has("handle_membership"), _task_todos),
    (_has("change_regularduty"), _duty_todos),
    (_has("change_regularduty", "handle_membership"), _duty_with_member_todos),
    (_has("record_step"), _recommendation_todos),
    (_has("record_step"), _unratified_todos),
    (_has("record_step"), _reply_todos),
    (_has("record_step"), _action_todos),
    (_has("record_step"), _mail_todos),
    (user_can_start_outcome, _stage_todos),
    (user_can_start_outcome, _without_outcome_todos),
    (user_can_start_outcome, _schedule_todos),
    (user_can_start_outcome, _starter_page_todos),
]
