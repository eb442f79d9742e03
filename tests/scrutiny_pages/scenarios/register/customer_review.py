"""The rows of A4: reviews by customers of a housing association, each with a team of its own."""

import datetime

import pytest

from cms.core.models.append_only import HistoryIsKept
from cms.core.visibility import Viewer
from scrutiny_pages import services
from scrutiny_pages.enums import Answer, ConsultationMethod, Delivery, Followed, Level, MeetingKind, Step
from scrutiny_pages.models import Interest, Panel, Recommendation, ReviewTask, Role, Topic, Trigger, WorkProgramme
from scrutiny_pages.rules.transitions import open_steps
from scrutiny_pages.services import current_state
from tests.factories import pages, records
from tests.factories.decisions import decide
from tests.factories.state import arrange

from .acts import (
    START,
    asked,
    at_six,
    done,
    due,
    duty,
    fresh,
    join,
    meeting,
    page_of,
    panel,
    refused,
    review_of,
    seats,
    to_do,
)
from .rows import HUMAN, row

G = "customer-review"
HUMAN[G] |= {"G 9 Conduct": "how-we-work-together", "G 9 Officer's tasks": "who-helps-us"}
DAY = datetime.timedelta(days=1)
QUARTER = datetime.date(2023, 6, 30)


def customers() -> Panel:
    return panel("customer-reviewers")


def role(title: str = "Service manager") -> Role:
    return Role.objects.get(title=title)


def accepted(target: datetime.date = QUARTER) -> Recommendation:
    """Return a recommendation that the landlord accepted on the first day."""
    item = asked(review_of(customers()), owner=role())
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=START, target=target)
    return item


@row(G, "G Reviews a year")
def a_third_review_in_the_year_is_more_than_we_aim_for():
    year = WorkProgramme.objects.get()
    reviews = [review_of(customers(), programme=year) for _ in range(3)]
    problems = fresh(reviews[-1]).limit_problems()
    assert [(problem.level, problem.field) for problem in problems] == [(Level.AIM, "programme")]
    assert "has at most 2 reviews a year. This would make 3." in problems[0].words


@row(G, "G 1 Topic selection")
def topics_are_asked_for_scored_and_chosen_by_customers_once_a_year():
    survey, year = duty("Survey on what to look at next"), WorkProgramme.objects.get()
    assert (survey.every, survey.unit) == (12, "months")
    assert "Customers, by vote at one meeting a year" in Trigger.objects.get().who_decides
    pages.ReviewIndexPageFactory()
    topic = Topic.objects.create(programme=year, title="Damp", came_from="The survey", votes=14)
    other = Topic(programme=year, title="Lifts", came_from="The survey", votes=6, state="not_chosen")
    with refused("Say why this topic was not chosen."):
        other.full_clean()
    other.because = "Few customers have one."
    other.full_clean()
    other.save()
    questions = list(year.criteria.all())
    services.score_topics(scores={(each, question): 3 for each in (topic, other) for question in questions})
    services.score_topics(scores={(topic, questions[0]): 5})
    assert year.totals()[topic.pk] - year.totals()[other.pk] == 2 * questions[0].weight
    review = services.choose_topic(topic=topic)
    assert (review.programme, review.commissioned_by, review.live) == (year, "The survey", False)


@row(G, "G 2, 7 Board")
def the_board_signs_off_what_is_asked_for_before_it_is_public():
    review = review_of(customers())
    board_meets = meeting(panel("board"), datetime.date(2023, 5, 11)).day
    item = asked(review, owner=role(), live=True)
    with refused("Still to be done in the review: The Board signs it off."):
        item.report.save_revision().publish()
    assert not Recommendation.objects.visible_to(Viewer.anonymous()).exists()
    done(review, "Writing the report", datetime.date(2023, 4, 3))
    assert due(review, "The Board signs it off") == board_meets
    with refused("Choose the meeting of the Board"):
        done(review, "The Board signs it off", board_meets, meeting=None)
    done(review, "The Board signs it off", board_meets)
    report = type(item.report).objects.get()
    report.save_revision().publish()
    assert Recommendation.objects.visible_to(Viewer.anonymous()).get() == item


@row(G, "G 3 12-week plan")
def twelve_weeks_of_tasks_are_shared_out_and_can_change_hands():
    review = review_of(customers())
    assert due(review, "Writing the report") == START + 12 * 7 * DAY
    first, second, withdrawn = (join(customers(), review=review) for _ in range(3))
    task = {"review": review, "task": "Read the policy", "due": datetime.date(2023, 2, 6)}
    with refused("This person is not on the panel or the team of this review."):
        ReviewTask(**task, member=records.MembershipFactory()).full_clean()
    Interest.objects.create(
        membership=withdrawn, declared_on=START, about="A sister.", review=review, followed=Followed.WITHDREW
    )
    with refused("This person withdrew from this review."):
        ReviewTask(**task, member=withdrawn).full_clean()
    shared = ReviewTask(**task, member=first)
    shared.full_clean()
    shared.save()
    words = f"{review.title}: Read the policy"
    assert f"{words} ({first.name})" in to_do(datetime.date(2023, 2, 1))
    shared.member = second
    shared.full_clean()
    shared.save()
    assert to_do(datetime.date(2023, 2, 1))[f"{words} ({second.name})"] == datetime.date(2023, 2, 6)


@row(G, "G 5")
def a_recommendation_has_its_evidence_end_benefit_and_owner_and_ten_are_about_right():
    review = review_of(customers())
    done(review, "The Board signs it off", START)
    words = {"evidence": "Evidence", "completion_measure": "How we will know", "who_benefits": "Who it helps"}
    for field, label in words.items():
        item = asked(review, owner=role(), **{field: ""})
        with refused(f"“{label}"):
            item.save_revision().publish()
    item = asked(review, owner=None)
    with refused("“Who must do it” is empty. The process asks for it."):
        item.save_revision().publish()
    items = [asked(review, owner=role()) for _ in range(7)]  # with those above, the eleventh is among them
    problems = items[-1].limit_problems()
    assert [problem.level for problem in problems] == [Level.AIM]
    assert "about 10 recommendations at most. This makes 11." in problems[0].words
    items[-1].save_revision().publish()
    assert Recommendation.objects.get(pk=items[-1].pk).live


@row(G, "G 7")
def a_roundtable_agrees_actions_and_customers_may_challenge_it():
    review = review_of(customers())
    item, other = asked(review, owner=role()), asked(review, owner=role())
    table = meeting(customers(), START + 7 * DAY, kind=MeetingKind.ROUNDTABLE)
    with refused("These recommendations have no answer yet"):
        done(review, "Roundtable", table.day)
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=table.day, target=QUARTER)
    action = {"recommendation": item, "text": "Train the team", "on": table.day}
    with refused("Say which job owns this action."):
        services.plan_action(**action, owner=None, due=QUARTER)
    services.plan_action(**action, owner=role(), due=QUARTER)
    assert "Service manager, by 30 June 2023" in page_of(live(item))
    services.record_answer(recommendation=other, answer=Answer.NOT_ACCEPTED, on=table.day, reason="No money.")
    services.escalate(recommendation=other, on=table.day, reason="It costs nothing", meeting=table)
    assert "at the roundtable" in other.tracking.open_escalation.to_whom
    services.record_answer(
        recommendation=other, answer=Answer.ACCEPTED, on=table.day, target=datetime.date(2023, 9, 30)
    )
    assert other.tracking.first_answer == Answer.NOT_ACCEPTED
    done(review, "Roundtable", table.day)


def live(item: Recommendation) -> Recommendation:
    """Make a recommendation and its report public."""
    assert item.review is not None
    assert item.report is not None
    done(item.review, "The Board signs it off", START)
    type(item.report).objects.get(pk=item.report_id).save_revision().publish()
    item = Recommendation.objects.get(pk=item.pk)
    item.save_revision().publish()
    return item


@row(G, "G 8 Tracking")
def a_job_owns_it_and_its_date_is_the_end_of_a_quarter():
    item = asked(review_of(customers()), owner=role())
    answer = {"recommendation": item, "answer": Answer.ACCEPTED, "on": START}
    for target in (datetime.date(2023, 6, 29), datetime.date(2023, 7, 1), datetime.date(2023, 2, 28)):
        with refused("Dates promised here are 31 March, 30 June, 30 September or 31 December."):
            services.record_answer(**answer, target=target)
    for target in ((3, 31), (6, 30), (9, 30), (12, 31)):
        each = asked(review_of(customers()), owner=role())
        date = datetime.date(2023, *target)
        services.record_answer(recommendation=each, answer=Answer.ACCEPTED, on=START, target=date)
    services.record_answer(**answer, target=QUARTER)
    with refused("is not the end of a quarter"):
        services.plan_action(recommendation=item, text="Train", owner=role(), due=datetime.date(2023, 5, 1), on=START)
    with refused("is not the end of a quarter"):
        services.ask_for_time(recommendation=item, on=START, until=datetime.date(2023, 8, 1), reason="Staff left.")


@row(G, "G 8 Tracking meetings")
def the_customers_meet_at_the_start_of_each_quarter_and_are_told_a_week_before():
    tracking, update = duty("Tracking meeting"), duty("Update by email before the tracking meeting")
    assert (tracking.every, tracking.unit, str(tracking.role)) == (3, "months", "Community Involvement Manager")
    assert (tracking.first_due, update.first_due) == (datetime.date(2022, 4, 1), datetime.date(2022, 3, 25))
    assert tracking.next_due(tracking.first_due) == datetime.date(2022, 7, 1)
    review = review_of(customers())
    done(review, "Roundtable", datetime.date(2023, 5, 16))
    assert due(review, "The first check of what was done") == datetime.date(2023, 7, 1)
    day = datetime.date(2023, 7, 4)
    planned = {"panel": customers(), "kind": MeetingKind.TRACKING, "theme": "Repairs", "starts_at": at_six(day)}
    with refused("The rule: “People are told of a tracking meeting at least 7 days before.”"):
        records.MeetingFactory.build(**planned, notice_given_on=day - 6 * DAY).full_clean()
    records.MeetingFactory.build(**planned, notice_given_on=day - 7 * DAY).full_clean()
    # What is shown and decided there is recorded with the meeting.
    item = accepted()
    services.claim_done(recommendation=item, on=QUARTER, evidence="The manager shows the new letters.")
    held = meeting(customers(), day, kind=MeetingKind.TRACKING)
    services.confirm(recommendation=item, on=day, meeting=held)
    told = item.public_history()[0]
    assert (told.meeting, told.how) == (held, "At the meeting of the Customer reviewers on 4 July 2023")


@row(G, "G 8 Extensions")
def customers_grant_more_time_and_the_first_date_never_changes():
    later = datetime.date(2023, 9, 30)
    item = accepted()
    with refused("Say why more time is needed."):
        services.ask_for_time(recommendation=item, on=START + DAY, until=later, reason=" ")
    services.ask_for_time(recommendation=item, on=START + DAY, until=later, reason="A new contractor.")
    assert item.tracking.current_target == QUARTER
    with refused("Choose the meeting of the Customer reviewers at which this was decided."):
        services.decide_time(recommendation=item, granted=True, on=START + 2 * DAY, how="By email")
    asked = {"panel": customers(), "on": START + 2 * DAY, "way": ConsultationMethod.EMAIL}
    by_email = services.decide_between_meetings(**asked, took_part=seats(customers(), 3))
    with refused("The rules of the panel allow no decision without a meeting."):
        services.decide_time(recommendation=item, granted=True, meeting=by_email)
    decide(services.decide_time, recommendation=item, granted=True, on=START + 2 * DAY)
    tracking = item.tracking
    assert (tracking.first_target, tracking.current_target) == (QUARTER, later)
    assert [date["superseded"] for date in tracking.promised_dates] == [True, False]
    tracking.first_target = later
    with pytest.raises(HistoryIsKept, match="The first date promised never changes"):
        arrange(tracking.save)
    again = {"recommendation": item, "on": START + 3 * DAY}
    services.ask_for_time(**again, until=datetime.date(2023, 12, 31), reason="Still no contractor.")
    with refused("Say why more time was refused."):
        decide(services.decide_time, **again, granted=False)
    decide(services.decide_time, **again, granted=False, reason="It is urgent.")
    assert item.tracking.current_target == later


@row(G, "G 8 Completion")
def only_the_customers_decide_that_it_is_done():
    item = accepted()
    assert item.checking_body == customers()
    assert Step.CONFIRM not in open_steps(**current_state(item.tracking))
    with refused("The landlord has to say it is done before residents can confirm it."):
        decide(services.confirm, recommendation=item, on=QUARTER)
    services.claim_done(recommendation=item, on=QUARTER, evidence="A photo.")
    assert item.tracking.delivery == Delivery.CLAIMED
    elsewhere = meeting(panel("board"), QUARTER + DAY, kind=MeetingKind.TRAINING)
    with refused("That was a meeting of the Board."):  # case AR6
        services.confirm(recommendation=item, on=elsewhere.day, meeting=elsewhere)
    decide(services.send_back, recommendation=item, on=QUARTER + DAY, reason="One photo is not enough.")
    assert item.tracking.delivery == Delivery.IN_PROGRESS
    services.claim_done(recommendation=item, on=QUARTER + 2 * DAY, evidence="Twelve photos.")
    decide(services.confirm, recommendation=item, on=QUARTER + 3 * DAY)
    assert item.tracking.delivery == Delivery.CONFIRMED
    words = "The customers, and nobody else, decide whether the evidence shows that something is done."
    assert words in page_of(pages.PanelPageFactory(panel=customers()))
