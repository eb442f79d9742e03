"""The limit of receipts to one email address: anybody can enter anybody's address."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from forms.answers.emails import MOST_RECEIPTS_A_DAY, MOST_RECEIPTS_AN_HOUR
from forms.cases import services as case_services
from forms.enums import CaseEventKind
from forms.models import Case, Submission
from tests.factories.forms import FormPageFactory, question

pytestmark = pytest.mark.django_db
HELD_BACK = "No receipt was mailed"


@pytest.fixture
def form(db):
    return FormPageFactory(questions=[question("email", "email", required=False)], team_mailbox="team@example.org")


def receipts(address: str) -> int:
    return Email.objects.filter(to__iexact=address, subject__startswith="We have your form").count()


def held_back() -> int:
    return Case.objects.filter(events__kind=CaseEventKind.NOTE, events__text__startswith=HELD_BACK).count()


def test_thirty_forms_that_name_one_address_send_it_only_the_first_receipts(form, post):
    """Case F17, on the page itself.

    Nothing is lost, the team is notified of each, and staff see which receipts were held back.
    """
    for number in range(30):
        address = "victim@example.org" if number % 2 else "Victim@Example.org"
        assert post(form, {"q-email": address}).status_code == 303
    assert Submission.objects.count() == 30
    assert receipts("victim@example.org") == MOST_RECEIPTS_AN_HOUR
    assert Email.objects.filter(to="team@example.org").count() == 30
    assert held_back() == 30 - MOST_RECEIPTS_AN_HOUR
    assert post(form, {"q-email": "other@example.org"}).status_code == 303
    assert post(form, {"q-email": ""}).status_code == 303
    assert receipts("other@example.org") == 1
    assert held_back() == 30 - MOST_RECEIPTS_AN_HOUR


def test_it_counts_over_all_forms_and_begins_again_after_a_time(form, post):
    other = FormPageFactory(questions=[question("email", "email")])
    for number in range(MOST_RECEIPTS_AN_HOUR + 2):
        post(form if number % 2 else other, {"q-email": "ada@example.org"})
    assert receipts("ada@example.org") == MOST_RECEIPTS_AN_HOUR
    for hours, more in ((2, MOST_RECEIPTS_AN_HOUR), (2, 0), (25, 1)):
        for email in Email.objects.all():
            Email.objects.filter(pk=email.pk).update(created=email.created - datetime.timedelta(hours=hours))
        before = receipts("ada@example.org")
        for _ in range(more or 1):
            post(form, {"q-email": "ada@example.org"})
        assert receipts("ada@example.org") == before + more
    assert MOST_RECEIPTS_A_DAY == 2 * MOST_RECEIPTS_AN_HOUR


def test_what_is_taken_back_from_spam_keeps_to_it_as_well(form, post):
    for _ in range(MOST_RECEIPTS_AN_HOUR):
        post(form, {"q-email": "ada@example.org"})
    post(form, {"q-email": "ada@example.org", "website": "http://spam.example"})
    case = Case.objects.filter(is_quarantined=True).first()
    assert case, "the field that people cannot see marks spam"
    case_services.release(case=case)
    assert receipts("ada@example.org") == MOST_RECEIPTS_AN_HOUR
    assert case.events.filter(text__startswith=HELD_BACK, on=timezone.localdate()).count() == 1
