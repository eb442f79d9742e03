"""Tests of steps through the API, which uses the form of the staff view and has the same messages."""

import datetime
import json

import pytest
from django.test import Client
from django.utils import timezone

from cms.core.dates.formatting import format_date
from scrutiny_pages import services
from scrutiny_pages.enums import PANEL_DECISIONS, Answer, Delivery, Step
from scrutiny_pages.forms.recommendation_forms import STEP_FIELDS
from scrutiny_pages.models import Meeting
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories import pages, records
from tests.factories.decisions import decide, meeting_of

pytestmark = pytest.mark.django_db
D = datetime.date
ACCEPTED = {
    "tracking__answer": Answer.ACCEPTED,
    "tracking__answered_on": D(2026, 4, 2),
    "tracking__first_target": D(2026, 6, 30),
    "tracking__current_target": D(2026, 6, 30),
}
CLAIMED = ACCEPTED | {"tracking__delivery": Delivery.CLAIMED, "tracking__claimed_on": D(2026, 6, 1)}
CONFIRMED = ACCEPTED | {"tracking__delivery": Delivery.CONFIRMED, "tracking__confirmed_on": D(2026, 7, 1)}
CLOSED = ACCEPTED | {"tracking__delivery": Delivery.NOT_DELIVERED}
REFUSED = {"tracking__answer": Answer.NOT_ACCEPTED, "tracking__answered_on": D(2026, 4, 2)}
AT = {"at_a_meeting": True}


def make(state: dict | None = None):
    return records.RecommendationFactory(series="2026-03", number=4, **(state or {}))


def address(item) -> str:
    return f"/api/v2/recommendations/{item.ref}/steps/"


def send(client, item, **given):
    return client.post(address(item), given, content_type="application/json")


# --- The same words through every door ----------------------------------------------------------------

NO_STEP = [
    (ACCEPTED, Step.ANSWER_DUE, {"date": "2026-05-01"}, "It has been answered already. The first answer stays."),
    (ACCEPTED, Step.ACCEPT, {"date": "2026-12-31"}, "It has been answered already, and the answer stays."),
    (REFUSED, Step.ACCEPT_PARTLY, {"words": "Part.", "date": "2026-12-31"}, "It can be taken further."),
    (CONFIRMED, Step.REFUSE, {"words": "No."}, "It has been answered already, and the answer stays."),
    ({}, Step.START, {}, "Work can only start once, on something the landlord accepted."),
    ({}, Step.ASK_FOR_TIME, {"words": "Late.", "date": "2026-12-31"}, "while the work is still owed."),
    (ACCEPTED, Step.GRANT_TIME, AT, "Nobody has asked for more time."),
    (ACCEPTED, Step.REFUSE_TIME, {"words": "No."} | AT, "Nobody has asked for more time."),
    (CLAIMED, Step.CLAIM, {"words": "Done."}, "Only something accepted and still owed can be said to be done."),
    (ACCEPTED, Step.SEND_BACK, {"words": "More."} | AT, "Only something the landlord says is done can be sent back."),
    (ACCEPTED, Step.CONFIRM, AT, "The landlord has to say it is done before residents can confirm it."),
    (CONFIRMED, Step.CLOSE, {"words": "Gone."} | AT, "Only something accepted and not yet confirmed can be closed."),
    (
        CLAIMED,
        Step.CHECK_IMPACT,
        {"words": "Yes.", "impact": "helped"} | AT,
        "Only something confirmed can be checked",
    ),
    ({}, Step.PLAN_ACTION, {"words": "Buy.", "date": "2026-12-31"}, "Actions are only planned for something accepted"),
    (ACCEPTED, Step.FINISH_ACTION, {}, "No action is planned that is not done already."),
    (CLOSED, Step.ESCALATE, {"words": "Late."} | AT, "What is settled cannot be taken further."),
    ({}, Step.ESCALATION_REPLY, {"words": "No."}, "It has not been taken further, or the reply is recorded already."),
    (CLOSED, Step.REFER, {"words": "Look."} | AT, "What is settled is referred to nobody."),
    (ACCEPTED, Step.REWORD, {"words": "Words."} | AT, "Only something not yet accepted can be reworded."),
    (ACCEPTED, Step.WITHDRAW, {"words": "No need."} | AT, "Only something not yet answered can be withdrawn."),
    ({}, Step.RATIFY, AT, "This needs no ratifying"),
]
NOT_SO = [
    ({}, Step.ANSWER_DUE, {"date": "2026-01-01"}, "An answer cannot be due before it is asked for."),
    ({}, Step.ACCEPT, {"date": "2026-07-01"}, "The date promised is before the day of the answer."),
    ({}, Step.ESCALATE, {"words": "Late."} | AT, "The process of this review says nowhere to take it."),
    (CLAIMED, Step.CONFIRM, AT | {"date": "2026-07-02"}, "comes after the day it was confirmed."),
    (ACCEPTED, Step.ASK_FOR_TIME, {"words": "Late.", "date": "2026-06-30"}, "has to be later than 30 June 2026."),
]


def through_code(item, step: Step, given: dict) -> str:
    """Apply a step through the service that the form would call."""
    given = {name: D.fromisoformat(value) if name == "date" else value for name, value in given.items()}
    step_fields = STEP_FIELDS[step]
    blank = {name: "" for name in ("words",) if getattr(step_fields, name)} | (
        {"date": None} if step_fields.date else {}
    )
    more: dict[str, object] = {"link": ""} if "link" in step_fields.extra else {}
    more |= {"owner": records.RoleFactory()} if "owner" in step_fields.extra else {}
    more |= {"action": None} if "action" in step_fields.extra else {}
    with pytest.raises(TransitionNotAllowed) as refused:
        step_fields.apply(recommendation=item, on=D(2026, 7, 2), **(blank | more | given))
    return refused.value.messages[0]


@pytest.mark.parametrize(("state", "step", "given", "words"), NO_STEP + NOT_SO)
def test_code_the_admin_and_the_api_refuse_in_the_same_words(admin_in, home, state, step, given, words):
    item = make(state)
    sent = {name: value for name, value in given.items() if name not in AT}
    given = dict(sent)
    sent |= {"step": step.value, "on": "2026-07-02"}
    if step in PANEL_DECISIONS:
        given["meeting"] = meeting_of(item.checking_body, D(2026, 7, 2))
        sent["meeting"] = given["meeting"].pk
    if "owner" in STEP_FIELDS[step].extra:
        sent |= {"owner": records.RoleFactory().pk}
    screen = admin_in.post(f"/admin/snippets/scrutiny_pages/recommendation/record/{item.pk}/", sent)
    api = send(admin_in, item, **sent)
    told = through_code(item, step, given)
    assert words in told
    assert told in screen.content.decode()
    assert (screen.status_code, api.status_code, api.json()) == (200, 409, {"message": told})
    item.refresh_from_db()
    assert not item.tracking.events.exists()


def test_every_step_that_can_be_illegal_is_in_the_table():
    assert {step for _, step, *_ in NO_STEP} == set(Step) - {Step.NOTE, Step.CORRECT}


# --- A step that is taken -----------------------------------------------------------------------------


def test_a_promise_is_followed_from_answer_to_confirmation(admin_in, admin_user, home):
    item = make()

    def meeting(on: D) -> int:
        return meeting_of(item.checking_body, on).pk

    for step, on, more in (
        (Step.ANSWER_DUE, "2026-03-11", {"date": "2026-04-07"}),
        (Step.ACCEPT, "2026-04-02", {"date": "2026-06-30"}),
        (Step.PLAN_ACTION, "2026-04-03", {"words": "Buy.", "date": "2026-06-30", "owner": records.RoleFactory().pk}),
        (Step.ASK_FOR_TIME, "2026-06-01", {"date": "2026-09-30", "words": "A new contractor."}),
        (Step.GRANT_TIME, "2026-06-12", {"meeting": meeting(D(2026, 6, 12))}),
        (Step.CLAIM, "2026-09-01", {"words": "See there.", "link": "https://example.org/rates"}),
        (Step.CONFIRM, "2026-10-02", {"meeting": meeting(D(2026, 10, 2)), "words": None, "date": "2027-03-31"}),
    ):
        answer = send(admin_in, item, step=step, on=on, **more)
        assert answer.status_code == 201, answer.content
    given = answer.json()
    assert given.pop("status").startswith("Confirmed by residents")
    assert given == {
        "ref": "2026-03/4",
        "url": "/recommendations/2026-03/4/",
        "standing": "confirmed",
        "answer": "accepted",
        "answer_due": "2026-04-07",
        "answered_on": "2026-04-02",
        "answer_reason": "",
        "delivery": "confirmed",
        "first_target": "2026-06-30",
        "current_target": "2026-09-30",
        "times_date_changed": 1,
        "confirmed_on": "2026-10-02",
        "added": [
            {
                "on": "2026-10-02",
                "kind": "confirmed",
                "title": "Confirmed by residents",
                "text": "",
                "how": f"At the meeting of the {item.panel} on 2 October 2026",
                "meeting": None,
                "mistake": False,
            }
        ],
    }
    assert item.tracking.events.filter(recorded_by=admin_user).count() == 7


def test_a_private_note_stays_private(admin_in, client, home):
    item = make()
    answer = send(admin_in, item, step="note", on="2026-04-02", words="Between us.", is_private=True)
    assert [entry["text"] for entry in answer.json()["added"]] == ["Between us."]
    assert b"Between us" not in Client().get(f"/api/v2/recommendations/{item.ref}/").content


def test_it_tells_the_open_steps_and_what_each_asks_for(admin_in, home):
    item = make(CLAIMED)
    meeting = records.MeetingFactory(panel=item.panel, starts_at=timezone.now() - datetime.timedelta(days=9))
    given = admin_in.get(address(item)).json()
    steps = {each["step"]: each for each in given["steps"]}
    assert (given["ref"], list(steps)) == (
        "2026-03/4",
        ["send_back", "confirm", "close", "plan_action", "escalate", "refer", "note"],
    )
    assert steps["confirm"]["label"] == "Residents confirm that it is done"
    asked = {field["name"]: field for field in steps["confirm"]["fields"]}
    assert {name: field["required"] for name, field in asked.items()} == {
        "on": False,  # a meeting gives the day
        "words": False,
        "date": False,
        "meeting": True,
        "how": False,
    }
    label = f"{format_date(meeting.day)}: {item.panel}, {meeting.theme}"
    assert asked["meeting"]["choices"] == [{"value": str(meeting.pk), "label": label}]


def test_nobody_else_keeps_what_it_answers(admin_in, home):
    item = make()
    for answer in (admin_in.get(address(item)), send(admin_in, item, step="note", on="2026-04-02", words="Hello.")):
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}


# --- Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["2026-03/4", "2026-03/5"], ids=["there", "not there"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_refused_whatever_they_ask_about(client, home, ref, method):
    make()
    answer = getattr(client, method)(f"/api/v2/recommendations/{ref}/steps/")
    assert (answer.status_code, answer.json()) == (403, {"message": "Sign in first."})


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_needs_the_permission(staff, client, home, method):
    staff("change_recommendation", "publish_recommendation")
    answer = getattr(client, method)(address(make()), {}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (403, {"message": "This is for the involvement team."})


@pytest.mark.parametrize("step", Step)
def test_a_chair_takes_the_panels_decisions_only(staff, client, home, step):
    item = make(CLAIMED)
    records.MembershipFactory(panel=item.checking_body, role="chair", person__user=staff("decide_step"))
    answer = send(client, item, step=step, on="2026-07-02")
    if step in (*PANEL_DECISIONS, Step.NOTE, Step.CORRECT):
        assert answer.status_code in (400, 409)
    else:
        assert (answer.status_code, answer.json()) == (403, {"message": "This is for the involvement team."})
    assert {each["step"] for each in client.get(address(item)).json()["steps"]} <= {*PANEL_DECISIONS, "note", "correct"}


@pytest.mark.parametrize("case", ["unknown", "a draft", "in a report that is not public"])
def test_what_the_public_cannot_see_is_not_there(admin_in, home, case):
    report = pages.ReportPageFactory(live=False)
    item = make({"live": case != "a draft", "report": report if case.startswith("in a report") else None})
    ref = "2026-03/9" if case == "unknown" else item.ref
    for answer in (
        admin_in.get(f"/api/v2/recommendations/{ref}/steps/"),
        admin_in.post(f"/api/v2/recommendations/{ref}/steps/", {}, content_type="application/json"),
    ):
        assert answer.status_code == 404
        assert answer.json()["message"]


def test_another_site_cannot_take_a_step_in_somebodys_name(admin_user, home):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    item, given = make(), {"step": "note", "on": "2026-04-02", "words": "Hello."}
    assert send(client, item, **given).status_code == 403
    client.get("/admin/")
    token = client.cookies["csrftoken"].value
    accepted = client.post(address(item), given, content_type="application/json", headers={"X-CSRFToken": token})
    assert accepted.status_code == 201


# --- What cannot be read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, "step", "Choose what happened."),
        ({"step": "frob"}, "step", "Choose what happened."),
        ({"step": None}, "step", "Choose what happened."),
        ({"step": ["note"]}, "step", "Send one value"),
        ({"step": "note", "on": "2026-04-02"}, "words", "This field is required."),
        ({"step": "note", "on": "2026-04-02", "words": {"a": 1}}, "words", "Send one value"),
        ({"step": "note", "on": "2026-04-02", "words": "a\x00b"}, "words", "Null characters are not allowed."),
        ({"step": "note", "on": "2026-04-02", "words": "x" * 2001}, "words", "at most 2000 characters"),
        ({"step": "note", "on": "soon", "words": "x"}, "on", "This is not a day that we can read."),
        ({"step": "note", "on": 20260402, "words": "x"}, "on", "This is not a day that we can read."),
        ({"step": "note", "on": "9999-12-31", "words": "x"}, "on", "This day has not come yet."),
        ({"step": "note", "on": "2026-04-02", "words": "x", "colour": "red"}, "colour", "There is no such field."),
        ({"step": "accept", "on": "2026-04-02"}, "date", "This field is required."),
        (
            {"step": "withdraw", "on": "2026-04-02", "words": "x", "meeting": "9" * 20},
            "meeting",
            "Select a valid choice",
        ),
        ({"step": "withdraw", "on": "2026-04-02", "words": "x", "meeting": 10**20}, "meeting", "Select a valid choice"),
        ({"step": "withdraw", "on": "2026-04-02", "words": "x", "meeting": "\x00"}, "meeting", "Null characters"),
        ({"step": "withdraw", "on": "2026-04-02", "words": "x", "meeting": True}, "meeting", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(admin_in, home, given, field, words):
    item = make()
    answer = send(admin_in, item, **given)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert words in answer.json()["errors"][field][0]
    assert not item.tracking.events.exists()


DEEP = "[" * 90_000
BODIES = {
    "nothing": b"",
    "not JSON": b"step=note",
    "NUL": b"\x00",
    "broken UTF-8": b'{"step": "\xff\xfe"}',
    "another encoding": '{"step": "note"}'.encode("utf-16"),
    "half a character": b'{"step": "note", "on": "2026-04-02", "words": "\\ud800"}',
    "half a name": b'{"\\udc00": 1}',
    "a list": b"[1]",
    "a number": b"1",
    "a word": b'"note"',
    "null": b"null",
    "not a number": b'{"step": NaN}',
    "endless": b'{"step": "note", "on": 1e999}',
    "many digits": b'{"step": "note", "on": ' + b"9" * 5000 + b"}",
    "nested": DEEP.encode(),
    "nested objects": (b'{"a":' * 15_000) + b"1" + b"}" * 15_000,
    "large": b'{"step": "note", "words": "' + b"x" * 11_000_000 + b'"}',
    "years": b'{"step": "accept", "on": "0001-01-01", "date": "9999-12-31"}',
    "the end of time": b'{"step": "accept", "on": "2026-07-02", "date": "9999-12-31", "words": "%s{{ 7|add:7 }}"}',
    "the first day": b'{"step": "note", "on": "0001-01-01", "words": "<script>alert(1)</script>"}',
}


@pytest.mark.parametrize("body", BODIES)
def test_no_body_breaks_it(admin_in, home, body):
    admin_in.raise_request_exception = False
    item = make()
    answer = admin_in.generic("POST", address(item), BODIES[body], content_type="application/json")
    fine = body in ("the end of time", "the first day")
    assert answer.status_code == 201 if fine else answer.status_code in (400, 409), answer.content[:300]
    if not fine:
        assert json.loads(answer.content)["message"]
    assert admin_in.get(f"/recommendations/{item.ref}/").status_code == 200
    assert admin_in.get(address(item)).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "", "x\x01"]
)
def test_another_kind_of_content_is_refused(admin_in, home, kind):
    admin_in.raise_request_exception = False
    answer = admin_in.generic("POST", address(make()), b'{"step": "note"}', content_type=kind)
    assert answer.status_code in (400, 415)
    assert answer.json()["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "FROB"])
def test_another_method_is_a_405(admin_in, home, method):
    assert admin_in.generic(method, address(make())).status_code == 405


def test_two_at_once_do_not_both_happen(admin_in, home, monkeypatch):
    item = make(CLAIMED)
    known = services.current_state(item.tracking)
    decide(services.confirm, recommendation=item, on=D(2026, 7, 2))
    # The second was let in before the first was done.
    monkeypatch.setattr("scrutiny_pages.api.transitions.current_state", lambda tracking: known)
    answer = send(admin_in, item, step="confirm", meeting=Meeting.objects.get().pk)
    assert (answer.status_code, "has to say it is done" in answer.json()["message"]) == (409, True)
    assert item.tracking.events.count() == 1


def test_case_ar6_a_program_says_who_took_part_between_meetings(admin_in, home):
    item = make(CLAIMED)
    item.panel.rules = [("between_meetings", {"ways": ["email"], "only_time": False})]
    item.panel.save()
    members = records.MembershipFactory.create_batch(3, panel=item.panel)
    asked = {each["step"]: each for each in admin_in.get(address(item)).json()["steps"]}["confirm"]["fields"]
    offered = {field["name"]: field["choices"] for field in asked}
    assert offered["way"] == [{"value": "email", "label": "By email"}]
    assert {choice["value"] for choice in offered["took_part"]} == {str(row.pk) for row in members}
    given = {"step": "confirm", "way": "email", "on": "2026-07-02"}
    for wrong in ("x", [{"a": 1}], [[1]], [members[0].pk, 99_999]):
        answer = send(admin_in, item, **given, took_part=wrong)
        assert answer.status_code == 400, (wrong, answer.content)
        assert list(answer.json()["errors"]) == ["took_part"]
    answer = send(admin_in, item, **given, took_part=[row.pk for row in members])
    assert answer.status_code == 201, answer.content
    assert answer.json()["added"][0]["how"] == "By email. 3 members took part"
    assert "Private Person" not in answer.content.decode()


def test_case_ar6_a_long_name_of_a_panel_and_long_words_fit(admin_in, home):
    item = make(CLAIMED)
    item.panel.name = "The panel of " + "x" * 67
    item.panel.save()
    held = meeting_of(item.panel, D(2026, 9, 30))
    answer = send(admin_in, item, step="confirm", meeting=held.pk, how="y" * 120)
    assert answer.status_code == 201, answer.content
    item.tracking.events.get().full_clean()
