"""Base classes of the API: anonymous access, pagination, strict parameters and the format of errors.

The endpoint of pages, which is Wagtail's, is in ``api/pages.py``; blocks are serialized in ``block_serializers.py``.
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NoReturn, cast

import rest_framework.views
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.exceptions import ValidationError as WrongValues
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.json import strict_constant
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet
from wagtail.api.v2.utils import BadRequestError

from cms.core.block_serializers import ReferenceResolver
from cms.core.visibility import Viewer

LARGEST_BODY = 100_000  # bytes: many times what the longest step needs
LARGEST_OFFSET = 100_000
LARGEST_LIMIT = 100
USUAL_LIMIT = 20
LONGEST_VALUE = 500  # characters
MOST_NAMED = 50  # of the values that a filter knows
PAGING = ("limit", "offset")


# The schemas of the OpenAPI document are named in programs made from it, so their names do not change.
@extend_schema_serializer(component_name="Problem")
class ApiError(serializers.Serializer):
    """The body of an error response."""

    message = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # a field of the answer, not DRF's property


# What every endpoint may answer besides what is asked for; ``api/openapi.py`` has their descriptions.
ERRORS = {400: ApiError, 405: ApiError}
ERRORS_OF_ONE = ERRORS | {404: ApiError}


def exception_handler(exception: Exception, context: dict) -> Response | None:
    """Return an error response ``{"message": ..., "errors": ...}``, the format of every error of the API."""
    if isinstance(exception, BadRequestError):
        exception = ParseError(str(exception))
    elif isinstance(exception, ValidationError):
        exception = ParseError(" ".join(exception.messages))
    elif isinstance(exception, BadRequest):
        exception = ParseError(str(exception))
    elif isinstance(exception, OverflowError):
        exception = ParseError("That number is too large.")
    response = rest_framework.views.exception_handler(exception, context)
    if response is not None:
        if "message" in response.data:  # said in our words already
            return response
        detail = response.data.get("detail") if isinstance(response.data, dict) else None
        response.data = (
            {"message": str(detail)} if detail else {"message": "That value is not known.", "errors": response.data}
        )
    return response


class PlainJSONParser(JSONParser):
    """A JSON parser that accepts UTF-8 of a bounded size and depth, and only text that can be stored."""

    largest = LARGEST_BODY

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the parsed body; raise ParseError (400) if it is invalid."""
        raw = stream.read(self.largest + 1)
        if len(raw) > self.largest:
            raise ParseError(f"That is too long: send at most {self.largest} bytes.")
        try:
            given = json.loads(raw.decode(), parse_constant=strict_constant)
            # Half a character, written as \ud800, is JSON but not text.
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ParseError("That is not JSON that we can read.") from None
        return given


class PlainMultiPartParser(MultiPartParser):
    """A multipart parser that also answers 400 to the part headers on which Django's raises TypeError."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the parsed body; raise ParseError (400) if it is invalid."""
        try:
            return super().parse(stream, media_type, parser_context)
        except TypeError:  # a name that is given in two ways: filename*=... and filename*0=...
            raise ParseError("We cannot read that.") from None


class BoundedPagination(LimitOffsetPagination):
    """Pagination by ``limit`` and ``offset``, both with a maximum.

    REST framework replaces a value that is too large or not a number with the default; here it is an error 400.
    """

    # Set as soon as a page is asked for.
    count: int
    limit: int
    offset: int
    request: Request

    def get_limit(self, request: HttpRequest) -> int:
        """Return the number of results on a page."""
        return whole_number(request.GET, "limit", least=1, most=LARGEST_LIMIT, unless_given=USUAL_LIMIT)

    def get_offset(self, request: HttpRequest) -> int:
        """Return the number of results before the page."""
        return whole_number(request.GET, "offset", least=0, most=LARGEST_OFFSET, unless_given=0)

    def get_next_link(self) -> str | None:
        """Return the URL of the next page, or None if it begins past the last result or the maximum offset."""
        after = self.offset + self.limit
        return self._address(after) if after < min(self.count, LARGEST_OFFSET) else None

    def get_previous_link(self) -> str | None:
        """Return the URL of the previous page, or None on the first."""
        return self._address(max(self.offset - self.limit, 0)) if self.offset else None

    def _address(self, offset: int) -> str:
        query = self.request.GET.copy()
        for name, value in (("limit", self.limit), ("offset", offset)):
            query.pop(name, None)
            query[name] = str(value)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response(self, data: list) -> Response:
        """Return a response with one page, the total count and the URLs of the next and previous page."""
        meta = {"total_count": self.count, "next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({"meta": meta, "items": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        """Return the OpenAPI description of ``limit`` and ``offset``."""
        told = (
            ("limit", "How many to give.", 1, LARGEST_LIMIT, USUAL_LIMIT),
            ("offset", "How many to pass over first.", 0, LARGEST_OFFSET, 0),
        )
        return [
            {
                "name": name,
                "in": "query",
                "description": words,
                "schema": {"type": "integer", "minimum": least, "maximum": most, "default": usual},
            }
            for name, words, least, most, usual in told
        ]

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """Return the OpenAPI schema of a page of results."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "total_count": {"type": "integer", "description": "How many there are in all."},
            "next": link | {"description": "Where the next ones are."},
            "previous": link | {"description": "Where those before are."},
        }
        items = schema if schema.get("type") == "array" else {"type": "array", "items": schema}
        return _closed({"meta": _closed(properties), "items": items})


def _closed(properties: dict) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def whole_number(given: QueryDict, name: str, *, least: int, most: int, unless_given: int) -> int:
    """Return a parameter as an integer.

    :raises ParseError: if it is not a whole number from ``least`` to ``most``.
    """
    value = given.get(name)
    if value is None:
        return unless_given
    if not (value.isascii() and value.isdigit() and len(value) < 9 and least <= int(value) <= most):
        raise ParseError(f"{name} must be a whole number from {least} to {most}.")
    return int(value)


def refuse_unknown(given: QueryDict, known: Iterable[str]) -> None:
    """Refuse a parameter that is unknown, repeated or too long.

    :raises ParseError: answered with 400.
    """
    known = sorted(known)
    if unknown := sorted(set(given) - set(known)):
        named = f"Known: {', '.join(known)}." if known else "There are none here."
        raise ParseError(f"Unknown parameter: {', '.join(unknown)[:LONGEST_VALUE]}. {named}")
    for name, values in given.lists():
        if len(values) > 1:
            raise ParseError(f"{name} is there more than once. Send it once.")
        if len(values[0]) > LONGEST_VALUE:
            raise ParseError(f"{name} is too long: send at most {LONGEST_VALUE} characters.")


class StrictFilters(DjangoFilterBackend):
    """A filter backend that answers 400 to an unknown value and lists the known ones."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """Return the filtered queryset; raise ValidationError (400) for a value that is not known."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise WrongValues({name: self._error_messages(filterset, name) for name in filterset.errors})
        return filterset.qs

    def _error_messages(self, filterset: FilterSet, name: str) -> list[str]:
        field = filterset.form.fields[name]
        if rows := getattr(field, "queryset", None):
            known = list(rows.values_list(field.to_field_name or "pk", flat=True)[:MOST_NAMED])
        else:
            known = [key for key, _ in getattr(field, "choices", ()) if key]
        if known or hasattr(field, "choices"):
            return [f"This value is not known. Known: {', '.join(map(str, known)) or 'none yet'}."]
        return [str(words) for words in filterset.errors[name]]

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        """Return the OpenAPI description of the filters."""
        told = []
        for name, chosen in getattr(view.filterset_class, "base_filters", {}).items():
            schema: dict = {"type": "string"}
            choices = chosen.extra.get("choices")
            if choices and not callable(choices):
                schema["enum"] = [str(key) for key, _ in choices]
            elif pattern := next((check.regex.pattern for check in chosen.extra.get("validators", ())), None):
                schema["pattern"] = pattern
            words = view.filter_words.get(name, f"{chosen.label}.")
            told.append({"name": name, "in": "query", "description": words, "schema": schema})
        return told


class PublicEndpoint(GenericViewSet):
    """Base class of public endpoints: they answer as for an anonymous user, and refuse unknown parameters."""

    authentication_classes: list = []
    http_method_names = ["get", "head"]
    # What it takes in an address, besides its filters and the paging of a list.
    parameters: tuple[str, ...] = ()
    filter_words: dict[str, str] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Treat the request as anonymous, and refuse unknown parameters."""
        Viewer.force_anonymous(request._request)
        super().initial(request, *args, **kwargs)
        # A method that there is not is refused as such, whatever comes with it.
        if cast("str", request.method).lower() in self.http_method_names:
            self.check_parameters(request.query_params)

    def check_parameters(self, given: QueryDict) -> None:
        """Raise ParseError (400) for a parameter that is not known."""
        refuse_unknown(given, self.known_parameters())

    def known_parameters(self) -> set[str]:
        """Return the names of the parameters that the endpoint accepts."""
        if getattr(self, "action", None) not in ("list", "show"):
            return set()
        known = set(self.parameters) | (set(PAGING) if self.paginator else set())
        return known | set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Resolve the references in the response data, all at once."""
        if response.status_code in (HTTPStatus.OK, HTTPStatus.CREATED) and getattr(response, "data", None):
            response.data = ReferenceResolver(request._request, self.viewer).finish(response.data)
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def viewer(self) -> Viewer:
        """Return the anonymous viewer of this request, at the time of the request."""
        return Viewer.of(self.request._request)


class PublicViewSet(PublicEndpoint, ReadOnlyModelViewSet):
    """A read-only view set of public records, as an anonymous user sees them."""

    pagination_class = BoundedPagination
    filter_backends = [StrictFilters]
    # What one in full has beside what is in a list, if there is more.
    full_serializer_class: type[serializers.Serializer] | None = None

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """Return the full serializer for one record, the brief one for a list."""
        return (self.action == "retrieve" and self.full_serializer_class) or cast("type", self.serializer_class)

    def get_object(self) -> Any:
        """Return the record that the URL identifies; raise NotFound (404) if there is none."""
        name = self.lookup_field
        found = self.get_queryset().filter(**{name: self.kwargs[name]}).first()
        if found is None:
            raise_not_found()
        return found


def raise_not_found() -> NoReturn:
    """Raise NotFound (404) with the API's message."""
    raise NotFound("There is none, or it is not public.")


def documented(
    group: str,
    words: str,
    *,
    brief: type[serializers.Serializer],
    full: type[serializers.Serializer] | None = None,
    one: str = "",
    where_one_is: list[OpenApiParameter] | None = None,
) -> Callable[[type], type]:
    """Return a decorator that describes a list endpoint and its detail endpoint for the OpenAPI document."""
    key = group.lower().replace(" ", "_")
    lists = extend_schema(
        operation_id=f"{key}_list",
        tags=[group],
        summary=words,
        responses={200: OpenApiResponse(brief(many=True), "One page of results.")} | ERRORS,
    )
    retrieves = extend_schema(
        operation_id=f"{key}_retrieve",
        tags=[group],
        summary=one or f"One of them in full: {words[0].lower()}{words[1:]}",
        parameters=where_one_is,
        responses={200: OpenApiResponse(full or brief, "It.")} | ERRORS_OF_ONE,
    )
    return extend_schema_view(list=lists, retrieve=retrieves)


class SchemaView(SpectacularJSONAPIView):
    """The OpenAPI document of the API."""

    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="schema",
        tags=["This document"],
        summary="This document",
        description="Made anew for each version of the API. Write programs from it rather than from this page.",
        responses={(200, "application/vnd.oai.openapi+json"): OpenApiTypes.OBJECT} | ERRORS,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the document; refuse unknown parameters."""
        refuse_unknown(request.query_params, ())
        return self._get_schema_response(request)
