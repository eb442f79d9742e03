"""The rows of A5: one standing scrutiny panel of a housing association."""

import datetime

import pytest
from django.db.models import ProtectedError

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, Followed, Level, MemberStanding
from scrutiny_pages.models import (
    Interest,
    MemberKind,
    Panel,
    ReviewTask,
    RuleOverride,
    Trigger,
    WorkProgramme,
)
from scrutiny_pages.rules.rule_types import Probation
from scrutiny_pages.services import members as member_services
from tests.factories import pages
from tests.factories.state import arrange

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
    stage,
    to_do,
)
from .rows import HUMAN, LOADED, row

C = "scrutiny-panel"
HUMAN[C] |= {
    "C Voting": "how-we-vote",
    "C Breaches": "if-somebody-breaks-the-code",
    "C Outcomes": "if-somebody-breaks-the-code",
    "C Appeal": "if-you-disagree",
}
DAY = datetime.timedelta(days=1)


def residents() -> Panel:
    return panel("resident-scrutiny-panel")


@row(C, "C Reviews a year")
def a_fourth_review_in_the_year_is_more_than_the_panel_aims_for():
    year = WorkProgramme.objects.get()
    reviews = [review_of(residents(), programme=year) for _ in range(4)]
    problems = fresh(reviews[-1]).limit_problems()
    assert [problem.level for problem in problems] == [Level.AIM]
    assert "has at most 3 reviews a year. This would make 4." in problems[0].words
    assert not [problem for each in reviews[:3] for problem in fresh(each).limit_problems() if problem.level != "aim"]


@row(C, "C Joining")
def who_joins_accepts_first_is_on_trial_six_months_and_has_a_talk_every_six():
    newcomer = ready(residents())
    newcomer.acceptances = []
    with refused(
        "Not accepted yet: Code of conduct, Confidentiality and Terms of reference, code and role description"
    ):
        save(newcomer)
    member = join(residents())
    assert Probation.last_day(residents().rules_in_force, joined_on=START) == datetime.date(2023, 7, 9)
    on = datetime.date(2023, 7, 1)
    told = to_do(on)
    trial = [words for words in told if words.startswith(f"{member.name}, ") and "9 July 2023" in words]
    assert "New members have a trial period of 6 months." in trial[0]
    # The first talk is six months after joining, the next six months after the last.
    talk = duty("One-to-one with each member")
    assert (talk.for_each_member, talk.every, talk.unit) == (True, 6, "months")
    assert talk.next_due_with(member, None) == datetime.date(2023, 7, 9)
    member_services.mark_done(duty=talk, done_on=on, membership=member)
    assert talk.next_due_with(member, on) == datetime.date(2024, 1, 1)
    words = f"One-to-one with each member: {member.name}"
    assert words not in to_do(datetime.date(2023, 7, 8))
    assert to_do(datetime.date(2023, 12, 20))[words] == datetime.date(2024, 1, 1)


@row(C, "C Confidentiality")
def everybody_accepts_confidentiality_and_it_stays_after_they_have_left():
    hasty = ready(residents())
    hasty.acceptances = [each for each in hasty.acceptances.all() if each.version.agreement.slug != "confidentiality"]
    with refused("Not accepted yet: Confidentiality."):
        save(hasty)
    member = join(residents())
    member.standing, member.left_on = MemberStanding.LEFT, START + DAY
    save(member, on=START + DAY)
    kept = member.acceptances.get(version__agreement__slug="confidentiality")
    assert "goes on after I have left" in kept.version.text
    with pytest.raises(ProtectedError):
        kept.version.delete()
    kept.version.text = "<p>I may tell everybody.</p>"
    with refused("Members have accepted this version, so its words stay."):
        kept.version.full_clean()
    assert "also after a member has left" in page_of(pages.PanelPageFactory(panel=residents()))


@row(C, "C Landlord's duties")
def the_landlord_follows_what_was_asked_for_and_tells_the_panel():
    update = duty("Update on what was asked for")
    assert (update.panel, update.first_due) == (residents(), datetime.date(2022, 4, 4))
    assert f"Update on what was asked for, {update.how_often}" in to_do(datetime.date(2022, 4, 1))
    item = asked(review_of(residents()))
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=START, target=datetime.date(2023, 5, 15))
    assert to_do(datetime.date(2023, 5, 10))[f"{item}: delivery"] == datetime.date(2023, 5, 15)
    assert item.tracking.is_overdue(datetime.date(2023, 5, 16))
    for words in ("training", "equipment"):
        assert words in residents().support


@row(C, "C Membership")
def who_may_join_is_checked_and_an_outsider_needs_the_members_to_agree():
    with refused("I owe no rent or charges, or I keep to a plan to pay them."):
        save(ready(residents(), eligibility_checked_on=None))
    for slug in ("tenant", "joint-tenant", "leaseholder", "shared-owner"):
        join(residents(), kind=MemberKind.objects.get(slug=slug))
    outsider = MemberKind.objects.get(slug="non-resident")
    with refused("The rule: “The seats are not for people who are not residents.”"):
        join(residents(), kind=outsider)
    agreed = join(residents(), kind=outsider, because="Agreed by the members on 3 January. No gain.")
    kept = RuleOverride.objects.get(membership=agreed)
    assert (kept.rule, kept.reason) == (
        "The seats are not for people who are not residents.",
        "Agreed by the members on 3 January. No gain.",
    )


@row(C, "C Meetings")
def the_year_is_set_when_it_starts_and_a_review_takes_up_to_four_months():
    year, plan = WorkProgramme.objects.get(), duty("Set the year's meetings and plan")
    assert (year.title, year.starts_on, year.ends_on) == (
        "2022",
        datetime.date(2022, 1, 1),
        datetime.date(2022, 12, 31),
    )
    assert plan.first_due == datetime.date(2023, 1, 1)
    assert plan.first_due > LOADED
    assert due(review_of(residents()), "The report goes to the manager") == datetime.date(2023, 5, 9)
    words = page_of(pages.PanelPageFactory(panel=residents()))
    assert "It meets no more than 12 times a year." in words


@row(C, "C Conflicts")
def an_interest_is_declared_and_a_member_may_withdraw_from_a_review():
    review, member = review_of(residents()), join(residents())
    interest = Interest(membership=member, declared_on=START, about="My brother does the cleaning.")
    interest.full_clean()
    interest.save()
    assert f"{member.name} declared an interest on 9 January 2023: say what followed" in to_do(START)
    interest.followed = Followed.WITHDREW
    with refused("Choose the review that they withdrew from."):
        interest.full_clean()
    interest.review = review
    interest.full_clean()
    interest.save()
    with refused("This person withdrew from this review."):
        ReviewTask(review=review, member=member, task="Visit", due=START).full_clean()
    ReviewTask(review=review_of(residents()), member=member, task="Visit", due=START).full_clean()
    assert not any("say what followed" in words for words in to_do(START))


@row(C, "C Programme")
def outside_the_plan_the_landlord_may_ask_and_the_panel_decides():
    asks = Trigger.objects.get(name="Outside the plan, asked for by the landlord")
    assert "has to give its reasons" in asks.who
    assert {trigger.who_decides.split(".")[0] for trigger in Trigger.objects.all()} == {"The panel"}
    wished = Trigger.objects.get(name="Outside the plan, wished by the panel")
    assert "talked about the reasons with the resident involvement team" in wished.who
    year = WorkProgramme.objects.get()
    request = pages.ReviewPageFactory(
        panel=residents(), trigger=asks, programme=year, state="proposed", commissioned_by="The landlord"
    )
    request.state = "not_chosen"
    with refused("Say why this review was not chosen."):
        request.full_clean()
    request.not_chosen_because = "Lettings matter more to residents this year."
    request.full_clean()
    arrange(request.save)
    # What the panel did not choose takes nothing from its year.
    reviews = [review_of(residents(), programme=year) for _ in range(3)]
    assert not fresh(reviews[-1]).limit_problems()


@row(C, "C Stages")
def eight_stages_lead_to_the_senior_leaders_and_back_to_the_plan():
    review = review_of(residents())
    assert [each.name for each in review.stages.all()] == [
        "Scoping meeting",
        "First findings",
        "The report goes to the manager",
        "The report goes to the senior leaders",
        "Presenting it to the senior leaders",
        "Action plan",
        "Following what was agreed",
        "Back to the work plan",
    ]
    # The leaders have the report before they meet: a meeting on the same day is too soon.
    leaders = panel("senior-leadership-team")
    sent = datetime.date(2023, 5, 2)
    meeting(leaders, sent)
    leaders_meet = meeting(leaders, datetime.date(2023, 6, 6)).day
    done(review, "The report goes to the senior leaders", sent)
    assert due(review, "Presenting it to the senior leaders") == leaders_meet
    item = asked(review)
    with refused("These recommendations have no answer yet"):
        done(review, "Action plan", leaders_meet)
    services.record_answer(
        recommendation=item, answer=Answer.ACCEPTED, on=leaders_meet, target=datetime.date(2023, 9, 1)
    )
    done(review, "Action plan", leaders_meet)
    # Flexible: the stages of one review can be changed, and the process stays as it is.
    changed = fresh(review)
    changed.stages.remove(stage(review, "First findings"))
    changed.save_revision().publish()
    assert fresh(review).stages.count() == 7
    assert process().stages.count() == 8
