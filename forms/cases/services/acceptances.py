"""Recording of agreements accepted with a form: the version that was read, and the day of receipt."""

from django.db.models import QuerySet
from django.utils.text import get_text_list

from cms.core.service_writes import service_write
from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import AgreementVersion, Membership, Person
from scrutiny_pages.services.members import accept

from ...answers.forms import questions_in
from ...enums import CaseEventKind
from ...models.case import WRITTEN_BY, Case
from .base import add_event, lock_for_update
from .membership import plain_name
from .messages import contact_of

NOBODY = "We found no member with this name and email address, so nothing was recorded. Look who it is, and record: {}."


@service_write(WRITTEN_BY)
def record_acceptances(*, case: Case) -> None:
    """Record the accepted agreements on each membership of the person, and add a note for staff.

    The name and the email address have to be those of one member; otherwise staff are asked to record it by hand.
    """
    versions = _accepted_in(case)
    if not versions:
        return
    lock_for_update(case, compared=())
    names = get_text_list([str(version) for version in versions], "and")
    seats = list(_seats_of(case))
    if not seats:
        add_event(case, CaseEventKind.NOTE, on=case.received_on, by=None, text=NOBODY.format(names))
    for seat in seats:
        asked = {agreement.pk for agreement in seat.panel.agreements.all()}
        accepted = [version for version in versions if version.agreement_id in asked] or versions
        accept(membership=seat, versions=accepted, on=case.received_on)
        text = f"Recorded for {seat}: {get_text_list([str(version) for version in accepted], 'and')}."
        add_event(case, CaseEventKind.NOTE, on=case.received_on, by=None, text=text)


def _accepted_in(case: Case) -> list[AgreementVersion]:
    """Return the agreement versions that the person accepted."""
    sent = case.submission
    found: list[AgreementVersion] = []
    for question in questions_in(sent.version.definition):
        if accepted := question.accepted(sent.answers.get(question.id)):
            slug, number = accepted
            versions = AgreementVersion.objects.select_related("agreement")
            found += versions.filter(agreement__slug=slug, number=number)
    return found


def _seats_of(case: Case) -> QuerySet[Membership]:
    contact = contact_of(case)
    same = Person.objects.filter(email__iexact=contact.email) if contact.email else Person.objects.all()
    people = [person.pk for person in same if contact.name and plain_name(person.name) == plain_name(contact.name)]
    seats = Membership.objects.exclude(standing=MemberStanding.LEFT).filter(person__in=people)
    return seats.select_related("person", "panel") if len(people) == 1 else seats.none()
