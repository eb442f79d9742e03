"""Public wording of recommendations, reviews, panels and reports."""

import datetime
import re

import pytest
from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import EXPLANATIONS, Answer, Impact, Standing
from scrutiny_pages.models import Panel, ReviewPage, ReviewStage, Topic, Trigger, WorkProgramme
from scrutiny_pages.presenters.panels import how_it_works
from scrutiny_pages.presenters.recommendations import escalation_timeline, staff_timeline
from tests.factories import pages, records
from tests.factories.decisions import decide, meeting_of
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 2)


def days(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


def words(client, url: str) -> str:
    """Return the text of a page, without its markup."""
    answer = client.get(url)
    assert answer.status_code == 200
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def refused(**fields):
    """Return a refused recommendation, of a panel whose process escalates to the manager and then the Board."""
    process = records.ReviewProcessFactory(escalation_steps=["the manager", "the Board"], **fields)
    item = records.RecommendationFactory(panel=records.PanelFactory(usual_process=process), asked_on=DAY)
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=days(1), reason="It costs too much.")
    return item


def test_a_first_answer_stays_when_a_later_one_takes_its_place(home, client):
    item = refused()
    assert "First answer" not in words(client, item.get_absolute_url())
    decide(services.escalate, recommendation=item, on=days(2), reason="It is cheap.")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=days(3), target=days(99))
    said = words(client, item.get_absolute_url())
    assert "Answer Accepted, 5 March 2026 First answer Not accepted, 3 March 2026" in said
    assert "Taken to the manager on 4 March 2026 We asked: Say what you will do. They replied on 5 March 2026." in said


@pytest.mark.parametrize(
    ("reply_due", "on", "tone", "said"),
    [
        (None, 9, "current", "They have not replied yet."),
        (7, 7, "current", "They should reply by 9 March 2026."),
        (7, 8, "late", "They should have replied by 9 March 2026, and have not."),
    ],
)
def test_where_it_was_taken_last_is_where_it_is_now(home, reply_due, on, tone, said):
    item = refused()
    for number in (2, 4):
        decide(services.escalate, recommendation=item, on=days(number), reason="It is cheap.")
        if number == 2:
            services.record_reply(recommendation=item, on=days(3), text="No.")
    arrange(item.tracking.escalations.filter(rung=2).update, reply_due=reply_due and days(reply_due))
    told = escalation_timeline(item.tracking, days(on))
    assert [(turn.tone, turn.date_words) for turn in told] == [("done", ""), (tone, "It is here now")]
    assert told[1].text.endswith(said)


def test_who_checks_is_the_body_that_the_process_names(home, client):
    committee = records.PanelFactory(name="Assurance Committee")
    assert "Who checks that it is done Assurance Committee" in words(
        client, refused(checked_by=committee).get_absolute_url()
    )
    item = refused()
    assert f"Who checks that it is done {item.panel}" in words(client, item.get_absolute_url())


def test_a_recommendation_shows_actions_evidence_and_whether_it_helped(home, client):
    item = refused(impact_check_months=12)
    decide(services.escalate, recommendation=item, on=days(2), reason="It is cheap.")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=days(3), target=days(9))
    for text in ("Write a letter", "Send it"):
        services.plan_action(recommendation=item, text=text, owner=item.owner, due=days(9), on=days(4))
    services.finish_action(recommendation=item, action=item.tracking.actions.first(), on=days(5))
    said = words(client, item.get_absolute_url())
    assert (
        f"Write a letter {item.owner} 11 March 2026 7 March 2026 Send it {item.owner} 11 March 2026 Not yet: late"
        in said
    )
    services.finish_action(recommendation=item, action=item.tracking.actions.last(), on=days(6))
    services.claim_done(recommendation=item, on=days(7), evidence="Ten letters.", link="https://example.org/letters")
    decide(services.confirm, recommendation=item, on=days(8))
    said = words(client, item.get_absolute_url())
    assert "What the landlord has shown us 9 March 2026: Ten letters. See it" in said
    assert "We check if it helped 10 March 2027" in said
    checked = {"impact": Impact.TOO_SOON, "on": days(9), "text": "Ask again."}
    decide(services.check_impact, recommendation=item, again_on=days(99), **checked)
    said = words(client, item.get_absolute_url())
    assert "Did it help? It is too soon to say, 11 March 2026 We check if it helped 9 June 2026" in said
    decide(services.check_impact, recommendation=item, **checked | {"impact": Impact.HELPED, "on": days(99)})
    said = words(client, item.get_absolute_url())
    assert "Did it help? It helped, 9 June 2026" in said
    assert "We check if it helped" not in said


@pytest.mark.parametrize("is_public", [True, False])
def test_the_meeting_it_was_made_at_is_named_if_it_is_public(home, client, is_public):
    meeting = records.MeetingFactory(theme="Lifts that stop", is_public=is_public)
    item = records.RecommendationFactory(made_at=meeting, refers_to=records.PanelFactory(name="Repairs Panel"))
    said = words(client, item.get_absolute_url())
    assert ("Lifts that stop" in said) == is_public
    assert "Passed on to Repairs Panel" in said


@pytest.fixture
def review(home):
    board = records.PanelFactory(name="Board")
    page = pages.ReviewPageFactory(
        trigger=Trigger.objects.create(name="What people complain about"), good_practice="<p>Calls are answered.</p>"
    )
    page.stages = [
        ReviewStage(name="Asking for papers", sort_order=1, role=records.RoleFactory(title="Clerk")),
        ReviewStage(name="Mystery shopping", sort_order=2, only_if_needed=True),
        ReviewStage(name="Managers answer", sort_order=3, produces="response", planned_on=days(10)),
        ReviewStage(name="The Board agrees", sort_order=4, produces="plan_sign_off", signed_off_by=board),
    ]
    page.save()
    return page


def stage(review, number: int) -> dict:
    return {"review": review, "stage": review.stages.all()[number]}


def test_a_review_tells_what_set_it_off_what_works_well_and_who_acts(review, client):
    said = words(client, review.get_url())
    assert "What set it off What people complain about" in said
    assert "What works well Calls are answered." in said
    assert "Not started yet." in said
    assert "Asking for papers (to come) Who acts: Clerk." in said
    services.start_stage(**stage(review, 0), on=DAY)
    assert "Asking for papers (now) Who acts: Clerk." in words(client, review.get_url())


def test_several_stages_at_once_read_as_one_sentence(review, client):
    for number in (0, 2):
        services.start_stage(**stage(review, number), on=DAY)
    assert "Stages 1 and 3 of 4: asking for papers; managers answer." in words(client, review.get_url())


def test_a_stage_that_was_not_used_has_a_sign_words_and_the_reason(review, client):
    services.leave_out_stage(**stage(review, 1), because="The figures were enough.")
    assert "Not used Mystery shopping The figures were enough." in words(client, review.get_url())
    assert "app-timeline__entry--skipped" in client.get(review.get_url()).content.decode()


def test_the_landlords_response_is_due_sent_back_received_and_signed_off(review, client):
    def told() -> str:
        said = words(client, review.get_url())
        return said.split("The landlord’s response")[1].split("What works well")[0].strip()

    assert told() == "Managers answer Due 12 March 2026."
    services.record_stage(**stage(review, 2), on=days(9))
    services.send_back_stage(**stage(review, 2), on=days(10), reason="It has no dates.")
    assert told() == "Managers answer Due 12 March 2026. Returned on 12 March 2026 to be put right. It has no dates."
    services.record_stage(**stage(review, 2), on=days(11))
    board = stage(review, 3)["stage"].signed_off_by
    services.record_stage(**stage(review, 3), meeting=meeting_of(board, days(20)), how="Item 4")
    assert told().endswith(
        "Received on 13 March 2026. The Board agrees "
        "Agreed on 22 March 2026. Signed off by the Board: At the meeting of the Board on 22 March 2026. Item 4."
    )


def test_a_review_that_was_not_chosen_says_why(home, client):
    page = pages.ReviewPageFactory(state="not_chosen", not_chosen_because="It was looked at last year.")
    assert "Not chosen, because: It was looked at last year." in words(client, page.get_url())


def test_a_panel_tells_how_it_reviews_and_where_it_takes_a_no(home, client):
    board, clerk = records.PanelFactory(name="Board"), records.RoleFactory(title="Clerk")
    scope = {"name": "Asking", "produces": "scope", "deadline_unit": "working_days", "deadline_amount": 10}
    answer = {"name": "The answer", "deadline_unit": "next_meeting", "deadline_panel": board, "deadline_from": "scope"}
    stages = [scope | {"role": clerk}, answer | {"signed_off_by": board, "only_if_needed": True, "light_touch": "no"}]
    process = records.ReviewProcessFactory(
        description="We read and ask.", stages=stages, escalation_steps=["the Board"]
    )
    rung = process.escalation_route.steps.get()
    rung.deadline_unit, rung.deadline_amount = "calendar_days", 28
    arrange(rung.save)
    page = pages.PanelPageFactory(panel=records.PanelFactory(usual_process=process))
    said = words(client, page.get_url())
    assert "How we carry out a review We read and ask. See all 2 steps" in said
    assert "Asking Within 10 working days of the end of the stage before. Who acts: Clerk." in said
    assert (
        "The answer At the next meeting of the Board after the scope. Who has to agree: Board. "
        "Only if it is needed. A light-touch review leaves this out."
    ) in said
    assert (
        "If the landlord says no We go to the Board They reply within 28 days of the day we ask. "
        "We ask: Say what you will do."
    ) in said
    assert not re.search("escalat|trigger|rung", said, re.IGNORECASE)


def test_a_panel_without_a_process_says_nothing_of_one(home):
    assert how_it_works(Panel(name="New")) == {}


@pytest.mark.parametrize("agreed", [True, False])
def test_the_topics_of_a_year_are_public_once_they_are_agreed(home, client, agreed):
    page = pages.PanelPageFactory()
    year = WorkProgramme(panel=page.panel, title="2026 to 2027", starts_on=DAY, ends_on=days(364))
    if agreed:
        year.agreed_by, year.agreed_on = page.panel, timezone.localdate()
    why = "It was looked at last year."
    year.topics = [Topic(title="Lifts", state="chosen"), Topic(title="Grass", state="not_chosen", because=why)]
    year.save()
    said = words(client, page.get_url())
    assert ("We chose: Lifts Agreed by the" in said) == agreed
    assert ("Lifts" in said) == agreed
    assert client.get(year.get_absolute_url()).status_code == (200 if agreed else 404)
    if agreed:
        assert f"Lifts Chosen Grass Not chosen {why}" in words(client, year.get_absolute_url())


@pytest.mark.parametrize("publish_plan", [True, False])
def test_a_report_shows_the_plan_if_the_process_publishes_it(home, client, publish_plan):
    process = records.ReviewProcessFactory(publish_plan=publish_plan)
    report = pages.ReportPageFactory(parent=pages.ReviewPageFactory(process=process))
    item = records.RecommendationFactory(report=report, asked_on=DAY, title="Publish each rate")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=DAY, target=days(9))
    services.plan_action(recommendation=item, text="Hire an inspector", owner=item.owner, due=days(9), on=DAY)
    said = words(client, report.get_url())
    assert ("Hire an inspector" in said) == publish_plan
    assert ("The landlord’s plan" in said) == publish_plan


@pytest.mark.parametrize("publish_plan", [True, False])
def test_a_plan_that_is_not_published_is_told_to_staff_only(home, client, publish_plan):
    process = records.ReviewProcessFactory(publish_plan=publish_plan)
    item = records.RecommendationFactory(panel=records.PanelFactory(usual_process=process), asked_on=DAY)
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=DAY, target=days(9))
    services.plan_action(recommendation=item, text="Hire an inspector", owner=item.owner, due=days(9), on=DAY)
    for address in (item.get_absolute_url(), f"/api/v2{item.get_absolute_url()}", "/recommendations.json"):
        assert (b"Hire an inspector" in client.get(address).getvalue()) == publish_plan
    titles = [turn.title for turn in staff_timeline(item, DAY)]
    assert ("Action planned" if publish_plan else "Action planned (for staff only)") in titles


def test_a_recommendation_leads_to_all_that_it_belongs_to(home, client):
    panel_page = pages.PanelPageFactory()
    report = pages.ReportPageFactory(parent=pages.ReviewPageFactory(panel=panel_page.panel))
    first, item, _draft, last = (
        records.RecommendationFactory(report=report, panel=panel_page.panel, number=number, live=number != 3)
        for number in (1, 2, 3, 4)
    )
    told, hidden = pages.OutcomePageFactory(), pages.OutcomePageFactory(live=False)
    told.recommendations.set([item])
    hidden.recommendations.set([item])
    meeting = records.MeetingFactory(panel=panel_page.panel, starts_at=timezone.now() - datetime.timedelta(days=2))
    arrange(item.tracking.events.create, on=days(9), kind="note", title="We met", meeting=meeting)
    html = client.get(item.get_absolute_url()).content.decode()
    for url in (report.url, report.review.url, panel_page.url, told.url, meeting.get_absolute_url()):
        assert f'href="{url}"' in html
    assert hidden.url not in html
    assert re.search(rf'href="{first.get_absolute_url()}"\s+rel="prev"', html)
    assert re.search(rf'href="{last.get_absolute_url()}"\s+rel="next"', html)
    meeting.is_public = False
    meeting.save()
    assert meeting.get_absolute_url() not in client.get(item.get_absolute_url()).content.decode()


def test_a_matter_that_was_referred_leads_to_the_review_it_became(home, client):
    pages.ReviewIndexPageFactory()
    item = records.RecommendationFactory(refers_to=records.PanelFactory(name="Repairs Panel"), asked_on=DAY)
    decide(services.refer, recommendation=item, on=DAY, reason="It is theirs.")
    assert "Where it led" not in words(client, item.get_absolute_url())  # it is a draft
    ReviewPage.objects.get(slug=item.referred_slug).get_latest_revision().publish()
    assert f"Where it led Review: {item.title}" in words(client, item.get_absolute_url())


def test_due_dates_of_several_current_stages_give_the_soonest(review):
    for number in (0, 2):
        services.start_stage(**stage(review, number), on=DAY)
    assert ReviewPage.objects.get(pk=review.pk).progress.due == days(10)


def test_every_status_is_followed_by_what_it_means(home, client):
    report = pages.ReportPageFactory()
    item = records.RecommendationFactory(report=report, title="Sweep the stairs", asked_on=DAY)
    outcome = pages.OutcomePageFactory(recommendations=[item])
    listings = [pages.TrackerPageFactory(), outcome.get_parent()]
    addresses = [page.get_url() for page in (report, report.review, outcome, *listings)]
    for address in [*addresses, item.get_absolute_url(), "/search/?q=sweep"]:
        page = client.get(address).content.decode()
        shown = re.findall(r"app-status__words\">(.*?)<", page)
        assert shown, address
        assert words(client, address).count(EXPLANATIONS[Standing.WAITING]) >= len(shown), address
