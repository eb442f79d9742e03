"""The steps of a review: its start from a process, and events at its stages."""

import datetime
import uuid
from typing import Any, cast

from django.db.models import QuerySet

from cms.core.dates.formatting import format_date
from cms.core.service_writes import lock_rows, service_write

from ..enums import ANSWERED_PRODUCTS, Answer, LightTouch, Product, ReviewState, StageChangeKind
from ..models import COPIED_FIELDS, Meeting, ReviewPage, ReviewProcess, ReviewStage, StageChange, StageRecord, Tracking
from ..models.tracking import WRITTEN_BY
from ..rules.stage_dates import Calendar, order_problem, plan
from .base import lock_row
from .decisions import check_proof, decision_day, proof_text
from .exceptions import TransitionNotAllowed, require
from .recommendations import set_answer_due, write_answer_due


@service_write(WRITTEN_BY)
def start_review(
    *, review: ReviewPage, process: ReviewProcess, on: datetime.date, light_touch: bool = False, by: Any = None
) -> None:
    """Copy a process's stages into a review, each with a planned date if the rules can calculate one.

    From then on the stages are the review's own: a changed process changes nothing here. The live page and its
    draft get the same stages.

    :param light_touch: leave out the stages that such a review does not have (H 4.4).
    :raises TransitionNotAllowed: if the review has stages already, or the process has none.
    """
    review.lock_programme()  # first, as whoever saves a review does
    review = lock_row(review)
    if review.stages.exists():
        raise TransitionNotAllowed("This review has its stages already. Change them on its page.")
    found = [stage for stage in process.stages.all() if not (light_touch and stage.light_touch == LightTouch.NO)]
    require(found, f"{process.name} has no stages. Add its stages first.")
    stages = [
        ReviewStage(sort_order=order, key=uuid.uuid4(), **{name: getattr(stage, name) for name in COPIED_FIELDS})
        for order, stage in enumerate(found)
    ]
    for stage, date in zip(
        stages, plan(stages, started_on=on, calendar=cast("Calendar", review.calendar)), strict=True
    ):
        stage.planned_on = date.on
    facts = {"process": process, "started_on": on, "light_touch": light_touch, "state": ReviewState.UNDER_WAY}
    _write(review, facts)
    review.stages = stages  # type: ignore[misc]  # modelcluster has no types
    review.full_clean()
    review.save()
    # The draft that the editor has open is another copy of the page: it takes the same rows over.
    draft = review.get_latest_revision_as_object()
    _write(draft, facts)
    draft.stages = list(ReviewPage.objects.get(pk=review.pk).stages.all())
    draft.save_revision(user=by)


def _write(review: ReviewPage, facts: dict) -> None:
    for name, value in facts.items():
        setattr(review, name, value)


def _record(review: ReviewPage, stage: ReviewStage) -> StageRecord:
    """Lock the review, and return the record of one of its stages, or a new one."""
    lock_row(review)
    record = StageRecord.objects.filter(review=review, stage_key=stage.key).first()
    return record or StageRecord(review=review, stage_key=stage.key)


def _open_record(review: ReviewPage, stage: ReviewStage) -> StageRecord:
    """Return the record of a stage as ``_record`` does; raise ``TransitionNotAllowed`` if the stage is done."""
    record = _record(review, stage)
    if record.done_on:
        raise TransitionNotAllowed("This stage is done already.")
    return record


def _save(record: StageRecord) -> StageRecord:
    """Validate and save a record; raise if a sign-off would then precede what it signs."""
    record.full_clean()
    record.save()
    review = ReviewPage.objects.get(pk=record.review_id)
    if problem := order_problem(list(review.stages.all()), review.happened):
        raise TransitionNotAllowed(problem)
    return record


@service_write(WRITTEN_BY)
def start_stage(*, review: ReviewPage, stage: ReviewStage, on: datetime.date) -> StageRecord:
    """Record the day on which a stage was started; several can be current at once.

    If the landlord's answer is due relative to that day (K 11.4 stage 12), the date is set on the recommendations.
    """
    record = _open_record(review, stage)
    record.started_on, record.left_out_because = on, ""
    record = _save(record)
    _set_answer_due(review)
    return record


@service_write(WRITTEN_BY)
def record_stage(
    *,
    review: ReviewPage,
    stage: ReviewStage,
    on: datetime.date | None = None,
    note: str = "",
    how: str = "",
    meeting: Meeting | None = None,
) -> StageRecord:
    """Record the day on which a stage of a review was done, or correct it.

    The landlord's response and its sign-off wait until every recommendation has its answer (H 4.3 step 7, H 6.2).
    The day by which the landlord has to answer, once it can be calculated, is set on the recommendations.

    :param meeting: for a stage that a panel signs off: the meeting that agreed, which has the day; ``how`` has details.
    :raises TransitionNotAllowed: if recommendations are unanswered; if those who sign it off did not agree (case AR7);
        and if a sign-off would precede what it signs.
    """
    if meeting:
        meeting = lock_row(meeting)
    on = decision_day(on, meeting)
    if stage.signed_off_by:
        how = proof_text(check_proof(meeting, [stage.signed_off_by]), how)
    elif meeting:
        raise TransitionNotAllowed("Nobody signs this stage off, so it names no meeting.")
    record = _record(review, stage)
    if stage.produces in ANSWERED_PRODUCTS and (open_refs := _unanswered(review)):
        raise TransitionNotAllowed(f"These recommendations have no answer yet: {', '.join(open_refs)}.")
    record.done_on, record.note, record.left_out_because = on, note, ""
    record.how, record.meeting = how, meeting
    if record.started_on and record.started_on > on:
        raise TransitionNotAllowed(f"This stage was started on {format_date(record.started_on)}, after that day.")
    record = _save(record)
    _set_answer_due(review)
    return record


def _unanswered_tracking(review: ReviewPage) -> QuerySet[Tracking]:
    """Return the tracking of the recommendations of a review that have no answer yet."""
    rows = Tracking.objects.filter(recommendation__report__path__startswith=review.path, answer=Answer.AWAITED)
    return rows.select_related("recommendation")


def _unanswered(review: ReviewPage) -> list[str]:
    """Return the references of the recommendations of a review that have no answer yet."""
    rows = _unanswered_tracking(review).order_by("recommendation__series", "recommendation__number")
    return [tracking.recommendation.ref for tracking in rows]


def _set_answer_due(review: ReviewPage) -> None:
    """Write the day that follows from a review's stages to its recommendations without a day for an answer.

    They are locked first, so that those answered at the same time are no longer among them.
    """
    due = ReviewPage.objects.get(pk=review.pk).answer_due
    if not due:
        return
    for tracking in lock_rows(_unanswered_tracking(review)):
        if tracking.answer_due is None:
            write_answer_due(tracking, due)


@service_write(WRITTEN_BY)
def leave_out_stage(*, review: ReviewPage, stage: ReviewStage, because: str) -> StageRecord:
    """Record that an optional stage was not used, and why.

    :raises TransitionNotAllowed: for a required stage, or one that is done.
    """
    if not stage.only_if_needed:
        raise TransitionNotAllowed("This stage cannot be left out. Change the plan of the review if it has to be.")
    require(because.strip(), "Say why this stage was not used.")
    record = _open_record(review, stage)
    record.left_out_because = because
    return _save(record)


@service_write(WRITTEN_BY)
def move_stage(
    *, review: ReviewPage, stage: ReviewStage, to: datetime.date, on: datetime.date, reason: str, by: Any = None
) -> StageRecord:
    """Move the due date of a stage, with its reason (K 11.4 stage 4). No date changes silently.

    If it is the landlord's answer (W20: in agreed timescales), the date is set on the recommendations that wait for it.
    """
    require(reason.strip(), "Say why the date moves.")
    record = _open_record(review, stage)
    before = ReviewPage.objects.get(pk=review.pk).due_dates[stage.key].on
    if before == to:
        raise TransitionNotAllowed("This is the date it has already.")
    if to < on:
        raise TransitionNotAllowed("The new date is before the day it was moved.")
    record.moved_to = to
    StageChange.objects.create(
        review=review,
        stage_key=stage.key,
        kind=StageChangeKind.MOVED,
        on=on,
        from_date=before,
        to_date=to,
        reason=reason,
        recorded_by=by,
    )
    record = _save(record)
    if stage.produces == Product.RESPONSE:
        for tracking in lock_rows(_unanswered_tracking(review)):
            if tracking.answer_due in (before, None):
                set_answer_due(recommendation=tracking.recommendation, due=to, on=on, by=by)
    return record


@service_write(WRITTEN_BY)
def send_back_stage(
    *, review: ReviewPage, stage: ReviewStage, on: datetime.date, reason: str, by: Any = None
) -> StageRecord:
    """Record that the product of a stage was sent back with a reason, so that it is to be done again (H 6.2).

    :raises TransitionNotAllowed: if the stage is not done.
    """
    require(reason.strip(), "Say what is missing.")
    record = _record(review, stage)
    done_on = require(record.done_on, "Only what is done can be sent back.")
    if on < done_on:
        raise TransitionNotAllowed(f"It was done on {format_date(done_on)}, after that day.")
    StageChange.objects.create(
        review=review,
        stage_key=stage.key,
        kind=StageChangeKind.RETURNED,
        on=on,
        from_date=done_on,
        reason=reason,
        recorded_by=by,
    )
    record.done_on, record.started_on, record.how, record.meeting = None, on, "", None
    return _save(record)
