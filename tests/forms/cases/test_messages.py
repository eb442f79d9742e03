"""Each step that concerns the person notifies them, in the same transaction; and the panels that can be joined."""

import datetime
import re

import pytest
from post_office.models import Email

from forms.cases import services as case_services
from forms.cases.services.messages import default_message
from forms.enums import CaseEventKind, CaseState, FormKind, OtherStep
from forms.models import Case, CaseMessage, MessageWording, Submission
from forms.questions import question_from
from forms.rules.case_states import NEXT
from scrutiny_pages.enums import PanelKind
from scrutiny_pages.models import Membership
from tests.factories.forms import case_of, question
from tests.factories.records import PanelFactory
from tests.factories.state import arrange
from tests.forms.conftest import hidden

pytestmark = [pytest.mark.django_db, pytest.mark.on_day("2026-11-22")]
S, D = CaseState, datetime.date
CAME = D(2026, 11, 16)
MEETS = datetime.datetime(2026, 12, 8, 18, 30, tzinfo=datetime.UTC)
ROOM = case_services.Interview(MEETS, "the community room at Oak House")
WHY = "It tells who somebody is"


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def answers() -> dict:
    return {"why": "Black mould", "email": "ada@example.org", "name": {"first_name": "Ada", "surname": "Byron"}}


def received(kind: FormKind = FormKind.APPLICATION, **more) -> Case:
    """Return a new case, without the emails about its receipt."""
    case = case_of(kind, received_on=CAME, answers=answers(), **more)
    Email.objects.all().delete()
    return case


def move_to(case: Case, to: CaseState, **more) -> None:
    case_services.move(case=case, to=to, reason=WHY, interview=ROOM if to == S.INTERVIEW else None, **more)


STEPS = [(kind, state, to) for kind in FormKind for state, following in NEXT[kind].items() for to in following]


@pytest.mark.parametrize(("kind", "state", "to"), [step for step in STEPS if step[2] != S.CLARIFICATION])
def test_every_move_tells_the_person_once_with_a_reference_and_a_link(kind, state, to):
    """Case F12: invite, offer, refuse, acknowledge, answer and all others, without a further step."""
    case = received(kind)
    arrange(Case.objects.filter(pk=case.pk).update, state=state)
    move_to(fresh(case), to)
    message, mail = CaseMessage.objects.get(), Email.objects.get()
    assert "Ada" in message.body
    assert not re.search(r"[{}\[\]]", message.subject + message.body)
    assert (case.submission.reference in mail.subject, str(case.submission.token) in mail.message) == (True, True)
    for private in ("mould", "Ada", WHY, "community room", message.body[-40:]):
        assert private not in mail.subject + mail.message + mail.html_message


@pytest.mark.parametrize(
    ("kind", "act", "words"),
    [
        (FormKind.REQUEST, lambda case: move_to(case, S.REFUSED), f"This is why: {WHY}."),
        (
            FormKind.REQUEST,
            lambda case: case_services.extend(case=case, until=D(2026, 12, 2), reason="The archive is moving."),
            "This is why: The archive is moving.\n\nYou will have our answer by Wednesday 2 December 2026.",
        ),
        (
            FormKind.APPLICATION,
            lambda case: move_to(case, S.INTERVIEW),
            "When: Tuesday 8 December 2026 at 6:30pm\nWhere: the community room at Oak House",
        ),
    ],
    ids=["refusal", "more time", "interview"],
)
def test_the_words_hold_what_the_step_decided(kind, act, words):
    """Case F12: the reason, the new day, the date and place of an interview."""
    case = received(kind)
    act(case)
    assert words in case.messages.get().body


def test_who_joins_and_who_is_heard_are_told_as_well():
    case = received(panel=PanelFactory(name="Repairs panel"))
    move_to(case, S.OFFERED)
    case_services.become_member(case=fresh(case))
    assert "You have a place on the Repairs panel." in case.messages.last().body
    asked = received(FormKind.REQUEST)
    case_services.ask_person(case=asked, subject="Which year?", body="Please tell us.")
    case_services.person_answered(case=fresh(asked))
    case_services.move(case=fresh(asked), to=S.WITHDRAWN)
    case_services.reopen(case=fresh(asked), reason="They wrote again")
    assert asked.messages.count() == Email.objects.count() == 4


def test_it_may_be_left_out_with_a_reason_that_is_kept():
    """Case F12: nothing is sent, and the log says why."""
    case = received()
    case_services.move(case=case, to=S.NOT_THIS_TIME, notice=case_services.Notice("A", "B", "We told them by phone"))
    assert not CaseMessage.objects.exists()
    assert not Email.objects.exists()
    event = case.events.get(kind=CaseEventKind.NOT_TOLD)
    assert (event.text, event.is_internal) == ("We told them by phone", True)
    move_to(received(), S.OFFERED, notice=case_services.Notice("A", "B", "  "))
    assert CaseMessage.objects.count() == 1, "blanks are no reason"


@pytest.mark.parametrize(
    "body", ["", "  ", "Here is [write the answer here].", "By {reason}.", "See [Write it here]", "A" * 5001]
)
def test_words_that_are_not_ready_are_refused_and_the_step_with_them(body):
    case = received(FormKind.REQUEST)
    with pytest.raises(case_services.CaseTransitionNotAllowed):
        case_services.move(case=case, to=S.ANSWERED, notice=case_services.Notice("Our answer", body))
    assert fresh(case).state == S.RECEIVED
    assert not Email.objects.exists()
    assert case.events.count() == 1


@pytest.mark.parametrize(
    ("interview", "words"),
    [
        (None, "Enter the day, the time and the place"),
        (case_services.Interview(MEETS, " "), "Enter the day, the time and the place"),
        (case_services.Interview(MEETS - datetime.timedelta(days=90), "Here"), "cannot be before the day"),
    ],
)
def test_nobody_is_invited_to_an_interview_without_a_day_and_a_place(interview, words):
    case = received()
    with pytest.raises(case_services.CaseTransitionNotAllowed, match=words):
        case_services.move(case=case, to=S.INTERVIEW, interview=interview)
    assert fresh(case).state == S.RECEIVED


def test_an_interview_is_told_though_staff_took_the_gaps_out(client):
    case = received()
    case_services.move(case=case, to=S.INTERVIEW, interview=ROOM, notice=case_services.Notice("Come", "Do come."))
    assert case.messages.get().body == (
        "Do come.\n\nWhen: Tuesday 8 December 2026 at 6:30pm\nWhere: the community room at Oak House"
    )
    page = client.get(f"/forms/received/{case.submission.token}/").content.decode()
    assert "When: Tuesday 8 December 2026 at 6:30pm. Where: the community room at Oak House." in page
    summer = case_services.Interview(datetime.datetime(2027, 6, 1, 17, tzinfo=datetime.UTC), "Here")
    other = received()
    case_services.move(case=other, to=S.INTERVIEW, interview=summer)
    assert "Tuesday 1 June 2027 at 6pm" in other.messages.get().body, "the time of London in summer"


def test_the_wording_of_the_step_and_the_kind_comes_first():
    MessageWording.objects.create(name="A", state=S.OFFERED, subject="Any", body="Any")
    MessageWording.objects.create(name="B", state=S.OFFERED, kind=FormKind.APPLICATION, subject="Ours", body="Ours")
    MessageWording.objects.create(name="C", state=OtherStep.MEMBER, subject="Hello", body="Hello")
    case = received()
    assert default_message(case, S.OFFERED).subject == "Ours"
    assert default_message(case, OtherStep.MEMBER).subject == "Hello"
    assert "reference" in default_message(case, S.RESERVE).subject


# --- On the screen -------------------------------------------------------------------------------------


def screen(case: Case, step: str) -> str:
    return f"/admin/received/{case.submission.reference}/do/{step}/"


def carried(page) -> dict[str, str]:
    return {name: hidden(page, name) for name in ("seen", "key")}


def test_an_invitation_asks_for_day_and_place_and_shows_the_words_before_it_is_sent(admin_in):
    """Case F12, as staff do it.

    The wording is filled in and previewed, and one step sends and records it.
    """
    body = "Dear {name}\n\nWhen: {when}\nWhere: {where}\n\n<b>{team}</b>"
    MessageWording.objects.create(name="A", state=S.INTERVIEW, subject="Come and talk", body=body)
    case = received()
    page = admin_in.get(screen(case, "to-interview"))
    assert "When: {when}" in page.content.decode()
    data = {"on": "2026-11-22", "at": "2026-12-08T18:30", "place": "Oak House", "subject": "Come", "body": body}
    seen = admin_in.post(screen(case, "to-interview"), data | carried(page))
    words = seen.content.decode()
    assert "As the person will read it" in words
    assert "When: Tuesday 8 December 2026 at 6:30pm" in words
    assert "&lt;b&gt;" in words
    assert (fresh(case).state, CaseMessage.objects.count(), Email.objects.count()) == (S.RECEIVED, 0, 0)
    again = admin_in.post(screen(case, "to-interview"), data | carried(seen) | {"change": "1"})
    assert 'value="2026-12-08T18:30"' in again.content.decode()
    assert "Where: {where}" in again.content.decode()
    sent = admin_in.post(screen(case, "to-interview"), data | carried(seen) | {"send": "1"})
    assert sent.status_code == 302
    assert (fresh(case).state, fresh(case).interview_place) == (S.INTERVIEW, "Oak House")
    assert (CaseMessage.objects.count(), Email.objects.count()) == (1, 1)
    assert "Interview: Tuesday 8 December 2026 at 6:30pm, Oak House." in admin_in.get(sent.url).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"subject": "", "body": ""}, "Write what the person reads, or say below why they are not told."),
        ({"body": "See [write it here]"}, "Write your own words in place of"),
        ({"at": "tomorrow"}, "Enter a valid date/time."),
        ({"place": ""}, "This field is required."),
        ({"at": "2026-11-01 10:00"}, "cannot be before the day"),
    ],
)
def test_an_invitation_that_is_not_ready_comes_back_with_what_was_typed(admin_in, data, words):
    case = received()
    page = admin_in.get(screen(case, "to-interview"))
    typed = {"on": "2026-11-22", "at": "2026-12-08 18:30", "place": "Oak House", "subject": "Come", "body": "Do come"}
    answer = admin_in.post(screen(case, "to-interview"), typed | {"words": "Nervous"} | data | carried(page))
    assert words in answer.content.decode()
    assert "Nervous" in answer.content.decode()
    assert fresh(case).state == S.RECEIVED


def test_a_step_without_a_message_says_why_and_is_taken_at_once(admin_in):
    case = received()
    data = {"on": "2026-11-22", "left_out": "They were here"} | carried(admin_in.get(screen(case, "to-offered")))
    answer = admin_in.post(screen(case, "to-offered"), data)
    assert answer.status_code == 302
    page = admin_in.get(answer.url).content.decode()
    assert "The person was not told" in page
    assert "They were here" in page
    assert not Email.objects.exists()


def test_staff_hear_that_somebody_without_an_address_was_not_mailed(admin_in):
    case = case_of(FormKind.APPLICATION, received_on=CAME, answers={"why": "A"})
    data = {"on": "2026-11-22", "subject": "A", "body": "B", "send": "1"}
    answer = admin_in.post(screen(case, "to-offered"), data | carried(admin_in.get(screen(case, "to-offered"))))
    assert "no email address, so nobody was told" in admin_in.get(answer.url).content.decode()


def test_many_are_acknowledged_at_once_and_each_is_told(admin_in):
    sent = [received(), received()]
    Email.objects.all().delete()
    rows = [case.submission_id for case in sent]
    admin_in.post("/admin/applications/bulk/acknowledged/", {"row": rows, "confirmed": "1"})
    assert {fresh(case).state for case in sent} == {S.ACKNOWLEDGED}
    assert Email.objects.count() == CaseMessage.objects.count() == 2


# --- Who joins which panel -----------------------------------------------------------------------------


@pytest.fixture
def board():
    return PanelFactory(name="The Board", kind=PanelKind.DECIDING_BODY)


def asked_for(panel) -> Case:
    """Return an application in which the person chose a panel, on a form without a panel."""
    which = question("which", "panel_choice", label="Which panel?")
    chosen = {"which": {"pk": panel.pk, "title": panel.name}}
    names = [question("name", "name"), question("email", "email")]
    return received_with(answers() | chosen, [which, *names])


def received_with(given: dict, questions: list[dict]) -> Case:
    return case_of(FormKind.APPLICATION, received_on=CAME, answers=given, questions=questions)


def test_make_them_a_member_offers_panels_with_members_and_begins_with_the_one_asked_for(admin_in, board):
    """Case F11: never the Board; the panel that the person chose is filled in."""
    other, wanted = PanelFactory(name="Repairs panel"), PanelFactory(name="Damp group", kind=PanelKind.TASK_AND_FINISH)
    case = asked_for(wanted)
    assert case.panel == wanted
    move_to(case, S.OFFERED)
    page = admin_in.get(screen(case, "member"))
    field = page.context["form"]["panel"]
    assert board.name not in str(field)
    assert other.name in str(field)
    assert re.search(rf'<option value="{wanted.pk}" selected', str(field))
    data = {"panel": board.pk, "subject": "A", "body": "B", "send": "1"} | carried(page)
    assert admin_in.post(screen(case, "member"), data).status_code == 200
    assert admin_in.post(screen(case, "member"), data | {"panel": wanted.pk}).status_code == 302
    assert Membership.objects.get().panel == wanted


def test_nobody_becomes_a_member_of_a_deciding_body_by_any_door(board):
    """Case F11, in the service."""
    case = received(panel=board)
    move_to(case, S.OFFERED)
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="The members of “The Board” are not kept here"):
        case_services.become_member(case=fresh(case))
    assert not Membership.objects.exists()


def test_the_panel_somebody_chose_goes_before_the_one_of_the_form(board):
    own, chosen = PanelFactory(), PanelFactory()
    which = question("which", "panel_choice", label="Which panel?", required=False)
    picked = case_of(
        FormKind.APPLICATION, questions=[which], answers={"which": {"pk": chosen.pk, "title": "x"}}, panel=own
    )
    none = case_of(FormKind.APPLICATION, questions=[which], answers={}, panel=own)
    gone = case_of(FormKind.APPLICATION, questions=[which], answers={"which": {"pk": 0, "title": "x"}}, panel=own)
    assert [case.panel for case in (picked, none, gone)] == [chosen, own, own]
    assert Submission.objects.count() == 3


def test_the_public_question_offers_no_board(board):
    """Case F11: "Choose a panel" is a choice of panels that people sit on."""
    open_panel = PanelFactory(name="Repairs panel")
    asked = question_from({"id": "q", "type": "panel_choice", "label": "Which?", "required": True})
    assert asked.titles == {str(open_panel.pk): "Repairs panel"}
