"""The domain's endpoints: each is a model and its filters. The steps that staff take are at the end."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import (
    ERRORS,
    ERRORS_OF_ONE,
    PlainJSONParser,
    Problem,
    PublicEndpoint,
    PublicViewSet,
    StrictFilters,
    documented,
    raise_not_found,
)
from cms.core.visibility import Viewer, visible_to

from .enums import Step
from .filters import (
    MeetingFilter,
    NewsletterFilter,
    OrderedRecommendationFilter,
    OutcomeFilter,
    ReviewFilter,
    StatisticsFilter,
)
from .models import (
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
from .models.outcome import latest_outcomes, with_statuses
from .models.review import with_one_calendar
from .permissions import user_can_record_step, user_can_take_step
from .review_serializers import (
    FullProgrammeSerializer,
    FullReviewSerializer,
    ProgrammeSerializer,
    ReviewSerializer,
)
from .serializers import (
    FullPanelSerializer,
    OpenStepsSerializer,
    PanelSerializer,
    RecommendationSerializer,
    RecommendationWithHistorySerializer,
    StatisticsSerializer,
    StepSerializer,
    StepTakenSerializer,
)
from .services import where
from .step_forms import StepForm
from .stories import standing_picture
from .transitions import open_steps, refusal
from .work_serializers import (
    FullMeetingSerializer,
    FullNewsletterSerializer,
    FullReportSerializer,
    MeetingSerializer,
    NewsletterSerializer,
    OutcomeSerializer,
    ReportSerializer,
    ServiceAreaSerializer,
)

SERIES = OpenApiParameter("series", {"type": "string", "pattern": "^[A-Za-z0-9-]{1,20}$"}, "path")
NUMBER = OpenApiParameter("number", {"type": "string", "pattern": "^[0-9]{1,4}$"}, "path")
ONE = [SERIES, NUMBER]
NOT_YOURS = "This is for the involvement team."


@documented("Service areas", "The services that the landlord gives", brief=ServiceAreaSerializer, one="One service")
class ServiceAreaViewSet(PublicViewSet):
    """The services that reviews and recommendations are about."""

    queryset = ServiceArea.objects.none()
    serializer_class = ServiceAreaSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Give the short list: it names services, and is nobody's secret."""
        return ServiceArea.objects.order_by("name")


@documented("Panels", "Panels, their rules and their seats", brief=PanelSerializer, full=FullPanelSerializer)
class PanelViewSet(PublicViewSet):
    """Panels, their rules and their seats."""

    queryset = Panel.objects.none()
    serializer_class = PanelSerializer
    full_serializer_class = FullPanelSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet:
        """Give the public panels, by name."""
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
        """Give the public reviews, those under way first."""
        reviews = ReviewPage.objects.for_listing().select_related("kind", "trigger", "process")
        return visible_to(self.viewer, reviews.prefetch_related("service_areas", "stage_changes")).in_groups()

    def paginate_queryset(self, queryset: QuerySet) -> list[ReviewPage]:
        """Give one page of the list, whose dates are counted with one calendar."""
        return with_one_calendar(super().paginate_queryset(queryset))


@documented("Reports", "Reports: what was found", brief=ReportSerializer, full=FullReportSerializer)
class ReportViewSet(PublicViewSet):
    """Reports, the latest first."""

    queryset = ReportPage.objects.none()
    serializer_class = ReportSerializer
    full_serializer_class = FullReportSerializer

    def get_queryset(self) -> QuerySet:
        """Give the public reports."""
        reports = visible_to(self.viewer, ReportPage.objects.order_by("-first_published_at", "title", "pk"))
        return reports.with_results(self.viewer) if self.action == "retrieve" else reports

    def paginate_queryset(self, queryset: QuerySet) -> list:
        """Give one page of the list, with the reviews fetched at once; only what these ask for is counted."""
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
    """Recommendations and where they stand today. One FilterSet serves this and the tracker's page."""

    queryset = Recommendation.objects.none()
    serializer_class: Any = RecommendationSerializer
    full_serializer_class = RecommendationWithHistorySerializer
    filterset_class = OrderedRecommendationFilter

    def get_queryset(self) -> QuerySet:
        """Give the public recommendations."""
        return visible_to(self.viewer, Recommendation.objects.all())

    def paginate_queryset(self, queryset: QuerySet) -> list[Recommendation]:
        """Give one page of the list, with the reviews that say who checks them.

        Only keys are put in order, and only this page's rows are fetched: ten thousand cost little more than a hundred.
        """
        keys = super().paginate_queryset(queryset.values_list("pk", flat=True))
        rows = Recommendation.objects.for_page().with_reasons().in_bulk(keys)
        page = [rows[key] for key in keys]
        fetch_reviews([item.report for item in page if item.report])
        return page

    def get_object(self) -> Recommendation:
        """Find one by its reference."""
        one = {"series": self.kwargs["series"], "number": self.kwargs["number"]}
        return self.get_queryset().filter(**one).for_page().with_reasons().first() or raise_not_found()


class StatisticsViewSet(PublicEndpoint):
    """The numbers of the tracker."""

    queryset = Recommendation.objects.none()
    serializer_class = StatisticsSerializer
    filterset_class = StatisticsFilter
    filter_backends = [StrictFilters]
    pagination_class = None

    def get_queryset(self) -> QuerySet:
        """Give the public recommendations."""
        return visible_to(self.viewer, Recommendation.objects.all())

    @extend_schema(
        operation_id="statistics",
        tags=["Statistics"],
        summary="How many recommendations stand where",
        description="The same numbers as on the website, of all or of what the filters leave.",
        responses={200: StatisticsSerializer} | ERRORS,
    )
    def tell(self, request: Request) -> Response:
        """Count."""
        today = self.viewer.today
        counts = self.filter_queryset(self.get_queryset()).standing_counts(today)
        return Response({"on": today.isoformat()} | standing_picture(counts, tracker_url="").as_data())


@documented("Outcomes", "You said, we did", brief=OutcomeSerializer, one="One outcome")
class OutcomeViewSet(PublicViewSet):
    """Outcomes, each with the state that it is really in."""

    queryset = OutcomePage.objects.none()
    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilter

    def get_queryset(self) -> QuerySet:
        """Give the public outcomes, the latest first."""
        outcomes = latest_outcomes(self.viewer).prefetch_related("service_areas")
        return outcomes.order_by("-first_published_at", "title", "pk")

    def get_serializer(self, given, many: bool = False):
        """Tell the states of all at once."""
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
        """Give the public meetings."""
        return visible_to(self.viewer, Meeting.objects.for_page()).order_by("-starts_at", "-pk")


@documented("Newsletters", "Newsletters", brief=NewsletterSerializer, full=FullNewsletterSerializer)
class NewsletterViewSet(PublicViewSet):
    """Newsletters, the latest first."""

    queryset = NewsletterPage.objects.none()
    serializer_class = NewsletterSerializer
    full_serializer_class = FullNewsletterSerializer
    filterset_class = NewsletterFilter

    def get_queryset(self) -> QuerySet:
        """Give the public newsletters."""
        return visible_to(self.viewer, NewsletterPage.objects.all()).order_by("-issued_on", "title", "pk")


@documented("Work programme", "The years’ work", brief=ProgrammeSerializer, full=FullProgrammeSerializer)
class ProgrammeViewSet(PublicViewSet):
    """The years' work of panels, once agreed."""

    queryset = WorkProgramme.objects.none()
    serializer_class = ProgrammeSerializer
    full_serializer_class = FullProgrammeSerializer

    def get_queryset(self) -> QuerySet:
        """Give the years that residents may read, the latest first."""
        years = WorkProgramme.objects.select_related("panel", "process", "agreed_by")
        years = years.prefetch_related("topics", "criteria") if self.action == "retrieve" else years
        return visible_to(self.viewer, years).order_by("-starts_on", "title", "pk")


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class StepViewSet(RecommendationViewSet):
    """The steps of one recommendation, for staff who are signed in: asked and taken by the form of their own screen."""

    authentication_classes = [SessionAuthentication]
    parser_classes = [PlainJSONParser]
    http_method_names = ["get", "head", "post"]

    @cached_property
    def viewer(self) -> Viewer:
        """Give a stranger: staff see through the API what the public sees, and no more."""
        return Viewer.stranger()

    def check_permissions(self, request: Request) -> None:
        """Refuse strangers, whatever they ask about."""
        if not request.user.is_authenticated:
            raise PermissionDenied("Sign in first.")

    def get_object(self) -> Recommendation:
        """Find one by its reference, for those who may record something of it."""
        found = super().get_object()
        if not user_can_record_step(self.request.user, found):
            raise PermissionDenied(NOT_YOURS)
        return found

    @extend_schema(
        operation_id="recommendation_steps",
        tags=["Steps"],
        summary="The steps that may be taken now",
        description="For staff who are signed in.",
        parameters=ONE,
        responses={200: OpenStepsSerializer, 403: Problem} | ERRORS_OF_ONE,
    )
    def steps(self, request: Request, *args, **kwargs) -> Response:
        """Tell which steps may be taken now, and what each asks for."""
        item = self.get_object()
        allowed = [step for step in open_steps(**where(item.tracking)) if user_can_take_step(request.user, item, step)]
        told = [{"step": step.value, "label": step.label, "fields": StepForm.asked(item, step)} for step in allowed]
        status = item.tracking.status(self.viewer.today).words
        return Response({"ref": item.ref, "status": status, "steps": told})

    @extend_schema(
        operation_id="recommendation_take_step",
        tags=["Steps"],
        summary="Take a step",
        description="For staff who are signed in, with Django’s token against forged forms in the header X-CSRFToken.",
        parameters=ONE,
        request=StepSerializer,
        responses={201: StepTakenSerializer, 403: Problem, 409: Problem, 415: Problem} | ERRORS_OF_ONE,
    )
    def take(self, request: Request, *args, **kwargs) -> Response:
        """Take a step: 400 for what is not filled in well, 409 for what the rules do not allow."""
        item, given = self.get_object(), request.data
        if problems := problems_of_body(given):
            return refused(400, "Some of this could not be read.", problems)
        step = next((step for step in Step if step == given.get("step")), None)
        if step is None:
            return refused(400, "Choose what happened.", {"step": ["Choose what happened."]})
        if not user_can_take_step(request.user, item, step):
            raise PermissionDenied(NOT_YOURS)
        if reason := refusal(step, **where(item.tracking)):
            return refused(409, reason)
        form = StepForm(as_a_form_sends_it(given), recommendation=item, step=step)
        if not form.is_valid():
            errors = {name: [str(words) for words in found] for name, found in form.errors.items()}
            return refused(400, "Some of this is missing or wrong.", errors)
        last = item.tracking.events.aggregate(last=Max("pk"))["last"] or 0
        try:
            form.take(by=request.user)
        except ValidationError as no:
            return refused(409, " ".join(no.messages))
        item = super().get_object()
        item.added = item.tracking.events.filter(pk__gt=last, recorded_by=request.user)
        return Response(StepTakenSerializer(item, context=self.get_serializer_context()).data, status=201)


def refused(status: int, message: str, errors: dict[str, list[str]] | None = None) -> Response:
    """Say no in the shape of every error of the API."""
    return Response({"message": message} | ({"errors": errors} if errors else {}), status=status)


def problems_of_body(given: object) -> dict[str, list[str]]:
    """Say what in the body of a step no form could have sent, by field."""
    if not isinstance(given, dict):
        return {"step": ["Send one JSON object, with a value for each field."]}
    known = StepForm.base_fields
    unknown = [f"There is no such field. There are: {', '.join(known)}."]
    problems = {name: unknown for name in given if name not in known}
    nested = ["Send one value: text, a number, true or false."]
    return problems | {name: nested for name, value in given.items() if isinstance(value, list | dict)}


def as_a_form_sends_it(given: dict) -> dict[str, str]:
    """Give the values as text; what is null was not sent."""
    return {name: str(value) for name, value in given.items() if value is not None}
