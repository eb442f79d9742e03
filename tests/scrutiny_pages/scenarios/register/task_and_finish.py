"""Rows H: a committee that commissions a panel for each review."""

import datetime
from html import unescape

from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.admin.letter_templates import render_letter
from scrutiny_pages.enums import Answer, Followed, LightTouch, MemberRole, MemberStanding, Standing
from scrutiny_pages.models import (
    Interest,
    MemberKind,
    Membership,
    RegularDuty,
    ReviewTask,
    Role,
    Topic,
    Trigger,
    WorkProgramme,
)
from scrutiny_pages.services import members as member_services
from tests.factories.decisions import decide
from tests.factories.records import MeetingFactory

from .acts import done, due, fresh, panel, refused, stage
from .doing import (
    Day,
    came,
    meets,
    members,
    names,
    recommendation,
    report,
    review,
    seat,
    started,
    todo_words,
    told_on_page,
    tracked,
    without_each,
)
from .rows import HUMAN, row

H = "task-and-finish"
HUMAN[H] = {"H 8.5": "what-you-get", "H 11 Conduct": "how-we-behave"}
COMMITTEE, PANEL = "assurance-committee", "review-panel"
PLAN = "The landlord's plan"
SIGN_OFF = "The committee signs the plan off"
DRAFT = "The draft goes to senior managers"


def answered(item) -> None:
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=Day(2025, 3, 28), target=Day(2025, 9, 30))


@row(H, "H 2.1")
def four_members_at_least_and_value_in_everything():
    reviewers = panel(PANEL)
    five = members(reviewers, 5)
    for row_of_member, warned in zip(five[:2], (False, True), strict=True):
        row_of_member.standing, row_of_member.left_on = MemberStanding.LEFT, Day(2025, 6, 2)
        broken = member_services.save_membership(membership=row_of_member)
        assert [breach.level for breach in broken] == (["warn"] if warned else [])
    page = started(reviewers, on=Day(2025, 1, 6))
    item = recommendation(reviewers, report=report(page), evidence="Twelve interviews.")
    with refused("“Value for money” is empty."):
        item.save_revision().publish()
    item.value_for_money = "One visit in place of three, and work for a local firm."
    assert item.publishing_problems() == []
    page.good_practice = "<p>Calls are answered at once.</p>"
    page.full_clean()


@row(H, "H 3.1-3.2")
def the_committee_agrees_the_years_programme():
    committee = panel(COMMITTEE)
    year = WorkProgramme.objects.get(panel=committee)
    year.agreed_on = Day(2022, 3, 1)
    with refused("Say who agreed the programme."):
        year.full_clean()
    year.agreed_by, year.agreed_how = committee, "The Chair, with the Chairs of the groups"
    year.topics = [Topic(title="Repairs", came_from="Complaints and figures", state="not_chosen")]
    year.full_clean()
    with refused("Say why this topic was not chosen."):
        year.topics.first().full_clean(exclude=["programme"])
    page = review(panel(PANEL), trigger="In the yearly programme", programme=year)
    assert list(year.reviews.all()) == [page]
    duty = RegularDuty.objects.get(name="Agree the year's programme")
    assert duty.next_due(Day(2025, 2, 28)) == Day(2026, 2, 28)
    assert "Agree the year's programme, every 12 months" in todo_words(Day(2023, 1, 4))


@row(H, "H 3.3")
def four_things_set_off_a_review_outside_the_programme():
    outside = Trigger.objects.exclude(name="In the yearly programme")
    assert outside.count() == 4
    for trigger in outside:
        light = "light touch" in trigger.name
        page = started(panel(PANEL), on=Day(2025, 1, 6), trigger=trigger.name, light_touch=light)
        assert (page.trigger, page.light_touch) == (trigger, light)
        assert trigger.who_decides.startswith("The Assurance Committee.")
        assert "involvement groups do this extra work" in trigger.who_decides


@row(H, "H 4.1")
def the_committee_sets_the_scope_and_has_one_seat():
    committee_member = MemberKind.objects.get(slug="committee")
    page = started(panel(PANEL), on=Day(2025, 1, 6))
    with refused("Choose the meeting of the Assurance Committee"):
        done(page, "Agreeing what to look at", Day(2025, 1, 13), meeting=None)
    done(page, "Agreeing what to look at", Day(2025, 1, 13))
    # For the panel, and for the team of one review.
    for body in ({}, {"review": page}):
        seat(panel(PANEL), kind=committee_member, **body)
        with refused("No more than 1 of the seats may go to members of the Assurance Committee."):
            seat(panel(PANEL), kind=committee_member, **body)
        seat(panel(PANEL), kind=MemberKind.objects.get(slug="involved"), **body)
    with refused("I have not helped to develop the service that this review is about."):
        seat(panel(PANEL), ready=False)


@row(H, "H 4.2")
def two_courses_come_first():
    said = without_each(panel(PANEL))
    courses = {"introduction-to-scrutiny", "performance-information"}
    assert courses <= set(said)
    assert all("Not done yet" in said[course] for course in courses)
    assert "You are curious and fair." in told_on_page(panel(PANEL))


@row(H, "H 4.3")
def a_full_review_takes_its_ten_steps_in_order():
    page = started(panel(PANEL), on=Day(2025, 1, 6))
    steps = {
        1: "Agreeing what to look at",
        2: "Asking for information",
        3: "Reading what we were given",
        4: "Testing what we read",
        5: "Writing our report",
        6: "The committee agrees the draft",
        7: PLAN,
        8: "The final report goes to the committee",
        9: SIGN_OFF,
        10: "Telling everybody",
    }
    order = names(page)
    places = [order.index(name) for name in steps.values()]
    assert places == sorted(places)
    for number, name in steps.items():
        assert f"4.3 ({number})" in stage(page, name).note
    # One contact for the request; a report with evidence; a plan that answers every recommendation.
    assert "To the Community Team Leader" in render_letter(page, stage(page, steps[2]))
    item = recommendation(panel(PANEL), report=report(page), value_for_money="It costs less.")
    assert item.publishing_problems() == ["“Evidence” is empty. The process asks for it."]
    with refused("These recommendations have no answer yet"):
        done(page, steps[7], Day(2025, 3, 28))
    assert item.checking_body == panel(COMMITTEE)
    assert page.process.publish_plan
    # The document's chart has the plan after the final report: the order is the review's own to change.
    moved = page.stages.get(name=PLAN)
    moved.sort_order = page.stages.get(name=steps[8]).sort_order + 1
    moved.save()
    assert fresh(page).stages.get(name=PLAN).deadline_amount == 28


@row(H, "H 4.4")
def a_light_touch_leaves_steps_out():
    full, light = (started(panel(PANEL), on=Day(2025, 1, 6), light_touch=touch) for touch in (False, True))
    left_out = set(names(full)) - set(names(light))
    assert left_out == {
        "Planning the project",
        "Asking for information",
        "The plan goes to the Board",
        "Telling everybody",
        "The committee follows the plan",
        "Asking whether it helped",
    }
    in_part = [each.note for each in light.stages.all() if each.light_touch == LightTouch.PART]
    assert all(any(f"4.3 ({step})" in note for note in in_part) for step in (4, 6, 7, 8))
    whole = [each.note for each in light.stages.all() if each.light_touch == LightTouch.YES]
    assert all(any(f"4.3 ({step})" in note for note in whole) for step in (1, 3, 5))


@row(H, "H 5.1-5.2")
def the_report_is_agreed_before_managers_see_it_and_the_plan_before_it_is_final():
    page = started(panel(PANEL), on=Day(2025, 1, 6))
    order = names(page)
    in_order = ["The committee agrees the draft", DRAFT, PLAN, "The final report goes to the committee"]
    assert [name for name in order if name in in_order] == in_order
    assert report(page).publishing_problems() == [
        "This report cannot be published yet. Still to be done in the review: The committee agrees the draft; "
        f"{SIGN_OFF}; The Company Secretary clears the report."
    ]


@row(H, "H 5.4")
def who_is_not_satisfied_goes_to_the_committee_and_then_to_a_mediator():
    item = recommendation(panel(PANEL), report=report(started(panel(PANEL), on=Day(2025, 1, 6))))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=Day(2025, 3, 28), reason="The cost.")
    for day, who in ((Day(2025, 4, 7), "the Assurance Committee"), (Day(2025, 5, 6), "an independent mediator")):
        decide(services.escalate, recommendation=item, on=day, reason="It is not enough.")
        assert tracked(item).open_escalation.to_whom == who
        services.record_reply(recommendation=item, on=day, text="They talked.")
    with refused("It has been taken to every step of the route."):
        decide(services.escalate, recommendation=item, on=Day(2025, 6, 2), reason="Still not.")


@row(H, "H 6.1 Staff attendance")
def staff_are_told_ten_working_days_before():
    reviewers = panel(PANEL)
    told = Day(2025, 4, 14)  # Good Friday and Easter Monday lie between
    at = datetime.time(10)
    for day, enough in ((Day(2025, 4, 29), False), (Day(2025, 4, 30), True)):
        interview = MeetingFactory.build(
            panel=reviewers,
            kind="interview",
            starts_at=timezone.make_aware(datetime.datetime.combine(day, at)),
            notice_given_on=told,
        )
        if enough:
            interview.full_clean()
        else:
            with refused("It can be on 30 April 2025 at the earliest."):
                interview.full_clean()
    meets(reviewers, Day(2025, 4, 15)).full_clean()  # a meeting of their own needs no notice
    light = started(reviewers, on=Day(2025, 4, 7), light_touch=True)
    meets(reviewers, Day(2025, 4, 15), kind="interview", review=light, notice_given_on=told).full_clean()


@row(H, "H 6.1 Information")
def information_comes_within_ten_working_days():
    page = started(panel(PANEL), on=Day(2025, 4, 7))
    services.start_stage(review=page, stage=stage(page, "Asking for information"), on=Day(2025, 4, 14))
    assert due(page, "Asking for information") == Day(2025, 4, 30)
    words = render_letter(fresh(page), stage(page, "Asking for information"))
    assert "Please send it by 30 April 2025." in words


@row(H, "H 6.2 Response")
def managers_answer_within_28_days_with_who_and_when():
    page = started(panel(PANEL), on=Day(2025, 1, 6))
    item = recommendation(panel(PANEL), report=report(page))
    done(page, "The committee agrees the draft", Day(2025, 3, 3))
    last_day = Day(2025, 3, 31)
    assert due(page, PLAN) == tracked(item).answer_due == last_day
    assert tracked(item).standing(last_day) == Standing.WAITING
    assert tracked(item).standing(last_day + datetime.timedelta(days=1)) == Standing.LATE
    with refused("Say by when it will be done."):
        services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=Day(2025, 3, 28))
    answered(item)
    lead = Role.objects.get(title="Service Lead")
    action = {"recommendation": item, "text": "Train the team", "on": Day(2025, 3, 28)}
    with refused("Say which job owns this action."):
        services.plan_action(owner=None, due=Day(2025, 6, 30), **action)
    with refused("Say by when it will be done."):
        services.plan_action(owner=lead, due=None, **action)
    services.plan_action(owner=lead, due=Day(2025, 6, 30), **action)
    assert [each.owner for each in tracked(item).actions.all()] == [lead]


@row(H, "H 6.2 Sign-off")
def the_committee_signs_off_within_ten_days_or_sends_it_back():
    page = started(panel(PANEL), on=Day(2025, 1, 6))
    item = recommendation(panel(PANEL), report=report(page))
    with refused("These recommendations have no answer yet"):
        done(page, SIGN_OFF, Day(2025, 4, 1))
    answered(item)
    done(page, PLAN, Day(2025, 3, 28))
    assert due(page, SIGN_OFF) == Day(2025, 4, 7)
    plan = stage(page, PLAN)
    with refused("Say what is missing."):
        services.send_back_stage(review=page, stage=plan, on=Day(2025, 4, 4), reason=" ")
    services.send_back_stage(review=page, stage=plan, on=Day(2025, 4, 4), reason="No job leads the first action.")
    assert [change.reason for change in fresh(page).stage_changes.all()] == ["No job leads the first action."]
    assert fresh(page).happened[plan.key].done_on is None
    done(page, PLAN, Day(2025, 4, 11))
    assert due(page, SIGN_OFF) == Day(2025, 4, 21)
    with refused("Choose the meeting of the Assurance Committee"):
        done(page, SIGN_OFF, Day(2025, 4, 17), meeting=None)
    done(page, SIGN_OFF, Day(2025, 4, 17))
    meets(panel("board"), Day(2025, 5, 20))
    assert due(page, "The plan goes to the Board") == Day(2025, 5, 20)


@row(H, "H 8.1-8.3")
def between_four_and_twelve():
    reviewers = panel(PANEL)
    members(reviewers, 11)
    seat(reviewers)
    with refused("The panel has between 4 and 12 members."):
        seat(reviewers)
    Membership.objects.filter(pk__in=Membership.objects.values_list("pk")[:8]).delete()
    last = Membership.objects.filter(panel=reviewers).first()
    last.standing, last.left_on = MemberStanding.LEFT, Day(2025, 6, 2)
    broken = member_services.save_membership(membership=last)
    assert [(breach.level, breach.problem) for breach in broken] == [("warn", "This leaves 3 members.")]
    words = told_on_page(reviewers)
    assert "The panel should look like the people who live here." in words
    assert "whether the review can go ahead" in words


@row(H, "H 8.6")
def others_are_brought_in_for_what_they_know():
    reviewers = panel(PANEL)
    members(reviewers, 12)
    expert = seat(reviewers, role=MemberRole.CO_OPTEE)
    assert expert.broken == []
    # The document does not say whether they vote, so nobody counts on it.
    assert not services.has_vote(expert)
    assert "for what they know. They" not in told_on_page(reviewers)
    assert "12 of 12" in told_on_page(reviewers)


@row(H, "H 9")
def interests_are_told_and_noted_and_do_not_always_bar():
    reviewers = panel(PANEL)
    member, page = seat(reviewers), started(reviewers, on=Day(2025, 1, 6))
    interest = Interest.objects.create(
        membership=member, declared_on=Day(2025, 1, 6), about="I have an open complaint.", review=page
    )
    waits = f"{member.name} declared an interest on 6 January 2025: say what followed"
    assert waits in todo_words()
    task = ReviewTask(task="Read the figures", review=page, member=member, due=Day(2025, 2, 3))
    for followed, barred in ((Followed.NOTED, False), (Followed.WITHDREW, True)):
        interest.followed = followed
        interest.save()
        assert waits not in todo_words()
        if barred:
            with refused("This person withdrew from this review."):
                task.full_clean()
        else:
            task.full_clean()
    assert "To use a service is not a conflict." in told_on_page(reviewers)


@row(H, "H 10")
def a_full_review_has_four_meetings_and_a_light_one_two():
    reviewers = panel(PANEL)
    for light, wanted in ((False, 4), (True, 2)):
        page = started(reviewers, on=Day(2025, 1, 6), light_touch=light)
        for number in range(wanted):
            problem = fresh(page).meetings_problem
            assert problem.words == (
                f"The process wants at least {wanted} meetings of the review. {number} are recorded."
            )
            meets(reviewers, Day(2025, 1, 7 + number), review=page)
        assert fresh(page).meetings_problem is None
        meets(reviewers, Day(2025, 2, 3), review=page)
        assert fresh(page).meetings_problem is None


@row(H, "H 11 Tenancy action")
def who_has_an_action_against_their_tenancy_stands_down_while_it_lasts():
    reviewers = panel(PANEL)
    with refused("There is no action against my tenancy."):
        seat(reviewers, ready=False)
    members(reviewers, 11)
    member = seat(reviewers)
    meeting = meets(reviewers, Day(2025, 3, 3))
    member.standing = MemberStanding.STOOD_DOWN
    member_services.save_membership(membership=member)
    with refused("did not belong to the panel that day"):
        came(meeting, [member])
    stand_in = seat(reviewers)
    member.standing = MemberStanding.ACTIVE
    with refused("The panel has between 4 and 12 members."):
        member_services.save_membership(membership=member)
    stand_in.standing, stand_in.left_on = MemberStanding.LEFT, Day(2025, 6, 2)
    member_services.save_membership(membership=stand_in)
    member_services.save_membership(membership=member)
    assert Membership.objects.get(pk=member.pk).standing == MemberStanding.ACTIVE
    assert "stands down for as long as it lasts" in unescape(told_on_page(reviewers))
