"""API endpoints of the disclosure log and its statistics."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api.base import ERRORS, PublicEndpoint, PublicViewSet, documented
from cms.core.block_serializers import HtmlField
from cms.core.visibility import visible_to

from ..models import PublicEntry
from .statistics import EntryFilter, Numbers, numbers, outcome_words

TAG = "Information requests"


class RequestSerializer(serializers.ModelSerializer):
    """An information request, in the words that staff wrote for the public."""

    url = serializers.CharField(source="get_absolute_url")
    rules: serializers.Field = serializers.SlugRelatedField(source="regime", read_only=True, slug_field="slug")
    outcome_words = serializers.SerializerMethodField(help_text="As people read it.")

    class Meta:
        model = PublicEntry
        fields = ["id", "url", "subject", "rules", "received_on", "answered_on", "was_late", "outcome", "outcome_words"]

    def get_outcome_words(self, entry: PublicEntry) -> str:
        """Return the outcome in words."""
        return outcome_words(entry)


class FullRequestSerializer(RequestSerializer):
    """An information request with its answer."""

    answer = HtmlField()

    class Meta(RequestSerializer.Meta):
        fields = [*RequestSerializer.Meta.fields, "reason", "answer"]


class CountSerializer(serializers.Serializer):
    """A number with its heading."""

    words = serializers.CharField()
    count = serializers.IntegerField()


class NumbersSerializer(serializers.Serializer):
    """The statistics of one year and one regime."""

    year = serializers.IntegerField()
    rules = serializers.CharField(source="regime.slug")
    name = serializers.CharField(source="regime.name")
    counts = serializers.SerializerMethodField()

    @extend_schema_field(CountSerializer(many=True))
    def get_counts(self, found: Numbers) -> list[dict]:
        """Return each number with its heading, as in the website's table."""
        return [{"words": words, "count": count} for words, count in found.columns]


class AllNumbersSerializer(serializers.Serializer):
    """The statistics of every year, latest first."""

    years = NumbersSerializer(many=True)


@documented(TAG, "What people asked us for", brief=RequestSerializer, full=FullRequestSerializer)
class RequestViewSet(PublicViewSet):
    """The disclosure log, with the FilterSet of the page."""

    queryset = PublicEntry.objects.none()
    serializer_class = RequestSerializer
    full_serializer_class = FullRequestSerializer
    filterset_class = EntryFilter
    lookup_field = "pk"

    def get_queryset(self) -> QuerySet:
        """Return the published entries, latest first."""
        return visible_to(self.viewer, PublicEntry.objects.select_related("regime").order_by("-received_on", "-pk"))


class RequestNumbersViewSet(PublicEndpoint):
    """The statistics of information requests."""

    serializer_class = AllNumbersSerializer
    pagination_class = None

    @extend_schema(
        operation_id="information_request_numbers",
        tags=[TAG],
        summary="Requests in numbers",
        responses={200: AllNumbersSerializer} | ERRORS,
    )
    def show(self, request: Request) -> Response:
        """Return the statistics by year and regime."""
        return Response(AllNumbersSerializer({"years": numbers(self.viewer.today)}).data)
