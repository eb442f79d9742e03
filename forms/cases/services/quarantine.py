"""Services that quarantine a case as spam, and release it."""

from django.contrib.auth.models import User
from django.utils import timezone

from cms.core.service_writes import service_write

from ...answers.emails import RECEIPT_HELD_BACK, queue_mail
from ...enums import CaseEventKind, CaseState
from ...models.case import WRITTEN_BY, Case
from .acceptances import record_acceptances
from .base import add_event, lock_for_update, update_fields
from .exceptions import CaseTransitionNotAllowed


@service_write(WRITTEN_BY)
def quarantine(*, case: Case, by: User | None = None) -> None:
    """Quarantine a case: it leaves the registers, and nobody is notified."""
    lock_for_update(case)
    if case.is_quarantined:
        raise CaseTransitionNotAllowed("It is set aside already.")
    if case.state != CaseState.RECEIVED:
        raise CaseTransitionNotAllowed("It is being dealt with already, so it cannot be set aside as spam.")
    update_fields(case, is_quarantined=True)
    add_event(case, CaseEventKind.QUARANTINED, on=timezone.localdate(), by=by)


@service_write(WRITTEN_BY)
def release(*, case: Case, by: User | None = None) -> None:
    """Release a case to its register; emails that were held back at receipt are sent now, if they never were."""
    lock_for_update(case)
    if not case.is_quarantined:
        raise CaseTransitionNotAllowed("It is not set aside.")
    never_told = not case.events.filter(kind__in=[CaseEventKind.QUARANTINED, CaseEventKind.RELEASED]).exists()
    update_fields(case, is_quarantined=False)
    add_event(case, CaseEventKind.RELEASED, on=timezone.localdate(), by=by)
    if never_told and not queue_mail(case.submission):
        add_event(case, CaseEventKind.NOTE, on=timezone.localdate(), by=None, text=RECEIPT_HELD_BACK)
    if never_told:
        record_acceptances(case=case)
