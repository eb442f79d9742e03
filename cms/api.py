"""Every endpoint of the API, on one screen: address, then what answers there."""

from collections.abc import Callable

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from wagtail.api.v2.router import WagtailAPIRouter

from cms.core.api import PublicPagesViewSet
from cms.core.draft_api import DraftViewSet
from cms.core.freshness import fresh
from scrutiny_pages.viewsets import PanelViewSet, RecommendationViewSet, StepViewSet


class PublicRouter(WagtailAPIRouter):
    """Wagtail's routes to pages, like all that is public."""

    def wrap_view(self, func: Callable) -> Callable:
        """Tell programs whether what they have is still the newest."""
        return fresh(super().wrap_view(func))


pages = PublicRouter("pages_api")
pages.register_endpoint("pages", PublicPagesViewSet)

LIST, ONE = {"get": "list"}, {"get": "retrieve"}

urlpatterns = [
    path("schema/", fresh(SpectacularJSONAPIView.as_view()), name="schema"),
    path("v2/panels/", fresh(PanelViewSet.as_view(LIST)), name="panels"),
    path("v2/panels/<slug:slug>/", fresh(PanelViewSet.as_view(ONE)), name="panel"),
    path("v2/recommendations/", fresh(RecommendationViewSet.as_view(LIST)), name="recommendations"),
    re_path(
        r"^v2/recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/$",
        fresh(RecommendationViewSet.as_view(ONE)),
        name="recommendation_api",
    ),
    re_path(
        r"^v2/recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/steps/$",
        StepViewSet.as_view({"get": "steps", "post": "take"}),
        name="recommendation_steps",
    ),
    path("v2/preview/", pages.wrap_view(DraftViewSet.as_view({"get": "draft"})), name="preview"),
    path("v2/", include((pages.get_urlpatterns(), "pages_api"), namespace="pages_api")),
]
