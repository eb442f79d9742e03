"""Every endpoint of the API, on one screen: address, then what answers there."""

from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from wagtail.api.v2.router import WagtailAPIRouter

from cms.core.api import SchemaView
from cms.core.api_pages import PublicPagesViewSet
from home import viewsets as home
from scrutiny_pages import viewsets as scrutiny

pages = WagtailAPIRouter("pages_api")
pages.register_endpoint("pages", PublicPagesViewSet)

LIST, ONE, TELL = {"get": "list"}, {"get": "retrieve"}, {"get": "tell"}
REFERENCE = r"^v2/recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/"

# A list, and one of its items by its number.
NUMBERED = {
    "reviews": scrutiny.ReviewViewSet,
    "reports": scrutiny.ReportViewSet,
    "outcomes": scrutiny.OutcomeViewSet,
    "meetings": scrutiny.MeetingViewSet,
    "newsletters": scrutiny.NewsletterViewSet,
    "programmes": scrutiny.ProgrammeViewSet,
}

urlpatterns = [
    path("schema/", cache_control(public=True, max_age=300)(SchemaView.as_view()), name="schema"),
    path("v2/panels/", scrutiny.PanelViewSet.as_view(LIST), name="panels"),
    path("v2/panels/<slug:slug>/", scrutiny.PanelViewSet.as_view(ONE), name="panel"),
    path("v2/service-areas/", scrutiny.ServiceAreaViewSet.as_view(LIST), name="service_areas"),
    path("v2/service-areas/<slug:slug>/", scrutiny.ServiceAreaViewSet.as_view(ONE), name="service_area"),
    path("v2/recommendations/", scrutiny.RecommendationViewSet.as_view(LIST), name="recommendations"),
    re_path(f"{REFERENCE}$", scrutiny.RecommendationViewSet.as_view(ONE), name="recommendation_api"),
    re_path(
        f"{REFERENCE}steps/$",
        scrutiny.StepViewSet.as_view({"get": "steps", "post": "take"}),
        name="recommendation_steps",
    ),
    *(path(f"v2/{name}/", view.as_view(LIST), name=f"{name}_api") for name, view in NUMBERED.items()),
    *(
        re_path(rf"^v2/{name}/(?P<pk>[0-9]{{1,9}})/$", view.as_view(ONE), name=f"{name}_api_one")
        for name, view in NUMBERED.items()
    ),
    path("v2/statistics/", scrutiny.StatisticsViewSet.as_view(TELL), name="statistics"),
    path("v2/menus/", home.MenusViewSet.as_view(TELL), name="menus"),
    path("v2/settings/", home.SettingsViewSet.as_view(TELL), name="settings"),
    path("v2/redirects/", home.RedirectsViewSet.as_view(LIST), name="redirects"),
    path("v2/search/", home.SearchViewSet.as_view(LIST), name="search_api"),
    path("v2/", include((pages.get_urlpatterns(), "pages_api"), namespace="pages_api")),
]
