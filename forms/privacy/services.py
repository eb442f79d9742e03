"""The end of personal data: all we hold about one thing that was sent, its erasure, and how long it is kept."""

import datetime
from decimal import Decimal, InvalidOperation
from functools import partial

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
    """Return the emails, waiting or sent, that carry a reference: no two things that were sent share one."""
    return Email.objects.filter(Q(message__contains=sent.reference) | Q(subject__contains=sent.reference))


def all_we_hold(sent: Submission) -> dict:
    """Return everything that we hold about one thing that was sent, for the person it is about."""
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
def erase(*, sent: Submission, by=None, on: datetime.date | None = None) -> None:
    """Erase one thing that was sent, with all that hangs on it; that there was one stays in the totals.

    Files go once the rows are gone for good. One that is left behind by a kill at that moment is nobody's, and is
    swept with the others that are (``privacy/cleanup.py``).
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
        transaction.on_commit(partial(upload.file.storage.delete, upload.file.name), robust=True)
    sent.delete()


def _count(sent: Submission) -> None:
    """Add it to what stays."""
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
    """Add up the numbers of one impact assessment by what they count: people, hours, pounds."""
    sums: dict[str, str] = {}
    for question in questions_in(definition):
        if question.id in answers:
            sums = added(sums, question.counted(answers[question.id]))
    return sums


def added(sums: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Add numbers that are kept as text, so that nothing is rounded; what is no number adds nothing."""
    result = dict(sums)
    for what, number in more.items():
        try:
            result[what] = str(Decimal(result.get(what, "0")) + Decimal(number))
        except InvalidOperation:
            continue
    return result


def past_keeping(on: datetime.date) -> QuerySet[Submission]:
    """Return what has been kept for as long as its form said when it was sent, counted from the day it was closed.

    What nobody closes has a longest time, counted from the day it came (``rules/retention.py``). What was set aside as
    spam is never closed: its time is counted from the day somebody set it aside, or from the day it came if nobody had
    to.
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
    """Return what is open and will be erased soon, unless somebody closes it: each with ``open_since``."""
    soon = Q()
    for months in _months_kept():
        soon |= _open_too_long(months, on + REMINDER)
    rows = Submission.objects.annotate(ended_on=F("case__closed_on"), open_since=_open_since())
    return rows.filter(soon).order_by("open_since", "pk") if soon else rows.none()


def _months_kept() -> QuerySet:
    return FormVersion.objects.values_list("keep_months", flat=True).distinct().order_by()


def _open_since() -> Coalesce:
    """Return since when a case is open, as an expression: since it came, or since it was last closed."""
    closed = CaseEvent.objects.filter(case__submission=OuterRef("pk"), kind=CaseEventKind.STATE, state__in=CLOSED)
    return Coalesce(closed.order_by("-on").values("on")[:1], "case__received_on")


def _open_too_long(months: int, on: datetime.date) -> Q:
    is_open = Q(version__keep_months=months, case__closed_on=None, case__is_quarantined=False)
    return is_open & Q(open_since__lte=add_months(on, -longest_months(months)))


@timed
def erase_what_is_past_keeping(at: datetime.datetime) -> None:
    """Erase what has been kept for its time; each on its own, so that one that fails does not hold up the others."""
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
    """Erase one, unless somebody has taken it up again since the list was made."""
    # A step in the case holds its row, so it is done or has not begun.
    list(Case.objects.select_for_update(no_key=True).filter(submission=pk))
    sent = past_keeping(on).filter(pk=pk).first()
    if sent:
        erase(sent=sent)
    return bool(sent)
