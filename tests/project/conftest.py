"""Fixtures of the tests of the whole project."""

import datetime

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from forms.models import PublicEntry
from scrutiny_pages.models import Topic, WorkProgramme
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory, RegimeFactory, question
from tests.factories.state import arrange


@pytest.fixture
def one_of_each(home):
    """A site with one object of everything in the API."""
    make_one_of_each()
    return home


def make_one_of_each() -> None:
    """Create one object of everything in the API; there is a home page already."""
    day = datetime.date(2026, 4, 1)
    page = pages.PanelPageFactory()
    area = records.ServiceAreaFactory(slug="repairs")
    review = pages.ReviewPageFactory(panel=page.panel, started_on=day, service_areas=[area])
    review.stages.create(name="Reading", planned_on=day)
    review.save()
    report = pages.ReportPageFactory(title="Repairs", parent=review, body=[("heading", "How we did it")])
    item = records.RecommendationFactory(
        series="2026-03", number=1, panel=page.panel, report=report, service_areas=[area]
    )
    pages.OutcomePageFactory(recommendations=[item])
    pages.NewsletterPageFactory(body=[("text", "<p>News.</p>")])
    records.MeetingFactory(panel=page.panel, review=review)
    year = WorkProgramme(panel=page.panel, title="2026", starts_on=day, ends_on=timezone.localdate())
    year.agreed_by, year.agreed_on, year.topics = page.panel, day, [Topic(title="Repairs", review=review)]
    year.save()
    Redirect.objects.create(old_path="/old", redirect_page=review)
    records.AgreementFactory()
    form = FormPageFactory(title="Ask us", questions=[question("why"), question("photo", "file", required=False)])
    arrange(
        PublicEntry.objects.create,
        regime=RegimeFactory(slug="panel-rules"),
        form_key=form.form_key,
        subject="Repairs",
        received_on=day,
        published_at=timezone.now(),
    )
