"""The tracker as files: exactly what its filters leave, as a spreadsheet and as data, as a stranger sees it."""

import dataclasses
import datetime
import json
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe
from rest_framework.utils.encoders import JSONEncoder

from cms.core.exports import csv_lines, download
from cms.core.visibility import Viewer

from .filters import RecommendationFilter
from .lateness import Lateness, lateness_of
from .models import Recommendation, Tracking, fetch_reviews
from .models.tracker import narrowed, public_recommendations
from .serializers import RecommendationSerializer
from .standing import Status

AT_A_TIME = 500


@dataclasses.dataclass(frozen=True)
class Row:
    """One recommendation on a day, and the address of the site that it is on."""

    item: Recommendation
    on: datetime.date
    site: str

    @property
    def tracking(self) -> Tracking:
        """Give what became of it."""
        return self.item.tracking

    @property
    def status(self) -> Status:
        """Give where it stands."""
        return self.tracking.status(self.on)

    @cached_property
    def late(self) -> Lateness | None:
        """Give how late it is, if it is."""
        return lateness_of(self.tracking, self.on)


# The columns of the spreadsheet. A heading that an import knows too is the same here as there.
COLUMNS: dict[str, Callable[[Row], object]] = {
    "Reference": lambda row: row.item.ref,
    "What we ask for": lambda row: row.item.title,
    "Where it stands": lambda row: row.status.words,
    "What that means": lambda row: row.status.explanation,
    "Asked by": lambda row: row.item.panel.name,
    "Report": lambda row: row.item.report.title if row.item.report else None,
    "Services": lambda row: "; ".join(area.name for area in row.item.service_areas.all()),
    "Who must do it": lambda row: row.item.owner,
    "Asked for on": lambda row: row.item.asked_on,
    "Answer due": lambda row: row.tracking.answer_due,
    "Answer": lambda row: row.tracking.get_answer_display(),
    "Answered on": lambda row: row.tracking.answered_on,
    "Reason for the answer": lambda row: row.tracking.answer_reason,
    "First target date": lambda row: row.tracking.first_target,
    "Current target date": lambda row: row.tracking.current_target,
    "Times the date changed": lambda row: len(row.tracking.granted),
    "Days late": lambda row: row.late and row.late.days,
    "Why it is late": lambda row: row.late and row.late.reason,
    "New date": lambda row: row.late and row.late.expected,
    "Landlord says done on": lambda row: row.tracking.claimed_on,
    "Confirmed on": lambda row: row.tracking.confirmed_on,
    "Did it help?": lambda row: row.tracking.get_impact_display(),
    "Address": lambda row: f"{row.site}{row.item.get_absolute_url()}",
}


@dataclasses.dataclass(frozen=True)
class TrackerFile:
    """The whole of a filtered list, on the day of its viewer."""

    viewer: Viewer
    listed: QuerySet
    site: str

    def name(self, extension: str) -> str:
        """Give the name to save it under, with the day: what stands in it changes."""
        return f"recommendations-{self.viewer.today.isoformat()}.{extension}"

    def chunks(self, listed: QuerySet) -> Iterator[list[Recommendation]]:
        """Give the list some at a time, so that a long one needs no more memory than a short one."""
        rows = listed.iterator(chunk_size=AT_A_TIME)
        while chunk := list(islice(rows, AT_A_TIME)):
            yield chunk

    def csv(self) -> Iterator[str]:
        """Give the spreadsheet, line by line."""
        rows = (Row(item, self.viewer.today, self.site) for chunk in self.chunks(self.listed) for item in chunk)
        return csv_lines(COLUMNS, ([value(row) for value in COLUMNS.values()] for row in rows))

    def json(self) -> Iterator[str]:
        """Give the data, in the shape of the API's lists but all of it."""
        number = 0
        yield '{"items":['
        for chunk in self.chunks(self.listed.for_page()):
            fetch_reviews([item.report for item in chunk if item.report])
            told = RecommendationSerializer(chunk, many=True, context={"view": self}).data
            yield ("," if number else "") + json.dumps(told, cls=JSONEncoder, ensure_ascii=False)[1:-1]
            number += len(chunk)
        yield f'],"meta":{json.dumps({"total_count": number, "on": self.viewer.today.isoformat()})}}}'


def _file(request: HttpRequest) -> TrackerFile:
    """Give the list that an address asks for; a filter that is not known, or a value, is a 400."""
    if set(request.GET) - set(RecommendationFilter.base_filters):
        raise BadRequest("Unknown filter")
    viewer = Viewer.stranger_behind(request)
    listed = narrowed(RecommendationFilter.of(request, public_recommendations(viewer)))
    return TrackerFile(viewer, listed, request.build_absolute_uri("/").rstrip("/"))


@require_safe
def recommendations_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give what the tracker's filters leave as a spreadsheet."""
    file = _file(request)
    return download(file.csv(), content_type="text/csv", name=file.name("csv"))


@require_safe
def recommendations_json(request: HttpRequest) -> StreamingHttpResponse:
    """Give what the tracker's filters leave as data: the API gives the same, but a page at a time."""
    file = _file(request)
    return download(file.json(), content_type="application/json", name=file.name("json"))
