"""Steps that the checks share: a member joins a panel, a review starts, a stage is done."""

import datetime
import re
from collections.abc import Sequence

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import AttendanceState, MemberStanding
from scrutiny_pages.models import (
    Acceptance,
    Meeting,
    MemberKind,
    Membership,
    Panel,
    Recommendation,
    RegularDuty,
    ReviewPage,
    ReviewProcess,
    ReviewStage,
    TrainingDone,
)
from scrutiny_pages.rules.rule_types import KindLimit
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.services import members as member_services
from tests.factories import pages, records
from tests.factories.decisions import meeting_of

START = datetime.date(2023, 1, 9)  # a Monday


def refused(words: str):
    """Expect a refusal with this text in its message."""
    return pytest.raises(ValidationError, match=re.escape(words))


def panel(slug: str) -> Panel:
    return Panel.objects.get(slug=slug)


def usual_kind(body: Panel) -> MemberKind | None:
    """Return the kind of member with the most seats, or without a limit, if the panel counts kinds."""
    limits = {limit.member_kind: limit.at_most for limit in body.rules_in_force.all(KindLimit)}
    kinds = MemberKind.objects.all() if limits else []
    return max(kinds, key=lambda kind: limits.get(kind.slug, 99), default=None)


def ready(body: Panel, *, on: datetime.date = START, **fields) -> Membership:
    """Return an unsaved member who meets all requirements of the panel."""
    given = {"person": fields.pop("person", None) or records.PersonFactory(), "training_commitment": 100}
    given |= {
        "kind": usual_kind(body),
        "standing": MemberStanding.ACTIVE,
        "joined_on": on,
        "eligibility_checked_on": on,
    }
    member = Membership(panel=body, **given | fields)
    member.acceptances = [
        Acceptance(version=agreement.versions.latest("number"), accepted_on=on) for agreement in body.agreements.all()
    ]
    member.trainings_done = [TrainingDone(training=training, done_on=on) for training in body.trainings.all()]
    return member


def save(member: Membership, *, on: datetime.date = START, because: str = "") -> Membership:
    """Save a member as the members' register does, under the rules of the panel."""
    member_services.save_membership(membership=member, on=on, override_reason=because)
    return member


def join(body: Panel, *, on: datetime.date = START, because: str = "", **fields) -> Membership:
    """Save a member who meets all requirements."""
    return save(ready(body, on=on, **fields), on=on, because=because)


def seats(body: Panel, number: int, **fields) -> list[Membership]:
    """Fill seats with anonymous members."""
    return records.MembershipFactory.create_batch(number, panel=body, joined_on=START, **fields)


def at_six(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(18)))


def meeting(
    body: Panel, day: datetime.date, came: Sequence[Membership] = (), stayed_away: Sequence[Membership] = (), **fields
):
    """Return a meeting, with its attendance if it is given."""
    held = records.MeetingFactory(panel=body, starts_at=at_six(day), **fields)
    states = dict.fromkeys(came, AttendanceState.PRESENT) | dict.fromkeys(stayed_away, AttendanceState.ABSENT)
    if states:
        services.record_attendance(meeting=held, states=states, at=timezone.now())
    return Meeting.objects.get(pk=held.pk)


def to_do(on: datetime.date) -> dict[str, datetime.date | None]:
    """Return the to-dos of an administrator on a day: their texts, and their due dates."""
    user = get_user_model().objects.filter(username="register").first()
    user = user or get_user_model().objects.create_superuser("register")
    return {todo.words: todo.due for todo in todos(user, on)}


def duty(name: str) -> RegularDuty:
    return RegularDuty.objects.get(name=name)


def page_of(record) -> str:
    """Return the public page of a record as text."""
    address = record.get_url() if hasattr(record, "get_url") else record.get_absolute_url()
    return Client().get(address).content.decode()


# --- Reviews ------------------------------------------------------------------------------------------


def review_of(body: Panel, *, on: datetime.date = START, **fields) -> ReviewPage:
    """Start a review by the usual process of a panel."""
    review = pages.ReviewPageFactory(panel=body, **fields)
    assert body.usual_process is not None
    services.start_review(review=review, process=body.usual_process, on=on)
    return fresh(review)


def fresh(review: ReviewPage) -> ReviewPage:
    return ReviewPage.objects.get(pk=review.pk)


def stage(review: ReviewPage, name: str) -> ReviewStage:
    return ReviewStage.objects.get(review=review, name=name)


def done(review: ReviewPage, name: str, on: datetime.date, **more) -> None:
    """Record a stage as done; one that is signed off, at a meeting of the panel that signs it."""
    found = stage(review, name)
    if found.signed_off_by and "meeting" not in more:
        make_what_is_signed(review, found, on)
        more["meeting"] = meeting_of(found.signed_off_by, on)
    services.record_stage(review=review, stage=found, on=on, **more)


def make_what_is_signed(review: ReviewPage, signed: ReviewStage, on: datetime.date) -> None:
    """Record the stages that a sign-off requires, unless the check has done so itself."""
    known = fresh(review).happened
    for ahead in review.stages.filter(sort_order__lt=signed.sort_order, only_if_needed=False):
        if (ahead.produces or ahead.signed_off_by) and not (ahead.key in known and known[ahead.key].is_over):
            done(review, ahead.name, on)


def started(review: ReviewPage, name: str, on: datetime.date) -> None:
    services.start_stage(review=review, stage=stage(review, name), on=on)


def due(review: ReviewPage, name: str) -> datetime.date | None:
    """Return the current due date of a stage."""
    return fresh(review).stages.get(name=name).due_on


def asked(review: ReviewPage, *, live: bool = False, on: datetime.date = START, **fields) -> Recommendation:
    """Return a recommendation in the report of a review, with all its fields."""
    report = pages.ReportPageFactory._meta.model.objects.child_of(review).first()
    report = report or pages.ReportPageFactory(parent=review, live=False, title="What we found")
    words = dict.fromkeys(("evidence", "completion_measure", "who_benefits", "reason", "value_for_money"), "Words.")
    return records.RecommendationFactory(panel=review.panel, report=report, live=live, asked_on=on, **words | fields)


def process() -> ReviewProcess:
    return ReviewProcess.objects.get()
