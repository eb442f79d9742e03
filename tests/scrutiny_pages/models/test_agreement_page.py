"""The public page of an agreement: the text in force, without the names of those who accepted it."""

import datetime

import pytest

from scrutiny_pages.models import Acceptance, AgreementVersion
from tests.factories.records import AgreementFactory, MembershipFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def code(home, today):
    days = [(today - 400 * DAY, True), (today, True), (today + DAY, True)]
    agreement = AgreementFactory(name="Code of conduct", slug="code-of-conduct", versions=days)
    for number, text in [(1, "We listened."), (2, "We listen."), (3, "We shall listen.")]:
        AgreementVersion.objects.filter(agreement=agreement, number=number).update(text=f"<p>{text}</p>")
    return agreement


def test_the_words_in_force_today_are_shown(client, code):
    page = client.get("/agreements/code-of-conduct/").content.decode()
    assert "We listen." in page
    assert "We listened." not in page
    assert "We shall listen." not in page


def test_what_is_not_public_or_not_in_force_has_no_page(client, code, today):
    AgreementFactory(name="Later", slug="later", versions=[(today + DAY, True)])
    assert client.get("/agreements/later/").status_code == 404
    code.is_public = False
    code.save()
    assert client.get("/agreements/code-of-conduct/").status_code == 404


def test_who_accepted_is_not_shown(client, code, today):
    member = MembershipFactory(person__name="Robin Example")
    Acceptance.objects.create(membership=member, version=code.versions.get(number=2), accepted_on=today)
    assert "Robin" not in client.get("/agreements/code-of-conduct/").content.decode()
