"""Which columns a tracker may have, and guessing from a heading which one it is. Pure."""

import dataclasses
import re
from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from cms.core.text.terminology import in_default_words, lazy_words

from .sheet import Sheet


@dataclasses.dataclass(frozen=True)
class Column:
    """Something we can take from a tracker: its label, the kind of its cells, and other headings it goes by.

    What is `ours` stands only in a file that this site, or another one like it, has written.
    """

    key: str
    label: str  # said in the landlord's words
    kind: str = "text"
    also: tuple[str, ...] = ()
    ours: bool = False


def _column(key: str, label: str, also: str = "", kind: str = "text", *, ours: bool = False) -> Column:
    return Column(key, label, kind, tuple(also.split("|")) if also else (), ours)


COLUMNS = {
    column.key: column
    for column in (
        _column("reference", "Reference", "ref|ref no|reference number|recommendation number|rec no|number|no|id"),
        _column(
            "earlier_reference",
            "Earlier reference",
            "earlier ref|previous reference|old reference|old ref|former reference|legacy reference",
        ),
        _column("title", "What we ask for", "title|recommendation|recommendation title|recommended action|action"),
        _column("text", "In full", "text|full text|description|detail|details|full recommendation"),
        _column("reason", "Why", "reason|rationale|finding|findings|reason for recommendation"),
        _column("evidence", "Evidence", "evidence for recommendation|source|source of evidence"),
        _column("who_benefits", "Who it helps", "who benefits|benefits|beneficiaries"),
        _column("value_for_money", "Value for money", "vfm|cost|costs"),
        _column("completion_measure", "How we will know that it is done", "completion measure|measure|success measure"),
        _column("panel", "Asked by", "panel|scrutiny panel|group|made by"),
        _column("report", "Report", "review|scrutiny report|report title|review title"),
        _column("owner", "Who must do it", "owner|owner role|lead officer|lead|responsible officer|role|action owner"),
        _column("service_areas", "Services", "service areas|service area|service|department|area"),
        _column("asked_on", "Asked for on", "asked on|date asked|date raised|date|date of recommendation", "date"),
        _column("answer", "Answer", "response|landlord response|decision|accepted|accepted or not"),
        _column(
            "answer_reason",
            "Reason for the answer",
            "answer reason|response details|reason for response|comments on response",
        ),
        _column("answered_on", "Answered on", "date of answer|response date|date of response|date accepted", "date"),
        _column("answer_due", "Answer due", "answer due on|response due|response due date", "date"),
        _column("delivery", "Status", "delivery|progress|delivery status|current status"),
        _column(
            "percent",
            "How much is done",
            "% complete|% completed|% done|complete %|% completion|completion %|progress %|% progress|status %|"
            "percentage|percentage complete|complete percentage|percentage done|%",
        ),
        _column("started_on", "Work started on", "started on|start date|date started", "date"),
        _column(
            "first_target",
            "First target date",
            "first target|target|target date|due date|original target date|deadline",
            "date",
        ),
        _column(
            "current_target",
            "Current target date",
            "current target|revised target date|revised date|new target date",
            "date",
        ),
        _column("moved_on", "Target changed on", "date target changed|target revised on", "date"),
        _column(
            "claimed_on",
            "Landlord says done on",
            "claimed on|completed on|completion date|date completed|done on",
            "date",
        ),
        _column(
            "confirmed_on",
            lazy_words("Confirmed by {residents} on"),
            "confirmed on|date confirmed|signed off by residents on",
            "date",
        ),
        _column("closed_on", "Closed on", "date closed", "date"),
        _column("closed_reason", "Reason for closing", "closed reason|reason closed"),
        _column("made_at", "Made at the meeting", ours=True),
        _column("refers_to", "Passed on to", ours=True),
        _column("standards", "Standards", ours=True),
        _column("first_answer", "First answer", ours=True),
        _column("first_answered_on", "First answered on", kind="date", ours=True),
        _column("impact_check_on", "We check if it helped on", kind="date", ours=True),
        _column("impact", "Did it help?", ours=True),
        _column("impact_checked_on", "We checked on", kind="date", ours=True),
        _column("history", "History", ours=True),
        _column("extensions", "More time asked for", ours=True),
        _column("actions", "The landlord’s plan", ours=True),
        _column("evidence_shown", "What the landlord has shown", ours=True),
        _column("escalations", "Where we took it", ours=True),
    )
}
# No other system has these beside one another.
OUR_HEADINGS = {"Where it stands", "What that means", "History"}


def is_ours(headings: Iterable[str]) -> bool:
    """Return whether a file with these headings is the spreadsheet of a tracker on this site or one like it."""
    return set(headings) >= OUR_HEADINGS


def columns_of(headings: Iterable[str] = ()) -> list[Column]:
    """Return the columns that a file with these headings may have, in their order."""
    ours = is_ours(headings)
    return [column for column in COLUMNS.values() if ours or not column.ours]


def _plain(heading: str) -> str:
    """Return a heading without its signs, capitals and what stands in brackets; a sign for per cent is a word."""
    heading = re.sub(r"\(\s*%\s*\)|%|\bper cent\b", " percent ", heading.lower())
    heading = re.sub(r"\(.*?\)", " ", heading).replace("&", " and ")
    return " ".join(re.findall(r"[a-z0-9]+", heading))


_BY_HEADING = {
    _plain(name): column.key for column in COLUMNS.values() for name in (*column.also, column.label, column.key)
}


def guess(headings: list[str]) -> dict[str, int]:
    """Guess which column is where, as key to position. Of two that would be the same the first is taken."""
    found: dict[str, int] = {}
    takes = {column.key for column in columns_of(headings)}
    for position, heading in enumerate(headings):
        key = _BY_HEADING.get(_plain(in_default_words(heading)))
        if key in takes and key not in found:
            found[key] = position
    return found


def name_of(sheet: Sheet, position: int) -> str:
    """Name a column as its owner knows it: by its heading, or by its letter if it has none or shares it."""
    heading = sheet.headings[position]
    if not heading:
        return f"Column {get_column_letter(position + 1)}"
    return f"{heading} (column {get_column_letter(position + 1)})" if sheet.headings.count(heading) > 1 else heading


def examples(sheet: Sheet, position: int, most: int = 3) -> list[str]:
    """Give the first different texts of a column, shortened."""
    texts = (cells[position].text for _, cells in sheet.rows if position < len(cells) and cells[position].text)
    return [text if len(text) <= 60 else f"{text[:59]}…" for text in list(dict.fromkeys(texts))[:most]]
