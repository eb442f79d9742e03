"""Tests of corrections: a later entry marks a mistake, and the state is derived again (case S2)."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from cms.core.webhooks.change_detection import detect_changes
from scrutiny_pages import services
from scrutiny_pages.enums import Answer, Delivery, EventKind, Impact, Standing, Step
from scrutiny_pages.models import Event, Recommendation
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories.decisions import decide
from tests.factories.records import MembershipFactory, RecommendationFactory, ReviewProcessFactory
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db

FIRST, SECOND = datetime.date(2026, 6, 30), datetime.date(2026, 9, 30)
CORRECTED_ON = datetime.date(2026, 11, 22)
WHY = "It was meant for another recommendation."


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


@pytest.fixture
def item(home):
    """A recommendation of 10 March 2026 with two steps of escalation."""
    item = RecommendationFactory(asked_on=day(3, 10), tracking__answer_due=day(4, 30))
    item.panel.usual_process = ReviewProcessFactory(escalation_steps=["the Board", "a mediator"])
    item.panel.save()
    return item


def accept(item):
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(4, 2), target=FIRST)


def refuse(item):
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(4, 2), reason="It costs too much.")


def ask(item):
    services.ask_for_time(recommendation=item, on=day(5, 1), until=SECOND, reason="New staff.")


def grant(item):
    decide(services.decide_time, recommendation=item, granted=True, on=day(5, 8))


def claim(item):
    services.claim_done(recommendation=item, on=day(6, 1), evidence="A photograph.", link="https://example.org/a")


def confirm(item):
    decide(services.confirm, recommendation=item, on=day(6, 12), impact_check_on=day(12, 12))


def check(item):
    decide(services.check_impact, recommendation=item, impact=Impact.HELPED, on=day(7, 1), text="It did.")


def plan(item):
    services.plan_action(recommendation=item, text="Hire", owner=item.owner, due=FIRST, on=day(4, 20))


def finish(item):
    services.finish_action(recommendation=item, action=item.tracking.actions.get(), on=day(5, 2))


def escalate(item):
    decide(services.escalate, recommendation=item, on=day(4, 20), reason="No answer.")


def reply(item):
    services.record_reply(recommendation=item, on=day(4, 28), text="We will look.")


def move_due(item):
    services.set_answer_due(recommendation=item, due=day(5, 31), on=day(4, 1))


def correct(item, kind: EventKind, **more) -> None:
    entry = item.tracking.events.filter(kind=kind).last()
    services.correct_entry(recommendation=item, entry=entry, on=CORRECTED_ON, reason=WHY, **more)


def changes() -> list[str]:
    """Return the change events for other systems since the last call."""
    told: list[str] = []
    detect_changes(timezone.now(), lambda found: told.extend(f"{each.event} {each.facts['id']}" for each in found))
    return told


def picture(item: Recommendation) -> dict:
    """Return the whole state: the columns, and the dependent rows."""
    tracking = Recommendation.objects.get(pk=item.pk).tracking
    columns = {field.name: getattr(tracking, field.name) for field in tracking._meta.concrete_fields}
    rows = {
        name: [
            {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
            for row in getattr(tracking, name).all()
        ]
        for name in ("extensions", "evidence", "actions", "escalations")
    }
    return columns | rows


# What was done before the mistake, the mistake, and its kind.
MISTAKES = {
    "refused": ([], refuse, EventKind.NOT_ACCEPTED),
    "accepted, with its first date": ([], accept, EventKind.ACCEPTED),
    "a moved date for the answer": ([], move_due, EventKind.ANSWER_DUE),
    "more time asked for": ([accept], ask, EventKind.TIME_ASKED),
    "more time granted": ([accept, ask], grant, EventKind.TIME_GRANTED),
    "said to be done": ([accept], claim, EventKind.CLAIMED),
    "said to be done, which let a request lapse": ([accept, ask], claim, EventKind.CLAIMED),
    "confirmed": ([accept, claim], confirm, EventKind.CONFIRMED),
    "checked": ([accept, claim, confirm], check, EventKind.IMPACT_CHECKED),
    "an action": ([accept], plan, EventKind.ACTION_PLANNED),
    "an action done": ([accept, plan], finish, EventKind.ACTION_DONE),
    "taken further": ([], escalate, EventKind.ESCALATED),
    "a reply": ([escalate], reply, EventKind.REPLIED),
    "the second answer, which was the reply": ([refuse, escalate], accept, EventKind.ACCEPTED),
}


@pytest.mark.parametrize(("before", "mistake", "kind"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_corrected_mistake_leaves_the_state_as_if_it_had_not_been(item, before, mistake, kind):
    """Case S2: column by column, and row by row; and what is right can then be recorded."""
    for step in before:
        step(item)
    as_it_was = picture(item)
    if before == [refuse, escalate]:
        services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(4, 28), target=FIRST)
    else:
        mistake(item)
    assert picture(item) != as_it_was
    correct(item, kind)
    assert picture(item) == as_it_was
    if before != [refuse, escalate]:
        mistake(item)
        assert picture(item) != as_it_was


def test_the_mistake_stays_in_the_history_and_another_first_date_can_follow(item):
    """Case S2: both entries are there, the first marked; the first date yields to a correction, and to nothing else."""
    accept(item)
    correct(item, EventKind.ACCEPTED)
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(4, 9), target=SECOND)
    assert item.tracking.first_target == SECOND
    assert [(event.kind, event.is_corrected) for event in item.public_history()] == [
        (EventKind.CORRECTED, False),
        (EventKind.ACCEPTED, False),
        (EventKind.ACCEPTED, True),
        (EventKind.ASKED, False),
    ]


# What was done, what is then corrected, and the later entry that has to be corrected first.
DEPENDING = {
    "an acceptance that was confirmed": (
        [accept, claim, confirm],
        EventKind.ACCEPTED,
        "“The landlord says it is done”",
    ),
    "a claim that was confirmed": ([accept, claim, confirm], EventKind.CLAIMED, "“Confirmed by residents” of 12 June"),
    "a request that was granted": ([accept, ask, grant], EventKind.TIME_ASKED, "“Date changed from 30 June 2026"),
    "a confirmation that was checked": (
        [accept, claim, confirm, check],
        EventKind.CONFIRMED,
        "“It helped” of 1 July 2026",
    ),
    "an action that is done": ([accept, plan, finish], EventKind.ACTION_PLANNED, "“Action done” of 2 May 2026"),
    "a rung that replied": ([escalate, reply], EventKind.ESCALATED, "“Reply from the Board” of 28 April 2026"),
}


@pytest.mark.parametrize(("done", "kind", "words"), DEPENDING.values(), ids=DEPENDING.keys())
def test_what_a_later_entry_depends_on_is_corrected_after_it(item, done, kind, words):
    """Case S2: the refusal names the later entry, and nothing is written."""
    for step in done:
        step(item)
    as_it_was = picture(item)
    with pytest.raises(TransitionNotAllowed) as refused:
        correct(item, kind)
    assert words in refused.value.messages[0]
    assert "correct it first" in refused.value.messages[0]
    assert picture(item) == as_it_was
    assert not Event.objects.filter(kind=EventKind.CORRECTED).exists()


def test_corrections_are_refused_in_words(item):
    refuse(item)
    entry = item.tracking.events.get()
    with pytest.raises(TransitionNotAllowed, match="Say what is wrong"):
        services.correct_entry(recommendation=item, entry=entry, on=CORRECTED_ON, reason=" ")
    with pytest.raises(TransitionNotAllowed, match="before the entry itself"):
        services.correct_entry(recommendation=item, entry=entry, on=day(4, 1), reason=WHY)
    with pytest.raises(TransitionNotAllowed, match="of this history"):
        services.correct_entry(recommendation=RecommendationFactory(), entry=entry, on=CORRECTED_ON, reason=WHY)
    correct(item, EventKind.NOT_ACCEPTED)
    for again in item.tracking.events.all():
        with pytest.raises(TransitionNotAllowed, match="not corrected already"):
            services.correct_entry(recommendation=item, entry=again, on=CORRECTED_ON, reason=WHY)


def test_the_public_reads_that_it_was_a_mistake(client, item):
    """Case S2: "does not accept" on the wrong recommendation; it waits for its answer again."""
    refuse(item)
    correct(item, EventKind.NOT_ACCEPTED)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "<s>Not accepted</s>" in page
    assert "<s>It costs too much.</s>" in page
    assert "Recorded by mistake. Corrected on 22 November 2026." in page
    assert "Recorded by mistake: Not accepted" in page
    assert WHY in page
    item = Recommendation.objects.get(pk=item.pk)
    assert item.tracking.standing(day(4, 10)) == Standing.WAITING
    history = client.get(f"/api/v2/recommendations/{item.ref}/").json()["history"]
    assert [(entry["kind"], entry["mistake"]) for entry in history] == [
        ("asked", False),
        ("not_accepted", True),
        ("corrected", False),
    ]


def test_a_correction_for_staff_takes_the_mistake_off_the_website(client, admin_in, item):
    """Case S2: as chosen, the public reads neither; staff read both."""
    changes()
    refuse(item)
    assert changes() == [f"recommendation.changed {item.ref}"]
    correct(item, EventKind.NOT_ACCEPTED, is_public=False)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "It costs too much" not in page
    assert WHY not in page
    assert [event.kind for event in item.public_history()] == [EventKind.ASKED]
    screen = admin_in.get(reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk]))
    assert "<s>Not accepted (for staff only)</s>" in screen.content.decode()
    assert WHY in screen.content.decode()
    assert changes() == [f"recommendation.changed {item.ref}"]


def test_a_note_for_staff_that_was_a_mistake_stays_with_staff(item):
    services.add_note(recommendation=item, on=day(4, 1), text="Call Pat.", is_public=False)
    correct(item, EventKind.NOTE)
    assert [event.kind for event in item.public_history()] == [EventKind.ASKED]


def test_a_mistake_is_no_reason_why_it_is_late(item):
    accept(item)
    claim(item)
    decide(services.send_back, recommendation=item, on=day(6, 2), reason="Two are missing.")
    correct(item, EventKind.SENT_BACK)
    assert item.tracking.delivery == Delivery.CLAIMED
    assert item.tracking.delay_reasons == []


def test_staff_correct_it_where_they_read_it_and_the_chair_is_told(admin_in, item):
    """Case S2: each entry has its link; the form is filled in with it; the chair of the checking body gets a mail."""
    MembershipFactory(panel=item.panel, role="chair", person__email="chair@example.org")
    refuse(item)
    entry = item.tracking.events.get()
    address = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])
    assert f"?step=correct&amp;entry={entry.pk}" in admin_in.get(address).content.decode()
    form = admin_in.get(address, {"step": "correct", "entry": entry.pk}).context["form"]
    assert str(form["entry"].value()) == str(entry.pk)
    assert "2 April 2026: Not accepted" in str(form["entry"])
    sent = {"step": "correct", "entry": entry.pk, "on": "2026-11-22", "words": WHY}
    assert admin_in.post(address, sent).status_code == 302
    assert item.tracking.events.get(corrects=entry).text == WHY
    email = Email.objects.get()
    assert (email.to, email.subject) == (["chair@example.org"], f"A mistake was corrected for {item.ref}")


def test_programs_correct_it_by_the_same_step(admin_in, item):
    """Case S2: the steps tell which entries can be corrected; the answer says where it stands again."""
    refuse(item)
    address = f"/api/v2/recommendations/{item.ref}/steps/"
    steps = {row["step"]: row for row in admin_in.get(address).json()["steps"]}
    fields = {field["name"]: field for field in steps[Step.CORRECT]["fields"]}
    entry = item.tracking.events.get()
    assert fields["entry"]["choices"] == [{"value": str(entry.pk), "label": "2 April 2026: Not accepted"}]
    sent = {"step": "correct", "on": "2026-11-22", "entry": entry.pk, "words": WHY}
    answer = admin_in.post(address, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["answer"]) == (201, "awaited")
    assert [added["kind"] for added in answer.json()["added"]] == ["corrected"]


def test_a_history_that_lacks_facts_is_not_worked_out_again(item):
    """A file may bring in entries without all their facts: then nothing is guessed, but a note can be corrected."""
    arrange(Event.objects.create, tracking=item.tracking, kind=EventKind.ACCEPTED, on=day(4, 2))
    tracking = item.tracking
    tracking.answer, tracking.first_target, tracking.current_target = Answer.ACCEPTED, FIRST, FIRST
    arrange(tracking.save)
    services.add_note(recommendation=item, on=day(5, 1), text="Call them.")
    as_it_was = picture(item)
    with pytest.raises(TransitionNotAllowed, match="came from a file"):
        correct(item, EventKind.ACCEPTED)
    correct(item, EventKind.NOTE)
    assert picture(item) == as_it_was
    assert services.steps_before(Recommendation.objects.get(pk=item.pk).tracking) == []
