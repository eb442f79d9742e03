"""Tests of the round trip of own exports: every public state is the same on an empty site and on the same one."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scrutiny_pages import models, services
from scrutiny_pages.enums import Answer, AttendanceState, Impact
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import Plan, make_plan
from scrutiny_pages.importer.loader import run_import
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.models import Recommendation
from scrutiny_pages.rules.history_replay import ROWS, replay
from tests.clock import TODAY
from tests.factories import pages, records
from tests.factories.decisions import decide, meeting_of

pytestmark = pytest.mark.django_db

ASKED = datetime.date(2026, 3, 10)
PROMISED = datetime.date(2026, 9, 30)


def day(number: int) -> datetime.date:
    return datetime.date(2026, 4, 1) + datetime.timedelta(days=number)


def answer_is_due(item, due=datetime.date(2026, 12, 24)):
    services.set_answer_due(recommendation=item, due=due)


def answer_is_late(item):
    answer_is_due(item, day(0))
    services.set_answer_due(recommendation=item, due=day(20), on=day(2))


def accepted(item, target=datetime.date(2027, 3, 31)):
    services.record_answer(
        recommendation=item, answer=Answer.ACCEPTED, on=day(0), target=target, reason="Yes.\n\nWe “agree”; all | of it."
    )


def partly_accepted(item):
    services.record_answer(
        recommendation=item,
        answer=Answer.PARTLY_ACCEPTED,
        on=day(0),
        target=PROMISED,
        reason="=Not at night\n- it costs\t@ lot",
    )


def refused(item):
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(0), reason="'+1 costs too much.")


def withdrawn(item):
    decide(services.withdraw, recommendation=item, on=day(1), reason="The council did it.")


def in_progress(item, target=datetime.date(2027, 3, 31)):
    accepted(item, target)
    services.start_work(recommendation=item, on=day(3), note="A firm is found.")


def late(item):
    in_progress(item, PROMISED)
    services.add_note(recommendation=item, on=day(2), title="A note of an earlier day", text="Titles | Words: odd\\n")
    services.add_note(recommendation=item, on=day(9), text="For staff only.", is_public=False)


def time_asked(item):
    in_progress(item, PROMISED)
    services.ask_for_time(recommendation=item, on=day(9), until=datetime.date(2026, 12, 31), reason="No parts.")


def time_refused(item):
    time_asked(item)
    decide(services.decide_time, recommendation=item, granted=False, on=day(10), reason="You had a year.")


def date_changed_twice(item):
    time_asked(item)
    decide(services.decide_time, recommendation=item, granted=True, on=day(10), reason="Just this once.")
    services.ask_for_time(recommendation=item, on=day(20), until=datetime.date(2027, 6, 30), reason="Still no parts.")
    held_at = datetime.datetime(2026, 4, 24, 18, tzinfo=datetime.UTC)
    meeting = records.MeetingFactory(panel=item.panel, theme="Tracking, the late ones", starts_at=held_at)
    services.decide_time(recommendation=item, granted=True, on=meeting.day, meeting=meeting)


def claimed(item):
    in_progress(item)
    services.claim_done(
        recommendation=item, on=day(9), evidence="Ten photographs.", link="https://example.org/photographs?a=1&b=2"
    )


def sent_back(item):
    claimed(item)
    decide(services.send_back, recommendation=item, on=day(12), reason="Two lamps are dark.")


def claimed_again(item):
    sent_back(item)
    services.claim_done(recommendation=item, on=day(20), evidence="All the lamps.")


def confirmed(item):
    claimed(item)
    decide(services.confirm, recommendation=item, on=day(14), impact_check_on=datetime.date(2027, 1, 15))


def impact_checked(item):
    confirmed(item)
    decide(
        services.check_impact,
        recommendation=item,
        impact=Impact.TOO_SOON,
        on=day(40),
        text="Too early.",
        again_on=day(90),
    )
    decide(services.check_impact, recommendation=item, impact=Impact.HELPED, on=day(90), text="We asked 40.")


def closed(item):
    time_asked(item)
    decide(services.close_undelivered, recommendation=item, on=day(30), reason="The land was sold.")


def planned(item):
    accepted(item)
    owner = records.RoleFactory(title="Head of Plans")
    for number in (1, 2):
        text = f"Hire person {number}."
        services.plan_action(recommendation=item, text=text, owner=owner, due=day(60 + number), on=day(number))
    action = item.tracking.actions.first()
    services.finish_action(recommendation=item, action=action, on=day(30), note="She starts in June.")


def taken_further(item):
    refused(item)
    decide(services.escalate, recommendation=item, on=day(5), reason="It matters")


def answered_again(item):
    taken_further(item)
    services.record_reply(recommendation=item, on=day(8), text="We stand by it.")
    decide(services.escalate, recommendation=item, on=day(9), reason="It still matters")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(12), target=PROMISED, reason="Then yes.")


def reworded(item):
    decide(services.reword, recommendation=item, on=day(5), reason="It now names the lift.")


def referred(item):
    item.refers_to = models.Panel.objects.get(slug="forum")
    item.save()
    decide(services.refer, recommendation=item, on=day(5), reason="It touches two services.")


def corrected(item):
    """Record a refusal by mistake, correct it, and record another answer on the same day."""
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(1), reason="It was another.")
    entry = item.tracking.events.get(kind="not_accepted")
    services.correct_entry(recommendation=item, entry=entry, on=day(8), reason="It was of another item.")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(8), target=PROMISED, reason="Yes.")


def corrected_in_private(item):
    """Correct an entry privately, which removes it from every export."""
    in_progress(item)
    entry = item.tracking.events.get(kind="started")
    services.correct_entry(recommendation=item, entry=entry, on=day(9), reason="Named someone.", is_public=False)


STATES: list[Callable] = [
    *(answer_is_due, answer_is_late, accepted, partly_accepted, refused, withdrawn, in_progress, late, time_asked),
    *(time_refused, date_changed_twice, claimed, sent_back, claimed_again, confirmed, impact_checked, closed, planned),
    *(taken_further, answered_again, reworded, referred, corrected, corrected_in_private),
]


@pytest.fixture
def panel(home) -> models.Panel:
    """A site with a tracker and a panel."""
    pages.TrackerPageFactory()
    process = records.ReviewProcessFactory(publish_plan=True, escalation_steps=["the Board", "the Ombudsman"])
    return records.PanelFactory(name="Scrutiny panel", slug="scrutiny-panel", usual_process=process)


def make(panel: models.Panel, state: Callable, **more) -> Recommendation:
    item = records.RecommendationFactory(panel=panel, asked_on=ASKED, **more)
    state(item)
    return item


@pytest.fixture
def site(panel) -> list[Recommendation]:
    """An item in every state, and every field of the words filled in on one."""
    process = panel.usual_process
    records.PanelFactory(name="Forum; of all", slug="forum")
    report = pages.ReportPageFactory(title="Damp, and what to do", parent=pages.ReviewPageFactory(process=process))
    made = [records.RecommendationFactory(panel=panel, asked_on=ASKED, owner=None, title="Wait")]
    for number, state in enumerate(STATES):
        service = records.ServiceAreaFactory(name=f"Damp, mould and {number}", slug=f"damp-mould-and-{number}")
        made.append(
            make(
                panel,
                state,
                report=report if number % 2 else None,
                title=f"+{number} lift for Oak House",
                owner=records.RoleFactory(title=f"Head of {state.__name__}"),
                service_areas=[service],
            )
        )
    full = made[3]
    for name in ("text", "reason", "evidence", "value_for_money", "completion_measure"):
        setattr(full, name, f"'={name} <b>&amp;\n\n@second; +third | -fourth\n'tis  all")
    full.who_benefits, full.earlier_reference = "Everybody  on <5 floors & more", "SR (25/26) 01"
    full.standards = [records.StandardFactory(code="TP02"), records.StandardFactory()]
    full.service_areas = models.ServiceArea.objects.all()[:3]
    full.save()
    at_a_meeting = made[5]
    at_a_meeting.made_at = records.MeetingFactory(panel=panel, theme="What we ask, in March")
    at_a_meeting.save()
    made += made_without_quorum()
    return made


def made_without_quorum() -> list[Recommendation]:
    """Return two recommendations made without a quorum (case AR8), of which a full meeting ratified the second."""
    council = records.PanelFactory(name="Council", slug="council", rules=[("quorum", {"number": 2, "ratify": True})])
    moment = datetime.datetime(2026, 3, 10, 18, tzinfo=datetime.UTC)
    short = records.MeetingFactory(panel=council, theme="A small meeting", starts_at=moment)
    member = records.MembershipFactory(panel=council)
    states = {member: AttendanceState.PRESENT, records.MembershipFactory(panel=council): AttendanceState.ABSENT}
    services.record_attendance(meeting=short, states=states, at=timezone.now())
    waits, counts = (
        records.RecommendationFactory(panel=council, made_at=short, asked_on=ASKED, title=title)
        for title in ("Mend the gate", "Mend the wall")
    )
    services.ratify(recommendation=counts, meeting=meeting_of(council, day(20)))
    return [waits, counts]


def what_the_public_sees(items: list[Recommendation]) -> dict[str, object]:
    """Return every page, API response and export about them, as an anonymous user gets it."""
    client = Client()
    seen: dict[str, object] = {}
    for item in items:
        seen[item.ref] = client.get(item.get_absolute_url()).content.decode()
        seen[f"{item.ref} API"] = client.get(f"/api/v2/recommendations/{item.ref}/").json()
    for address in ("/recommendations/", "/recommendations/?overdue=true", "/recommendations/?page=2"):
        seen[address] = client.get(address).content.decode()
    for ending in ("csv", "json"):
        seen[ending] = exported(ending).decode()
    return seen


def exported(ending: str) -> bytes:
    response: Any = Client().get(f"/recommendations.{ending}")
    return b"".join(response.streaming_content)


def plan_of(content: bytes) -> Plan:
    sheet = read(content)
    return make_plan(sheet, guess(sheet.headings), Options(TODAY, file_name="recommendations.csv"))


def load(content: bytes) -> None:
    sheet = read(content)
    list(run_import(sheet, guess(sheet.headings), Options(TODAY, file_name="recommendations.csv")))


def delete_everything() -> None:
    """Delete the recommendations, their jobs, and a service."""
    for model in (models.Event, models.Evidence, models.Extension, models.Action, models.Escalation, models.Tracking):
        model._base_manager.all()._raw_delete("default")
    for field in ("service_areas", "standards"):
        getattr(Recommendation, field).through.objects.all().delete()
    Recommendation.objects.all()._raw_delete("default")
    models.Role.objects.all().delete()
    models.ServiceArea.objects.filter(pk__in=[area.pk for area in models.ServiceArea.objects.all()][-1:]).delete()


def test_every_state_comes_back_the_same_and_nothing_changes_where_it_came_from(site, django_assert_max_num_queries):
    """Case I2, and case I3: a title such as “+1 lift for Oak House” is the same."""
    before, files = what_the_public_sees(site), {ending: exported(ending) for ending in ("csv", "xlsx")}
    for content in files.values():
        with django_assert_max_num_queries(30):
            plan = plan_of(content)
        assert [str(problem) for problem in plan.problems] == []
        assert (plan.new, plan.changed, plan.kept, plan.same) == ([], [], [], len(site))
        assert (plan.notices, plan.roles, plan.areas) == ([], {}, {})
    for content in files.values():
        delete_everything()
        load(content)
        after = what_the_public_sees(site)
        for key, seen in before.items():
            assert after[key] == seen, key
        assert_that_histories_can_be_replayed()


def assert_that_histories_can_be_replayed() -> None:
    """Assert that a replay of each history results in its state, so that it can be corrected."""
    for tracking in models.Tracking.objects.all():
        events = list(tracking.events.all())
        mistakes = {event.corrects_id for event in events}
        entries = [event.entry for event in events if event.pk not in mistakes]
        state = replay(entries, answer_due=tracking.initial_answer_due)
        assert state.columns == {name: getattr(tracking, name) for name in state.columns}, tracking.recommendation
        for name in ROWS:
            made_by = [row.event_id for row in getattr(tracking, name).all()]
            assert made_by == [row["event"] for row in getattr(state, name)], (tracking.recommendation, name)


def test_what_happened_since_is_told_and_stays(panel):
    """Case I2: an older file of ours changes nothing of what was recorded after it."""
    item = make(panel, accepted)
    content = exported("csv")
    services.start_work(recommendation=item, on=day(30))
    [kept] = plan_of(content).kept
    assert kept == f"Row 2, {item.ref}: Status, History"


EDITS = [
    (late, "In progress", "Confirmed", "Delivery: The history says something else."),
    (refused, "2026-04-01 | Not accepted", "2026-04-01 | Never", "“2026-04-01 | Never"),
    (claimed, "(3 in all)", "(2 in all)", "This does not end with “(3 in all)”"),
    (partly_accepted, '"Partly accepted"', '"Perhaps"', "“Perhaps” is not one of"),
    (accepted, "2026-04-01 | Accepted", "2097-04-01 | Accepted", "1 April 2097 has not come yet."),
    (accepted, "2026-04-01 | Accepted", "2026-03-01 | Accepted", "Answer: The history says something else."),
]


@pytest.mark.parametrize(("state", "old", "new", "words"), EDITS)
def test_a_file_of_ours_that_was_edited_into_a_contradiction_is_refused(panel, state, old, new, words):
    """Case I2: a state that its history does not tell of is no state."""
    make(panel, state)
    content = exported("csv").decode()
    assert old in content
    delete_everything()
    problems = [str(problem) for problem in plan_of(content.replace(old, new).encode()).problems]
    assert any(words in problem for problem in problems), problems


def test_what_the_site_itself_wrote_is_not_judged(panel):
    """Case I2: the day it was asked for was corrected after the answer; and a state has no history at all."""
    item = make(panel, accepted)
    item.asked_on = day(10)
    item.save()
    records.RecommendationFactory(panel=panel, asked_on=ASKED)
    content = exported("csv")
    plan = plan_of(content)
    assert (plan.problems, plan.kept, plan.changed, plan.same) == ([], [], [], 2)
    delete_everything()
    assert plan_of(content).problems == []


def test_a_row_whose_history_was_emptied_is_read_as_any_other(panel):
    """Case I2: its state then gets the steps that lead to it, as from any other tracker."""
    item = make(panel, accepted)
    content = exported("csv").decode()
    delete_everything()
    start = content.index('"2026-04-01 | Accepted')
    emptied = content[:start] + '""' + content[content.index('in all)"', start) + len('in all)"') :]
    load(emptied.encode())
    assert [event.kind for event in Recommendation.objects.get(number=item.number).public_history()] == [
        "accepted",
        "asked",
    ]


def test_a_meeting_that_is_not_there_is_told_of(panel):
    """Case I2: all else comes in, and nothing leads to it."""
    make(panel, date_changed_twice)
    content = exported("csv")
    delete_everything()
    models.Meeting.objects.all().delete()
    plan = plan_of(content)
    assert plan.problems == []
    assert plan.notices == [
        "This meeting is not on the site, so nothing leads to it: Scrutiny panel, 2026-04-24 19:00, Tracking, the late "
        "ones."
    ]
