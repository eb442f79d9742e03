"""The endpoint of pages: Wagtail's, restricted to what an anonymous user sees, with strict parameters."""

from typing import Any, cast

from django.http import HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail import fields
from wagtail.api.v2.filters import SearchFilter
from wagtail.api.v2.serializers import PageSerializer
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Page, Site, get_page_models

from cms.core.api.base import (
    ERRORS,
    ERRORS_OF_ONE,
    PAGING,
    BoundedPagination,
    PublicEndpoint,
)
from cms.core.block_serializers import HtmlField, StoryField
from cms.core.search import plain_words
from cms.core.visibility import visible_to

DEEPEST_FIELDS = 5
IN_TREE = ("child_of", "descendant_of", "ancestor_of")
ORDERS = ("id", "title", "slug", "first_published_at")
LISTING = ("type", "slug", "fields", "search", "search_operator", "order", *IN_TREE, *PAGING)


class PageMeta(serializers.Serializer):
    """The URL and the type of a page."""

    type = serializers.CharField()
    detail_url = serializers.CharField()
    html_url = serializers.CharField()
    slug = serializers.CharField()
    first_published_at = serializers.DateTimeField(allow_null=True)


class PageInBrief(serializers.Serializer):
    """The fields that every page type has; the detail response adds those of its type."""

    id = serializers.IntegerField()
    meta = PageMeta()
    title = serializers.CharField()


class ListMeta(serializers.Serializer):
    """The total count, and the URLs of the next and previous page of results."""

    total_count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class PageList(serializers.Serializer):
    """One page of results of the list of pages."""

    meta = ListMeta()
    items = PageInBrief(many=True)


class PublicPageSerializer(PageSerializer):
    """A page, with its streams and rich texts as the public reads them."""

    serializer_field_mapping = PageSerializer.serializer_field_mapping | {
        fields.StreamField: StoryField,
        fields.RichTextField: HtmlField,
    }


class PlainSearch(SearchFilter):
    """Wagtail's search filter, with the query reduced to plain words."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """Return the results that match ``?search=``."""
        if "search" in request.GET:
            asked: Any = request._request  # whose parameters the stubs hold to be immutable
            asked.GET = request.GET.copy()
            asked.GET["search"] = plain_words(request.GET["search"])
        return super().filter_queryset(request, queryset, view)


def page_types() -> list[str]:
    """Return the names of the page types."""
    return sorted(model._meta.label for model in get_page_models() if model is not Page)


class PublicPagesViewSet(PublicEndpoint, PagesAPIViewSet):
    """Public pages, as an anonymous user sees them, whoever sends the request."""

    renderer_classes = [JSONRenderer]
    pagination_class = BoundedPagination
    base_serializer_class = PublicPageSerializer
    filter_backends = [*PagesAPIViewSet.filter_backends[:-1], PlainSearch]
    parameters = LISTING
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name != "alias_of"] + ["last_published_at"]
    # Long, or costly for each row: given for one page, not in lists.
    detail_only_fields = [
        *PagesAPIViewSet.detail_only_fields,
        "locale",
        "alternatives",
        "body",
        "improving",
        "not_accessible",
        "recommendation_refs",
        "sections",
        "social_image",
        "stages",
    ]

    def known_parameters(self) -> set[str]:
        """Return the parameters that the current action accepts."""
        return {
            "listing_view": set(LISTING),
            "detail_view": {"fields"},
            "find_view": {"html_path", "id"},
        }.get(self.action, set())

    def check_parameters(self, given: QueryDict) -> None:
        """Refuse values that Wagtail would pass to the database unchecked, or refuse without listing the known ones."""
        super().check_parameters(given)
        for name in {"id", *IN_TREE} & set(given):
            value, root = cast("str", given[name]), set() if name == "id" else {"root"}
            if not (value.isascii() and value.isdigit() and len(value) < 10) and value not in root:
                raise ParseError(f"{name} must be the number of a page{', or root' if root else ''}.")
        if given.get("fields", "").count("(") > DEEPEST_FIELDS:
            raise ParseError("fields goes too deep.")
        if given.get("search_operator", "or") not in ("and", "or"):
            raise ParseError("search_operator must be and, or or.")
        if given.get("order", "id").removeprefix("-") not in ORDERS:
            raise ParseError(f"This order is not known. Known: {', '.join(ORDERS)}; each with - before it too.")
        types = set(cast("str", given["type"]).split(",")) if "type" in given else set()
        if unknown := types - {*page_types(), "wagtailcore.Page"}:
            raise ParseError(f"Unknown type: {', '.join(sorted(unknown))}. Known: {', '.join(page_types())}.")

    def check_query_parameters(self, queryset: Any) -> None:
        """Skip Wagtail's own check: its list of known parameters is longer than ours."""

    @classmethod
    def get_available_fields(cls, model: Any, db_fields_only: bool = False) -> list[str]:
        """Return no fields, so that Wagtail does not filter by arbitrary columns."""
        found = super().get_available_fields(model, db_fields_only)
        return [name for name in found if name in (*ORDERS, "slug")] if db_fields_only else found

    def get_base_queryset(self) -> Any:
        """Return the public pages of this site; the tree filters start here too."""
        site = Site.find_for_request(self.request)
        pages = Page.objects.descendant_of(site.root_page, inclusive=True) if site else Page.objects.none()
        return visible_to(self.viewer, pages)

    def get_queryset(self) -> Any:
        """Return the pages in tree order; those of one type with the related records of their fields."""
        pages = super().get_queryset()
        return pages.select_related(*getattr(pages.model, "api_select_related", ())).order_by("path")

    def filter_queryset(self, queryset: Any) -> Any:
        """Return the filtered list in a total order."""
        found = super().filter_queryset(queryset)
        ordered = self.request.query_params.get("order")
        return found.order_by(ordered, "id") if ordered and "search" not in self.request.query_params else found

    def get_serializer_class(self) -> Any:
        """Return the serializer; list the known fields if an unknown one is requested."""
        try:
            return super().get_serializer_class()
        except BadRequestError as no:
            model = self.get_queryset().model if self.action == "listing_view" else type(self.get_object())
            known = self.get_available_fields(model)
            raise ParseError(f"{no}. Known: *, _, {', '.join(known)}; each with - before it too.") from None

    @extend_schema(
        operation_id="pages_list",
        tags=["Pages"],
        summary="Public pages",
        description="In the order of the site’s tree. A page in full is at its own address.",
        parameters=[
            OpenApiParameter("type", str, enum=page_types(), description="Only pages of this type."),
            OpenApiParameter("slug", str, description="Only pages whose address ends in this."),
            OpenApiParameter("fields", str, description="More fields to give: * for all, or names with commas."),
            OpenApiParameter("search", str, description="Only pages that hold these words."),
            OpenApiParameter("search_operator", str, enum=["and", "or"], description="All the words, or any."),
            OpenApiParameter(
                "order", str, enum=[f"{sign}{name}" for name in ORDERS for sign in ("", "-")], description="The order."
            ),
            *(
                OpenApiParameter(
                    name, {"type": "string", "pattern": "^([0-9]{1,9}|root)$"}, description=f"Only pages {words}."
                )
                for name, words in (
                    ("child_of", "right under the page of this number, or root"),
                    ("descendant_of", "anywhere under the page of this number, or root"),
                    ("ancestor_of", "above the page of this number"),
                )
            ),
        ],
        responses={
            200: OpenApiResponse(PageList, "One page of results."),
        }
        | ERRORS,
    )
    def listing_view(self, request: Request) -> Response:
        """Return a list of public pages."""
        return super().listing_view(request)

    @extend_schema(
        operation_id="pages_retrieve",
        tags=["Pages"],
        summary="One public page, with all its fields",
        description="A story is a list of blocks, each with its type, id and value.",
        parameters=[
            OpenApiParameter("id", {"type": "integer", "minimum": 1, "maximum": 999999999}, "path"),
            OpenApiParameter("fields", str, description="_ and names with commas, to be given those only."),
        ],
        responses={200: OpenApiResponse(PageInBrief, "The page.")} | ERRORS_OF_ONE,
    )
    def detail_view(self, request: Request, pk: str) -> Response:
        """Return one public page."""
        return super().detail_view(request, pk)

    @extend_schema(
        operation_id="pages_find",
        tags=["Pages"],
        summary="Find a page by its address, and go to it",
        parameters=[
            OpenApiParameter("html_path", str, description="The address on the website, such as /about/."),
            OpenApiParameter("id", {"type": "string", "pattern": "^[0-9]{1,9}$"}, description="Its number."),
        ],
        responses={302: OpenApiResponse(OpenApiTypes.NONE, "It is at the address in Location.")} | ERRORS_OF_ONE,
    )
    def find_view(self, request: Request) -> HttpResponse:
        """Redirect to the page at a path of the site."""
        return super().find_view(request)
