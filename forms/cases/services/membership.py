"""The service by which an applicant who was offered a place becomes a member, under the panel's rules."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.core.service_writes import service_write
from scrutiny_pages.enums import PanelKind
from scrutiny_pages.models import MemberKind, Membership, Panel, Person
from scrutiny_pages.rules.rule_types import Breach
from scrutiny_pages.services.members import save_membership

from ...enums import CaseEventKind, CaseState, OtherStep
from ...models.case import WRITTEN_BY, Case
from .base import add_event, lock_for_update, update_fields
from .exceptions import CaseTransitionNotAllowed, require
from .messages import Notice, contact_of, notify_of_step


def person_in(case: Case) -> Person:
    """Return the applicant: the known person with that email and name, or a new one, not saved yet.

    :raises CaseTransitionNotAllowed: if the email is that of somebody with another name, as in a household that shares
        one.
    """
    contact = contact_of(case)
    known = Person.objects.filter(email__iexact=contact.email).first() if contact.email else None
    if known and plain_name(known.name) != plain_name(contact.name):
        raise CaseTransitionNotAllowed(
            "We know somebody with another name by this email. Add them to the list of members by hand."
        )
    return known or Person(name=contact.name[:120], email=contact.email, phone=contact.phone[:30])


def plain_name(name: str) -> str:
    """Return a name for comparison: without regard to capitals and spaces."""
    return " ".join(name.casefold().split())


@service_write(WRITTEN_BY)
def become_member(
    *,
    case: Case,
    panel: Panel | None = None,
    kind: MemberKind | None = None,
    by: User | None = None,
    notice: Notice | None = None,
) -> list[Breach]:
    """Add the applicant as a joining member of the panel, notify them, and return the breached rules that only warn.

    :raises CaseTransitionNotAllowed: with the rule quoted, for what the panel's rules do not allow (W27, K 4.2, C
        Membership).
    """
    lock_for_update(case)
    panel = panel or case.panel
    if case.state != CaseState.OFFERED:
        raise CaseTransitionNotAllowed("Offer a place first.")
    require(case.membership_id is None, "They are a member already.")
    if panel is None:
        raise CaseTransitionNotAllowed("Choose the panel that they join.")
    if panel.kind == PanelKind.DECIDING_BODY:
        raise CaseTransitionNotAllowed(
            f"The members of “{panel}” are not kept here. Choose a panel that people can join."
        )
    person = person_in(case)
    require(person.name, "The form does not say their name. Add them to the list of members by hand.")
    try:
        if person.pk is None:
            person.full_clean()
            person.save()
        membership = Membership(person=person, panel=panel, kind=kind)
        warned = save_membership(membership=membership, by=by)
    except ValidationError as refused:
        raise CaseTransitionNotAllowed(refused.messages) from refused
    update_fields(case, membership=membership, panel=panel)
    add_event(case, CaseEventKind.MEMBERSHIP, on=timezone.localdate(), by=by, text=str(membership), is_internal=False)
    notify_of_step(case, OtherStep.MEMBER, notice, by=by)
    return warned
