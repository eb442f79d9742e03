"""The domain's endpoints: each is a model and its filters."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema

from cms.core.api import Problem, PublicViewSet
from cms.core.visibility import visible_to

from .filters import RecommendationFilter
from .models import Panel, Recommendation, fetch_reviews
from .serializers import PanelSerializer, RecommendationSerializer, RecommendationWithHistorySerializer


@extend_schema(responses={200: PanelSerializer(many=True), 400: Problem}, methods=["GET"])
class PanelViewSet(PublicViewSet):
    """Panels, their rules and their seats."""

    serializer_class = PanelSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Give the public panels, by name."""
        panels = Panel.objects.with_seats().with_process().select_related("parent")
        panels = panels.prefetch_related("service_areas", "eligibility")
        return visible_to(self.viewer, panels).order_by("name")

    @extend_schema(responses={200: PanelSerializer, 404: Problem})
    def retrieve(self, request, *args, **kwargs):
        """Give one panel."""
        return super().retrieve(request, *args, **kwargs)


class RecommendationViewSet(PublicViewSet):
    """Recommendations and where they stand today."""

    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter

    def get_queryset(self) -> QuerySet:
        """Give the public recommendations, those owed soonest first."""
        return visible_to(self.viewer, Recommendation.objects.all()).soonest_due_first().for_page()

    def paginate_queryset(self, queryset: QuerySet) -> list[Recommendation]:
        """Give one page of the list, with the reviews that say who checks them fetched at once."""
        page = super().paginate_queryset(queryset)
        fetch_reviews({item.report for item in page if item.report})
        return page

    @extend_schema(responses={200: RecommendationSerializer(many=True), 400: Problem})
    def list(self, request, *args, **kwargs):
        """List recommendations; one FilterSet serves this and the tracker page."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[OpenApiParameter("series", str, "path"), OpenApiParameter("number", int, "path")],
        responses={200: RecommendationWithHistorySerializer, 404: Problem},
    )
    def retrieve(self, request, *args, **kwargs):
        """Give one recommendation with its history."""
        return super().retrieve(request, *args, **kwargs)

    def get_serializer_class(self) -> type:
        """Tell the history only of one."""
        return RecommendationWithHistorySerializer if self.action == "retrieve" else RecommendationSerializer

    def get_object(self) -> Recommendation:
        """Find one by its reference."""
        found = self.get_queryset().filter(series=self.kwargs["series"], number=self.kwargs["number"]).first()
        if found is None:
            raise Http404("No recommendation has this reference.")
        return found
