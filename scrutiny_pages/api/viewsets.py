"""The public endpoints of scrutiny: models with filters. Staff's steps are in ``api/transitions.py``."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api.base import (
    ERRORS,
    PublicEndpoint,
    PublicViewSet,
    StrictFilters,
    documented,
    raise_not_found,
)
from cms.core.visibility import visible_to

from ..models import (
    Agreement,
    Meeting,
    NewsletterPage,
    OutcomePage,
    Panel,
    Recommendation,
    ReportPage,
    ReviewPage,
    ServiceArea,
    WorkProgramme,
    fetch_reviews,
)
from ..models.pages.filters import (
    MeetingFilter,
    NewsletterFilter,
    OrderedRecommendationFilter,
    OutcomeFilter,
    ReviewFilter,
    StatisticsFilter,
)
from ..models.pages.outcome import latest_outcomes, with_statuses
from ..models.pages.review import with_one_calendar
from ..presenters.recommendations import status_chart
from .serializers.panels import FullPanelSerializer, PanelSerializer
from .serializers.publications import (
    AgreementSerializer,
    FullAgreementSerializer,
    FullMeetingSerializer,
    FullNewsletterSerializer,
    FullReportSerializer,
    MeetingSerializer,
    NewsletterSerializer,
    OutcomeSerializer,
    ReportSerializer,
    ServiceAreaSerializer,
)
from .serializers.recommendations import (
    RecommendationSerializer,
    RecommendationWithHistorySerializer,
    StatisticsSerializer,
)
from .serializers.reviews import (
    FullProgrammeSerializer,
    FullReviewSerializer,
    ProgrammeSerializer,
    ReviewSerializer,
)

SERIES = OpenApiParameter("series", {"type": "string", "pattern": "^[A-Za-z0-9-]{1,20}$"}, "path")
NUMBER = OpenApiParameter("number", {"type": "string", "pattern": "^[0-9]{1,4}$"}, "path")
ONE = [SERIES, NUMBER]


@documented("Service areas", "The services that the landlord gives", brief=ServiceAreaSerializer, one="One service")
class ServiceAreaViewSet(PublicViewSet):
    """The services that reviews and recommendations are about."""

    queryset = ServiceArea.objects.none()
    serializer_class = ServiceAreaSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Return all services: their names are public."""
        return ServiceArea.objects.order_by("name")


@documented("Panels", "Panels, their rules and their seats", brief=PanelSerializer, full=FullPanelSerializer)
class PanelViewSet(PublicViewSet):
    """Panels, their rules and their seats."""

    queryset = Panel.objects.none()
    serializer_class = PanelSerializer
    full_serializer_class = FullPanelSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Return the public panels, by name."""
        panels = Panel.objects.with_seats().with_process().select_related("parent", "supported_by")
        panels = panels.prefetch_related("service_areas", "eligibility")
        return visible_to(self.viewer, panels).order_by("name", "pk")


@documented("Reviews", "Reviews and their stages", brief=ReviewSerializer, full=FullReviewSerializer)
class ReviewViewSet(PublicViewSet):
    """Reviews, each with its stages: planned, due and done."""

    queryset = ReviewPage.objects.none()
    serializer_class = ReviewSerializer
    full_serializer_class = FullReviewSerializer
    filterset_class = ReviewFilter

    def get_queryset(self) -> QuerySet:
        """Return the public reviews, those under way first."""
        reviews = ReviewPage.objects.for_listing().select_related("kind", "trigger", "process")
        public: Any = visible_to(self.viewer, reviews.prefetch_related("service_areas", "stage_changes"))
        return public.in_groups()

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """Return one page of the list, which shares one calendar for its dates."""
        return with_one_calendar(super().paginate_queryset(queryset) or [])


@documented("Reports", "Reports: what was found", brief=ReportSerializer, full=FullReportSerializer)
class ReportViewSet(PublicViewSet):
    """Reports, the latest first."""

    queryset = ReportPage.objects.none()
    serializer_class = ReportSerializer
    full_serializer_class = FullReportSerializer

    def get_queryset(self) -> QuerySet:
        """Return the public reports."""
        reports: Any = visible_to(self.viewer, ReportPage.objects.order_by("-first_published_at", "title", "pk"))
        return reports.with_results(self.viewer) if self.action == "retrieve" else reports

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """Return one page of the list, with its reviews prefetched; only recommendations of these are counted."""
        keys = super().paginate_queryset(queryset.values_list("pk", flat=True))
        page = list(queryset.filter(pk__in=keys).with_results(self.viewer))
        fetch_reviews(page)
        return page


@documented(
    "Recommendations",
    "Recommendations, and where they stand today",
    brief=RecommendationSerializer,
    full=RecommendationWithHistorySerializer,
    where_one_is=ONE,
)
class RecommendationViewSet(PublicViewSet):
    """Recommendations and their status today. One FilterSet serves this and the tracker's page."""

    queryset = Recommendation.objects.none()
    serializer_class: Any = RecommendationSerializer
    full_serializer_class = RecommendationWithHistorySerializer
    filterset_class = OrderedRecommendationFilter

    def get_queryset(self) -> QuerySet:
        """Return the public recommendations."""
        return visible_to(self.viewer, Recommendation.objects.all())

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """Return one page of the list, with the reviews that determine who checks them.

        Only primary keys are sorted, and only this page's rows fetched: ten thousand cost little more than a hundred.
        """
        keys = super().paginate_queryset(queryset.values_list("pk", flat=True)) or []
        rows = Recommendation.objects.for_page().with_reasons().in_bulk(keys)
        page = [rows[key] for key in keys]
        fetch_reviews([item.report for item in page if item.report])
        return page

    def get_object(self) -> Recommendation:
        """Return the recommendation of a reference; raise 404 if there is none."""
        one = {"series": self.kwargs["series"], "number": self.kwargs["number"]}
        public: Any = self.get_queryset()
        return public.filter(**one).for_page().with_reasons().first() or raise_not_found()


class StatisticsViewSet(PublicEndpoint):
    """The numbers of the tracker."""

    queryset = Recommendation.objects.none()
    serializer_class = StatisticsSerializer
    filterset_class = StatisticsFilter
    filter_backends = [StrictFilters]
    pagination_class = None

    def get_queryset(self) -> QuerySet:
        """Return the public recommendations."""
        return visible_to(self.viewer, Recommendation.objects.all())

    @extend_schema(
        operation_id="statistics",
        tags=["Statistics"],
        summary="How many recommendations stand where",
        description="The same numbers as on the website, of all or of what the filters leave.",
        responses={200: StatisticsSerializer} | ERRORS,
    )
    def show(self, request: Request) -> Response:
        """Return the counts by status."""
        today = self.viewer.today
        filtered: Any = self.filter_queryset(self.get_queryset())
        counts = filtered.standing_counts(today)
        return Response({"on": today.isoformat()} | status_chart(counts, tracker_url="").as_data())


@documented("Outcomes", "You said, we did", brief=OutcomeSerializer, one="One outcome")
class OutcomeViewSet(PublicViewSet):
    """Outcomes, each with its verified status."""

    queryset = OutcomePage.objects.none()
    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilter

    def get_queryset(self) -> QuerySet:
        """Return the public outcomes, the latest first."""
        outcomes = latest_outcomes(self.viewer).prefetch_related("service_areas")
        return outcomes.order_by("-first_published_at", "title", "pk")

    def get_serializer(self, given: Any, many: bool = False) -> Any:
        """Return the serializer, with the statuses of all outcomes fetched at once."""
        rows = with_statuses(given if many else [given], self.viewer)
        self.status_of = {row["outcome"].pk: row["status"] for row in rows}
        self.refs_of = {row["outcome"].pk: [item.ref for item in row["behind"]] for row in rows}
        return super().get_serializer(given, many=many)


@documented("Meetings", "Meetings and events", brief=MeetingSerializer, full=FullMeetingSerializer)
class MeetingViewSet(PublicViewSet):
    """Meetings and events, the latest first."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingSerializer
    full_serializer_class = FullMeetingSerializer
    filterset_class = MeetingFilter

    def get_queryset(self) -> QuerySet:
        """Return the public meetings."""
        return visible_to(self.viewer, Meeting.objects.for_page()).order_by("-starts_at", "-pk")


@documented("Newsletters", "Newsletters", brief=NewsletterSerializer, full=FullNewsletterSerializer)
class NewsletterViewSet(PublicViewSet):
    """Newsletters, the latest first."""

    queryset = NewsletterPage.objects.none()
    serializer_class = NewsletterSerializer
    full_serializer_class = FullNewsletterSerializer
    filterset_class = NewsletterFilter

    def get_queryset(self) -> QuerySet:
        """Return the public newsletters."""
        return visible_to(self.viewer, NewsletterPage.objects.all()).order_by("-issued_on", "title", "pk")


@documented("Work programme", "The years’ work", brief=ProgrammeSerializer, full=FullProgrammeSerializer)
class ProgrammeViewSet(PublicViewSet):
    """Agreed work programmes of panels."""

    queryset = WorkProgramme.objects.none()
    serializer_class = ProgrammeSerializer
    full_serializer_class = FullProgrammeSerializer

    def get_queryset(self) -> QuerySet:
        """Return the public work programmes, the latest first."""
        years = WorkProgramme.objects.select_related("panel", "process", "agreed_by")
        years = years.prefetch_related("topics", "criteria") if self.action == "retrieve" else years
        return visible_to(self.viewer, years).order_by("-starts_on", "title", "pk")


@documented("Agreements", "What members agree to", brief=AgreementSerializer, full=FullAgreementSerializer)
class AgreementViewSet(PublicViewSet):
    """Agreements of members, in the version in force; who accepted one is private."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementSerializer
    full_serializer_class = FullAgreementSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Return the public agreements, by name."""
        return visible_to(self.viewer, Agreement.objects.all()).prefetch_related("versions").order_by("name")
