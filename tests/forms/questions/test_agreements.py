"""A declaration accepts the version of an agreement in force, which sending it records on the member."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from wagtail.blocks import StructBlockValidationError

from forms.answers.versions import current_version
from forms.builder.question_blocks.others import DeclarationBlock
from forms.cases import services as case_services
from forms.enums import Audience, CaseEventKind, FormKind
from forms.models import Case, FormPage
from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import Acceptance, Agreement, AgreementVersion, Membership, Person
from scrutiny_pages.selectors.tasks import todos
from tests.factories.forms import FormPageFactory, question
from tests.factories.records import PanelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.on_day("2026-11-22")]
D = datetime.date
ADA = {"q-name-first_name": "Ada", "q-name-surname": "Byron", "q-email": "ada@example.org"}


@pytest.fixture
def code() -> Agreement:
    """Return a code of conduct: version 1 since the spring, version 2 since 1 November, version 3 from next year."""
    code = Agreement.objects.create(name="Code of conduct", slug="code")
    for number, on in enumerate((D(2026, 4, 1), D(2026, 11, 1), D(2027, 1, 1)), 1):
        text = f"<h3>Part</h3><p>Words of version {number}.</p>"
        AgreementVersion.objects.create(agreement=code, text=text, in_force_from=on)
    return code


@pytest.fixture
def form(code):
    accepts = question("code", "declaration", label="Code of conduct", accepts="code", text="<p>Old</p>")
    asked = [question("name", "name"), question("email", "email", required=False), accepts]
    return FormPageFactory(kind=FormKind.GENERAL, title="Agree", questions=asked)


@pytest.fixture
def ada(code) -> Membership:
    panel = PanelFactory(name="Repairs panel")
    panel.agreements = [code]
    panel.save()
    person = Person.objects.create(name="Ada Byron", email="Ada@example.org")
    return Membership.objects.create(person=person, panel=panel, standing=MemberStanding.ACTIVE)


def sent(form, post, **data) -> Case:
    assert post(form, ADA | {"q-code": "yes"} | data).status_code == 303
    return Case.objects.latest("pk")


def notes(case: Case) -> list[str]:
    return [event.text for event in case.events.filter(kind=CaseEventKind.NOTE, is_internal=True)]


def test_people_read_the_version_in_force_and_it_is_recorded_on_the_member(client, form, ada, post):
    """Case F13: version 2 is shown, stored with the form, and recorded with its date; staff see a note."""
    page = client.get(form.get_url()).content.decode()
    assert "Words of version 2." in page
    assert "version 1" not in page
    assert "version 3" not in page
    assert "<b>Part</b>" in page
    case = sent(form, post)
    acceptance = Acceptance.objects.get()
    assert (acceptance.membership, acceptance.version.number) == (ada, 2)
    assert acceptance.accepted_on == case.received_on
    assert notes(case) == [f"Recorded for {ada}: Code of conduct, version 2."]
    admin = User.objects.create_superuser("admin")
    assert [todo for todo in todos(admin, case.received_on) if case.submission.reference in todo.words]
    assert "Words of version 2." in str(case.submission.version.definition)


def test_a_new_version_is_asked_for_from_its_day_and_what_was_sent_keeps_its_own(client, form, ada, post, code):
    first = sent(form, post)
    AgreementVersion.objects.create(agreement=code, text="<p>Words of version 4.</p>", in_force_from=D(2026, 11, 20))
    assert "Words of version 4." in client.get(form.get_url()).content.decode()
    second = sent(form, post, version="2")
    assert [item.version.number for item in Acceptance.objects.order_by("pk")] == [2, 4]
    assert "version 2" in str(first.submission.version.definition)
    assert first.submission.version != second.submission.version


def test_twice_is_once_and_keeps_its_first_day(form, ada, post):
    Acceptance.objects.create(
        membership=ada, version=AgreementVersion.objects.get(number=2), accepted_on=D(2026, 11, 3)
    )
    sent(form, post)
    assert Acceptance.objects.get().accepted_on == D(2026, 11, 3)


@pytest.mark.parametrize(
    ("data", "is_found"),
    [
        ({}, True),
        ({"q-email": "ADA@EXAMPLE.ORG", "q-name-first_name": " ada "}, True),
        ({"q-email": ""}, True),
        ({"q-email": "other@example.org"}, False),
        ({"q-name-first_name": "Bill"}, False),
        ({"q-email": "", "q-name-first_name": "Bill"}, False),
    ],
)
def test_only_a_name_and_address_of_one_member_are_taken_for_them(form, ada, post, data, is_found):
    case = sent(form, post, **data)
    assert Acceptance.objects.exists() == is_found
    assert ("record: Code of conduct, version 2." in notes(case)[0]) != is_found


def test_two_of_one_name_and_one_who_left_are_not_guessed(form, ada, post):
    Person.objects.create(name="ada  byron")
    sent(form, post, **{"q-email": ""})
    assert not Acceptance.objects.exists()
    ada.standing, ada.left_on = MemberStanding.LEFT, D(2026, 11, 2)
    ada.joined_on = D(2026, 1, 1)
    ada.save()
    sent(form, post)
    assert not Acceptance.objects.exists()


def test_each_seat_has_what_its_panel_asks_for(form, ada, post, code):
    other = PanelFactory(name="Damp group")
    other.agreements = [Agreement.objects.create(name="Confidentiality", slug="confidentiality")]
    other.save()
    second = Membership.objects.create(person=ada.person, panel=other, standing=MemberStanding.JOINING)
    sent(form, post)
    assert set(Acceptance.objects.values_list("membership", flat=True)) == {ada.pk, second.pk}


def test_nothing_is_recorded_for_spam_until_it_is_taken_back(form, ada, post):
    case = sent(form, post, website="http://spam.example")
    assert not Acceptance.objects.exists()
    case_services.release(case=case)
    assert Acceptance.objects.count() == 1


def test_what_is_not_agreed_to_is_not_recorded(code, ada, post):
    accepts = question("code", "declaration", accepts="code", required=False)
    form = FormPageFactory(questions=[question("name", "name"), question("email", "email"), accepts])
    sent(form, post, **{"q-code": None})
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("gone", ["agreement", "version"])
def test_without_a_version_in_force_the_editors_own_words_stand(client, form, code, gone):
    if gone == "agreement":
        code.delete()
    else:
        code.versions.exclude(number=3).delete()
    assert "Old" in client.get(form.get_url()).content.decode()


def test_an_editor_has_to_give_something_to_agree_to(code):
    block = DeclarationBlock()
    value = {"label": "A", "agreement": "I agree", "required": True}
    assert block.clean(block.to_python(value | {"accepts": "code"}))["accepts"] == "code"
    assert block.clean(block.to_python(value | {"text": "<p>Mine</p>"}))
    for text in ("", "<p></p>"):
        with pytest.raises(StructBlockValidationError):
            block.clean(block.to_python(value | {"text": text}))


@pytest.mark.parametrize("starter", ["three-tier", "scrutiny-panel"])
def test_a_starters_form_for_members_follows_the_agreement(db, starter):
    """Case F13, on a site that a starter created: its form shows a later version."""
    call_command("load_starter", starter, verbosity=0)
    FormPage.objects.filter(audience=Audience.MEMBERS).update(live=True)
    members = FormPage.objects.filter(audience=Audience.MEMBERS, kind=FormKind.GENERAL)
    form = next(page for page in members if "accepts" in str(current_version(page).definition))
    code = Agreement.objects.get(slug="code-of-conduct")
    assert "'version': 1" in str(current_version(form).definition)
    AgreementVersion.objects.create(agreement=code, text="<p>Newer words.</p>", in_force_from=D(2026, 11, 22))
    assert "Newer words." in str(current_version(form).definition)
