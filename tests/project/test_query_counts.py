"""What each page costs in queries: a fixed number, the same for two things listed and for twenty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import Navigation
from scrutiny_pages.enums import Answer
from scrutiny_pages.models import Action, Escalation, Evidence, Extension, StageChange, Topic, WorkProgramme
from tests.factories import pages, records

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
        Extension.objects.create(
            tracking=item.tracking,
            asked_on=datetime.date(2026, 5, 1),
            asked_for=datetime.date(2026, 9, 30),
            granted=True,
            decided_on=datetime.date(2026, 5, 2),
        )
        tell_more(item, rungs=1)
        made.append(item)
    return made


def tell_more(item, *, rungs: int) -> None:
    """Give a recommendation an action, evidence and a standard each time, and so many places it was taken to."""
    day = datetime.date(2026, 5, 1)
    first = item.tracking.escalations.count() + 1
    for rung in range(first, first + rungs):
        Action.objects.create(tracking=item.tracking, text="Hire", owner=records.RoleFactory(), due=day)
        Evidence.objects.create(tracking=item.tracking, on=day, text="Letters")
        Escalation.objects.create(
            tracking=item.tracking, rung=rung, to_whom="the Board", asks="Answer", on=day, replied_on=day
        )


def stages(number: int) -> list[dict]:
    """Give the stages of a process, each with all that can be read of it."""
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


def recommendation(number: int) -> str:
    pages.TrackerPageFactory()
    item = recommendations(1, report=pages.ReportPageFactory())[0]
    for n in range(number):
        item.tracking.events.create(on=datetime.date(2026, 5, 1), kind="note", title=f"Update {n}")
        tell_more(item, rungs=1)
    return item.get_absolute_url()


def report(number: int) -> str:
    process = records.ReviewProcessFactory(publish_plan=True)
    page = pages.ReportPageFactory(parent=pages.ReviewPageFactory(process=process))
    recommendations(number, report=page)
    page.get_parent().specific.stages.model.objects.bulk_create(
        page.get_parent().specific.stages.model(review_id=page.get_parent().pk, name=f"Stage {n}")
        for n in range(number)
    )
    return page.get_url()


def report_index(number: int) -> str:
    for _ in range(number):
        recommendations(2, report=pages.ReportPageFactory())
    return pages.ReportIndexPageFactory().get_url()


def review_index(number: int) -> str:
    for _ in range(number):
        review = pages.ReviewPageFactory()
        review.stages.create(**stages(1)[0])
    return review.get_parent().get_url()


def review(number: int) -> str:
    page = pages.ReviewPageFactory()
    for _ in range(number):
        stage = page.stages.create(**stages(1)[0] | {"produces": "response"})
        StageChange.objects.create(
            review=page, stage_key=stage.key, kind="returned", on=datetime.date(2026, 5, 1), reason="No dates."
        )
        pages.ReportPageFactory(parent=page)
    return page.get_url()


def outcome_index(number: int) -> str:
    for item in recommendations(number):
        page = pages.OutcomePageFactory()
        page.recommendations.set([item])
        page.save()
    return page.get_parent().get_url()


def outcome(number: int) -> str:
    page = pages.OutcomePageFactory()
    page.recommendations.set(recommendations(number))
    page.save()
    return page.get_url()


def newsletter_index(number: int) -> str:
    for _ in range(number):
        page = pages.NewsletterPageFactory()
    return page.get_parent().get_url()


def newsletter(number: int) -> str:
    """One that points at reports, outcomes and meetings, and invites to pages."""
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


def api_pages_of_one_kind(number: int) -> str:
    for _ in range(number):
        pages.PanelPageFactory()
    return "/api/v2/pages/?type=scrutiny_pages.PanelPage&fields=*"


def rules_that_name_others() -> dict:
    """Give a panel rules of its own that name others, and another's."""
    kind, body = records.MemberKindFactory(), records.PanelFactory()
    limit = ("kind_limit", {"member_kind": kind.slug, "at_most": 2})
    return {"rules": [limit, ("may_not_sit_on", {"panels": [body.slug]})], "rules_from": body}


def panel_index(number: int) -> str:
    for _ in range(number):
        page = pages.PanelPageFactory(panel=records.PanelFactory(**rules_that_name_others()))
        records.MembershipFactory(panel=page.panel)
    return page.get_parent().get_url()


def panel(number: int) -> str:
    process = records.ReviewProcessFactory(stages=stages(number), rungs=["the Board"] * number)
    page = pages.PanelPageFactory(panel=records.PanelFactory(**rules_that_name_others(), usual_process=process))
    day = datetime.date(2026, 4, 1)
    year = WorkProgramme(panel=page.panel, title="2026", starts_on=day, ends_on=timezone.localdate())
    year.agreed_by, year.agreed_on = records.PanelFactory(), day
    year.topics = [Topic(title=f"Topic {n}") for n in range(number)]
    year.save()
    for n in range(number):
        records.MembershipFactory(panel=page.panel, name_is_public=True)
        records.MeetingFactory(panel=page.panel)
        pages.ReviewPageFactory(panel=page.panel)
        page.panel.eligibility.create(statement=f"Statement {n}")
    return page.get_url()


def meeting_index(number: int) -> str:
    for n in range(number):
        records.MeetingFactory()
        records.MeetingFactory(starts_at=timezone.now() - datetime.timedelta(days=n + 1))
    return pages.MeetingIndexPageFactory().get_url()


def meeting(number: int) -> str:
    pages.MeetingIndexPageFactory()
    return next(iter([records.MeetingFactory() for _ in range(number)])).get_absolute_url()


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


def search(number: int) -> str:
    for _ in range(number):
        pages.StandardPageFactory(title="Zebra")
        recommendations(1, title="Zebra")
    return "/search/?q=zebra"


def api_panels(number: int) -> str:
    for _ in range(number):
        process = records.ReviewProcessFactory(stages=stages(1), rungs=["the Board"])
        panel = records.PanelFactory(**rules_that_name_others(), usual_process=process)
        panel.eligibility.create(statement="I rent.")
    return "/api/v2/panels/"


def api_recommendations(number: int) -> str:
    """Those of reports, each of a review with its own process, and those made at meetings."""
    for _ in range(number):
        process = records.ReviewProcessFactory(checked_by=records.PanelFactory())
        recommendations(1, report=pages.ReportPageFactory(parent=pages.ReviewPageFactory(process=process)))
        recommendations(1)
    return "/api/v2/recommendations/"


def api_pages(number: int) -> str:
    for _ in range(number):
        pages.StandardPageFactory()
    return "/api/v2/pages/"


COSTS = {
    front_page: 21,
    standard: 13,
    tracker: 21,
    recommendation: 17,  # actions, owners, evidence, where it was taken, standards, and the review: who checks
    report_index: 14,
    report: 23,  # two for the landlord's plan: actions and their owners
    review_index: 17,
    review: 22,  # one for the dates that moved, one for who signs off
    outcome_index: 17,
    outcome: 17,
    newsletter_index: 14,
    newsletter: 18,
    panel_index: 16,
    panel: 30,  # the process's stages and the route, each with what it reads, and the year's topics
    meeting_index: 14,
    meeting: 10,
    search: 12,
    api_panels: 11,  # the process's stages and the route, each with what it reads
    api_recommendations: 13,  # as for one recommendation, and the reviews of all at once
    api_pages: 6,
    api_pages_of_one_kind: 6,
}


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize(("made", "cost"), COSTS.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_a_page_costs_the_same_however_much_it_lists(home, client, made, cost, number):
    url = made(number)
    client.get(url)  # what Django and Wagtail remember between requests is now there
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    assert len(captured) == cost, "\n".join(query["sql"][:160] for query in captured)
