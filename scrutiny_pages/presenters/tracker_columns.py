"""The tracker's columns, declared once: for the public page, the spreadsheets, the API and the import. Pure.

To add one, add its field to the model and its column here. A column without ``value`` is read from its ``path``.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices

from cms.core.text.terminology import lazy_words

from ..enums import AGREED, Answer, Delivery, Impact


class Use(enum.Flag):
    """Places where a column appears. An ``OWN_IMPORT`` reads it only from a file that such a site has written."""

    PAGE = enum.auto()
    FILE = enum.auto()
    API = enum.auto()
    IMPORT = enum.auto()
    OWN_IMPORT = enum.auto()


OUTPUT = Use.FILE | Use.API
EVERYWHERE = OUTPUT | Use.IMPORT
FROM_OWN_FILES = OUTPUT | Use.OWN_IMPORT


@dataclass(frozen=True)
class Column:
    """A column: its key, its label, how it is read from a recommendation, and the places where it appears.

    :param path: the attribute of a recommendation that holds it, such as ``owner.title``; of a row of the file alike.
    :param value: reads it from a row of the file (``selectors/tracker_rows.py``) where that is not its path.
    :param heading: its heading in the file, if that is not the label.
    :param json: its name in the API, if that is not the key.
    :param also: other headings by which an import knows it.
    :param is_words: whether an import writes the text into the recommendation's field of this name.
    :param is_one_line: whether an import joins the lines of a cell.
    """

    key: str
    label: str  # said in the landlord's words
    uses: Use = EVERYWHERE
    path: str = ""
    value: Callable[[Any], object] | None = None
    heading: str = ""
    json: str = ""
    also: tuple[str, ...] = ()
    kind: str = "text"
    is_words: bool = False
    is_one_line: bool = False

    @property
    def ours(self) -> bool:
        """Return whether only a file that this site, or another one like it, has written can hold it."""
        return Use.OWN_IMPORT in self.uses

    def of(self, recommendation: Any) -> Any:
        """Return the value of a recommendation, or of a row; nothing where something on the path is missing."""
        value = recommendation
        for name in self.path.split("."):
            value = None if value is None else getattr(value, name)
        return value


def _column(key: str, label: str, uses: Use = EVERYWHERE, also: str = "", **more: Any) -> Column:
    """Return a column; without a path or a value of its own, it is the recommendation's field of its key."""
    path = more.pop("path", "" if "value" in more else key)
    return Column(key, label, uses, path=path, also=tuple(also.split("|")) if also else (), **more)


def _tracking(key: str, label: str, uses: Use = EVERYWHERE, also: str = "", **more: Any) -> Column:
    """Return a column that the tracking holds under its key."""
    return _column(key, label, uses, also, path=f"tracking.{key}", **more)


def _date(key: str, label: str, uses: Use = EVERYWHERE, also: str = "", **more: Any) -> Column:
    """Return a column of dates that the tracking holds under its key."""
    return _tracking(key, label, uses, also, kind="date", **more)


def _choice(choices: type[TextChoices], name: str) -> Callable[[Any], str]:
    """Return the reader of the words of one of the tracking's statuses."""
    words, read = {str(each.value): str(each.label) for each in choices}, attrgetter(name)
    return lambda row: words.get(read(row.tracking), "")


_delivery_words = _choice(Delivery, "delivery")

# In the order of the spreadsheets.
COLUMNS = (
    _column(
        "reference",
        "Reference",
        also="ref|ref no|reference number|recommendation number|rec no|number|no|id",
        value=attrgetter("ref"),
        json="ref",
        is_one_line=True,
    ),
    _column(
        "earlier_reference",
        "Earlier reference",
        EVERYWHERE | Use.PAGE,
        "earlier ref|previous reference|old reference|old ref|former reference|legacy reference",
        is_one_line=True,
    ),
    _column(
        "title",
        "What we ask for",
        also="title|recommendation|recommendation title|recommended action|action",
        is_words=True,
    ),
    _column("standing", "Where it stands", Use.API),
    _column("status", "Where it stands", OUTPUT, value=attrgetter("status.words")),
    _column("explanation", "What that means", OUTPUT, value=attrgetter("status.explanation")),
    _column("panel", "Asked by", also="panel|scrutiny panel|group|made by", path="panel.name", is_one_line=True),
    _column(
        "report",
        "Report",
        also="review|scrutiny report|report title|review title",
        path="report.title",
        is_one_line=True,
    ),
    _column("made_at", "Made at the meeting", FROM_OWN_FILES, value=attrgetter("made_at")),
    _column(
        "service_areas",
        "Services",
        also="service areas|service area|service|department|area",
        value=attrgetter("services"),
    ),
    _column("standards", "Standards", FROM_OWN_FILES, value=attrgetter("standards")),
    _column(
        "owner",
        "Who must do it",
        EVERYWHERE | Use.PAGE,
        "owner|owner role|lead officer|lead|responsible officer|role|action owner",
        path="owner.title",
        is_one_line=True,
    ),
    _column("refers_to", "Passed on to", FROM_OWN_FILES, path="refers_to.name"),
    _column("text", "In full", also="text|full text|description|detail|details|full recommendation", is_words=True),
    _column(
        "reason",
        "Why",
        also="reason|rationale|finding|findings|reason for recommendation",
        is_words=True,
    ),
    _column("evidence", "Evidence", also="evidence for recommendation|source|source of evidence", is_words=True),
    _column(
        "who_benefits",
        "Who it helps",
        EVERYWHERE | Use.PAGE,
        "who benefits|benefits|beneficiaries",
        is_words=True,
        is_one_line=True,
    ),
    _column("value_for_money", "Value for money", also="vfm|cost|costs", is_words=True),
    _column(
        "completion_measure",
        "How we will know that it is done",
        also="completion measure|measure|success measure",
        is_words=True,
    ),
    _column(
        "asked_on",
        "Asked for on",
        also="asked on|date asked|date raised|date|date of recommendation",
        kind="date",
    ),
    _date("answer_due", "Answer due", also="answer due on|response due|response due date"),
    _column(
        "answer",
        "Answer",
        also="response|landlord response|decision|accepted|accepted or not",
        value=_choice(Answer, "answer"),
        is_one_line=True,
    ),
    _date("answered_on", "Answered on", also="date of answer|response date|date of response|date accepted"),
    _tracking(
        "answer_reason",
        "Reason for the answer",
        also="answer reason|response details|reason for response|comments on response",
    ),
    _column("first_answer", "First answer", FROM_OWN_FILES, value=_choice(Answer, "first_answer")),
    _date("first_answered_on", "First answered on", FROM_OWN_FILES),
    _column(
        "delivery",
        "Status",
        also="delivery|progress|delivery status|current status",
        value=lambda row: _delivery_words(row) if row.tracking.answer in AGREED else "",
        heading="Delivery",
        is_one_line=True,
    ),
    _column(
        "percent",
        "How much is done",
        Use.IMPORT,
        "% complete|% completed|% done|complete %|% completion|completion %|progress %|% progress|status %|"
        "percentage|percentage complete|complete percentage|percentage done|%",
    ),
    _date("started_on", "Work started on", Use.IMPORT, "started on|start date|date started"),
    _date(
        "first_target",
        "First target date",
        also="first target|target|target date|due date|original target date|deadline",
    ),
    _date(
        "current_target",
        "Current target date",
        also="current target|revised target date|revised date|new target date",
    ),
    _date("moved_on", "Target changed on", Use.IMPORT, "date target changed|target revised on"),
    _column("times_date_changed", "Times the date changed", OUTPUT, value=lambda row: len(row.tracking.granted)),
    _column("lateness", "Late", Use.API),
    _column("days_late", "Days late", Use.FILE, value=lambda row: row.late and row.late.days),
    _column("late_reason", "Why it is late", Use.FILE, value=lambda row: row.late and row.late.reason),
    _column("late_expected", "New date", Use.FILE, value=lambda row: row.late and row.late.expected),
    _date(
        "claimed_on",
        "Landlord says done on",
        Use.FILE | Use.IMPORT,
        "claimed on|completed on|completion date|date completed|done on",
    ),
    _column("checked_by", "Who checks that it is done", Use.API),
    _date(
        "confirmed_on",
        lazy_words("Confirmed by {residents} on"),
        also="confirmed on|date confirmed|signed off by residents on",
        heading="Confirmed on",
    ),
    _date("closed_on", "Closed on", Use.IMPORT, "date closed"),
    _column("closed_reason", "Reason for closing", Use.IMPORT, "closed reason|reason closed"),
    _column(
        "impact_check_on",
        "We check if it helped on",
        FROM_OWN_FILES,
        path="tracking.impact_due",
        json="impact_check_due",
        kind="date",
    ),
    _column("impact", "Did it help?", FROM_OWN_FILES, value=_choice(Impact, "impact")),
    _date("impact_checked_on", "We checked on", FROM_OWN_FILES),
    _column("history", "History", Use.FILE | Use.OWN_IMPORT, value=attrgetter("history")),
    _column("extensions", "More time asked for", Use.FILE | Use.OWN_IMPORT, value=attrgetter("extensions")),
    _column("actions", "The landlord’s plan", FROM_OWN_FILES, value=attrgetter("actions")),
    _column("evidence_shown", "What the landlord has shown", FROM_OWN_FILES, value=attrgetter("evidence_shown")),
    _column("escalations", "Where we took it", FROM_OWN_FILES, value=attrgetter("escalations"), json="taken_to"),
    _column("url", "Address", OUTPUT, value=attrgetter("address")),
)


def columns_for(use: Use) -> list[Column]:
    """Return the columns of some places, in order."""
    return [column for column in COLUMNS if column.uses & use]


def json_names() -> list[str]:
    """Return the names of a recommendation's fields in the API."""
    return [column.json or column.key for column in columns_for(Use.API)]
