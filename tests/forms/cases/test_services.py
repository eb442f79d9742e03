"""Case services: each step writes the fields and the history together, or explains why not."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from post_office.models import Email

from cms.core.dates import working_days
from cms.core.scheduler.registry import do_timed
from forms.cases import services as case_services
from forms.enums import CaseEventKind, CaseState, Clarification, FormKind
from forms.models import Case, CasePause, MessageWording, Regime
from forms.rules.case_states import NEXT
from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import Membership, Person
from tests.factories.forms import RegimeFactory, case_of
from tests.factories.records import PanelFactory
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
S, D = CaseState, datetime.date
DAY = datetime.timedelta(days=1)
INTERVIEW = case_services.Interview(datetime.datetime(2026, 4, 14, 17, tzinfo=datetime.UTC), "Community room")


@pytest.fixture
def handler(db) -> User:
    return User.objects.create_user("handler", first_name="Hana", last_name="Handler")


@pytest.fixture(autouse=True)
def on_a_tuesday(monkeypatch) -> datetime.date:
    """Set the date to Tuesday 7 April 2026, the day after Easter Monday."""
    day = D(2026, 4, 7)
    monkeypatch.setattr(timezone, "localdate", lambda moment=None, *args: day if moment is None else D(2026, 4, 2))
    return day


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def story(case: Case) -> list[str]:
    return [f"{event.kind} {event.state}".strip() for event in case.events.all()]


def test_a_request_gets_its_dates_when_it_comes():
    case = case_of(received_on=D(2026, 4, 2))
    assert (case.acknowledge_by, case.first_due_on, case.due_on) == (D(2026, 4, 9), D(2026, 4, 20), D(2026, 4, 20))
    assert story(case) == ["received received"]


def test_changing_the_rules_later_moves_no_date_that_was_given():
    case = case_of(received_on=D(2026, 4, 2))
    case.regime.answer_amount = 1
    case.regime.save()
    assert fresh(case).due_on == D(2026, 4, 20)


@pytest.mark.parametrize("kind", FormKind)
def test_every_step_of_the_table_can_be_taken_and_no_other(kind):
    """Each state may follow as in the table, and is refused after every other state."""
    case = case_of(kind, received_on=D(2026, 4, 2))
    reason = "It tells who somebody is"
    wrong = []
    for state, follow in NEXT[kind].items():
        for to in S:
            if to == S.CLARIFICATION:
                continue
            arrange(Case.objects.filter(pk=case.pk).update, state=state, closed_on=None)
            try:
                case_services.move(
                    case=fresh(case), to=to, reason=reason, interview=INTERVIEW if to == S.INTERVIEW else None
                )
                succeeded = True
            except case_services.CaseTransitionNotAllowed:
                succeeded = False
            moved = fresh(case).state == to
            if (succeeded, moved) != ((to in follow), (to in follow or to == state)):
                wrong.append((state, to))
    assert wrong == []


def test_a_move_writes_the_state_and_the_history_together(handler):
    case = case_of(received_on=D(2026, 4, 2))
    case_services.acknowledge(case=case, by=handler)
    case_services.move(case=case, to=S.ANSWERED, by=handler, words="Sent the table.")
    case = fresh(case)
    assert (case.state, case.acknowledged_on, case.answered_on, case.closed_on) == (S.ANSWERED, *[D(2026, 4, 7)] * 3)
    assert story(case) == ["received received", "state acknowledged", "state answered", "note"]
    assert [event.is_internal for event in case.events.all()] == [False, False, False, True]
    assert {event.by for event in case.events.all()} == {None, handler}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            lambda case: case_services.move(case=case, to=S.ANSWERED),
            lambda case: case_services.move(case=case, to=S.NOT_HELD),
        ),
        (
            lambda case: case_services.extend(case=case, until=D(2026, 4, 22), reason="x"),
            lambda case: case_services.extend(case=case, until=D(2026, 4, 23), reason="y"),
        ),
        (
            lambda case: case_services.assign(case=case, handler=User.objects.create(username="a")),
            lambda case: case_services.assign(case=case, handler=User.objects.create(username="b")),
        ),
        (lambda case: case_services.quarantine(case=case), lambda case: case_services.quarantine(case=case)),
    ],
    ids=["move", "more time", "give", "spam"],
)
def test_of_two_who_saw_the_same_one_wins_and_the_other_is_told(first, second):
    case = case_of(received_on=D(2026, 4, 2))
    one, other = fresh(case), fresh(case)
    first(one)
    before = story(fresh(case))
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="Somebody else"):
        second(other)
    assert story(fresh(case)) == before
    assert fresh(case).state == one.state


def test_a_refusal_gives_one_of_the_reasons_of_its_rules():
    case = case_of(received_on=D(2026, 4, 2))
    for reason in ("", "We would rather not"):
        with pytest.raises(case_services.CaseTransitionNotAllowed):
            case_services.move(case=fresh(case), to=S.REFUSED, reason=reason)
    case_services.move(case=case, to=S.REFUSED, reason="It tells who somebody is")
    assert fresh(case).refusal_reason == "It tells who somebody is"
    case_services.move(case=case, to=S.IN_REVIEW)
    assert fresh(case).refusal_reason == "It tells who somebody is"
    case_services.move(case=case, to=S.ANSWERED)
    assert fresh(case).refusal_reason == ""


def test_nothing_happens_in_the_future_or_before_it_came():
    case = case_of(received_on=D(2026, 4, 2))
    for day in (D(2026, 4, 8), D(2026, 4, 1)):
        with pytest.raises(case_services.CaseTransitionNotAllowed):
            case_services.move(case=case, to=S.ANSWERED, on=day)


def test_a_question_stops_the_clock_until_the_person_answers(handler):
    case = case_of(received_on=D(2026, 4, 2))
    case_services.ask_person(case=case, subject="Which street?", body="Please tell us.", by=handler)
    case = fresh(case)
    assert (case.state, case.is_stopped, case.due_now) == (S.CLARIFICATION, True, None)
    assert [mail.to for mail in Email.objects.filter(subject__contains="A message")] == [["ada@example.org"]]
    arrange(CasePause.objects.update, started_on=D(2026, 4, 2))
    case_services.person_answered(case=case, text="Mill Lane", by=handler)
    case = fresh(case)
    assert (case.state, case.is_stopped) == (S.ACKNOWLEDGED, False)
    assert (case.first_due_on, case.due_on) == (D(2026, 4, 20), D(2026, 4, 21)), "one working day since Thursday"
    assert "paused" in story(case)
    assert "resumed" in story(case)


@pytest.mark.parametrize(
    ("clarification", "due_on"),
    [
        (Clarification.PAUSES, D(2026, 4, 21)),
        (Clarification.RESTARTS, D(2026, 4, 21)),
        (Clarification.RUNS_ON, D(2026, 4, 20)),
    ],
)
def test_what_a_question_does_to_the_clock_is_the_regimes_rule(clarification, due_on):
    case = case_of(received_on=D(2026, 4, 2), regime=RegimeFactory(clarification=clarification))
    case_services.ask_person(case=case, subject="Which street?", body="Please tell us.")
    arrange(CasePause.objects.update, started_on=D(2026, 4, 2))
    case_services.person_answered(case=fresh(case))
    assert fresh(case).due_on == due_on


def test_answering_without_waiting_for_the_person_ends_the_pause():
    case = case_of(received_on=D(2026, 4, 2))
    case_services.ask_person(case=case, subject="Which street?", body="Please tell us.")
    case_services.move(case=fresh(case), to=S.ANSWERED)
    assert not CasePause.objects.filter(ended_on=None).exists()


def test_more_time_has_a_reason_and_a_limit_and_keeps_the_first_date():
    case = case_of(received_on=D(2026, 4, 2))
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="Say why"):
        case_services.extend(case=case, until=D(2026, 4, 22), reason=" ")
    case_services.extend(case=case, until=D(2026, 4, 22), reason="The archive is being moved")
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="until Monday 27 April 2026, and no longer"):
        case_services.extend(case=case, until=D(2026, 4, 28), reason="Still being moved")
    case = fresh(case)
    assert (case.first_due_on, case.due_on) == (D(2026, 4, 20), D(2026, 4, 22))
    assert [(more.from_date, more.to_date) for more in case.extensions.all()] == [(D(2026, 4, 20), D(2026, 4, 22))]


def test_looking_again_has_a_date_of_its_own_and_the_first_answer_stays():
    case = case_of(received_on=D(2026, 4, 2))
    case_services.move(case=case, to=S.REFUSED, reason="It tells who somebody is")
    case_services.move(case=case, to=S.IN_REVIEW)
    case = fresh(case)
    assert (case.review_due_on, case.due_now, case.closed_on) == (D(2026, 4, 21), D(2026, 4, 21), None)
    assert case.answered_on == D(2026, 4, 7)
    with pytest.raises(case_services.CaseTransitionNotAllowed):
        case_services.extend(case=case, until=D(2026, 4, 30), reason="x")


def test_what_is_closed_is_taken_up_again_with_a_reason():
    case = case_of(FormKind.GENERAL, received_on=D(2026, 4, 2))
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="not closed"):
        case_services.reopen(case=case, reason="x")
    case_services.move(case=case, to=S.DONE)
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="Say why"):
        case_services.reopen(case=case, reason="")
    case_services.reopen(case=case, reason="They wrote again")
    case = fresh(case)
    assert (case.state, case.closed_on, case.answered_on) == (S.IN_HAND, None, D(2026, 4, 7))
    assert case.events.get(kind=CaseEventKind.NOTE).is_internal


@pytest.mark.parametrize("clarification", Clarification)
def test_a_request_that_was_taken_back_is_due_later_by_the_days_it_lay_withdrawn(clarification):
    """Independent of the regime's rule for clarifications: no question was sent."""
    case = case_of(received_on=D(2026, 3, 26), regime=RegimeFactory(clarification=clarification))
    case_services.move(case=case, to=S.WITHDRAWN, on=D(2026, 4, 2))
    case_services.reopen(case=fresh(case), reason="They wrote again")
    case = fresh(case)
    assert (case.state, case.first_due_on, case.due_on) == (S.ACKNOWLEDGED, D(2026, 4, 13), D(2026, 4, 14))
    assert [(pause.started_on, pause.ended_on) for pause in case.pauses.all()] == [(D(2026, 4, 2), D(2026, 4, 7))]
    assert not case.is_stopped


def test_a_request_that_had_been_answered_is_owed_a_second_look_when_it_is_taken_up_again():
    case = case_of(received_on=D(2026, 4, 2))
    case_services.move(case=case, to=S.REFUSED, reason="It tells who somebody is")
    case_services.move(case=fresh(case), to=S.IN_REVIEW)
    case_services.move(case=fresh(case), to=S.WITHDRAWN)
    case_services.reopen(case=fresh(case), reason="They wrote again")
    case = fresh(case)
    assert (case.state, case.due_now, case.due_on) == (S.IN_REVIEW, D(2026, 4, 21), D(2026, 4, 20))


ANSWERED_THEN = (S.ACKNOWLEDGED, S.ANSWERED, S.IN_REVIEW, S.PARTLY_ANSWERED, S.OUTSIDE_BODY)


@pytest.mark.parametrize(
    ("moves", "outcome"),
    [
        ((), S.RECEIVED),
        ((S.ACKNOWLEDGED,), S.ACKNOWLEDGED),
        ((S.WITHDRAWN,), S.WITHDRAWN),
        (ANSWERED_THEN[:3], S.ANSWERED),
        (ANSWERED_THEN, S.PARTLY_ANSWERED),
        ((*ANSWERED_THEN, S.WITHDRAWN), S.PARTLY_ANSWERED),
        ((*ANSWERED_THEN, S.NOT_HELD), S.NOT_HELD),
    ],
)
def test_what_was_answered_stays_answered_for_one_case_and_for_the_set(moves, outcome):
    case = case_of(received_on=D(2026, 4, 2))
    for state in moves:
        case_services.move(case=fresh(case), to=state)
    assert fresh(case).outcome == Case.objects.with_outcome().get(pk=case.pk).came_to == outcome


# --- Days that cannot be counted yet ------------------------------------------------------------------


def test_what_could_not_be_counted_gets_its_date_once_the_bank_holidays_are_known(monkeypatch):
    """The rule is the one at receipt; the days for which the clock was stopped are included."""
    monkeypatch.setattr(working_days, "known_years", lambda nation: range(2019, 2026))
    case = case_of(received_on=D(2026, 4, 2))
    none = case_of(received_on=D(2026, 4, 2), regime=RegimeFactory(answer_amount=None))
    arrange(CasePause.objects.create, case=case, started_on=D(2026, 4, 8), ended_on=D(2026, 4, 10))
    answered = case_of(received_on=D(2026, 4, 2))
    case_services.move(case=answered, to=S.ANSWERED)
    case_services.move(case=fresh(answered), to=S.IN_REVIEW)
    Regime.objects.update(answer_amount=3)
    assert list(do_timed(timezone.now())) == []
    assert not Case.objects.exclude(due_on=None, review_due_on=None).exists()
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "localdate", lambda moment=None, *args: D(2026, 4, 7))
    for _ in range(2):
        assert list(do_timed(timezone.now())) == []
    found = fresh(case)
    assert (found.acknowledge_by, found.first_due_on, found.due_on) == (D(2026, 4, 9), D(2026, 4, 20), D(2026, 4, 22))
    [note] = case.events.filter(kind=CaseEventKind.NOTE)
    assert note.text.startswith("Due Monday 20 April 2026: 10 working days after Thursday 2 April 2026")
    assert fresh(answered).review_due_on == D(2026, 4, 21)
    assert fresh(none).due_on is None, "its rules gave it none when it came"


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_one_case_and_the_set_agree_on_what_is_late(away):
    """The day before, on the day and the day after; in every state, with the clock running and stopped."""
    case = case_of(received_on=D(2026, 4, 2))
    on = D(2026, 4, 20) + away * DAY
    arrange(Case.objects.update, due_on=D(2026, 4, 20), review_due_on=D(2026, 4, 20), answered_on=on)
    for stopped in (False, True):
        if stopped:
            arrange(CasePause.objects.create, case=case, started_on=D(2026, 4, 7))
        for state in S:
            arrange(Case.objects.update, state=state)
            found = fresh(case)
            owed = not stopped and not found.is_closed and state != S.OUTSIDE_BODY
            assert found.is_late(on) == (away == 1 and owed), state
            assert Case.objects.late(on).exists() == found.is_late(on), state
            assert Case.objects.answered_late().exists() == found.was_late == (away == 1), state


@pytest.mark.parametrize(("away", "missed"), [(-1, False), (0, False), (1, True)])
def test_what_nobody_acknowledged_is_told_the_day_after(away, missed):
    case = case_of(received_on=D(2026, 4, 2))
    on = case.acknowledge_by + away * DAY
    assert Case.objects.to_acknowledge(on).exists() == missed


# --- Messages ----------------------------------------------------------------------------------------


def test_a_message_is_on_the_persons_page_and_the_mail_has_only_a_reference_and_a_link(handler):
    case = case_of(received_on=D(2026, 4, 2), answers={"why": "Damp", "email": "ada@example.org"})
    Email.objects.all().delete()
    assert case_services.send_message(case=case, subject="About your damp", body="We looked at the damp.", by=handler)
    mail = Email.objects.get()
    assert case.submission.reference in mail.message
    assert str(case.submission.token) in mail.message
    assert "damp" not in (mail.message + mail.subject).lower()
    assert case.messages.get().body == "We looked at the damp."


def test_without_an_address_the_message_is_kept_and_staff_are_told_that_nobody_was():
    case = case_of(received_on=D(2026, 4, 2), answers={"why": "Damp"})
    assert not case_services.send_message(case=case, subject="A", body="B")
    assert case.messages.count() == 1
    assert not Email.objects.exists()


def test_a_wording_is_filled_in_and_what_is_no_gap_stays():
    case = case_of(received_on=D(2026, 4, 2), title="Ask us")
    wording = MessageWording(subject="{reference}: {form}", body="Dear {name}, by {due}. {odd} {0} {name!r}")
    subject, body = case_services.filled_in(wording, case)
    assert subject == f"{case.submission.reference}: Ask us"
    assert body == "Dear Ada, by Monday 20 April 2026. {odd} {0} {name!r}"


def test_answers_are_never_read_as_gaps():
    case = case_of(received_on=D(2026, 4, 2), answers={"why": "A", "name": {"first_name": "{reference}"}})
    assert case_services.filled_in(MessageWording(subject="x", body="{name}"), case)[1] == "{reference}"


# --- Spam --------------------------------------------------------------------------------------------


def test_what_is_taken_back_from_spam_gets_the_mail_that_was_held_back_once(monkeypatch):
    case = case_of(received_on=D(2026, 4, 2), team_mailbox="team@example.org")
    Email.objects.all().delete()
    arrange(Case.objects.update, is_quarantined=True)  # as it came
    case = fresh(case)
    case_services.release(case=case)
    assert sorted(mail.to[0] for mail in Email.objects.all()) == ["ada@example.org", "team@example.org"]
    case_services.quarantine(case=case)
    case_services.release(case=case)
    assert Email.objects.count() == 2


def test_what_is_dealt_with_is_not_set_aside_as_spam():
    case = case_of(received_on=D(2026, 4, 2))
    case_services.acknowledge(case=case)
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="dealt with already"):
        case_services.quarantine(case=case)
    assert not fresh(case).is_quarantined


def test_a_question_tells_whether_an_email_went():
    case = case_of(received_on=D(2026, 4, 2))
    assert case_services.ask_person(case=case, subject="A", body="B") is True


def test_nobody_is_written_to_about_spam():
    case = case_of(received_on=D(2026, 4, 2))
    case_services.quarantine(case=case)
    with pytest.raises(case_services.CaseTransitionNotAllowed):
        case_services.send_message(case=case, subject="A", body="B")


# --- Members -----------------------------------------------------------------------------------------


@pytest.fixture
def offered():
    case = case_of(FormKind.APPLICATION, received_on=D(2026, 4, 2), panel=PanelFactory())
    case_services.move(case=case, to=S.OFFERED)
    return case


def test_somebody_who_was_offered_a_place_joins(offered):
    case_services.become_member(case=offered)
    member = Membership.objects.get()
    assert (member.person.name, member.person.email, member.standing) == (
        "Ada Byron",
        "ada@example.org",
        MemberStanding.JOINING,
    )
    assert fresh(offered).membership == member
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="already"):
        case_services.become_member(case=fresh(offered))


def test_somebody_we_know_by_email_is_not_a_second_person(offered):
    known = Person.objects.create(name="Ada  BYRON", email="ADA@example.org")
    case_services.become_member(case=offered)
    assert Membership.objects.get().person == known


def test_two_who_share_an_email_are_not_one_person(offered):
    Person.objects.create(name="Bill Byron", email="ada@example.org")
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="another name"):
        case_services.become_member(case=offered)
    assert not Membership.objects.exists()


def test_a_broken_rule_is_quoted_and_nothing_is_written(offered):
    known = Person.objects.create(name="Ada Byron", email="ada@example.org")
    Membership.objects.create(person=known, panel=offered.panel)
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="is on this panel already"):
        case_services.become_member(case=offered)
    assert Membership.objects.count() == 1
    assert fresh(offered).membership is None


def test_nobody_joins_before_a_place_is_offered():
    case = case_of(FormKind.APPLICATION, received_on=D(2026, 4, 2), panel=PanelFactory())
    with pytest.raises(case_services.CaseTransitionNotAllowed, match="Offer a place first"):
        case_services.become_member(case=case)
    assert not Person.objects.exists()
