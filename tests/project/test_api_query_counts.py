"""Query counts of each endpoint of the API: a fixed number, the same for two objects and for twenty."""

import datetime
import re
import uuid

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from cms.core.api.conditional_requests import is_quiet
from forms.models import PublicEntry
from scrutiny_pages.models import Agreement, Panel, Recommendation, ServiceArea, StageChange
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory, RegimeFactory, case_of, question
from tests.factories.state import arrange

from .test_query_counts import (
    agreed_year,
    meeting,
    programme,
    queries_of,
    recommendations,
    report_index,
    rules_that_name_others,
    search_recommendations,
    stages,
    standard,
)

pytestmark = pytest.mark.django_db
# What says nothing of a change and is told of all the same: it is made of what does.
MADE_OF_OTHERS = {"core_lastchange", "django_content_type", "wagtailimages_rendition"}


def api_pages_of_one_kind(number: int) -> str:
    for _ in range(number):
        pages.PanelPageFactory()
    return "/api/v2/pages/?type=scrutiny_pages.PanelPage&fields=*"


def api_panels(number: int) -> str:
    for _ in range(number):
        process = records.ReviewProcessFactory(stages=stages(1), escalation_steps=["the Board"])
        panel = records.PanelFactory(**rules_that_name_others(), usual_process=process)
        panel.eligibility.create(statement="I rent.")
        panel.save()
    return "/api/v2/panels/"


def api_recommendations(number: int) -> str:
    """Recommendations of one report, of reports with their own review and process, and of meetings."""
    several = pages.ReportPageFactory()
    for _ in range(number):
        recommendations(1, report=several)
        process = records.ReviewProcessFactory(checked_by=records.PanelFactory())
        recommendations(1, report=pages.ReportPageFactory(parent=pages.ReviewPageFactory(process=process)))
        recommendations(1)
    return "/api/v2/recommendations/"


def api_pages(number: int) -> str:
    for _ in range(number):
        pages.StandardPageFactory()
    return "/api/v2/pages/"


def api_reviews(number: int) -> str:
    """Reviews, each with its own process's stages, services, and a moved date."""
    area = records.ServiceAreaFactory()
    for _ in range(number):
        review = pages.ReviewPageFactory(service_areas=[area])
        stage = review.stages.create(**stages(1)[0])
        review.save()
        day = datetime.date(2026, 5, 1)
        arrange(
            StageChange.objects.create,
            review=review,
            stage_key=stage.key,
            kind="moved",
            on=day,
            to_date=day,
            reason="Ill",
        )
    return "/api/v2/reviews/"


def api_review(number: int) -> str:
    """One review, with all its related objects."""
    review = pages.ReviewPageFactory(why="<p>Many asked.</p>")
    for stage in stages(number):
        review.stages.create(**stage)
    review.save()
    for item in recommendations(number, report=pages.ReportPageFactory(parent=review), panel=review.panel):
        pages.OutcomePageFactory(recommendations=[item])
        pages.ReportPageFactory(parent=review)
        records.MeetingFactory(panel=review.panel, review=review)
    return f"/api/v2/reviews/{review.pk}/"


def api_reports(number: int) -> str:
    report_index(number)
    return "/api/v2/reports/"


def api_report(number: int) -> str:
    page = pages.ReportPageFactory(body=[("heading", "Here")] * number)
    recommendations(number, report=page)
    return f"/api/v2/reports/{page.pk}/"


def api_outcomes(number: int) -> str:
    area = records.ServiceAreaFactory()
    for item in recommendations(number):
        pages.OutcomePageFactory(recommendations=[item], service_areas=[area])
    return "/api/v2/outcomes/"


def api_meetings(number: int) -> str:
    for _ in range(number):
        panel = records.PanelFactory()
        one = records.MeetingFactory(panel=panel, review=pages.ReviewPageFactory(panel=panel))
        one.decisions.create(text="Buy")
    return "/api/v2/meetings/"


def api_meeting(number: int) -> str:
    meeting(number)
    item = Recommendation.objects.filter(made_at__isnull=False).first()
    assert item
    return f"/api/v2/meetings/{item.made_at_id}/"


def api_newsletters(number: int) -> str:
    for _ in range(number):
        pages.NewsletterPageFactory()
    return "/api/v2/newsletters/"


def api_programmes(number: int) -> str:
    for _ in range(number):
        agreed_year(records.PanelFactory())
    return "/api/v2/programmes/"


def api_programme(number: int) -> str:
    return f"/api/v2{programme(number)}"


def api_service_areas(number: int) -> str:
    for _ in range(number):
        records.ServiceAreaFactory()
    return "/api/v2/service-areas/"


def api_statistics(number: int) -> str:
    recommendations(number)
    return "/api/v2/statistics/"


def api_menus(number: int) -> str:
    standard(number)
    return "/api/v2/menus/"


def api_redirects(number: int) -> str:
    for n in range(number):
        Redirect.objects.create(old_path=f"/old-{n}", redirect_page=pages.StandardPageFactory())
    return "/api/v2/redirects/"


def api_search(number: int) -> str:
    search_recommendations(number)
    return "/api/v2/search/?q=zebra"


def api_outcome(number: int) -> str:
    page = pages.OutcomePageFactory(recommendations=recommendations(number))
    return f"/api/v2/outcomes/{page.pk}/"


def api_newsletter(number: int) -> str:
    page = pages.NewsletterPageFactory(body=[("text", "<p>News.</p>")] * number)
    return f"/api/v2/newsletters/{page.pk}/"


def api_panel(number: int) -> str:
    found = api_panels(number)
    return f"{found}{Panel.objects.latest('pk').slug}/"


def api_recommendation(number: int) -> str:
    api_recommendations(number)
    item = Recommendation.objects.latest("pk")
    for at in range(number):
        arrange(item.tracking.events.create, on=datetime.date(2026, 5, 1), kind="note", title=f"Said {at}")
    return f"/api/v2/recommendations/{item.ref}/"


def api_service_area(number: int) -> str:
    return f"{api_service_areas(number)}{ServiceArea.objects.latest('pk').slug}/"


def api_settings(number: int) -> str:
    standard(number)
    return "/api/v2/settings/"


def api_agreements(number: int) -> str:
    for _ in range(number):
        records.AgreementFactory()
    return "/api/v2/agreements/"


def api_agreement(number: int) -> str:
    return f"{api_agreements(number)}{Agreement.objects.latest('pk').slug}/"


def api_forms(number: int) -> str:
    for _ in range(number):
        FormPageFactory()
    return "/api/v2/forms/"


def api_form(number: int) -> str:
    page = FormPageFactory(questions=[question(f"q{at}") for at in range(number)])
    return f"/api/v2/forms/{page.pk}/"


def api_requests(number: int) -> str:
    for _ in range(number):
        an_entry()
    return "/api/v2/information-requests/"


def api_request(number: int) -> str:
    return f"/api/v2/information-requests/{an_entry().pk}/"


def api_request_numbers(number: int) -> str:
    for _ in range(number):
        case_of()
    return "/api/v2/information-requests/numbers/"


def api_page(number: int) -> str:
    return f"/api/v2/pages/{pages.StandardPageFactory(body=[('text', '<p>Words.</p>')] * number).pk}/"


def api_page_found(number: int) -> str:
    return f"/api/v2/pages/find/?html_path={pages.StandardPageFactory().get_url()}"


def api_schema(number: int) -> str:
    standard(number)
    return "/api/schema/"


def an_entry() -> PublicEntry:
    """Return a request in the public log."""
    facts = {"regime": RegimeFactory(), "form_key": uuid.uuid4(), "received_on": datetime.date(2026, 4, 1)}
    return arrange(PublicEntry.objects.create, subject="Repairs", published_at=timezone.now(), **facts)


COSTS = {
    # Of each of these, two tell whether it is news (``api/conditional_requests.py``).
    api_panels: 12,  # the process's stages and the route, each with what it reads; the site and its words
    api_recommendations: 19,  # keys, then rows; why each is late; as for one recommendation, and the reviews; words
    api_pages: 8,
    api_pages_of_one_kind: 8,
    api_reviews: 13,
    api_review: 20,  # its stages with who acts, what came of it, its meetings
    api_reports: 10,  # keys, then rows with their counts
    api_report: 15,
    api_outcomes: 12,
    api_meetings: 10,
    api_meeting: 13,
    api_newsletters: 8,
    api_programmes: 4,
    api_programme: 13,
    api_service_areas: 4,
    api_statistics: 8,
    api_menus: 9,
    api_redirects: 8,
    api_search: 7,
    api_outcome: 11,
    api_newsletter: 9,
    api_panel: 11,
    api_recommendation: 17,
    api_service_area: 3,
    api_settings: 4,
    api_agreements: 5,
    api_agreement: 4,
    api_forms: 7,
    api_form: 9,
    api_requests: 4,
    api_request: 3,
    api_request_numbers: 6,
    api_page: 10,
    api_page_found: 10,
    api_schema: 23,
}


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize(("made", "cost"), COSTS.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_an_endpoint_costs_the_same_however_much_it_tells(home, client, made, cost, number):
    queries = queries_of(client, made(number))
    assert len(queries) == cost, "\n".join(query["sql"][:160] for query in queries)
    read = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert not {table for table in read - MADE_OF_OTHERS if is_quiet(table) and "search" not in table}
