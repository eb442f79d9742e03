"""The rows of A3: a council's tenants' forum with a scrutiny panel under it."""

import datetime

from scrutiny_pages import services
from scrutiny_pages.admin.letter_templates import render_letter
from scrutiny_pages.enums import Answer, AttendanceState, DecisionState, MeetingKind, MemberRole, MemberStanding, Step
from scrutiny_pages.models import Decision, MemberKind, Panel, Role, StageChange, Trigger, WorkProgramme
from scrutiny_pages.rules.rule_types import Term
from scrutiny_pages.rules.transitions import open_steps
from scrutiny_pages.services import current_state
from scrutiny_pages.services import members as member_services
from tests.factories import pages, records
from tests.factories.decisions import decide

from .acts import (
    START,
    asked,
    done,
    due,
    duty,
    fresh,
    join,
    meeting,
    page_of,
    panel,
    process,
    ready,
    refused,
    review_of,
    save,
    seats,
    stage,
    started,
    to_do,
)
from .rows import HUMAN, row

K = "council-forum"
HUMAN[K] |= {
    "K 4.2b": "how-to-join",
    "K 7.3-7.7": "how-we-meet",
    "K 8": "electing-the-chair",
    "K 9": "what-the-chair-does",
    "K 13": "how-we-behave",
}
DAY = datetime.timedelta(days=1)


def our_panel() -> Panel:
    return panel("scrutiny-panel")


def kind(slug: str) -> MemberKind:
    return MemberKind.objects.get(slug=slug)


@row(K, "K 3")
def requests_go_to_the_officer_first_and_say_by_when():
    review = review_of(our_panel(), title="Empty homes")
    started(review, "Asking for information", START)
    letter = render_letter(fresh(review), stage(review, "Asking for information"))
    assert letter.startswith("To the Housing Communications Officer")
    assert "for its review: Empty homes." in letter
    assert "by 6 February 2023" in letter
    assert our_panel().supported_by.title == "Housing Communications Officer"


@row(K, "K 4.1")
def the_seats_are_four_one_three_and_four_deputies():
    body = our_panel()
    seats(body, 3, kind=kind("general"))
    for _ in range(4):
        join(body, kind=kind("forum"))
    with refused("No more than 4 of the seats may go to Tenants' Forum members."):
        join(body, kind=kind("forum"))
    with refused("No more than 3 of the seats may go to general members."):
        join(body, kind=kind("general"))
    join(body, kind=kind("silver"))
    with refused("8 seats are taken: there is no room. The rule: “The panel has up to 8 members.”"):
        join(body)
    for _ in range(4):
        join(body, role=MemberRole.DEPUTY)
    with refused("There are 4 already. The rule: “As well as its members, the panel may have up to 4 deputies.”"):
        join(body, role=MemberRole.DEPUTY)


@row(K, "K 4.2")
def who_may_join_is_checked_and_nobody_sits_on_both_forums():
    body = our_panel()
    with refused("No eviction is being asked for against me"):
        save(ready(body, eligibility_checked_on=None))
    for words in ("I am a tenant of the council.", "I am not a councillor", "no other legal action or dispute"):
        assert any(words in str(statement) for statement in body.eligibility.all())
    person = records.PersonFactory()
    for forum in ("tenants-forum", "silver-service-forum"):
        records.MembershipFactory(person=person, panel=panel(forum))
    with refused("A member may be on no more than one of these: the Tenants' Forum and the Silver Service Forum."):
        join(body, person=person)


@row(K, "K 4.3")
def forum_members_may_fill_seats_that_general_members_leave_empty():
    body = our_panel()
    seats(body, 4, kind=kind("forum"))
    seats(body, 2, kind=kind("general"))
    assert join(body, kind=kind("forum")).as_seat(START).holds_seat
    with refused("Tenants' Forum members would have 6 seats."):
        join(body, kind=kind("forum"))
    # Nor is there a seat for a general member who comes too late.
    with refused("Tenants' Forum members would have 5 seats."):
        join(body, kind=kind("general"))
    words = "If too few come forward, Tenants' Forum members may stand for the seats that are left."
    assert any(words in rule for rule in body.rules_in_force.words())


@row(K, "K 4.5")
def the_panel_aims_for_four_fifths_of_the_training_and_refuses_nobody():
    # The document can be read in two ways, so it is told of and stops nobody.
    for promised, words in ((None, "They have not said how much."), (79, "They promised 79%.")):
        told = [str(breach.sentence) for breach in join(our_panel(), training_commitment=promised).broken]
        assert told == [f"{words} The rule: “The panel aims for members to come to at least 80% of the training.”"]
    assert join(our_panel(), training_commitment=80).broken == []


def _missed(member, months: list[int], state: AttendanceState = AttendanceState.ABSENT) -> None:
    for month in months:
        held = meeting(our_panel(), datetime.date(2023, month, 15))
        records.AttendanceFactory(meeting=held, membership=member, state=state)


@row(K, "K 4.3b/10.4")
def three_meetings_missed_in_a_row_or_five_in_a_year_are_told_and_a_reason_counts():
    on = datetime.date(2023, 12, 20)
    words = "A member who misses 3 meetings in a row without a good reason loses their seat."
    excused, twice, thrice, often = (join(our_panel()) for _ in range(4))
    _missed(excused, [2, 3, 4], AttendanceState.EXCUSED)
    _missed(twice, [2, 3])
    _missed(thrice, [2, 3, 4])
    _missed(often, [2, 3, 5, 7, 9])
    _missed(often, [4, 8, 10], AttendanceState.PRESENT)
    told = [todo for todo in to_do(on) if "meetings missed" in todo]
    assert len(told) == 2
    assert any(todo.startswith(f"{thrice.name}, ") and words in todo for todo in told)
    assert any(todo.startswith(f"{often.name}, ") and "misses 5 meetings in 12 months" in todo for todo in told)
    # The seat that is lost is open for somebody new.
    before = Panel.objects.with_seats().get(slug="scrutiny-panel")
    thrice.standing, thrice.left_on = MemberStanding.LEFT, on
    save(thrice, on=on)
    after = Panel.objects.with_seats().get(slug="scrutiny-panel")
    assert after.vacancies(on) == before.vacancies(on) + 1


@row(K, "K 5")
def a_sub_panel_has_a_brief_reports_to_the_panel_and_ends():
    last = datetime.date(2023, 6, 30)
    sub = records.PanelFactory(
        kind="sub_panel", parent=our_panel(), ends_on=last, brief="Read the letters.", recruiting=True
    )
    words = page_of(pages.PanelPageFactory(panel=sub))
    assert "Read the letters." in words
    assert "Tenant Scrutiny Panel" in words
    assert (sub.is_finished(last), sub.is_finished(last + DAY)) == (False, True)
    assert (sub.recruits(last), sub.recruits(last + DAY)) == (True, False)
    assert any("elects its own chair at its first meeting" in words for words in our_panel().rules_in_force.words())


@row(K, "K 6")
def co_optees_need_the_forum_have_no_vote_and_take_no_seat():
    body = our_panel()
    full = seats(body, 8)
    helper = join(body, role=MemberRole.CO_OPTEE)
    held = meeting(body, datetime.date(2023, 3, 1), came=[helper, *full[:3]], stayed_away=full[3:])
    assert (held.turnout.present, held.turnout.members) == (3, 8)
    words = body.rules_in_force.words()
    assert any("if the Tenants' Forum agrees. They cannot vote." in rule for rule in words)
    assert "For one review the panel may bring in anybody who knows what its members do not." in words


@row(K, "K 7.1")
def an_extra_meeting_needs_five_working_days_and_there_are_ten_a_year():
    told = datetime.date(2023, 5, 2)  # a Tuesday; the Monday after is a bank holiday
    extra = {"panel": our_panel(), "kind": MeetingKind.EXTRA, "theme": "Fire doors", "place": "The hall"}
    with refused("It can be on 10 May 2023 at the earliest."):
        records.MeetingFactory.build(
            **extra, starts_at=meeting_at(datetime.date(2023, 5, 9)), notice_given_on=told
        ).full_clean()
    with refused("Say on which day people were told of it."):
        records.MeetingFactory.build(**extra, starts_at=meeting_at(datetime.date(2023, 5, 10))).full_clean()
    in_time = records.MeetingFactory.build(
        **extra, starts_at=meeting_at(datetime.date(2023, 5, 10)), notice_given_on=told
    )
    in_time.full_clean()
    assert "It meets at least 10 times a year." in our_panel().rules_in_force.words()


def meeting_at(day: datetime.date) -> datetime.datetime:
    return meeting(our_panel(), day).starts_at


@row(K, "K 7.2")
def what_too_few_agree_waits_for_the_next_full_meeting_but_not_in_a_sub_group():
    body = our_panel()
    eight = seats(body, 8)
    few = meeting(body, datetime.date(2023, 3, 1), came=eight[:3], stayed_away=eight[3:])
    fewer = meeting(body, datetime.date(2023, 4, 5), came=eight[:1], stayed_away=eight[1:])
    full = meeting(body, datetime.date(2023, 5, 3), came=eight[:4], stayed_away=eight[4:])
    decision = Decision.objects.create(meeting=few, text="We look at repairs next.")
    assert decision.state == DecisionState.WAITING
    assert "To be ratified, from 1 March 2023: We look at repairs next." in to_do(datetime.date(2023, 3, 8))
    assert "4 were needed, so what was agreed waits" in few.may_decide()
    assert not full.may_decide()
    decision.ratified_at = fewer
    assert "was not ratified at that meeting" in decision.refusal()
    decision.ratified_at = full
    assert not decision.refusal()
    assert decision.state == DecisionState.RATIFIED
    # Nor can a recommendation be decided where too few are.
    item = asked(review_of(body))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=START, reason="Money.")
    with refused("4 were needed"):
        services.escalate(recommendation=item, on=few.day, reason="Homes stay cold.", meeting=few)

    sub = records.PanelFactory(kind="sub_panel", parent=body, rules=[("quorum", {"percent": 50})])
    two = seats(sub, 4)
    alone = meeting(sub, datetime.date(2023, 3, 1), came=two[:1], stayed_away=two[1:])
    assert Decision.objects.create(meeting=alone, text="We stop.").state == DecisionState.VOID


@row(K, "K 8")
def the_chair_serves_three_years_in_a_row_and_is_elected_in_september():
    body = our_panel()
    since = datetime.date(2020, 9, 8)
    chair = {"role": MemberRole.CHAIR, "joined_on": since, "role_since": since}
    with refused("The rule: “The chair serves for up to 3 years in a row.”"):
        join(body, on=datetime.date(2023, 9, 9), **chair)
    join(body, on=datetime.date(2023, 9, 8), **chair)
    with refused("The panel has a chair."):
        join(body, role=MemberRole.CHAIR)
    election = duty("Elect the Chair and Deputy")
    assert (election.first_due, election.next_due(election.first_due)) == (
        datetime.date(2022, 9, 30),
        datetime.date(2023, 9, 30),
    )


@row(K, "K 11.1")
def a_fourth_review_in_the_year_is_refused():
    year = WorkProgramme.objects.get()
    assert (year.starts_on, year.ends_on) == (datetime.date(2021, 9, 1), datetime.date(2022, 8, 31))
    assert duty("Agree the year's programme").panel == panel("tenants-forum")
    assert duty("Agree the year's programme").first_due == datetime.date(2022, 9, 30)
    for _ in range(3):
        review_of(our_panel(), programme=year)
    with refused("has at most 3 reviews a year. This would make 4."):
        pages.ReviewPageFactory(panel=our_panel(), programme=year)
    pages.ReviewPageFactory(
        panel=our_panel(), programme=year, state="not_chosen", not_chosen_because="The year is full."
    )


@row(K, "K 11.2")
def there_are_four_triggers_and_the_forum_agrees_to_another_order():
    names = {"Responsive", "Request from officers", "Identified by a previous review", "Identified by complaints"}
    assert {trigger.name for trigger in Trigger.objects.all()} == names
    for trigger in Trigger.objects.all():
        assert "To change the year's programme or its order, the forum has to agree." in trigger.who_decides
    year = WorkProgramme.objects.get()
    year.agreed_on = datetime.date(2021, 9, 14)
    with refused("Say who agreed the programme."):
        year.full_clean()
    year.agreed_by = panel("tenants-forum")
    year.full_clean()


@row(K, "K 11.3")
def a_trigger_is_talked_about_at_a_meeting_before_anything_is_planned():
    review = review_of(our_panel())
    assert review.progress.sentence == "Stage 1 of 17: agreeing what set it off."
    with refused("Choose the meeting of the Tenant Scrutiny Panel"):
        done(review, "Agreeing what set it off", START, meeting=None)
    done(review, "Agreeing what set it off", START)
    assert fresh(review).progress.sentence == "Stage 2 of 17: writing an initial report."
    told = duty("Report in short to the forum")
    assert told.panel == our_panel()


@row(K, "K 11.4")
def the_seventeen_stages_keep_their_dates():
    body, forum = our_panel(), panel("tenants-forum")
    forum_meets = meeting(forum, datetime.date(2023, 6, 6)).day
    review = review_of(body)
    assert [each.produces for each in review.stages.all()][1:4] == ["initial_report", "letter", "information_request"]
    assert review.stages.count() == 17
    # 4: 28 days from the request; or else a reason and another date, which are kept.
    started(review, "Asking for information", datetime.date(2023, 2, 1))
    assert due(review, "Asking for information") == datetime.date(2023, 3, 1)
    request = {"review": fresh(review), "stage": stage(review, "Asking for information")}
    with refused("Say why the date moves."):
        services.move_stage(**request, to=datetime.date(2023, 3, 15), on=datetime.date(2023, 2, 20), reason=" ")
    services.move_stage(
        **request, to=datetime.date(2023, 3, 15), on=datetime.date(2023, 2, 20), reason="The figures are audited."
    )
    assert due(review, "Asking for information") == datetime.date(2023, 3, 15)
    change = StageChange.objects.get()
    assert (change.from_date, change.to_date) == (datetime.date(2023, 3, 1), datetime.date(2023, 3, 15))
    told = fresh(review).progress_with_changes.timeline[3].text
    assert "moved from 1 March 2023 to 15 March 2023. The figures are audited." in told
    # 6 to 9 may be done, and 11 where necessary; 10, the interviews, is always done.
    known = list(fresh(review).stages.all())
    for each in (*known[5:9], known[10]):
        services.leave_out_stage(review=review, stage=each, because="The figures were enough.")
    with refused("This stage cannot be left out."):
        services.leave_out_stage(review=review, stage=known[9], because="The figures were enough.")
    # 12: the manager answers within 14 days of getting the report.
    item = asked(review, on=datetime.date(2023, 4, 3))
    name = "The report and the manager's comments"
    started(review, name, datetime.date(2023, 4, 3))
    assert due(review, name) == datetime.date(2023, 4, 17)
    item.tracking.refresh_from_db()
    assert item.tracking.answer_due == datetime.date(2023, 4, 17)
    with refused("These recommendations have no answer yet"):
        done(review, name, datetime.date(2023, 4, 17))
    services.record_answer(
        recommendation=item,
        answer=Answer.ACCEPTED,
        on=datetime.date(2023, 4, 14),
        target=datetime.date(2023, 9, 1),
    )
    done(review, name, datetime.date(2023, 4, 17))
    # 14 and 15: the Head of Housing comments, then the forum signs off at its next meeting; only then is it public.
    gates = ["The Head of Housing's comments", "The forum signs the report off"]
    assert fresh(review).open_before_public == gates
    done(review, gates[0], datetime.date(2023, 5, 9))
    assert due(review, gates[1]) == forum_meets
    done(review, gates[1], forum_meets)
    assert fresh(review).open_before_public == []
    # 16 and 17: only what is accepted is followed; a year later the panel asks whether it helped.
    assert due(review, "Asking whether it helped") == datetime.date(2024, 6, 6)
    services.claim_done(recommendation=item, on=datetime.date(2023, 8, 1), evidence="A letter.")
    decide(services.confirm, recommendation=item, on=datetime.date(2023, 8, 9))
    assert item.tracking.impact_check_on == datetime.date(2024, 8, 9)


@row(K, "K 14")
def a_dispute_goes_to_the_head_of_housing_and_the_panel_may_think_again():
    item = asked(review_of(our_panel()))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=START, reason="It would do harm.")
    decide(services.escalate, recommendation=item, on=START, reason="We do not agree")
    assert item.tracking.open_escalation.to_whom == "the Head of Housing"
    assert Step.REWORD in open_steps(**current_state(item.tracking))
    decide(services.reword, recommendation=item, on=START + 7 * DAY, reason="Only from April on.")
    services.record_reply(recommendation=item, on=START + 7 * DAY, text="Not this year.")
    with refused("It has been taken to every step of the route."):  # the document has no second one
        decide(services.escalate, recommendation=item, on=START + 8 * DAY, reason="Still no")


@row(K, "K 15")
def members_serve_three_years_by_turns_and_terms_are_looked_at_each_year():
    body = our_panel()
    member = join(body)
    rules = body.rules_in_force
    assert Term.last_day(rules, role=MemberRole.MEMBER, since=member.joined_on) == datetime.date(2026, 1, 9)
    ending = [todo for todo in to_do(datetime.date(2025, 12, 1)) if "the term as member ends on 9 January 2026" in todo]
    assert len(ending) == 1
    assert "general members in the second, forum members in the third" in ending[0]
    with refused("This term ended on 9 January 2026."):
        join(body, joined_on=START, on=datetime.date(2026, 1, 10))
    yearly = duty("Yearly review of members' terms")
    assert (yearly.every, yearly.first_due) == (12, datetime.date(2022, 5, 31))
    assert yearly.role == Role.objects.get(title="Housing Communications Officer")
    assert member_services.mark_done(duty=yearly, done_on=datetime.date(2022, 5, 20))
    assert yearly.next_due(datetime.date(2022, 5, 20)) == datetime.date(2023, 5, 20)
    assert process().reviews_a_year == 3
