"""Twenty concurrent people, each with a connection and a transaction of their own."""

import itertools
import threading
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from forms.answers.drafts import cookie_name
from forms.answers.versions import ensure_version
from forms.cases import services as case_services
from forms.cases.urls import place_of
from forms.enums import CaseEventKind, CaseState
from forms.models import AccessRecord, Case, EqualityCount, FormVersion, PublicEntry, QuestionSet, Submission
from forms.submission.services import submit
from tests.factories.forms import FormPageFactory, case_of, question, section
from tests.factories.state import arrange
from tests.forms.conftest import hidden
from tests.forms.submission.test_equality_views import OPTIONS, asking_form, counts


def twenty_at_once(act: Callable) -> list:
    """Return the results of twenty threads that acted at the same moment; none may fail."""
    ready, got, wrong = threading.Barrier(20), [], []

    def one() -> None:
        ready.wait()
        try:
            got.append(act())
        except Exception as error:
            wrong.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(got) == 20
    return got


def test_twenty_sending_with_one_key_are_one(committed):
    version, key = ensure_version(FormPageFactory()), uuid.uuid4()
    references = twenty_at_once(lambda: submit(version=version, answers={"why": "A"}, key=key).reference)
    assert len(set(references)) == Submission.objects.count() == 1


def test_twenty_first_visitors_make_one_version(committed):
    form = FormPageFactory()
    FormVersion.objects.all().delete()
    assert len(set(twenty_at_once(lambda: ensure_version(form).pk))) == FormVersion.objects.count() == 1


def test_twenty_answering_equality_questions_are_twenty(committed):
    form = asking_form()
    try:
        twenty_at_once(lambda: Client().post(reverse("form_equality", args=[form.form_key]), {"q-age": OPTIONS[1]}))
        assert counts() == {("How old are you?", OPTIONS[1]): 20}
    finally:
        EqualityCount.objects.all().delete()
        form.delete()
        QuestionSet.objects.all().delete()


def test_twenty_clicking_send_on_the_same_answers_are_one(committed):
    parts = [section(question("a"), section_id="x"), section(question("b", "email"), section_id="y")]
    form = FormPageFactory(sections=parts)
    first = Client()
    first.post(f"{form.get_url()}?section=x", {"q-a": "A"})
    first.post(f"{form.get_url()}?section=y", {"q-b": "ada@example.org"})
    secret = first.cookies[cookie_name(form)].value

    def send() -> str:
        client = Client()
        client.cookies[cookie_name(form)] = secret
        return client.post(f"{form.get_url()}?page=check")["Location"]

    assert len(set(twenty_at_once(send))) == Submission.objects.count() == Email.objects.count() == 1


@pytest.fixture
def handler(committed):
    """Return a superuser, who is deleted afterwards with everything that they wrote."""
    yield User.objects.create_superuser("handler")
    arrange(PublicEntry.objects.all().delete)
    AccessRecord.objects.all().delete()
    User.objects.all().delete()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_twenty_clicks_on_one_message_send_it_once(handler):
    case = case_of()
    before = Email.objects.count()
    address = reverse("case_step", args=[case.submission.reference, "message"])
    page = signed_in(handler).get(address)
    words = {"subject": "Hello", "body": "We have it.", "send": "1"}
    words |= {name: hidden(page, name) for name in ("seen", "key")}
    clients = iter([signed_in(handler) for _ in range(20)])
    answers = twenty_at_once(lambda: next(clients).post(address, words))
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, place_of(case.submission))}
    assert (case.messages.count(), Email.objects.count() - before) == (1, 1)


def test_of_twenty_first_entries_about_one_request_one_is_kept(handler):
    case = case_of()
    address = reverse("publish_entry", args=[case.submission.reference])
    words = {"received_on": "2026-03-02", "answer": "null", "seen": "", "keep": "1"}
    turns = iter([(number, signed_in(handler)) for number in range(20)])

    def send() -> int:
        number, client = next(turns)
        return client.post(address, words | {"subject": f"Subject {number}"}).status_code

    assert sorted(twenty_at_once(send)) == [200] * 19 + [302]
    assert PublicEntry.objects.filter(case=case).count() == 1


def test_of_twenty_handlers_who_answer_at_once_one_wins(committed):
    """Each saw the initial state; the others get an error, and the history has one answer."""
    case = case_of()
    outcomes = (CaseState.ANSWERED, CaseState.NOT_HELD)
    turn = itertools.count()

    def act() -> bool:
        mine = Case.objects.get(pk=case.pk)
        if mine.state != CaseState.RECEIVED:
            return False
        try:
            case_services.move(case=mine, to=outcomes[next(turn) % 2])
        except case_services.CaseTransitionNotAllowed:
            return False
        return True

    assert twenty_at_once(act).count(True) == 1
    assert case.events.filter(kind=CaseEventKind.STATE).count() == 1
