"""Rows W: three kinds of group, with the Board above them."""

import datetime
from html import unescape

from scrutiny_pages import services
from scrutiny_pages.admin.letter_templates import render_letter
from scrutiny_pages.enums import Answer, Followed, Impact, Level, MemberRole, MemberStanding, PanelKind, ReviewState
from scrutiny_pages.models import (
    EscalationRoute,
    Interest,
    Meeting,
    MemberKind,
    Membership,
    Panel,
    RegularDuty,
    ReviewPage,
    ReviewTask,
    ServiceArea,
    Standard,
    WorkProgramme,
)
from scrutiny_pages.services import members as member_services
from tests.factories.decisions import decide
from tests.factories.pages import ReviewIndexPageFactory
from tests.factories.records import PersonFactory

from .acts import done, fresh, panel, refused, stage
from .doing import (
    Day,
    came,
    make_ready,
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

W = "three-tier"
HUMAN[W] = {
    "W17": "how-we-work-together",
    "W35": "managers-at-our-meetings",
    "W39": "how-we-work-together",
    "W44": "learning",
    "W46": "how-we-work-together",
}
SCRUTINY, AUDITORS, REPAIRS = "scrutiny-panel", "tenant-auditors", "repairs-panel"


def customer_panels() -> list[Panel]:
    return list(Panel.objects.filter(kind=PanelKind.CUSTOMER_PANEL))


def assert_recurs(name: str, *, first: Day, again: Day) -> None:
    """Assert that a duty is due in two weeks first, and once done on another day."""
    duty = RegularDuty.objects.get(name=name)
    waits = f"{name}, {duty.how_often}"
    assert waits not in todo_words(first - datetime.timedelta(days=15))
    assert waits in todo_words(first - datetime.timedelta(days=14))
    member_services.mark_done(duty=duty, done_on=first)
    assert waits not in todo_words(first)
    assert duty.next_due(first) == again
    assert waits in todo_words(again)


# --- Tenant auditors ----------------------------------------------------------------------------------


@row(W, "W3")
def the_panel_aims_for_fifteen_auditors_and_refuses_nobody():
    auditors = panel(AUDITORS)
    members(auditors, 14)
    assert seat(auditors).broken == []
    # One part of the document limits them to 15, another only does not expect more.
    assert [breach.level for breach in seat(auditors).broken] == [Level.AIM]
    assert "The panel aims to have up to 15 members." in told_on_page(auditors)
    assert "It is not an exam" in told_on_page(auditors)


@row(W, "W4")
def auditors_sign_and_learn_first():
    said = without_each(panel(AUDITORS))
    assert set(said) == {"code-of-conduct", "confidentiality", "equality-and-diversity"}
    assert "Not accepted yet: Code of conduct" in said["code-of-conduct"]
    assert "Not done yet: Equality and diversity" in said["equality-and-diversity"]


@row(W, "W5")
def audits_are_asked_for_by_three_and_handed_back_to_them():
    auditors = panel(AUDITORS)
    for who in ("a customer panel", "the scrutiny panel", "officers"):
        audit = started(auditors, on=Day(2025, 3, 3), trigger=f"Audit asked for by {who}")
        assert names(audit)[0] == "Agreeing the audit"
        assert names(audit)[-1] == "Handing it over"
    item = recommendation(auditors, report=report(audit))
    item.standards = list(Standard.objects.filter(code="LO1"))
    item.save()
    assert [str(each) for each in item.standards.all()] == ["LO1 Local offer: repairs are done right the first time"]


@row(W, "W7")
def auditors_meet_each_month_and_more_if_needed():
    auditors = panel(AUDITORS)
    assert "It meets at least 12 times a year." in told_on_page(auditors)
    for day in (3, 10, 17):
        meets(auditors, Day(2025, 3, day)).full_clean()
    group = Panel(name="Lifts", slug="lifts", kind=PanelKind.SUB_PANEL, purpose="Tests lifts.", parent=auditors)
    group.full_clean()


@row(W, "W9")
def no_audit_is_public_before_the_auditors_agree():
    audit = started(panel(AUDITORS), on=Day(2025, 3, 3))
    draft = report(audit)
    with refused("Still to be done in the review: The auditors agree the report."):
        draft.save_revision().publish()
    with refused("Choose the meeting of the Tenant Auditors"):
        done(audit, "The auditors agree the report", Day(2025, 4, 7), meeting=None)
    done(audit, "The auditors agree the report", Day(2025, 4, 7))
    assert type(draft).objects.get(pk=draft.pk).publishing_problems() == []
    assert str(stage(audit, "Writing the report").role) == "Customer Involvement Team"


# --- Customer panels ----------------------------------------------------------------------------------


@row(W, "W12")
def comments_on_a_policy_reach_its_manager():
    comment = started(panel(REPAIRS), on=Day(2025, 3, 3), title="Draft repairs policy")
    assert names(comment) == ["Reading the policy", "Adding our comments to the report", "Telling the manager"]
    letter = render_letter(comment, stage(comment, "Telling the manager"))
    assert "To the Manager of the service" in letter
    assert "The Repairs Customer Panel has read: Draft repairs policy." in letter


@row(W, "W13")
def a_customer_panel_asks_for_action_for_a_closer_look_or_refers():
    repairs, scrutiny = panel(REPAIRS), panel(SCRUTINY)
    meeting = meets(repairs, Day(2025, 3, 3))
    for_action = recommendation(repairs, made_at=meeting)
    for_action.full_clean()
    assert for_action.public_history()[-1].text == "At a meeting of the panel."
    referred = recommendation(repairs, made_at=meeting, refers_to=scrutiny)
    referred.full_clean()
    ReviewIndexPageFactory()
    decide(services.refer, recommendation=referred, on=Day(2025, 3, 4), reason="It touches two services.")
    asked = ReviewPage.objects.get(panel=scrutiny, state=ReviewState.PROPOSED)
    assert (asked.title, asked.commissioned_by) == (referred.title, str(repairs))
    referred.refers_to = repairs
    with refused("A panel cannot refer a matter to itself."):
        referred.full_clean()
    assert started(scrutiny, on=Day(2025, 4, 7), trigger="Referred by a customer panel").stages.exists()
    closer = review(panel(AUDITORS), trigger="Audit asked for by a customer panel", commissioned_by=str(repairs))
    assert closer.commissioned_by == "Repairs Customer Panel"


@row(W, "W14")
def customer_panels_are_open_and_a_meeting_is_small():
    panels, robin = customer_panels(), PersonFactory()
    assert len(panels) == 9
    for each in panels:
        seat(each, person=robin)
    crowd = members(panels[0], 20)
    seat(panels[0])
    meeting = meets(panels[0], Day(2025, 3, 3))
    assert came(meeting, crowd[:15]) == ""
    assert "16 people came. The rule: “The panel aims to have no more than 15 members" in came(meeting, crowd[:16])


@row(W, "W15")
def customer_panels_meet_each_quarter_with_an_officer_and_reports():
    for each in customer_panels():
        page = told_on_page(each)
        assert "It meets about 4 times a year." in page
        assert "An officer chairs the meetings." in page
        assert "Customer Involvement Officer" in page
    assert_recurs("Reports for the customer panels", first=Day(2022, 4, 4), again=Day(2022, 7, 4))


@row(W, "W16")
def minutes_are_private_until_the_panel_agrees_and_a_summary_goes_up():
    meeting = meets(panel(REPAIRS), Day(2025, 3, 3), minutes="<p>We ask for lights.</p>")
    assert Meeting.objects.get(pk=meeting.pk).public_minutes == ""
    meeting.minutes_agreed_on = Day(2025, 3, 2)
    with refused("This is before the meeting."):
        meeting.full_clean()
    meeting.minutes_agreed_on = Day(2025, 6, 2)
    meeting.full_clean()
    meeting.save()
    assert "lights" in Meeting.objects.get(pk=meeting.pk).public_minutes
    assert_recurs("Summaries to the scrutiny panel", first=Day(2022, 4, 4), again=Day(2022, 7, 4))


# --- The scrutiny panel's work ------------------------------------------------------------------------


@row(W, "W18")
def every_recommendation_says_what_it_is_worth():
    page = started(panel(SCRUTINY), on=Day(2025, 3, 3))
    item = recommendation(panel(SCRUTINY), report=report(page))
    assert item.publishing_problems() == ["“Value for money” is empty. The process asks for it."]
    with refused("“Value for money” is empty."):
        item.save_revision().publish()
    item.value_for_money = "One visit in place of three."
    assert item.publishing_problems() == []


@row(W, "W19")
def a_review_crosses_services_and_first_hears_the_others():
    page = started(panel(SCRUTINY), on=Day(2025, 3, 3))
    page.service_areas = list(ServiceArea.objects.filter(slug__in=["repairs", "complaints"]))
    page.save()
    assert fresh(page).service_areas.count() == 2
    assert fresh(page).progress.sentence == "Stage 1 of 12: hearing what others found."
    assert "customer panels and auditors report" in page.stages.first().description


@row(W, "W20")
def managers_answer_first_and_the_board_gets_what_is_left():
    page = started(panel(SCRUTINY), on=Day(2025, 3, 3))
    order = names(page)
    answer, board = order.index("Senior managers answer"), order.index("Taking to the Board what was not agreed")
    assert order.index("Writing our report") < answer < board
    # Their timescale is agreed: it has no date until the panel sets it, with the reason.
    assert fresh(page).answer_due is None
    item = recommendation(panel(SCRUTINY), report=report(page))
    answering = stage(page, "Senior managers answer")
    agreed = Day(2025, 5, 30)
    services.move_stage(review=page, stage=answering, to=agreed, on=Day(2025, 4, 28), reason="Agreed with them.")
    assert fresh(page).answer_due == tracked(item).answer_due == agreed
    with refused("These recommendations have no answer yet"):
        done(page, answering.name, Day(2025, 5, 20))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=Day(2025, 5, 20), reason="The cost.")
    done(page, answering.name, Day(2025, 5, 20))
    decide(services.escalate, recommendation=item, on=Day(2025, 6, 2), reason="We do not agree")
    assert tracked(item).open_escalation.to_whom == "the Board"
    assert "To the Board" in render_letter(page, stage(page, "Taking to the Board what was not agreed"))


@row(W, "W21")
def managers_keep_the_panel_up_to_date_until_it_is_known_to_help():
    assert_recurs("Updates from managers", first=Day(2022, 4, 4), again=Day(2022, 7, 4))
    assert "whether they helped" in RegularDuty.objects.get(name="Report to the Board").what
    item = recommendation(panel(SCRUTINY))
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=Day(2025, 4, 1), target=Day(2025, 6, 30))
    services.claim_done(recommendation=item, on=Day(2025, 6, 20), evidence="The lights are on.")
    decide(services.confirm, recommendation=item, on=Day(2025, 7, 7), impact_check_on=Day(2026, 1, 5))
    assert tracked(item).impact_due == Day(2026, 1, 5)
    decide(
        services.check_impact,
        recommendation=item,
        impact=Impact.NOT,
        on=Day(2026, 1, 5),
        text="Nobody feels safer.",
    )
    assert (tracked(item).impact, tracked(item).impact_due) == (Impact.NOT, None)


@row(W, "W22")
def the_board_is_told_regularly():
    assert_recurs("Report to the Board", first=Day(2022, 4, 4), again=Day(2022, 7, 4))
    what = RegularDuty.objects.get(name="Report to the Board").what
    assert all(words in what for words in ("Management Group", "Committees", "local offers", "plans to improve"))


# --- The scrutiny panel's members ---------------------------------------------------------------------


@row(W, "W24")
def twelve_members_two_of_them_leaseholders_and_others_wait():
    scrutiny = panel(SCRUTINY)
    leaseholder, tenant = (MemberKind.objects.get(slug=slug) for slug in ("leaseholder", "tenant"))
    early = seat(scrutiny, kind=tenant, standing=MemberStanding.RESERVE)
    assert [breach.level for breach in early.broken] == ["warn"]  # there is a seat: why wait?
    for _each in range(2):
        seat(scrutiny, kind=leaseholder)
    with refused("No more than 2 of the seats may go to leaseholders."):
        seat(scrutiny, kind=leaseholder)
    members(scrutiny, 9, kind=tenant)
    seat(scrutiny, kind=tenant)
    with refused("The panel has up to 12 members."):
        seat(scrutiny, kind=tenant)
    assert seat(scrutiny, kind=tenant, standing=MemberStanding.RESERVE).broken == []
    words = unescape(told_on_page(scrutiny))
    assert "No more than 12 members may come to one meeting." in words
    assert "12 of 12" in words


@row(W, "W25")
def six_have_to_be_there():
    scrutiny = panel(SCRUTINY)
    all_twelve = members(scrutiny, 12)
    meeting = meets(scrutiny, Day(2025, 3, 3))
    item = recommendation(scrutiny)
    how = {"recommendation": item, "on": Day(2025, 3, 3), "reason": "Done elsewhere.", "meeting": meeting}
    with refused("First record who came"):
        services.withdraw(**how)
    came(meeting, all_twelve[:5], all_twelve[5:])
    with refused("5 members came. 6 were needed, so nothing could be decided."):
        services.withdraw(**how)
    came(meeting, all_twelve[:6], all_twelve[6:])
    services.withdraw(**how)
    assert tracked(item).answer == Answer.WITHDRAWN


@row(W, "W26")
def who_may_not_join():
    scrutiny = panel(SCRUTINY)
    others = [*customer_panels(), panel(AUDITORS)]
    assert len(others) == 10
    for other in others:
        somebody = PersonFactory()
        there = members(other, 1, person=somebody)[0]
        with refused(f"This person is on the {other}."):
            seat(scrutiny, person=somebody)
        Membership.objects.filter(pk=there.pk).update(standing=MemberStanding.LEFT, left_on=Day(2025, 6, 2))
        seat(scrutiny, person=somebody)
    with refused("The landlord is not taking legal action against me. I am not a tenant director."):
        seat(scrutiny, ready=False)


@row(W, "W27")
def chairs_serve_two_years_at_most():
    scrutiny = panel(SCRUTINY)
    since = Day(2025, 1, 6)
    for role in (MemberRole.CHAIR, MemberRole.VICE_CHAIR):
        with refused("serves for up to 2 years."):
            seat(scrutiny, role=role, role_since=since, judged_on=Day(2027, 1, 7))
        seat(scrutiny, role=role, role_since=since, judged_on=Day(2027, 1, 6))
        with refused("at a time"):
            seat(scrutiny, role=role)
    ends = [words for words in todo_words(Day(2026, 12, 1)) if "the term as" in words]
    assert len(ends) == 2
    assert all("ends on 6 January 2027" in words for words in ends)


@row(W, "W28")
def members_serve_as_long_as_they_like():
    row_of_2012 = seat(panel(SCRUTINY), joined_on=Day(2012, 1, 2))
    assert row_of_2012.broken == []
    assert not any("term" in words for words in todo_words(Day(2029, 1, 1)))
    assert "If many people want to join, the panel looks at this again." in told_on_page(panel(SCRUTINY))


@row(W, "W30")
def who_applied_is_joining_and_then_active():
    scrutiny = panel(SCRUTINY)
    assert scrutiny.recruits(Day(2025, 3, 3))
    assert "You need no experience." in told_on_page(scrutiny)
    joining = seat(scrutiny, ready=False, standing=MemberStanding.JOINING)
    waits = [words for words in todo_words() if "joining, and still needs" in words]
    assert len(waits) == 1
    assert "Confidentiality" in waits[0]
    make_ready(joining)
    joining.standing = MemberStanding.ACTIVE
    member_services.save_membership(membership=joining)
    assert Membership.objects.get(pk=joining.pk).standing == MemberStanding.ACTIVE
    assert not any("still needs" in words for words in todo_words())


@row(W, "W31")
def members_sign_and_learn_first():
    said = without_each(panel(SCRUTINY))
    learned = {"equality-and-diversity", "first-steps-in-scrutiny"}
    assert set(said) == {"code-of-conduct", "confidentiality", *learned}
    assert all("Not done yet" in said[slug] for slug in learned)


@row(W, "W33")
def the_panel_meets_monthly_and_then_quarterly():
    words = unescape(told_on_page(panel(SCRUTINY)))
    first = words.index("For the panel's first 6 months, it meets about 12 times a year.")
    assert first < words.index("It meets about 4 times a year.")
    group = Panel(name="Damp", slug="damp", kind=PanelKind.SUB_PANEL, purpose="Damp.", parent=panel(SCRUTINY))
    group.full_clean()


@row(W, "W37")
def the_panel_may_have_something_audited():
    scrutiny = panel(SCRUTINY)
    page = started(scrutiny, on=Day(2025, 3, 3))
    audit = started(panel(AUDITORS), on=Day(2025, 3, 10), trigger="Audit asked for by the scrutiny panel", part_of=page)
    assert list(fresh(page).parts.all()) == [audit]
    optional = stage(page, "An audit or mystery shopping")
    with refused("Say why this stage was not used."):
        services.leave_out_stage(review=page, stage=optional, because=" ")
    services.leave_out_stage(review=page, stage=optional, because="The figures were enough.")
    with refused("This stage cannot be left out."):
        services.leave_out_stage(review=page, stage=stage(page, "Finding out"), because="No time.")


@row(W, "W38")
def the_board_asks_for_one_review_a_year():
    scrutiny, year = panel(SCRUTINY), WorkProgramme.objects.get()
    started(scrutiny, on=Day(2025, 3, 3), trigger="Asked for by the Board", programme=year)
    with refused("“Asked for by the Board” may set off at most 1 a year. This would make 2."):
        review(scrutiny, trigger="Asked for by the Board", programme=year)
    with refused("“Asked for by the Board” is counted year by year. Choose the year."):
        review(scrutiny, trigger="Asked for by the Board")
    review(scrutiny, trigger="Chosen by the scrutiny panel", programme=year)
    later = WorkProgramme.objects.create(
        panel=scrutiny, title="Next", starts_on=year.ends_on + datetime.timedelta(days=1), ends_on=Day(2026, 3, 31)
    )
    review(scrutiny, trigger="Asked for by the Board", programme=later)


@row(W, "W40")
def an_interest_is_declared_and_something_follows():
    scrutiny = panel(SCRUTINY)
    member, page = seat(scrutiny), started(scrutiny, on=Day(2025, 3, 3))
    interest = Interest.objects.create(
        membership=member, declared_on=Day(2025, 3, 3), about="It is my street.", review=page
    )
    waits = f"{member.name} declared an interest on 3 March 2025: say what followed"
    assert waits in todo_words()
    interest.followed = Followed.WITHDREW
    interest.full_clean()
    interest.save()
    assert waits not in todo_words()
    with refused("This person withdrew from this review."):
        ReviewTask(task="Read", review=page, member=member, due=Day(2025, 4, 1)).full_clean()


@row(W, "W41")
def who_misses_three_meetings_may_be_replaced():
    scrutiny = panel(SCRUTINY)
    keen, *absent = members(scrutiny, 3)
    for day in (3, 10, 17):
        assert not any("may be asked to give up their seat" in words for words in todo_words())
        # The last of them gives a good reason for the third.
        excused = absent[1:] if day == 17 else []
        came(meets(scrutiny, Day(2025, 3, day)), [keen], [each for each in absent if each not in excused], excused)
    waits = [words for words in todo_words() if "may be asked to give up their seat" in words]
    assert len(waits) == 1
    assert absent[0].name in waits[0]
    assert "3 meetings missed, the last on 17 March 2025." in waits[0]


@row(W, "W47")
def a_matter_goes_to_the_board_to_a_mediator_and_outside():
    scrutiny, board = panel(SCRUTINY), panel("board")
    for day in (Day(2025, 6, 10), Day(2025, 7, 15)):
        meets(board, day)
    item = recommendation(scrutiny, report=report(started(scrutiny, on=Day(2025, 3, 3))))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=Day(2025, 4, 7), reason="The cost.")
    taken = []
    for day in (Day(2025, 5, 5), Day(2025, 5, 19), Day(2025, 6, 10), Day(2025, 8, 4), Day(2025, 9, 1)):
        decide(services.escalate, recommendation=item, on=day, reason="Nothing is better.")
        rung = tracked(item).open_escalation
        taken.append((rung.to_whom, rung.reply_due))
        with refused("It has been taken further already"):
            decide(services.escalate, recommendation=item, on=day, reason="Again.")
        services.record_reply(recommendation=item, on=day, text="They read it.")
        if rung.rung == 4:  # bodies outside change their names
            last = EscalationRoute.objects.get().steps.last()
            last.to_whom = "the new Regulator"
            last.save()
    # The meeting on the very day is too soon: its papers are out.
    assert taken == [
        ("the Board", None),
        ("the Board", None),
        ("the Board", Day(2025, 7, 15)),
        ("an independent mediator", None),
        ("the new Regulator", None),
    ]
    with refused("It has been taken to every step of the route."):
        decide(services.escalate, recommendation=item, on=Day(2025, 10, 6), reason="Again.")


@row(W, "W52")
def activity_is_reported_twice_a_year():
    assert_recurs("Activity report", first=Day(2022, 7, 4), again=Day(2023, 1, 4))
    assert "value for money" in RegularDuty.objects.get(name="Activity report").what
