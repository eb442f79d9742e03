"""The steps that set a case aside as spam, and take it back."""

from django.utils import timezone

from cms.core.service_writes import service_write

from ...answers.emails import RECEIPT_HELD_BACK, queue_mail
from ...enums import CaseEventKind, CaseState
from ...models.case import WRITTEN_BY, Case
from .acceptances import record_acceptances
from .base import held, told, written
from .exceptions import CaseTransitionNotAllowed


@service_write(WRITTEN_BY)
def quarantine(*, case: Case, by=None) -> None:
    """Set it aside: it leaves the lists, and nobody is told."""
    held(case)
    if case.is_quarantined:
        raise CaseTransitionNotAllowed("It is set aside already.")
    if case.state != CaseState.RECEIVED:
        raise CaseTransitionNotAllowed("It is being dealt with already, so it cannot be set aside as spam.")
    written(case, is_quarantined=True)
    told(case, CaseEventKind.QUARANTINED, on=timezone.localdate(), by=by)


@service_write(WRITTEN_BY)
def release(*, case: Case, by=None) -> None:
    """Take it back into its list; the mail that was held back when it came goes out now, if it never did."""
    held(case)
    if not case.is_quarantined:
        raise CaseTransitionNotAllowed("It is not set aside.")
    never_told = not case.events.filter(kind__in=[CaseEventKind.QUARANTINED, CaseEventKind.RELEASED]).exists()
    written(case, is_quarantined=False)
    told(case, CaseEventKind.RELEASED, on=timezone.localdate(), by=by)
    if never_told and not queue_mail(case.submission):
        told(case, CaseEventKind.NOTE, on=timezone.localdate(), by=None, text=RECEIPT_HELD_BACK)
    if never_told:
        record_acceptances(case=case)
