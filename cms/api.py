"""URL configuration of the API: every address and its view set.

Public endpoints are wrapped in ``conditional``; the others serve one person, and their responses are never cached.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.api.v2.router import WagtailAPIRouter

from cms.core.api.base import SchemaView
from cms.core.api.conditional_requests import conditional
from cms.core.api.drafts import DraftViewSet
from cms.core.api.pages import PublicPagesViewSet
from forms.api import viewsets as forms
from forms.disclosure_log import viewsets as requests
from home import viewsets as home
from scrutiny_pages.api import viewsets as scrutiny
from scrutiny_pages.api.transitions import StepViewSet


class PagesRouter(WagtailAPIRouter):
    """Wagtail's router of pages, with conditional responses like every public endpoint."""

    def wrap_view(self, func: Callable) -> Callable:
        """Return the view with conditional responses (304)."""
        return conditional(self.wrap_private(func))

    def wrap_private(self, func: Callable) -> Callable:
        """Return the view with the page routes that it needs for links, and without conditional responses."""
        return super().wrap_view(func)


pages = PagesRouter("pages_api")
pages.register_endpoint("pages", PublicPagesViewSet)

LIST: dict[str, Any] = {"get": "list"}
ONE: dict[str, Any] = {"get": "retrieve"}
SINGLETON: dict[str, Any] = {"get": "show"}
CREATE: dict[str, Any] = {"post": "create"}
FORM = r"^v2/forms/(?P<pk>[0-9]{1,9})/"
REFERENCE = r"^v2/recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/"

# A list, and one of its items by its number.
NUMBERED = {
    "reviews": scrutiny.ReviewViewSet,
    "reports": scrutiny.ReportViewSet,
    "outcomes": scrutiny.OutcomeViewSet,
    "meetings": scrutiny.MeetingViewSet,
    "newsletters": scrutiny.NewsletterViewSet,
    "programmes": scrutiny.ProgrammeViewSet,
    "information-requests": requests.RequestViewSet,
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", conditional(SchemaView.as_view()), name="schema"),
    path("v2/panels/", conditional(scrutiny.PanelViewSet.as_view(LIST)), name="panels"),
    path("v2/panels/<slug:slug>/", conditional(scrutiny.PanelViewSet.as_view(ONE)), name="panel"),
    path("v2/service-areas/", conditional(scrutiny.ServiceAreaViewSet.as_view(LIST)), name="service_areas"),
    path("v2/service-areas/<slug:slug>/", conditional(scrutiny.ServiceAreaViewSet.as_view(ONE)), name="service_area"),
    path("v2/recommendations/", conditional(scrutiny.RecommendationViewSet.as_view(LIST)), name="recommendations"),
    re_path(f"{REFERENCE}$", conditional(scrutiny.RecommendationViewSet.as_view(ONE)), name="recommendation_api"),
    re_path(
        f"{REFERENCE}steps/$",
        StepViewSet.as_view({"get": "steps", "post": "apply"}),
        name="recommendation_steps",
    ),
    *(path(f"v2/{name}/", conditional(view.as_view(LIST)), name=f"{name}_api") for name, view in NUMBERED.items()),
    *(
        re_path(rf"^v2/{name}/(?P<pk>[0-9]{{1,9}})/$", conditional(view.as_view(ONE)), name=f"{name}_api_one")
        for name, view in NUMBERED.items()
    ),
    path("v2/forms/", conditional(forms.FormViewSet.as_view(LIST)), name="forms_api"),
    re_path(f"{FORM}$", conditional(forms.FormViewSet.as_view(ONE)), name="form_api"),
    re_path(f"{FORM}files/$", forms.FilesViewSet.as_view(CREATE), name="form_files_api"),
    re_path(f"{FORM}submissions/$", forms.SubmissionsViewSet.as_view(CREATE), name="form_submissions_api"),
    path("v2/submissions/<uuid:token>/", forms.SubmissionViewSet.as_view(ONE), name="submission_api"),
    path("v2/preview/", pages.wrap_private(DraftViewSet.as_view({"get": "draft"})), name="preview"),
    path("v2/agreements/", conditional(scrutiny.AgreementViewSet.as_view(LIST)), name="agreements_api"),
    path("v2/agreements/<slug:slug>/", conditional(scrutiny.AgreementViewSet.as_view(ONE)), name="agreement_api"),
    path(
        "v2/information-requests/numbers/",
        conditional(requests.RequestNumbersViewSet.as_view(SINGLETON)),
        name="numbers_api",
    ),
    path("v2/statistics/", conditional(scrutiny.StatisticsViewSet.as_view(SINGLETON)), name="statistics"),
    path("v2/menus/", conditional(home.MenusViewSet.as_view(SINGLETON)), name="menus"),
    path("v2/settings/", conditional(home.SettingsViewSet.as_view(SINGLETON)), name="settings"),
    path("v2/redirects/", conditional(home.RedirectsViewSet.as_view(LIST)), name="redirects"),
    path("v2/search/", conditional(home.SearchViewSet.as_view(LIST)), name="search_api"),
    path("v2/", include((pages.get_urlpatterns(), "pages_api"), namespace="pages_api")),
]
