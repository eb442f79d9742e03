"""The rows of the tracker's spreadsheets: what an anonymous user may see of each recommendation.

Ten thousand rows are written while somebody waits, so plain values are fetched, some at a time, and the only records
made are those whose rules say where one stands. The columns are in ``presenters/tracker_columns.py``; an import reads
them back (``importer/own_exports.py``).
"""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.core.models.fetching import set_prefetched

from ..enums import DELAY_REASON_KINDS, OF_THE_PLAN, EventKind
from ..models import (
    Action,
    Escalation,
    Event,
    Evidence,
    Extension,
    Meeting,
    Recommendation,
    ReviewPage,
    ServiceArea,
    Standard,
    Tracking,
)
from ..presenters.history_lines import (
    ACTIONS,
    ESCALATIONS,
    EVIDENCE,
    EXTENSIONS,
    HISTORY,
    KIND_WORDS,
    cell_of,
    line_of,
    line_words,
)
from ..presenters.overdue import Lateness, lateness_of
from ..presenters.tracker_columns import Column, Use, columns_for
from ..rules.recommendation_status import Status

AT_A_TIME = 1000

OWN_FIELDS = (
    *("pk", "series", "number", "report__path", "panel__usual_process__publish_plan"),
    *(
        column.path.replace(".", "__")
        for column in columns_for(Use.FILE)
        if column.path and not column.path.startswith("tracking.")
    ),
)
MEETING_FIELDS = ("is_public", "panel__name", "starts_at", "theme")
TURNOUT_FIELDS = ("members_came", "members_needed")
TRACKING_FIELDS = tuple(field.attname for field in Tracking._meta.concrete_fields)
FIELDS = (
    *OWN_FIELDS,
    *(f"made_at__{name}" for name in (*MEETING_FIELDS, *TURNOUT_FIELDS)),
    *(f"tracking__{name}" for name in TRACKING_FIELDS),
)
_OWN_END = len(OWN_FIELDS)
_MEETING_END = _OWN_END + len(MEETING_FIELDS)
_TURNOUT_END = _MEETING_END + len(TURNOUT_FIELDS)


def meeting_words(panel: str, starts_at: datetime.datetime, theme: str) -> str:
    """Return the label of a meeting in the file, by which an import finds it again."""
    return f"{panel}, {timezone.localtime(starts_at):%Y-%m-%d %H:%M}, {theme}"


def _public_meeting(is_public: bool | None, panel: str, starts_at: datetime.datetime, theme: str) -> str:
    return meeting_words(panel, starts_at, theme) if is_public else ""


@dataclasses.dataclass(slots=True)
class Entry:
    """A public entry of a history, with the attributes that the rules on delays read."""

    on: datetime.date
    kind: str
    text: str
    headline: str


class Row:
    """One recommendation on a day: its values, its related rows as lines, and its status."""

    status: Status
    late: Lateness | None

    def __init__(self, values: tuple, list_address: str):
        self.values = dict(zip(OWN_FIELDS, values, strict=False))
        self.ref = f"{self.values['series']}/{self.values['number']}"
        self.address = f"{list_address}{self.ref}/"
        self.made_at = _public_meeting(*values[_OWN_END:_MEETING_END])
        self.tracking: Any = Tracking.from_db("default", TRACKING_FIELDS, values[_TURNOUT_END:])
        came, needed = values[_MEETING_END:_TURNOUT_END]
        self.tracking.made_without_quorum = needed is not None and (came or 0) < needed
        self.requested: list[Extension] = []
        set_prefetched(self.tracking, "extensions", self.requested)
        self.tracking.delay_reasons, self.tracking.granted = [], []
        self.services = self.standards = ""
        self.history = self.extensions = self.actions = self.evidence_shown = self.escalations = ""


def _reader(column: Column) -> Callable[[Row], object]:
    """Return the function that reads a column from a row."""
    if column.value:
        return column.value
    first, _, field = column.path.partition(".")
    if first == "tracking":
        read = attrgetter(field)
        return lambda row: read(row.tracking)
    name = column.path.replace(".", "__")
    return lambda row: row.values[name]


# How each column of the spreadsheets is read from a row, in their order.
READERS = {column: _reader(column) for column in columns_for(Use.FILE)}


def read_rows(keys: Iterable[int], on: datetime.date, site: str) -> Iterator[Row]:
    """Return the rows of recommendations in the order of their keys; the queries grow by ``AT_A_TIME`` only."""
    keys = list(keys)
    publishing = dict(ReviewPage.objects.values_list("path", "process__publish_plan"))
    list_address = site + reverse("recommendation", args=["x", 1]).removesuffix("x/1/")
    for start in range(0, len(keys), AT_A_TIME):
        some = keys[start : start + AT_A_TIME]
        # Their order is known, so the database is spared the sorting.
        found = Recommendation.objects.order_by().filter(pk__in=_numbers(some)).values_list(*FIELDS)
        rows = {values[0]: Row(values, list_address) for values in found.iterator(chunk_size=AT_A_TIME)}
        _add_lists(rows)
        _add_records({row.tracking.pk: row for row in rows.values()}, publishing)
        for row in filter(None, map(rows.get, some)):
            row.status, row.late = row.tracking.status(on), lateness_of(row.tracking, on)
            yield row


def _numbers(keys: Iterable[int]) -> RawSQL:
    """Return keys as a list in SQL. As parameters, each of a thousand costs more than the row that it finds."""
    return RawSQL(",".join(str(int(key)) for key in keys) or "NULL", ())  # noqa: S611 - nothing but numbers


def _add_lists(rows: dict[int, Row]) -> None:
    """Add the services and standards of each recommendation."""
    for name, through, model in (
        ("services", Recommendation.service_areas.through, ServiceArea),
        ("standards", Recommendation.standards.through, Standard),
    ):
        other = model._meta.model_name
        order = [f"{other}__{part}" for part in model._meta.ordering or ()]
        links = through.objects.filter(recommendation__in=_numbers(rows)).order_by(*order)
        named: dict[int, list[str]] = defaultdict(list)
        for key, words in links.values_list("recommendation_id", f"{other}__name"):
            named[key].append(words)
        for key, words in named.items():
            setattr(rows[key], name, "; ".join(words))


def _add_records(rows: dict[int, Row], publishing: Mapping[str, bool | None]) -> None:
    """Add the related rows of each tracking row, as lines; ``publishing`` tells by review if the plan is public."""
    keys = _numbers(rows)
    requests: dict[int, list[str]] = defaultdict(list)
    for extension in Extension.objects.filter(tracking__in=keys):
        rows[extension.tracking_id].requested.append(extension)
        tracking = rows[extension.tracking_id].tracking
        tracking.granted += [extension] if extension.granted else []
        requests[extension.tracking_id].append(line_of(EXTENSIONS, _values_of_extension(extension)))
    _set(rows, "extensions", requests)
    planned = {key for key, row in rows.items() if _shows_plan(row, publishing)}
    _add_history(rows, planned)
    evidence = Evidence.objects.filter(tracking__in=keys).values_list("tracking_id", "on", "text", "link")
    _set(rows, "evidence_shown", _lines(EVIDENCE, evidence))
    escalations = Escalation.objects.filter(tracking__in=keys).values_list(
        "tracking_id", "on", "to_whom", "asks", "reply_due", "replied_on"
    )
    _set(rows, "escalations", _lines(ESCALATIONS, escalations))
    if planned:
        actions = Action.objects.filter(tracking__in=_numbers(planned)).values_list(
            "tracking_id", "text", "owner__title", "due", "done_on"
        )
        _set(rows, "actions", _lines(ACTIONS, actions))


def _shows_plan(row: Row, publishing: Mapping[str, bool | None]) -> bool:
    """Return the same as ``Recommendation.publishes_plan``: its review decides, else its panel."""
    path = row.values["report__path"]
    return bool(publishing.get(path[: -Page.steplen]) if path else row.values["panel__usual_process__publish_plan"])


def _add_history(rows: dict[int, Row], planned: set[int]) -> None:
    """Add the public entries, oldest first; those of a plan that is public to the keys in `planned`."""
    events = Event.objects.public().filter(tracking__in=_numbers(rows)).order_by("on", "pk")
    names = ("pk", "corrects_id", "tracking_id", "on", "kind", "title", "text", "how", "meeting_id")
    entries = list(events.values_list(*names))
    meetings = _public_meetings({entry[-1] for entry in entries} - {None})
    mistakes = {entry[1] for entry in entries}
    history: dict[int, list[str]] = defaultdict(list)
    places: dict[int, int] = {}
    for pk, corrects, key, on, kind, title, text, how, meeting in entries:
        if (kind in OF_THE_PLAN and key not in planned) or (corrects and corrects not in places):
            continue
        lines = history[key]
        corrected = line_words(places[corrects]) if corrects else ""
        lines.append(line_of(HISTORY, (on, KIND_WORDS[kind], title, text, how, meetings.get(meeting), corrected)))
        places[pk] = len(lines)
        if kind in DELAY_REASON_KINDS and pk not in mistakes:
            headline = title or str(EventKind(kind).label)
            rows[key].tracking.delay_reasons.append(Entry(on, kind, text, headline))
    _set(rows, "history", history)


def _public_meetings(keys: set[int]) -> dict[int, str]:
    """Return the labels of the meetings that are public."""
    if not keys:
        return {}
    meetings = Meeting.objects.filter(pk__in=_numbers(keys), is_public=True)
    return {
        key: meeting_words(*named)
        for key, *named in meetings.order_by().values_list("pk", "panel__name", "starts_at", "theme")
    }


def _values_of_extension(extension: Extension) -> tuple:
    agreed = extension.decided_on if extension.granted else None
    refused = extension.decided_on if extension.granted is False else None
    told = (extension.asked_on, extension.asked_for, extension.reason)
    return (*told, agreed, refused, extension.decided_how, extension.decision_reason)


def _lines(parts: tuple, values: Iterable[Any]) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = defaultdict(list)
    for key, *row in values:
        lines[key].append(line_of(parts, row))
    return lines


def _set(rows: dict[int, Row], name: str, lines: dict[int, list[str]]) -> None:
    for key, theirs in lines.items():
        setattr(rows[key], name, cell_of(theirs))
