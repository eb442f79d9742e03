"""Privacy services: subject access export, erasure, and retention of submissions."""

import datetime
from decimal import Decimal, InvalidOperation
from functools import partial

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from post_office.models import Email

from cms.core.dates.formatting import add_months
from cms.core.scheduler.registry import timed

from ..answers.forms import questions_in, rows_of
from ..enums import AccessAction, CaseEventKind, FormKind
from ..models import Case, CaseEvent, CaseTotal, FormVersion, SavedForm, Submission
from ..models.permissions import record
from ..rules.case_states import CLOSED
from ..rules.retention import REMINDER, longest_months

AT_A_TIME = 200  # erased in one tick; the next one goes on


def mail_about(sent: Submission) -> QuerySet[Email]:
    """Return the emails, queued or sent, that contain the reference of a submission; references are unique."""
    return Email.objects.filter(Q(message__contains=sent.reference) | Q(subject__contains=sent.reference))


def all_we_hold(sent: Submission) -> dict:
    """Return all data about a submission, for the person it is about."""
    case, version = sent.case, sent.version
    return {
        "reference": sent.reference,
        "form": version.form_title,
        "version": version.number,
        "sent": sent.submitted_at,
        "how it came": sent.get_channel_display(),
        "answers": [
            {"section": section.title, "question": row.label, "answer": row.words}
            for section in rows_of(version.definition, sent.answers)
            for row in section.rows
        ],
        "files": [{"name": file.name, "kind": file.content_type, "bytes": file.size} for file in sent.uploads.all()],
        "where it stands": case.get_state_display(),
        "dates": {
            "received": case.received_on,
            "acknowledge by": case.acknowledge_by,
            "interview": case.interview_at,
            "interview place": case.interview_place,
            "acknowledged": case.acknowledged_on,
            "first due": case.first_due_on,
            "due": case.due_on,
            "first answered": case.answered_on,
            "closed": case.closed_on,
        },
        "reason for refusing": case.refusal_reason,
        "became a member": str(case.membership or ""),
        "what happened": [
            {"on": event.on, "what": event.get_kind_display(), "state": event.get_state_display(), "words": event.text}
            for event in case.events.all()
        ],
        "times the clock stood still": [
            {"from": pause.started_on, "to": pause.ended_on} for pause in case.pauses.all()
        ],
        "more time": [{"until": more.to_date, "reason": more.reason} for more in case.extensions.all()],
        "messages": [
            {"sent": message.sent_at, "subject": message.subject, "message": message.body}
            for message in case.messages.all()
        ],
        "emails": [
            {"to": mail.to, "subject": mail.subject, "message": mail.message, "made": mail.created}
            for mail in mail_about(sent).order_by("created")
        ],
        "who looked": [{"at": look.at, "what": look.get_action_display()} for look in sent.access_records.all()],
    }


@transaction.atomic
def erase(*, sent: Submission, by: User | None = None, on: datetime.date | None = None) -> None:
    """Erase a submission with everything that depends on it; it is still counted in the totals.

    Files are deleted once the deletion of the rows is committed. A process that is killed at that moment leaves files
    without a row, which ``privacy/cleanup.py`` deletes.
    """
    # A step of the case holds its row, so it is done or has not begun. The case comes first, as in a step, which refers
    # to what was sent as it commits.
    case = Case.objects.select_for_update(no_key=True).get(submission=sent.pk)
    sent = Submission.objects.select_for_update(of=("self",), no_key=True).select_related("version").get(pk=sent.pk)
    sent.case = case
    if not sent.case.is_quarantined:
        _count(sent)
    record(by, AccessAction.ERASED, form_key=sent.version.form_key)
    mail_about(sent).delete()
    SavedForm.objects.filter(key=sent.key).delete()
    for upload in sent.uploads.all():
        transaction.on_commit(partial(upload.file.storage.delete, upload.file.name or ""), robust=True)
    sent.delete()


def _count(sent: Submission) -> None:
    """Add a case to the totals."""
    case, version = sent.case, sent.version
    total, _ = CaseTotal.objects.get_or_create(
        form_key=version.form_key,
        regime=case.regime,
        month=case.received_on.replace(day=1),
        state=case.outcome,
        was_late=case.was_late,
        defaults={"form_title": version.form_title, "kind": version.kind},
    )
    CaseTotal.objects.filter(pk=total.pk).update(count=F("count") + 1)  # locks the row until the transaction ends
    if version.kind == FormKind.IMPACT:
        total.refresh_from_db()
        total.sums = added(total.sums, counted_in(version.definition, sent.answers))
        total.save(update_fields=["sums"])


def counted_in(definition: dict, answers: dict) -> dict[str, str]:
    """Return the numbers of one impact assessment, added up by what they count: people, hours, pounds."""
    sums: dict[str, str] = {}
    for question in questions_in(definition):
        if question.id in answers:
            sums = added(sums, question.counted(answers[question.id]))
    return sums


def added(sums: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Return the sums of numbers that are stored as text, so that nothing is rounded; invalid numbers are ignored."""
    result = dict(sums)
    for what, number in more.items():
        try:
            result[what] = str(Decimal(result.get(what, "0")) + Decimal(number))
        except InvalidOperation:
            continue
    return result


def past_keeping(on: datetime.date) -> QuerySet[Submission]:
    """Return the submissions whose retention period is over, counted from the date of closing.

    Open cases have a longest period, counted from the date of receipt (``rules/retention.py``). Quarantined ones are
    never closed: their period is counted from the date on which a user quarantined them, or from the date of receipt if
    they were quarantined automatically.
    """
    set_aside = CaseEvent.objects.filter(case__submission=OuterRef("pk"), kind=CaseEventKind.QUARANTINED)
    last = set_aside.order_by("-on").values("on")[:1]
    spam = models.When(case__is_quarantined=True, then=Coalesce(last, "case__received_on"))
    ends = models.Case(spam, default="case__closed_on")
    over = Q()
    for months in _months_kept():
        over |= Q(version__keep_months=months, ended_on__lte=add_months(on, -months))
        over |= _open_too_long(months, on)
    rows = Submission.objects.annotate(ended_on=ends, open_since=_open_since())
    return rows.filter(over).order_by("ended_on", "pk") if over else rows.none()


def erased_soon(on: datetime.date) -> QuerySet[Submission]:
    """Return the open submissions that will be erased soon unless somebody closes them, each with ``open_since``."""
    soon = Q()
    for months in _months_kept():
        soon |= _open_too_long(months, on + REMINDER)
    rows = Submission.objects.annotate(ended_on=F("case__closed_on"), open_since=_open_since())
    return rows.filter(soon).order_by("open_since", "pk") if soon else rows.none()


def _months_kept() -> QuerySet:
    return FormVersion.objects.values_list("keep_months", flat=True).distinct().order_by()


def _open_since() -> Coalesce:
    """Return the expression for the date since which a case is open: receipt, or the last closing."""
    closed = CaseEvent.objects.filter(case__submission=OuterRef("pk"), kind=CaseEventKind.STATE, state__in=CLOSED)
    return Coalesce(closed.order_by("-on").values("on")[:1], "case__received_on")


def _open_too_long(months: int, on: datetime.date) -> Q:
    is_open = Q(version__keep_months=months, case__closed_on=None, case__is_quarantined=False)
    return is_open & Q(open_since__lte=add_months(on, -longest_months(months)))


@timed
def erase_what_is_past_keeping(at: datetime.datetime) -> None:
    """Erase the submissions whose retention period is over.

    Each is erased in its own transaction, so that a failure does not stop the others.

    :raises ExceptionGroup: at the end, with the failures.
    """
    on, failures, erased = timezone.localdate(at), [], 0
    for pk in list(past_keeping(on).values_list("pk", flat=True)):
        if erased == AT_A_TIME:
            break
        try:
            erased += _erase_if_still_past_keeping(pk, on)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("What could not be erased", failures)


@transaction.atomic
def _erase_if_still_past_keeping(pk: int, on: datetime.date) -> bool:
    """Erase a submission, unless it was reopened since the list was made; return whether it was erased."""
    # A step in the case holds its row, so it is done or has not begun.
    list(Case.objects.select_for_update(no_key=True).filter(submission=pk))
    sent = past_keeping(on).filter(pk=pk).first()
    if sent:
        erase(sent=sent)
    return bool(sent)
