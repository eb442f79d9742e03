"""An editor can preview anything at once: before it is saved, half filled in, and as a draft."""

from typing import Any

import pytest
from wagtail.models import Page, get_page_models

from scrutiny_pages.models import Panel, Recommendation, ReportPage
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory

pytestmark = pytest.mark.django_db

PAGE_TYPES = [model for model in get_page_models() if model is not Page]


def previewed(item, mode: str = "") -> str:
    answer = item.make_preview_request(preview_mode=mode)
    assert answer.status_code == 200
    return answer.render().content.decode() if hasattr(answer, "render") else answer.content.decode()


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_a_page_that_is_only_a_title_can_be_previewed(home, model):
    page = model(title="Only a title", slug="only-a-title")
    if hasattr(page, "headline"):
        page.headline = "Only a title"
    page.set_url_path(home)
    for mode, _label in page.preview_modes:
        assert "Only a title" in previewed(page, mode)


CLASSES: list[Any] = [item for item in vars(pages).values() if isinstance(item, type)]
FACTORIES = [item for item in CLASSES if issubclass(item, pages.PageFactory) and not item._meta.abstract]
FACTORIES += [FormPageFactory]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_a_page_that_is_published_can_be_previewed(home, factory):
    page = factory(title="A whole page")
    assert "A whole page" in previewed(page, page.default_preview_mode)


def test_a_chart_that_is_half_filled_in_can_be_previewed(home):
    rows = [{"label": "Heating", "value": None, "weak": False}]
    report = ReportPage(title="Draft", slug="draft", body=[("chart", {"title": "Told", "unit": "", "rows": rows})])
    report.set_url_path(home)
    assert "Told" in previewed(report)


def test_records_can_be_previewed_before_and_after_they_are_saved(home):
    panel = records.PanelFactory()
    for item in (
        Panel(name="Scrutiny Panel", purpose="Checks services."),
        panel,
        Recommendation(title="Text residents", series="2026-03", number=1, panel=panel),
        records.RecommendationFactory(panel=panel),
    ):
        assert (getattr(item, "name", "") or item.title) in previewed(item)
