"""Privacy services: subject access export, erasure by reference, and retention."""

import datetime
import io
import json
import uuid
import zipfile
from contextlib import suppress
from decimal import Decimal
from typing import cast

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from cms.core.emails import queue
from forms.cases import services as case_services
from forms.enums import AccessAction, CaseState, FormKind
from forms.models import (
    AccessRecord,
    Case,
    CaseEvent,
    CaseMessage,
    CaseTotal,
    PublicEntry,
    SavedForm,
    Submission,
    Upload,
)
from forms.privacy import services
from forms.privacy.services import added, all_we_hold, erase, past_keeping
from forms.rules.case_states import CLOSED, NEXT
from forms.rules.retention import erased_on
from scrutiny_pages.selectors.tasks import todos
from tests.factories.forms import FormPageFactory, case_of, question, republish, send_to
from tests.factories.state import arrange

pytestmark = [pytest.mark.django_db, pytest.mark.on_day("2026-11-22")]
S, D = CaseState, datetime.date


@pytest.fixture
def case(db) -> Case:
    """Return a request with a row in every related table."""
    case = case_of(received_on=timezone.localdate())
    sent = case.submission
    case_services.ask_person(case=case, subject="Which street?", body="Please tell us.")
    case_services.person_answered(case=case, text="Mill Lane")
    assert case.due_on is not None
    case_services.extend(
        case=Case.objects.get(pk=case.pk),
        until=cast("datetime.date", case.due_on) + datetime.timedelta(days=1),
        reason="Archive",
    )
    upload = Upload(version=sent.version, question_id="q", submission=sent, name="letter.txt", size=1)
    upload.file.save("a", ContentFile(b"Dear all"))
    AccessRecord.objects.create(submission=sent, action=AccessAction.READ)
    SavedForm.objects.create(
        version=sent.version, secret_digest="x", sealed=b"x", key=sent.key, expires_at=timezone.now()
    )
    return Case.objects.get(pk=case.pk)


def test_erasing_leaves_nothing_but_a_count(case, django_capture_on_commit_callbacks):
    sent, upload = case.submission, Upload.objects.get()
    Email.objects.update(status=STATUS.sent)
    queue("ada@example.org", "Something else", "form_receipt", {"reference": "ZZZZZZZZ", "link": "x"})
    storage, name = upload.file.storage, upload.file.name
    form_key = case.submission.version.form_key
    facts = {"regime": case.regime, "subject": "Repairs", "received_on": case.received_on}
    arrange(PublicEntry.objects.create, case=case, form_key=form_key, **facts)
    with django_capture_on_commit_callbacks(execute=True):
        erase(sent=sent)
    assert not storage.exists(name)
    for model in (Submission, Case, CaseEvent, CaseMessage, Upload, SavedForm):
        assert not model.objects.exists(), model
    assert Email.objects.count() == 1, "mail about something else stays"
    assert [(look.action, look.submission) for look in AccessRecord.objects.all()] == [("erased", None)]
    assert PublicEntry.objects.get().case is None
    total = CaseTotal.objects.get()
    assert (total.count, total.state, total.month.day, total.regime) == (1, S.ACKNOWLEDGED, 1, case.regime)


def test_no_table_has_what_was_erased(case):
    """Every table is searched for the person's own text."""
    reference, words = case.submission.reference, ("Byron", "ada@example.org", "Mill Lane", case.submission.reference)
    erase(sent=case.submission)
    for model in apps.get_models():
        if model._meta.managed:
            text = str(list(model._base_manager.values()))
            assert not [word for word in words if word in text], (model, reference)


def test_everything_that_hangs_on_it_is_in_the_file_for_the_person(case, admin_in):
    held = json.dumps(all_we_hold(case.submission), default=str)
    told = (
        case.submission.reference,
        "Byron",
        "ada@example.org",
        "Which street?",
        "Mill Lane",
        "Archive",
        "letter.txt",
    )
    for words in told:
        assert words in held
    answer = admin_in.get(f"/admin/received/{case.submission.reference}/all-we-hold/")
    content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert sorted(content.namelist()) == ["everything.html", "everything.json", "files/1-letter.txt"]
    assert content.read("files/1-letter.txt") == b"Dear all"
    for name in ("everything.html", "everything.json"):
        text = content.read(name).decode()
        assert not [words for words in told if words not in text], name
    assert AccessRecord.objects.filter(action=AccessAction.SUBJECT_EXPORT).count() == 1


def test_what_a_person_typed_is_inert_in_their_file(admin_in):
    case = case_of(answers={"why": "<script>alert(1)</script>"})
    answer = admin_in.get(f"/admin/received/{case.submission.reference}/all-we-hold/")
    content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "<script>" not in content.read("everything.html").decode()


def test_totals_add_up_what_impact_assessments_counted():
    asked = [
        question("people", "number", counts="people"),
        question("cost", "number", counts="pounds"),
        question("why", "number"),
    ]
    for people, cost in (("12", "0.10"), ("3", "0.20")):
        case = case_of(FormKind.IMPACT, questions=asked, answers={"people": people, "cost": cost, "why": "9"})
        version = case.submission.version
        for item in version.definition["sections"][0]["questions"]:
            item.update({"counts": {"people": "people", "cost": "pounds"}.get(item["id"], "")})
        version.form_key = "6f0e8f5e-0000-4000-8000-000000000000"
        version.save()
        arrange(Case.objects.filter(pk=case.pk).update, received_on=D(2026, 4, 2))
        erase(sent=case.submission)
    total = CaseTotal.objects.get()
    assert total.count == 2
    assert {what: Decimal(number) for what, number in total.sums.items()} == {
        "people": Decimal(15),
        "pounds": Decimal("0.30"),
    }


def test_what_is_no_number_adds_nothing():
    assert added({"people": "1"}, {"people": "many", "hours": "2"}) == {"people": "1", "hours": "2"}


def test_spam_is_erased_without_a_count():
    case = case_of()
    case_services.quarantine(case=case)
    erase(sent=case.submission)
    assert not CaseTotal.objects.exists()


# --- How long it is kept -------------------------------------------------------------------------------


def closed(case, on) -> Submission:
    """Close a case on a date."""
    arrange(Case.objects.filter(pk=case.pk).update, state=S.ANSWERED, closed_on=on)
    return case.submission


def is_over(sent, on) -> bool:
    return sent in past_keeping(on)


@pytest.mark.parametrize(("on", "over"), [(D(2026, 4, 30), False), (D(2026, 5, 1), True), (D(2027, 5, 1), True)])
def test_the_time_is_counted_from_the_day_it_was_closed(on, over):
    sent = closed(case_of(keep_months=1), D(2026, 4, 1))
    assert is_over(sent, on) == over


@pytest.mark.parametrize("what", ["shortened", "deleted"])
def test_who_edits_a_form_cannot_have_erased_what_was_sent_before(what):
    sent = closed(case_of(keep_months=12), D(2026, 4, 1))
    form = sent.version.form
    if what == "deleted":
        form.delete()
    else:
        newer = send_to(republish(form, keep_months=1), {"why": "A"}, uuid.uuid4())
        assert is_over(closed(newer.case, D(2026, 4, 1)), D(2026, 5, 1))
    assert not is_over(sent, D(2027, 3, 31))
    assert is_over(sent, D(2027, 4, 1))


@pytest.mark.parametrize(("months", "words"), [(1, "1 month"), (12, "1 year"), (18, "18 months"), (24, "2 years")])
def test_people_are_told_for_how_long_before_they_send(client, home, months, words):
    form = FormPageFactory(keep_months=months)
    assert f"We keep what you send for {words} after" in client.get(form.get_url()).content.decode()


@pytest.mark.parametrize(
    ("months", "last", "over"),
    [
        (1, D(2021, 1, 31), D(2021, 2, 1)),
        (12, D(2021, 12, 31), D(2022, 1, 1)),
        (24, D(2022, 12, 31), D(2023, 1, 1)),
    ],
)
def test_what_nobody_closes_has_a_longest_time(months, last, over):
    """Case F16: its retention period plus a year, counted from receipt, in every state."""
    case = case_of(keep_months=months, received_on=D(2020, 1, 1))
    for state in NEXT[FormKind.REQUEST]:
        if state not in CLOSED:
            arrange(Case.objects.update, state=state)
            assert (is_over(case.submission, last), is_over(case.submission, over)) == (False, True), state
    assert erased_on(months, D(2020, 1, 1)) == over


def test_what_is_closed_at_last_is_kept_from_that_day():
    sent = closed(case_of(keep_months=1, received_on=D(2020, 1, 1)), D(2026, 3, 20))
    assert not is_over(sent, D(2026, 4, 19))
    assert is_over(sent, D(2026, 4, 20))


def test_what_was_taken_up_again_has_its_time_from_the_day_it_was_closed(monkeypatch):
    case = case_of(FormKind.GENERAL, keep_months=12, received_on=D(2020, 1, 1))
    monkeypatch.setattr(timezone, "localdate", lambda *args: D(2021, 12, 1))
    case_services.move(case=case, to=S.DONE)
    case_services.reopen(case=Case.objects.get(), reason="They wrote again")
    assert not is_over(case.submission, D(2023, 11, 30))
    assert is_over(case.submission, D(2023, 12, 1))


@pytest.mark.parametrize(("on", "asked"), [(D(2021, 11, 1), False), (D(2021, 11, 2), True), (D(2021, 12, 31), True)])
def test_staff_are_reminded_before_it_is_erased(admin_user, on, asked):
    """Case F16: every handler of the form, even if it is assigned, for as long as it is open."""
    absent = User.objects.create(username="absent")
    case = case_of(FormKind.GENERAL, keep_months=12, received_on=D(2020, 1, 1))
    arrange(Case.objects.update, handler=absent)
    found = [todo for todo in todos(admin_user, on) if case.submission.reference in todo.words]
    assert [(todo.due, "close it, or it is erased" in todo.words) for todo in found] == [(D(2022, 1, 1), True)] * asked
    arrange(Case.objects.update, state=S.DONE, closed_on=on)
    assert not [todo for todo in todos(admin_user, on) if case.submission.reference in todo.words]


def test_the_scheduled_work_erases_what_nobody_closed():
    """Case F16, five years on."""
    old = case_of(keep_months=36, received_on=D(2021, 11, 22))
    new = case_of(keep_months=36, received_on=D(2024, 11, 22))
    call_command("run_scheduled_tasks", stdout=io.StringIO(), stderr=io.StringIO())
    assert list(Submission.objects.all()) == [new.submission]
    assert CaseTotal.objects.get().count == 1
    assert old.received_on < new.received_on


@pytest.mark.parametrize(("by", "over"), [("hand", D(2026, 5, 1)), ("machine", D(2020, 2, 1))])
def test_spam_goes_by_the_day_it_was_set_aside(by, over, monkeypatch):
    case = case_of(keep_months=1, received_on=D(2020, 1, 1))
    if by == "hand":
        monkeypatch.setattr(timezone, "localdate", lambda: D(2026, 4, 1))
        case_services.quarantine(case=case)
    else:
        arrange(Case.objects.update, is_quarantined=True)
    assert not is_over(case.submission, over - datetime.timedelta(days=1))
    assert is_over(case.submission, over)


def test_a_tick_erases_it_once_and_a_second_changes_nothing():
    closed(case_of(keep_months=1), D(2020, 1, 1))
    for _ in range(2):
        call_command("run_scheduled_tasks", stdout=io.StringIO(), stderr=io.StringIO())
        assert not Submission.objects.exists()
        assert CaseTotal.objects.get().count == 1


def test_one_that_cannot_be_erased_does_not_hold_up_the_others(monkeypatch):
    stuck = closed(case_of(keep_months=1), D(2020, 1, 1))
    closed(case_of(keep_months=1), D(2021, 1, 1))
    real = services.record

    def broken(by, action, **more):
        if more["form_key"] == stuck.version.form_key:
            raise OSError
        real(by, action, **more)

    monkeypatch.setattr(services, "record", broken)
    said = io.StringIO()
    call_command("run_scheduled_tasks", stdout=io.StringIO(), stderr=said)
    assert list(Submission.objects.all()) == [stuck]
    assert CaseTotal.objects.count() == 1, "nothing of the one that failed was counted"
    assert "privacy" in said.getvalue()


def test_one_that_is_taken_up_again_meanwhile_stays(monkeypatch):
    closed(case_of(keep_months=1), D(2020, 1, 1))
    second = closed(case_of(keep_months=1), D(2021, 1, 1))
    real = services.erase

    def meanwhile(*, sent, **more):
        arrange(Case.objects.filter(submission=second).update, state=S.RECEIVED, closed_on=None)
        real(sent=sent, **more)

    monkeypatch.setattr(services, "erase", meanwhile)
    call_command("run_scheduled_tasks", stdout=io.StringIO(), stderr=io.StringIO())
    assert list(Submission.objects.all()) == [second]


def test_files_stay_as_long_as_their_rows(case, django_capture_on_commit_callbacks):
    upload = Upload.objects.get()
    with django_capture_on_commit_callbacks(execute=True), suppress(KeyboardInterrupt), transaction.atomic():
        erase(sent=case.submission)
        raise KeyboardInterrupt
    assert upload.file.storage.exists(upload.file.name)
    assert Upload.objects.exists()


# --- The screen ----------------------------------------------------------------------------------------


def test_before_it_is_erased_a_page_names_what_goes_and_what_stays(case, admin_in):
    address = f"/admin/received/{case.submission.reference}/erase/"
    page = admin_in.get(address).content.decode()
    assert "Nobody can undo this." in page
    assert "1 file" in page
    assert Submission.objects.exists()
    answer = admin_in.post(address)
    assert (answer.status_code, answer.url) == (302, "/admin/information-requests/")
    assert not Submission.objects.exists()
    assert admin_in.get(address).status_code == 404
    assert admin_in.get(f"/forms/received/{case.submission.token}/").status_code == 404
