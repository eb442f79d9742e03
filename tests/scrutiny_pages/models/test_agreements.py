"""Agreements: the version in force, renewed acceptance, and protection of accepted texts."""

import datetime

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import Acceptance, Agreement, AgreementVersion
from scrutiny_pages.rules.agreements import Version, counting, in_force
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.services.members import save_membership
from tests.factories import records

D = datetime.date
FIRST, SECOND, SMALL, LATER = (
    Version(1, D(2024, 1, 1)),
    Version(2, D(2025, 1, 1)),
    Version(3, D(2026, 1, 1), must_accept=False),
    Version(4, D(2027, 1, 1)),
)
ALL = [SMALL, FIRST, LATER, SECOND]


@pytest.mark.parametrize(
    ("on", "current", "good_enough"),
    [
        (D(2023, 12, 31), None, set()),
        (D(2024, 1, 1), FIRST, {1}),
        (D(2024, 12, 31), FIRST, {1}),
        (D(2025, 1, 1), SECOND, {2}),
        (D(2026, 6, 1), SMALL, {2, 3}),
        (D(2026, 12, 31), SMALL, {2, 3}),
        (D(2027, 1, 1), LATER, {4}),
    ],
)
def test_which_version_counts_on_a_day(on, current, good_enough):
    """C Code changes: members accept what is new, unless a change asks nothing of them."""
    assert in_force(ALL, on) == current
    assert counting(ALL, on) == good_enough


@pytest.fixture
def member(db):
    agreement = records.AgreementFactory(name="Code of conduct")
    row = records.MembershipFactory(person__name="Robin Example")
    row.panel.agreements = [agreement]
    row.panel.save()
    Acceptance.objects.create(membership=row, version=agreement.versions.get(), accepted_on=D(2026, 1, 5))
    return row


def test_a_new_version_asks_active_members_again_and_they_stay_active(member, admin_user, today):
    agreement = Agreement.objects.get()
    asked = [todo.words for todo in todos(admin_user, today) if "accept" in todo.words]
    assert asked == []
    version = AgreementVersion.objects.create(agreement=agreement, text="<p>New.</p>", in_force_from=D(2026, 11, 1))
    [todo] = [todo for todo in todos(admin_user, today) if "accept" in todo.words]
    assert "Robin Example" in todo.words
    assert "Code of conduct, version 2" in todo.words
    assert todo.due == D(2026, 11, 1)
    member.person.phone = "01234"
    save_membership(membership=member, on=today)
    assert member.standing == MemberStanding.ACTIVE
    assert member.acceptances.get().version.number == 1  # the old one keeps its version
    Acceptance.objects.create(membership=member, version=version, accepted_on=today)
    assert not any("accept" in todo.words for todo in todos(admin_user, today))


def post(version: AgreementVersion, **changes) -> dict:
    row = {"id": version.pk, "text": rich_text(version.text), "in_force_from": version.in_force_from} | changes
    rows = inline_formset([row, {"text": rich_text("<p>New</p>"), "in_force_from": "2027-01-01"}], initial=1)
    return nested_form_data({"name": "Code of conduct", "slug": version.agreement.slug, "versions": rows})


def test_accepted_words_stay_and_an_accepted_version_is_not_deleted(member, admin_in):
    version = AgreementVersion.objects.get()
    address = f"/admin/snippets/scrutiny_pages/agreement/edit/{version.agreement_id}/"
    assert "its words stay" in admin_in.post(address, post(version, text=rich_text("<p>Other</p>"))).content.decode()
    assert "Keep it and add a new one" in admin_in.post(address, post(version, DELETE="1")).content.decode()
    assert AgreementVersion.objects.count() == 1
    assert admin_in.post(address, post(version)).status_code == 302
    assert list(AgreementVersion.objects.values_list("number", flat=True)) == [1, 2]
    admin_in.post(f"/admin/snippets/scrutiny_pages/agreement/delete/{version.agreement_id}/")
    assert Agreement.objects.exists()


def test_whoever_joins_is_told_what_is_still_needed(member, admin_user, today):
    """W31, K 13."""
    records.MembershipFactory(panel=member.panel, standing="joining", person__name="Ash Example")
    words = [todo.words for todo in todos(admin_user, today)]
    assert any("Ash Example" in each and "still needs Code of conduct" in each for each in words)
