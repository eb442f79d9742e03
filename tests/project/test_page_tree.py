"""The permitted parents of each page type: one table, and each pair created through the editor's own form."""

import pytest
from django.urls import reverse
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from forms.models import FormPage
from home.models import AccessibilityStatementPage, ContactPage, HomePage, PrivacyPage, StandardPage
from scrutiny_pages import models
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

CHILDREN = {
    HomePage: {
        StandardPage,
        AccessibilityStatementPage,
        ContactPage,
        PrivacyPage,
        FormPage,
        models.ReportIndexPage,
        models.TrackerPage,
        models.OutcomeIndexPage,
        models.ReviewIndexPage,
        models.PanelIndexPage,
        models.MeetingIndexPage,
        models.NewsletterIndexPage,
    },
    StandardPage: {StandardPage, FormPage, models.EasyReadPage},
    AccessibilityStatementPage: set(),
    ContactPage: set(),
    PrivacyPage: set(),
    FormPage: set(),
    models.ReportIndexPage: set(),
    models.TrackerPage: set(),
    models.OutcomeIndexPage: {models.OutcomePage},
    models.OutcomePage: set(),
    models.ReviewIndexPage: {models.ReviewPage},
    models.ReviewPage: {models.ReportPage},
    models.ReportPage: {models.EasyReadPage},
    models.EasyReadPage: set(),
    models.PanelIndexPage: {models.PanelPage},
    models.PanelPage: set(),
    models.MeetingIndexPage: set(),
    models.NewsletterIndexPage: {models.NewsletterPage},
    models.NewsletterPage: set(),
}


def test_the_table_is_complete():
    assert set(CHILDREN) == {model for model in get_page_models() if model is not Page}


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_each_page_may_hold_only_what_belongs_there(model):
    assert set(model.allowed_subpage_models()) - {Page} == CHILDREN[model]


COMMON = {"title": "Made by an editor", "slug": "made-by-an-editor", "summary": "In short.", "comments-TOTAL_FORMS": 0}
NO_COMMENTS = {"comments": inline_formset([])}
BODY = streamfield([("text", rich_text("<p>Words.</p>")), ("heading", "How we did it")])


def fields_of(model) -> dict:
    """Return the required fields of each page type, except the title."""
    question = {"label": "Why?", "hint": "", "required": "on"}
    section = {"title": "About you", "intro": rich_text(""), "questions": streamfield([("short_text", question)])}
    own = {
        StandardPage: {"body": BODY},
        ContactPage: {"body": BODY},
        PrivacyPage: {"body": BODY, "complaint_form": ""},
        AccessibilityStatementPage: {
            "compliance": "partial",
            "not_accessible": streamfield([("problem", {"what": "Old scans.", "reason": "non_compliance"})]),
            "improving": streamfield([]),
            "answered_in": "5",
            "prepared_on": "2026-03-03",
        },
        FormPage: {
            "kind": "general",
            "audience": "anyone",
            "keep_months": "24",
            "start": rich_text(""),
            "other_ways": rich_text(""),
            "what_happens_next": rich_text("<p>We ring you.</p>"),
            "sections": streamfield([("section", section)]),
        },
        models.OutcomePage: {
            "you_said": "Nobody told us.",
            "we_did": "You are told.",
            "difference": "Fewer days lost.",
            "came_from": "",
            "promises": inline_formset([{"recommendation": records.RecommendationFactory().pk}]),
        },
        models.ReviewPage: {
            "panel": records.PanelFactory().pk,
            "state": "under_way",
            "why": rich_text("<p>Because.</p>"),
            "questions": rich_text(""),
            "left_out": rich_text(""),
            "good_practice": rich_text(""),
            "stages": inline_formset(
                [{"name": "Testing what we read", "planned_on": "2026-12-01", "light_touch": "yes"}]
            ),
        },
        models.ReportPage: {"agreed_on": "2026-03-03", "body": BODY, "response_summary": ""},
        models.PanelPage: {"panel": records.PanelFactory().pk, "apply_page": ""},
        models.NewsletterPage: {"issued_on": "2026-03-03", "body": BODY},
        models.EasyReadPage: {"language": "en-GB", "body": streamfield([("heading", "What we did")])},
    }
    return own.get(model, {})


PARENTS = {
    models.OutcomePage: pages.OutcomeIndexPageFactory,
    models.ReviewPage: pages.ReviewIndexPageFactory,
    models.ReportPage: pages.ReviewPageFactory,
    models.EasyReadPage: pages.ReportPageFactory,
    models.PanelPage: pages.PanelIndexPageFactory,
    models.NewsletterPage: pages.NewsletterIndexPageFactory,
}


@pytest.mark.parametrize(
    "model", [model for model in CHILDREN if model is not HomePage], ids=lambda model: model.__name__
)
def test_an_editor_can_make_and_publish_each_page(home, admin_in, model):
    parent = PARENTS[model]() if model in PARENTS else home
    address = reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
    assert admin_in.get(address).status_code == 200
    data = nested_form_data(COMMON | NO_COMMENTS | fields_of(model)) | {"action-publish": "1"}
    answer = admin_in.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    page = model.objects.get(title="Made by an editor")
    assert page.live
    assert "Made by an editor" in admin_in.get(page.get_url()).content.decode()
    # And it opens again for editing.
    assert admin_in.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


SNIPPETS = {
    models.ServiceArea: {"name": "Repairs", "slug": "repairs"},
    models.Role: {"title": "Head of Repairs", "mailbox": ""},
    models.Meeting: {
        "kind": "meeting",
        "theme": "Repairs",
        "starts_at": "2026-12-01 18:00",
        "ends_at": "2026-12-01 20:00",
        "place": "The hall",
        "how_to_join": "",
        "agenda": rich_text(""),
        "minutes": rich_text(""),
        "decisions": inline_formset([{"text": "We look at repairs next."}]),
        "is_public": "on",
    },
    models.Panel: {
        "name": "Scrutiny Panel",
        "slug": "scrutiny-panel",
        "kind": "scrutiny_panel",
        "purpose": "Checks services.",
        "activities": rich_text(""),
        "support": rich_text(""),
        "terms_of_reference": rich_text(""),
        "role_description": rich_text(""),
        "rules": streamfield([("members", {"at_least": "4", "at_most": "12", "level": "refuse"})]),
        "eligibility": inline_formset([{"statement": "I rent from the landlord."}]),
    },
    models.Recommendation: {"series": "2026-03", "number": "1", "title": "Text residents", "asked_on": "2026-03-10"},
}


@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_an_editor_can_make_and_publish_each_record(home, admin_in, model):
    name = f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}"
    data = SNIPPETS[model]
    if model in (models.Meeting, models.Recommendation):
        data = data | {"panel": records.PanelFactory().pk}
    answer = admin_in.post(reverse(f"{name}:add"), nested_form_data(data) | {"action-publish": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    made = model.objects.latest("pk")
    assert admin_in.get(reverse(f"{name}:edit", args=[made.pk])).status_code == 200
    assert admin_in.get(reverse(f"{name}:list")).status_code == 200
    if hasattr(made, "get_absolute_url"):
        assert admin_in.get(made.get_absolute_url()).status_code == 200


def test_a_panel_is_never_its_own_ancestor(db):
    upper = records.PanelFactory()
    lower = records.PanelFactory(parent=upper)
    upper.parent = lower
    with pytest.raises(Exception, match="cannot be part of itself"):
        upper.full_clean()
