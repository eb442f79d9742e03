"""Query counts of each page: a fixed number, the same for two things listed and for twenty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import Navigation
from scrutiny_pages.enums import Answer
from scrutiny_pages.models import (
    Action,
    Escalation,
    Evidence,
    Extension,
    SelectionCriterion,
    StageChange,
    Topic,
    TopicScore,
    Trigger,
    WorkProgramme,
)
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db


def recommendations(number: int, **fields) -> list:
    area = records.ServiceAreaFactory()
    made = []
    for _ in range(number):
        item = records.RecommendationFactory(
            service_areas=[area],
            tracking__answer=Answer.ACCEPTED,
            tracking__answered_on=datetime.date(2026, 4, 2),
            tracking__first_target=datetime.date(2026, 6, 30),
            tracking__current_target=datetime.date(2026, 9, 30),
            **fields,
        )
        arrange(
            Extension.objects.create,
            tracking=item.tracking,
            asked_on=datetime.date(2026, 5, 1),
            asked_for=datetime.date(2026, 9, 30),
            granted=True,
            decided_on=datetime.date(2026, 5, 2),
        )
        tell_more(item, escalation_steps=1)
        made.append(item)
    return made


def tell_more(item, *, escalation_steps: int) -> None:
    """Add an action, evidence and a standard to a recommendation each time, and this many escalations."""
    day = datetime.date(2026, 5, 1)
    first = item.tracking.escalations.count() + 1
    for rung in range(first, first + escalation_steps):
        arrange(Action.objects.create, tracking=item.tracking, text="Hire", owner=records.RoleFactory(), due=day)
        arrange(Evidence.objects.create, tracking=item.tracking, on=day, text="Letters")
        arrange(
            Escalation.objects.create,
            tracking=item.tracking,
            rung=rung,
            to_whom="the Board",
            asks="Answer",
            on=day,
            replied_on=day,
        )


def stages(number: int) -> list[dict]:
    """Return the stages of a process, each with every optional text."""
    return [
        {
            "name": f"Stage {n}",
            "role": records.RoleFactory(),
            "signed_off_by": records.PanelFactory(),
            "deadline_unit": "next_meeting",
            "deadline_panel": records.PanelFactory(),
        }
        for n in range(number)
    ]


def tracker(number: int) -> str:
    recommendations(number)
    return pages.TrackerPageFactory().get_url()


def tracker_of_what_is_late(number: int) -> str:
    return f"{tracker(number)}?overdue=true&service={recommendations(1)[0].service_areas.get().slug}"


def tracker_as_spreadsheet(number: int) -> str:
    """Case I20: the file costs its rows alone, those with the landlord's plan and its actions too."""
    process = records.ReviewProcessFactory(publish_plan=True)
    recommendations(number, panel=records.PanelFactory(usual_process=process))
    return "/recommendations.csv"


def tracker_as_workbook(number: int) -> str:
    tracker_as_spreadsheet(number)
    return "/recommendations.xlsx"


def tracker_as_data(number: int) -> str:
    """Recommendations of one report, and each of another."""
    recommendations(number, report=pages.ReportPageFactory())
    for _ in range(number):
        recommendations(1, report=pages.ReportPageFactory())
    return "/recommendations.json"


def recommendation(number: int) -> str:
    pages.TrackerPageFactory()
    report = pages.ReportPageFactory()
    item = recommendations(number, report=report)[0]
    for n in range(number):
        arrange(item.tracking.events.create, on=datetime.date(2026, 5, 1), kind="note", title=f"Update {n}")
        tell_more(item, escalation_steps=1)
        pages.OutcomePageFactory().recommendations.set([item])
    return item.get_absolute_url()


def report(number: int) -> str:
    process = records.ReviewProcessFactory(publish_plan=True)
    page = pages.ReportPageFactory(parent=pages.ReviewPageFactory(process=process))
    for item in recommendations(number, report=page):
        came = pages.OutcomePageFactory()
        came.recommendations.set([item])
        came.save()
    pages.PanelPageFactory(panel=page.review.panel)
    page.get_parent().specific.stages.model.objects.bulk_create(
        page.get_parent().specific.stages.model(review_id=page.get_parent().pk, name=f"Stage {n}")
        for n in range(number)
    )
    return page.get_url()


def easy_read(number: int) -> str:
    pair = ("pair", {"image": None, "sentence": "We looked at repairs."})
    for _ in range(number):
        page = pages.EasyReadPageFactory(body=[pair] * number)
    return page.get_url()


def report_index(number: int) -> str:
    for _ in range(number):
        recommendations(2, report=pages.ReportPageFactory())
    return pages.ReportIndexPageFactory().get_url()


def review_index(number: int) -> str:
    for _ in range(number):
        review = pages.ReviewPageFactory()
        review.stages.create(**stages(1)[0])
        review.save()
        agreed_year(review.panel)
    return review.get_parent().get_url()


def agreed_year(panel, topics: int = 0) -> WorkProgramme:
    """Add an agreed work programme to a panel."""
    day = datetime.date(2026, 4, 1)
    year = WorkProgramme(panel=panel, title="2026", starts_on=day, ends_on=timezone.localdate())
    year.agreed_by, year.agreed_on = records.PanelFactory(), day
    year.criteria = [SelectionCriterion(question=f"Question {n}") for n in range(topics)]
    year.topics = [Topic(title=f"Topic {n}", review=pages.ReviewPageFactory()) for n in range(topics)]
    year.save()
    for topic, criterion in zip(year.topics.all(), year.criteria.all(), strict=True):
        arrange(TopicScore.objects.create, topic=topic, criterion=criterion, score=3)
    return year


def programme(number: int) -> str:
    page = pages.PanelPageFactory()
    for _ in range(number):
        pages.ReviewPageFactory(programme=agreed_year(page.panel))
    year = agreed_year(page.panel, topics=number)
    for _ in range(number):
        pages.ReviewPageFactory(programme=year)
    return year.get_absolute_url()


def review(number: int) -> str:
    panel = pages.PanelPageFactory().panel
    page = pages.ReviewPageFactory(panel=panel, programme=agreed_year(panel))
    for item in recommendations(number, report=pages.ReportPageFactory(parent=page)):
        outcome = pages.OutcomePageFactory()
        outcome.recommendations.set([item])
        outcome.save()
        records.MeetingFactory(panel=panel, review=page)
        pages.ReviewPageFactory(part_of=page)
    for _ in range(number):
        stage = page.stages.create(**stages(1)[0] | {"produces": "response"})
        arrange(
            StageChange.objects.create,
            review=page,
            stage_key=stage.key,
            kind="returned",
            on=datetime.date(2026, 5, 1),
            reason="No dates.",
        )
    page.save()
    for _ in range(number):
        pages.ReportPageFactory(parent=page)
    return page.get_url()


def outcome_index(number: int) -> str:
    for item in recommendations(number):
        page = pages.OutcomePageFactory()
        page.recommendations.set([item])
    return page.get_parent().get_url()


def outcome(number: int) -> str:
    page = pages.OutcomePageFactory()
    for _ in range(number):
        page.recommendations.add(*recommendations(1, report=pages.ReportPageFactory()))
    return page.get_url()


def newsletter_index(number: int) -> str:
    for _ in range(number):
        page = pages.NewsletterPageFactory()
    return page.get_parent().get_url()


def newsletter(number: int) -> str:
    """A newsletter that refers to reports, outcomes and meetings, and has invitations."""
    body = []
    for _ in range(number):
        target = pages.StandardPageFactory()
        link = {"page": target, "url": "", "label": ""}
        body += [
            ("report", {"page": pages.ReportPageFactory()}),
            ("outcome", {"page": pages.OutcomePageFactory()}),
            ("meeting", {"meeting": records.MeetingFactory()}),
            ("call", {"heading": "Come", "text": "", "link": link}),
        ]
    return pages.NewsletterPageFactory(body=body).get_url()


def rules_that_name_others() -> dict:
    """Add rules to a panel that name other panels."""
    kind, body = records.MemberKindFactory(), records.PanelFactory()
    limit = ("kind_limit", {"member_kind": kind.slug, "at_most": 2})
    return {"rules": [limit, ("may_not_sit_on", {"panels": [body.slug]})], "rules_from": body}


def panel_index(number: int) -> str:
    for _ in range(number):
        page = pages.PanelPageFactory(panel=records.PanelFactory(**rules_that_name_others()))
        records.MembershipFactory(panel=page.panel)
    return page.get_parent().get_url()


def panel(number: int) -> str:
    process = records.ReviewProcessFactory(stages=stages(number), escalation_steps=["the Board"] * number)
    page = pages.PanelPageFactory(panel=records.PanelFactory(**rules_that_name_others(), usual_process=process))
    assert page.panel
    agreed_year(page.panel, topics=number)
    for item in recommendations(number, panel=page.panel):
        outcome = pages.OutcomePageFactory()
        outcome.recommendations.set([item])
        outcome.save()
    for n in range(number):
        records.MembershipFactory(panel=page.panel, name_is_public=True)
        records.MeetingFactory(panel=page.panel)
        records.MeetingFactory(panel=page.panel, starts_at=timezone.now() - datetime.timedelta(days=n + 1))
        pages.ReportPageFactory(parent=pages.ReviewPageFactory(panel=page.panel))
        pages.PanelPageFactory(panel__parent=page.panel)
        Trigger.objects.create(name=f"Trigger {n}")
        page.panel.eligibility.create(statement=f"Statement {n}")
    page.panel.save()
    return page.get_url()


def meeting_index(number: int) -> str:
    for n in range(number):
        records.MeetingFactory()
        records.MeetingFactory(starts_at=timezone.now() - datetime.timedelta(days=n + 1))
    return pages.MeetingIndexPageFactory().get_url()


def meeting(number: int) -> str:
    """A meeting of a review, with recommendations and a decision."""
    pages.MeetingIndexPageFactory()
    panel = pages.PanelPageFactory().panel
    held = {"starts_at": timezone.now() - datetime.timedelta(days=3), "minutes_agreed_on": timezone.localdate()}
    one = records.MeetingFactory(panel=panel, review=pages.ReviewPageFactory(panel=panel), **held)
    recommendations(number, made_at=one)
    for n in range(number):
        one.decisions.create(text=f"Decision {n}", ratified_at=records.MeetingFactory())
    one.save()
    return one.get_absolute_url()


def calendar(number: int) -> str:
    for _ in range(number):
        records.MeetingFactory()
    return "/meetings/calendar.ics"


def self_check(number: int) -> str:
    page = pages.PanelPageFactory(apply_page=pages.StandardPageFactory(), panel__recruiting=True)
    assert page.panel
    for n in range(number):
        page.panel.eligibility.create(statement=f"Statement {n}")
        records.MeetingFactory(panel=page.panel)
    page.panel.save()
    return f"/panels/{page.panel.slug}/could-i-join/"


def front_page(number: int) -> str:
    """A home page of every live block."""
    tracker(number)
    report_index(number)
    outcome_index(number)
    meeting_index(number)
    for _ in range(number):
        page = pages.PanelPageFactory(panel__recruiting=True)
        records.MembershipFactory(panel=page.panel)
    front = pages.make_home()
    front.body = [
        ("tracker_numbers", {"heading": "changes"}),
        ("latest_outcomes", {"heading": "You said", "intro": "", "number": 12}),
        ("latest_reports", {"heading": "Found", "intro": "", "number": 12}),
        ("vacancies", {"text": ""}),
        ("next_meetings", {"heading": "Next", "number": 12}),
    ]
    front.save()
    return front.get_url()


def standard(number: int) -> str:
    for _ in range(number):
        page = pages.StandardPageFactory()
    front = pages.make_home()
    navigation = Navigation.for_site(front.get_site())
    targets = list(front.get_children())[:8]
    navigation.main = [("link", {"page": target, "url": "", "label": ""}) for target in targets]
    navigation.save()
    return page.get_url()


def search_recommendations(number: int) -> str:
    recommendations(number, title="Zebra")
    return "/search/?q=zebra&type=recommendations"


def search_meetings(number: int) -> str:
    day = timezone.localdate()
    for _ in range(number):
        item = records.MeetingFactory(theme="Zebra", minutes="<p>Met.</p>", minutes_agreed_on=day)
        item.decisions.create(text="Buy a zebra")
    return "/search/?q=zebra&type=meetings"


def search_panels(number: int) -> str:
    for _ in range(number):
        pages.PanelPageFactory(title="Zebra")
    return "/search/?q=zebra&type=panels"


COSTS = {
    front_page: 22,
    standard: 16,  # one for its Easy Read versions
    tracker: 22,
    tracker_of_what_is_late: 24,  # the service that is asked for, and for the picture all that is not late
    # The keys in their order, which reviews show a plan, the rows, and the seven kinds of what hangs on them.
    tracker_as_spreadsheet: 13,
    tracker_as_workbook: 13,
    tracker_as_data: 15,
    # Actions, owners, evidence, where it was taken, standards, the review: who checks; its panels' pages, its outcomes,
    # and those beside it in the report.
    recommendation: 22,
    report_index: 15,
    report: 29,  # two for the landlord's plan; the panel's page, outcomes, Easy Read, the PDF
    easy_read: 20,  # the page above it, the PDF, and whether both are public
    review_index: 20,
    review: 31,  # what was asked for and came of it, its meetings, parts, and the year
    outcome_index: 20,  # the filters: services and years
    outcome: 22,  # its services, and where it came from: reviews and panels
    newsletter_index: 15,
    newsletter: 20,  # one for the PDF
    panel_index: 17,
    panel: 35,  # its work so far, the year's topics, meetings to come and past, and what can set a review off
    meeting_index: 18,  # two for what its filters offer
    meeting: 16,  # its panel's page, and the recommendations made there
    calendar: 3,
    self_check: 11,
    programme: 17,
    search_recommendations: 9,
    search_meetings: 10,  # one for what was agreed
    search_panels: 11,  # the page, its kind, and the panel
}


def queries_of(client, url: str) -> list[dict]:
    """Return the queries of a response, once the caches of Django and Wagtail are filled."""
    client.get(url).getvalue()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
        response.getvalue()  # a file is made as it is sent
    assert response.status_code in (200, 302)
    return captured.captured_queries


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize(("made", "cost"), COSTS.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_a_page_costs_the_same_however_much_it_lists(home, client, made, cost, number):
    queries = queries_of(client, made(number))
    assert len(queries) == cost, "\n".join(query["sql"][:160] for query in queries)
