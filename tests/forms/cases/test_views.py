"""Admin views of a case, the person's own page, and the task list."""

import datetime

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.utils import timezone
from post_office.models import Email

from cms.core.dates.formatting import format_weekday
from forms.cases import services as case_services
from forms.enums import AccessAction, CaseState, FormKind
from forms.models import AccessRecord, Case, CaseMessage, FormHandling, MessageWording, Regime, Upload
from scrutiny_pages.selectors.tasks import todos
from tests.factories.forms import RegimeFactory, case_of, question
from tests.factories.state import arrange
from tests.forms.conftest import hidden

pytestmark = [pytest.mark.django_db, pytest.mark.on_day("2026-11-22")]
DAY = datetime.timedelta(days=1)
S = CaseState
MESSAGE = {"subject": "Hello", "body": "Here it is.", "send": "1"}


@pytest.fixture
def case(db) -> Case:
    needs = question("needs", "yes_no", label="Any needs?", follow_up="Which?", handlers_only=True, required=False)
    asked = [question("why", label="Why?"), question("email", "email", required=False), needs]
    answers = {"why": "<b>Damp</b>", "email": "ada@example.org", "needs": {"choice": "yes", "details": "A ramp"}}
    return case_of(received_on=timezone.localdate(), questions=asked, answers=answers)


def screen(case: Case, step: str) -> str:
    return f"/admin/received/{case.submission.reference}/do/{step}/"


def of_page(client, case: Case, step: str) -> dict[str, str]:
    """Return the hidden fields of a step's page: the stamp of the case, and the page's own key."""
    page = client.get(screen(case, step))
    return {"seen": hidden(page, "seen"), "key": hidden(page, "key")}


def page_of(client, case: Case) -> str:
    return client.get(f"/admin/received/{case.submission.reference}/", follow=True).content.decode()


def test_the_page_tells_the_whole_case(admin_in, case):
    case_services.note(case=case, text="Rang twice.")
    case_services.send_message(case=case, subject="Hello", body="We have it.")
    page = page_of(admin_in, case)
    for words in (
        "Due ",
        "10 working days after",
        "Handlers only",
        "A ramp",
        "Rang twice.",
        "Staff only",
        "We have it.",
    ):
        assert words in page
    assert "&lt;b&gt;Damp&lt;/b&gt;" in page
    assert "<b>Damp</b>" not in page


def test_on_paper_there_is_nothing_for_handlers_only(admin_in, case):
    page = admin_in.get(f"/admin/received/{case.submission.reference}/print/").content.decode()
    assert "Why?" in page
    assert "ramp" not in page
    assert "Any needs?" not in page
    assert AccessRecord.objects.filter(action=AccessAction.PRINTED, submission=case.submission).count() == 1


def test_a_file_is_saved_and_never_shown_and_each_download_is_written_down(admin_in, case):
    upload = Upload(
        version=case.submission.version, question_id="q", submission=case.submission, name='a".html', size=1
    )
    upload.file.save("a", ContentFile(b"<script>alert(1)</script>"))
    answer = admin_in.get(f"/admin/received/{case.submission.reference}/files/{upload.token}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert AccessRecord.objects.filter(action=AccessAction.DOWNLOADED).count() == 1
    other = case_of().submission.reference
    assert admin_in.get(f"/admin/received/{other}/files/{upload.token}/").status_code == 404
    upload.file.storage.delete(upload.file.name)
    assert admin_in.get(f"/admin/received/{case.submission.reference}/files/{upload.token}/").status_code == 404


def test_a_message_is_seen_before_it_is_sent(admin_in, case):
    wording = MessageWording.objects.create(name="A", subject="About {reference}", body="By {due}.")
    asked = admin_in.get(f"{screen(case, 'message')}?wording={wording.pk}").content.decode()
    assert f"About {case.submission.reference}" in asked
    words = {"subject": "Hello", "body": "First.\n\nSecond."}
    seen = admin_in.post(screen(case, "message"), words | {"seen": "x"})
    assert "As the person will read it" in seen.content.decode()
    assert "<p>Second.</p>" in seen.content.decode()
    assert not CaseMessage.objects.exists()
    again = admin_in.post(screen(case, "message"), words | {"change": "1"})
    assert "As the person will read it" not in again.content.decode()
    sent = admin_in.post(screen(case, "message"), words | {"send": "1"} | of_page(admin_in, case, "message"))
    assert sent.status_code == 302
    assert CaseMessage.objects.get().subject == "Hello"
    assert AccessRecord.objects.filter(action=AccessAction.CHANGED).count() == 1


@pytest.mark.parametrize("number", ["x", "999999", "\u0663", "9" * 30, "-1", ""])
def test_a_wording_that_is_not_there_is_no_error(admin_in, case, number):
    assert admin_in.get(screen(case, "message"), {"wording": number}).status_code in (200, 404)


def test_a_step_from_a_page_that_is_out_of_date_is_refused_and_nothing_is_lost(admin_in, case):
    seen = of_page(admin_in, case, "to-answered")
    case_services.acknowledge(case=case)
    data = {"on": timezone.localdate().isoformat(), "words": "What I wrote", "left_out": "They were here"}
    answer = admin_in.post(screen(case, "to-answered"), data | seen)
    assert answer.status_code == 200
    assert "Somebody else has just recorded something here." in answer.content.decode()
    assert "What I wrote" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == S.ACKNOWLEDGED
    fresh = {"seen": hidden(answer, "seen"), "key": hidden(answer, "key")}
    assert admin_in.post(screen(case, "to-answered"), data | fresh).status_code == 302


@pytest.mark.parametrize(
    "value", ["\x00", "9" * 50, "\U0001f600" * 3000, "=1+1", "<script>", "0001-01-01", "99999-01-01"]
)
@pytest.mark.parametrize("step", ["to-refused", "note", "message", "assign", "extend", "ask"])
def test_whatever_is_sent_gets_a_clear_answer(admin_in, case, step, value):
    names = (
        "on",
        "reason",
        "words",
        "text",
        "subject",
        "body",
        "handler",
        "until",
        "seen",
        "send",
        "key",
        "at",
        "left_out",
    )
    assert admin_in.post(screen(case, step), dict.fromkeys(names, value)).status_code in (200, 302, 400)


def test_only_those_who_may_handle_it_can_be_given_it(admin_in, case):
    outsider = User.objects.create_user("outsider")
    able = User.objects.create_user("able")
    able.user_permissions.add(Permission.objects.get(codename="handle_submission"))
    version = case.submission.version
    kept = FormHandling.objects.create(form=version.form, form_key=version.form_key, form_title="x")
    kept.groups.add(Group.objects.create(name="Ours"))
    for user in (outsider, able):
        data = {"handler": user.pk} | of_page(admin_in, case, "assign")
        assert admin_in.post(screen(case, "assign"), data).status_code == 200
    able.groups.add(Group.objects.get(name="Ours"))
    data = {"handler": able.pk} | of_page(admin_in, case, "assign")
    assert admin_in.post(screen(case, "assign"), data).status_code == 302
    assert Case.objects.get(pk=case.pk).handler == able


@pytest.mark.parametrize(
    ("step", "data", "made"),
    [
        ("message", {"subject": "Hello", "body": "We have it.", "send": "1"}, "messages"),
        ("note", {"text": "Rang twice."}, "events"),
        ("ask", {"subject": "Which street?", "body": "Please tell us.", "send": "1"}, "pauses"),
        ("extend", {"until": "", "reason": "The archive is moving"} | MESSAGE, "extensions"),
        ("to-answered", {"on": "", "words": "Sent the table."} | MESSAGE, "messages"),
        ("to-answered", {"on": "", "words": "Sent the table.", "left_out": "They were here"}, "events"),
        ("spam", {}, "events"),
    ],
)
def test_a_second_click_on_a_page_does_what_the_first_did_and_no_more(admin_in, case, step, data, made):
    days = {"until": (case.due_on + DAY).isoformat(), "on": timezone.localdate().isoformat()}
    data = data | {name: day for name, day in days.items() if name in data} | of_page(admin_in, case, step)
    first = admin_in.post(screen(case, step), data)
    counted = [getattr(case, made).count(), case.events.count(), Email.objects.count()]
    again = admin_in.post(screen(case, step), data)
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert [getattr(case, made).count(), case.events.count(), Email.objects.count()] == counted
    assert AccessRecord.objects.filter(action=AccessAction.CHANGED).count() == 1
    page = admin_in.get(again.url).content.decode()
    assert "It is recorded." in page
    assert "cannot be done now" not in page


def test_a_step_without_the_key_of_its_page_is_not_taken(admin_in, case):
    seen = of_page(admin_in, case, "note")["seen"]
    for key in ({}, {"key": "x"}, {"key": "\x00" * 32}):
        answer = admin_in.post(screen(case, "note"), {"text": "Rang twice.", "seen": seen} | key)
        assert "Rang twice." in answer.content.decode()
    assert case.events.count() == 1


def test_the_case_keeps_its_first_date_and_how_it_was_counted_though_the_rules_change(admin_in, case):
    before = [line for line in page_of(admin_in, case).splitlines() if "10 working days after" in line]
    assert before
    Regime.objects.update(answer_amount=3)
    page = page_of(admin_in, case)
    assert before[0] in page
    assert "3 working days after" not in page
    # A bank holiday that was only named later is not said to have been counted then.
    arrange(Case.objects.update, first_due_on=case.first_due_on - DAY)
    assert f"Due {format_weekday(case.first_due_on - DAY)}: 10 working days after" in page_of(admin_in, case)


# --- Who handles forms ---------------------------------------------------------------------------------


def test_an_administrator_keeps_a_form_to_a_group(admin_in, case):
    form, group = case.submission.version.form, Group.objects.create(name="Ours")
    answer = admin_in.post("/admin/snippets/forms/formhandling/add/", {"form": form.pk, "groups": [group.pk]})
    assert answer.status_code == 302
    made = FormHandling.objects.get()
    assert (made.form_key, made.form_title, list(made.groups.all())) == (form.form_key, form.title, [group])
    empty = admin_in.post("/admin/snippets/forms/formhandling/add/", {"form": "", "groups": [group.pk]})
    assert "Choose the form." in empty.content.decode()


# --- The person's own page -----------------------------------------------------------------------------


def own_page(client, case: Case) -> str:
    answer = client.get(f"/forms/received/{case.submission.token}/")
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_the_person_reads_where_it_has_got_to_and_nothing_for_staff(client, case):
    case_services.note(case=case, text="Difficult person.")
    handler = User.objects.create_user("hana", first_name="Hana")
    case_services.assign(case=case, handler=handler)
    case_services.send_message(case=case, subject="Hello", body="We have it.", by=handler)
    case_services.extend(case=case, until=case.due_on + DAY, reason="The archive is moving")
    page = own_page(client, case)
    for words in (
        "We have your request.",
        "We will answer by",
        "At first we said",
        "The archive is moving",
        "We have it.",
    ):
        assert words in page
    for words in ("Difficult", "Hana", "hana", "A ramp", "ada@example.org"):
        assert words not in page


def test_each_ending_is_told_with_its_reason_and_where_to_go_next(client):
    regime = RegimeFactory(outside_body="the Ombudsman", outside_body_url="https://example.org/ombudsman")
    case = case_of(regime=regime, received_on=timezone.localdate())
    assert "Ombudsman" not in own_page(client, case).split("<footer")[0]
    case_services.move(case=case, to=S.REFUSED, reason="It tells who somebody is")
    page = own_page(client, case).split("<footer")[0]
    assert "We cannot give you what you asked for." in page
    assert "The reason: It tells who somebody is." in page
    assert 'href="https://example.org/ombudsman"' in page


def test_a_date_that_is_past_is_no_promise_any_more(client, case):
    arrange(Case.objects.update, due_on=timezone.localdate())
    assert "We will answer by" in own_page(client, case), "on the last day there is still time"
    due = timezone.localdate() - DAY
    arrange(Case.objects.update, due_on=due)
    Regime.objects.update(outside_body="Ombudsman", outside_body_url="https://example.org/ombudsman")
    page = own_page(client, case).split("<footer")[0]
    assert f"We are late. We said that we would tell you by {format_weekday(due)}." in page
    assert "You can also ask us to look into how we dealt with it." in page
    assert 'href="https://example.org/ombudsman"' in page
    assert not any(words in page for words in ("We will", "Not happy with our answer?"))
    Regime.objects.update(outside_body="", review_amount=None)
    page = own_page(client, case).split("<footer")[0]
    assert "You can contact us and ask why." in page
    assert not any(words in page for words in ("you can go to", "look into how"))


def test_a_second_look_that_is_late_says_so_too(client, case):
    case_services.move(case=case, to=S.ANSWERED)
    case_services.move(case=case, to=S.IN_REVIEW)
    assert "We will tell you by" in own_page(client, case)
    arrange(Case.objects.update, review_due_on=timezone.localdate() - DAY)
    page = own_page(client, case).split("<footer")[0]
    assert "We are late." in page
    assert not any(words in page for words in ("We will", "look into how"))


def test_whoever_was_taken_for_a_spammer_is_told_only_that_we_have_it(client, case):
    case_services.quarantine(case=case)
    arrange(Case.objects.update, state=S.ACKNOWLEDGED)
    page = own_page(client, case)
    assert "We have your request." in page
    assert "working on" not in page
    assert "spam" not in page


# --- What waits to be done -----------------------------------------------------------------------------


def test_what_is_late_or_has_nobody_waits_for_those_who_may_handle_it(admin_user, case):
    today = timezone.localdate()
    found = [todo for todo in todos(admin_user, today) if todo.kind == "form"]
    assert [(todo.due, todo.url) for todo in found] == [
        (case.acknowledge_by, f"/admin/information-requests/inspect/{case.submission_id}/")
    ]
    case_services.acknowledge(case=case)
    case_services.assign(case=case, handler=User.objects.create_user("other"))
    assert not [todo for todo in todos(admin_user, today) if todo.kind == "form"], "somebody else has it, in time"
    late = [todo for todo in todos(admin_user, case.due_on + DAY) if todo.kind == "form"]
    assert [todo.due for todo in late] == [case.due_on]
    assert not todos(User.objects.create_user("nobody"), case.due_on + DAY)


def test_more_to_do_costs_no_more_queries(admin_user, django_assert_max_num_queries):
    for _ in range(2):
        case_of(FormKind.GENERAL)
    with django_assert_max_num_queries(60) as two:
        todos(admin_user, timezone.localdate())
    for _ in range(5):
        case_of(FormKind.REQUEST)
    with django_assert_max_num_queries(len(two) + 1):
        todos(admin_user, timezone.localdate())


def test_no_mail_about_a_case_says_what_was_written(case):
    case_services.send_message(case=case, subject="Secret subject", body="Secret body")
    assert not [mail for mail in Email.objects.all() if "Secret" in mail.message + mail.subject]
