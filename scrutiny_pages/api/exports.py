"""Exports of the filtered tracker as CSV, XLSX and JSON, with what anonymous visitors may see.

The columns of the spreadsheets are in ``presenters/tracker_columns.py``.
"""

import dataclasses
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe
from rest_framework.utils.encoders import JSONEncoder

from cms.core.spreadsheets.csv import cell_with_lines, csv_lines, download
from cms.core.spreadsheets.xlsx import XLSX, xlsx_parts
from cms.core.visibility import Viewer

from ..models import Recommendation, fetch_reviews
from ..models.pages.filters import RecommendationFilter
from ..models.pages.tracker import filter_queryset, public_recommendations
from ..selectors.tracker_rows import READERS, read_rows
from .serializers.recommendations import RecommendationSerializer

CHUNK_SIZE = 500
HEADINGS = [column.heading or column.label for column in READERS]


@dataclasses.dataclass(frozen=True)
class TrackerFile:
    """An export of a whole filtered list, on its viewer's day."""

    viewer: Viewer
    listed: Any
    site: str

    def name(self, extension: str) -> str:
        """Return the file name, which contains the day, since the content changes."""
        return f"recommendations-{self.viewer.today.isoformat()}.{extension}"

    def chunks(self, listed: QuerySet) -> Iterator[list[Recommendation]]:
        """Yield the list in chunks, so that memory does not grow with its length."""
        rows = listed.iterator(chunk_size=CHUNK_SIZE)
        while chunk := list(islice(rows, CHUNK_SIZE)):
            yield chunk

    def rows(self) -> Iterator[list]:
        """Yield the values of the columns, row by row."""
        values = list(READERS.values())
        for row in read_rows(self.listed.values_list("pk", flat=True), self.viewer.today, self.site):
            yield [value(row) for value in values]

    def csv(self) -> Iterator[str]:
        """Return the spreadsheet as CSV, line by line."""
        return csv_lines(HEADINGS, self.rows(), as_cell=cell_with_lines)

    def xlsx(self) -> Iterator[bytes]:
        """Return the spreadsheet as an Excel workbook, in parts."""
        return xlsx_parts(HEADINGS, self.rows(), as_cell=cell_with_lines)

    def json(self) -> Iterator[str]:
        """Yield the data in the shape of the API's lists, but without pages."""
        number = 0
        yield '{"items":['
        for chunk in self.chunks(self.listed.for_page().with_reasons()):
            fetch_reviews([item.report for item in chunk if item.report])
            items = RecommendationSerializer(chunk, many=True, context={"view": self}).data
            yield ("," if number else "") + json.dumps(items, cls=JSONEncoder, ensure_ascii=False)[1:-1]
            number += len(chunk)
        yield f'],"meta":{json.dumps({"total_count": number, "on": self.viewer.today.isoformat()})}}}'


def _file(request: HttpRequest) -> TrackerFile:
    """Return the export for the request's filters; raise `BadRequest` for an unknown filter or value."""
    if set(request.GET) - set(RecommendationFilter.base_filters):
        raise BadRequest("Unknown filter")
    viewer = Viewer.force_anonymous(request)
    listed = filter_queryset(RecommendationFilter.of(request, public_recommendations(viewer)))
    return TrackerFile(viewer, listed, request.build_absolute_uri("/").rstrip("/"))


@require_safe
def recommendations_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Return the filtered tracker as CSV."""
    file = _file(request)
    return download(file.csv(), content_type="text/csv", name=file.name("csv"))


@require_safe
def recommendations_xlsx(request: HttpRequest) -> StreamingHttpResponse:
    """Return the filtered tracker as an Excel workbook."""
    file = _file(request)
    return download(file.xlsx(), content_type=XLSX, name=file.name("xlsx"))


@require_safe
def recommendations_json(request: HttpRequest) -> StreamingHttpResponse:
    """Return the filtered tracker as JSON; the API serves the same in pages."""
    file = _file(request)
    return download(file.json(), content_type="application/json", name=file.name("json"))
