"""API endpoints of the site itself: menus, settings, redirects and search."""

from html import unescape
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.html import strip_tags
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.core.api.base import ERRORS, BoundedPagination, PublicEndpoint
from cms.core.models import SiteSettings
from cms.core.search import LONGEST
from cms.core.visibility import visible_to

from .models import MenuItem, Navigation
from .navigation import footer_items
from .search import KINDS, find, show
from .serializers import FoundSerializer, MenusSerializer, RedirectSerializer, SettingsSerializer

SITE = ["The site"]


class SingletonEndpoint(PublicEndpoint):
    """Base class of an endpoint with a single resource."""

    pagination_class = None


class MenusViewSet(SingletonEndpoint):
    """The menus, as an anonymous user sees them."""

    serializer_class = MenusSerializer

    @extend_schema(operation_id="menus", tags=SITE, summary="The menus", responses={200: MenusSerializer} | ERRORS)
    def show(self, request: Request) -> Response:
        """Return both menus."""
        asked = request._request
        navigation = Navigation.for_request(asked)
        menus = {"main": navigation.items(navigation.main, asked), "footer": footer_items(asked)}
        return Response({name: [_serialize_item(item) for item in items] for name, items in menus.items()})


def _serialize_item(item: MenuItem) -> dict:
    return {"label": item.label, "url": item.url}


class SettingsViewSet(SingletonEndpoint):
    """The landlord's settings, as every page shows them."""

    serializer_class = SettingsSerializer

    @extend_schema(
        operation_id="settings",
        tags=SITE,
        summary="The landlord’s names, words and contacts",
        responses={200: SettingsSerializer} | ERRORS,
    )
    def show(self, request: Request) -> Response:
        """Return the settings of this site."""
        return Response(self.get_serializer(SiteSettings.for_request(request._request)).data)


class RedirectsViewSet(PublicEndpoint):
    """Redirects from old URLs."""

    queryset = Redirect.objects.none()
    serializer_class = RedirectSerializer
    pagination_class = BoundedPagination

    def get_queryset(self) -> QuerySet:
        """Return the redirects of this site, without those to a page that is not public."""
        site = Site.find_for_request(self.request._request)
        public = visible_to(self.viewer, Page.objects.all()).values("pk")
        here = Redirect.objects.filter(Q(site=site) | Q(site__isnull=True))
        shown = here.filter(Q(redirect_page__isnull=True) | Q(redirect_page__in=public))
        return shown.select_related("redirect_page").order_by("old_path", "pk")

    @extend_schema(
        operation_id="redirects_list",
        tags=SITE,
        summary="Old addresses, and where they lead",
        responses={200: OpenApiResponse(RedirectSerializer(many=True), "One page of results.")} | ERRORS,
    )
    def list(self, request: Request) -> Response:
        """Return the redirects."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class SearchViewSet(PublicEndpoint):
    """The search of the website, for programs."""

    serializer_class = FoundSerializer
    pagination_class = BoundedPagination
    parameters = ("q", "type")

    @extend_schema(
        operation_id="search",
        tags=["Search"],
        summary="Search everything public",
        description="The same search as on the website: the best first.",
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "minLength": 1, "maxLength": LONGEST},
                required=True,
                description="What to look for: words, or a reference such as 2026-03/4.",
            ),
            OpenApiParameter("type", str, enum=list(KINDS), description="Only things of this kind."),
        ],
        responses={200: OpenApiResponse(FoundSerializer(many=True), "One page of results.")} | ERRORS,
    )
    def list(self, request: Request) -> Response:
        """Return the search results."""
        typed, kind = request.query_params.get("q", ""), request.query_params.get("type", "")
        if not typed or len(typed) > LONGEST:
            raise ParseError(f"q is needed: what to look for, in at most {LONGEST} characters.")
        if kind not in ("", *KINDS):
            raise ParseError(f"Unknown type. Known: {', '.join(KINDS)}.")
        found = find(self.viewer, " ".join(typed.split()))
        keys = cast("list", self.paginate_queryset(found.of_kind(kind)))  # None only without pagination
        shown = show(keys, found.words, self.viewer, request._request)
        told = [
            {
                "kind": result.kind,
                "what": result.what,
                "title": unescape(strip_tags(result.title)),
                "url": result.url,
                "day": result.day,
                "excerpt": result.words,
                "ref": result.ref,
                "status": result.status.words if result.status else "",
            }
            for result in shown
        ]
        return self.get_paginated_response(self.get_serializer(told, many=True).data)
