"""Endpoint of the draft of one page, for another front end with a token from an editor."""

from typing import Any

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page

from cms.core.api.base import ERRORS_OF_ONE, ApiError
from cms.core.api.pages import PageInBrief, PublicPagesViewSet
from cms.core.headless_preview import TokenRefused, page_of
from cms.core.references import resolve

HEADER = "X-Preview-Token"


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class DraftViewSet(PublicPagesViewSet):
    """The latest draft of one page. What it links to or lists is as an anonymous user sees it.

    The token identifies the page; it is sent in a header, because URLs are logged.
    """

    def get_object(self) -> Page:
        """Return the draft that the token gives access to, fetched once."""
        if not hasattr(self, "_draft"):
            self._draft = self._find_draft()
        return self._draft

    def _find_draft(self) -> Page:
        token = self.request.headers.get(HEADER, "")
        if not token:
            raise PermissionDenied(f"Send a token in the header {HEADER}.")
        try:
            pk = page_of(token)
        except TokenRefused as refused:
            raise PermissionDenied(str(refused)) from None
        if (page := Page.objects.filter(pk=pk).first()) is None:
            raise Http404("This page has been deleted.")
        return resolve(page.get_latest_revision_as_object())

    @extend_schema(
        operation_id="preview_retrieve",
        tags=["Pages"],
        summary="The newest draft of one page, with all its fields",
        parameters=[
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="What the editor's link to the front end brought as token. It lasts 10 minutes.",
            )
        ],
        responses={200: PageInBrief, 403: ApiError} | ERRORS_OF_ONE,
    )
    def draft(self, request: Request) -> Response:
        """Return the draft, in the format of a public page."""
        return Response(self.get_serializer(self.get_object()).data)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the header that keeps search engines from indexing it."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response
