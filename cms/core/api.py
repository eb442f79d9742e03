"""What every endpoint of the API shares: who it answers as, its pages of results, and how it says no."""

import json

import rest_framework.views
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.utils.json import strict_constant
from rest_framework.viewsets import ReadOnlyModelViewSet
from wagtail.api.v2.filters import SearchFilter
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Page, Site

from cms.core.search import plain_words
from cms.core.visibility import Viewer, visible_to

LARGEST_BODY = 100_000  # bytes: many times what the longest step needs
LARGEST_OFFSET = 100_000
DEEPEST_FIELDS = 5
# What only Wagtail's browsable screens use, and what a site of one language has no use for.
NOT_OFFERED = {"_", "format", "locale", "site", "translation_of"}
PAGING = ("limit", "offset")
IDS = ("id", "child_of", "descendant_of", "ancestor_of")


class Problem(serializers.Serializer):
    """What went wrong, in words."""

    message = serializers.CharField()
    errors = serializers.DictField(required=False)


class PageMeta(serializers.Serializer):
    """Where a page is and what kind it is."""

    type = serializers.CharField()
    detail_url = serializers.CharField()
    html_url = serializers.CharField()
    slug = serializers.CharField()
    first_published_at = serializers.DateTimeField(allow_null=True)


class PageInBrief(serializers.Serializer):
    """What every kind of page has; one page in full has the fields of its kind beside these."""

    id = serializers.IntegerField()
    meta = PageMeta()
    title = serializers.CharField()


class ListMeta(serializers.Serializer):
    """How many there are in all."""

    total_count = serializers.IntegerField()


class PageList(serializers.Serializer):
    """Some of the pages."""

    meta = ListMeta()
    items = PageInBrief(many=True)


def exception_handler(exception: Exception, context: dict) -> Response | None:
    """Say what is wrong as ``{"message": ...}``, the one shape of every error of the API."""
    if isinstance(exception, BadRequestError):
        exception = ParseError(str(exception))
    elif isinstance(exception, ValidationError):
        exception = ParseError(" ".join(exception.messages))
    elif isinstance(exception, OverflowError):
        exception = ParseError("That number is too large.")
    response = rest_framework.views.exception_handler(exception, context)
    if response is not None:
        detail = response.data.get("detail") if isinstance(response.data, dict) else None
        response.data = (
            {"message": str(detail)} if detail else {"message": "That value is not known.", "errors": response.data}
        )
    return response


class PlainJSONParser(JSONParser):
    """JSON as programs really send it: UTF-8, of a bounded size and depth, and text that can be stored."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Read the body, or answer 400."""
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise ParseError(f"That is too long: send at most {LARGEST_BODY} bytes.")
        try:
            given = json.loads(raw.decode(), parse_constant=strict_constant)
            # Half a character, written as \ud800, is JSON but not text.
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ParseError("That is not JSON that we can read.") from None
        return given


class BoundedPagination(WagtailPagination):
    """Wagtail's paging, with an end: a number too long for a database is a 400 like any other bad number."""

    def paginate_queryset(self, queryset, request: HttpRequest, view=None):
        """Give one page of results."""
        for name in PAGING:
            value = request.GET.get(name, "0")
            if not (value.isascii() and value.isdigit() and int(value[:9]) <= LARGEST_OFFSET and len(value) < 9):
                raise BadRequestError(f"{name} must be a whole number of at most {LARGEST_OFFSET}")
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view) -> list[dict]:
        """Describe ``limit`` and ``offset`` for the OpenAPI document."""
        return [
            {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": most}}
            for name, most in (("limit", 20), ("offset", LARGEST_OFFSET))
        ]

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """Describe a page of results for the OpenAPI document."""
        meta = {"type": "object", "properties": {"total_count": {"type": "integer"}}, "required": ["total_count"]}
        items = schema if schema.get("type") == "array" else {"type": "array", "items": schema}
        return {"type": "object", "properties": {"meta": meta, "items": items}, "required": ["meta", "items"]}


class StrictFilters(DjangoFilterBackend):
    """Filters that refuse a name they do not know, and name those they do."""

    def filter_queryset(self, request, queryset, view):
        """Narrow the results, or answer 400."""
        known = set(PAGING)
        if filterset_class := self.get_filterset_class(view, queryset):
            known |= set(filterset_class.base_filters)
        if unknown := set(request.query_params) - known:
            raise ParseError(f"Unknown parameter: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
        return super().filter_queryset(request, queryset, view)


class PublicViewSet(ReadOnlyModelViewSet):
    """Public records, read-only, as a stranger sees them."""

    pagination_class = BoundedPagination
    filter_backends = [StrictFilters]

    @property
    def viewer(self) -> Viewer:
        """Give the stranger this request is answered for, at its moment."""
        return Viewer.of(self.request)


class PlainSearch(SearchFilter):
    """Wagtail's search, given words only."""

    def filter_queryset(self, request, queryset, view):
        """Narrow the results to those that match ``?search=``."""
        if "search" in request.GET:
            request._request.GET = request.GET.copy()
            request._request.GET["search"] = plain_words(request.GET["search"])
        return super().filter_queryset(request, queryset, view)


class PublicPagesViewSet(PagesAPIViewSet):
    """Public pages, as a stranger sees them whoever asks."""

    authentication_classes: list = []
    renderer_classes = [JSONRenderer]
    pagination_class = BoundedPagination
    filter_backends = [*PagesAPIViewSet.filter_backends[:-1], PlainSearch]
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name != "alias_of"]
    known_query_parameters = PagesAPIViewSet.known_query_parameters - NOT_OFFERED
    # Long, or costly for each row: given for one page, not in lists.
    detail_only_fields = [
        *PagesAPIViewSet.detail_only_fields,
        "locale",
        "alternatives",
        "body",
        "recommendation_refs",
        "sections",
        "stages",
    ]

    def initial(self, request, *args, **kwargs) -> None:
        """Refuse values that Wagtail would pass on to the database as they are."""
        super().initial(request, *args, **kwargs)
        for name, value in request.query_params.items():
            if name in IDS and not (value.isascii() and value.isdigit() and len(value) < 10) and value != "root":
                raise ParseError(f"{name} must be the number of a page.")
        if request.query_params.get("fields", "").count("(") > DEEPEST_FIELDS:
            raise ParseError("fields goes too deep.")
        if request.query_params.get("search_operator", "or") not in ("and", "or"):
            raise ParseError("search_operator must be and, or or.")

    def get_base_queryset(self):
        """Give the pages of this site that are public; the tree filters start here too."""
        site = Site.find_for_request(self.request)
        pages = Page.objects.descendant_of(site.root_page, inclusive=True) if site else Page.objects.none()
        return visible_to(Viewer.of(self.request), pages)

    def get_queryset(self):
        """Fetch with each page of one type the records that its fields name."""
        pages = super().get_queryset()
        return pages.select_related(*getattr(pages.model, "api_select_related", ()))

    @extend_schema(
        operation_id="pages_list",
        summary="Public pages",
        parameters=[
            OpenApiParameter("limit", int, description="How many, at most 20."),
            OpenApiParameter("offset", int, description="How many to pass over first."),
            OpenApiParameter("type", str, description="A type of page, such as scrutiny_pages.ReportPage."),
            OpenApiParameter("fields", str, description="More fields to give, such as *, or summary,body."),
            OpenApiParameter("search", str, description="Words to look for."),
            OpenApiParameter("order", str, description="A field to order by, with - before it to turn it round."),
            OpenApiParameter("child_of", str, description="The number of the page above, or root."),
            OpenApiParameter("descendant_of", str, description="The number of a page somewhere above, or root."),
        ],
        responses={200: PageList, 400: Problem},
    )
    def listing_view(self, request):
        """List public pages."""
        return super().listing_view(request)

    @extend_schema(
        operation_id="pages_retrieve",
        summary="One public page, with all its fields",
        responses={200: PageInBrief, 400: Problem, 404: Problem},
    )
    def detail_view(self, request, pk):
        """Give one public page."""
        return super().detail_view(request, pk)

    @extend_schema(
        operation_id="pages_find",
        summary="Find a page by its address, and go to it",
        parameters=[OpenApiParameter("html_path", str), OpenApiParameter("id", int)],
        responses={302: None, 400: Problem, 404: Problem},
    )
    def find_view(self, request):
        """Redirect to the page at an address of the site."""
        return super().find_view(request)
