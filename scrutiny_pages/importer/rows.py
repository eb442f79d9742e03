"""Turns one row of a tracker into a draft of a recommendation, with messages for its problems.

Nothing here queries the database: the records of the site are passed in, as ``Known``.
"""

import dataclasses
import datetime
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cms.core.dates.formatting import format_date
from cms.core.spreadsheets.csv import words_of_cell

from ..enums import Answer, Delivery, Standing
from ..models import Meeting, Panel, Recommendation, ReportPage, Role, ServiceArea, Standard
from .column_types import Formats, split_names
from .columns import COLUMNS, DAYS, ONE_LINE, TEXTS, is_ours
from .history import Facts, History
from .own_exports import has_record, read_record
from .parsers import EMPTY, Cell, CellProblem, figures_of, to_date, to_text
from .sheet import Sheet
from .statuses import (
    ALL,
    Meaning,
    Word,
    delivery_for,
    is_percentage,
    meaning_of,
    percentage_in,
    read_percentage,
    word_of,
)
from .texts import first_sentence, match_key, one_line, plain_text

OF_FACTS = [field.name for field in dataclasses.fields(Facts) if field.name in DAYS]
LONGEST_TITLE: Any = Recommendation._meta.get_field("title").max_length
LONGEST_JOB: Any = Role._meta.get_field("title").max_length
LONGEST_SERVICE: Any = ServiceArea._meta.get_field("name").max_length
LONGEST_REFERENCE: Any = Recommendation._meta.get_field("earlier_reference").max_length
_REFERENCE = re.compile(r"([A-Za-z0-9-]{1,20})/([0-9]{1,5})")


@dataclasses.dataclass
class Options:
    """The settings of an import that hold for the whole file, and today's date."""

    today: datetime.date
    panel: Panel | None = None
    report: ReportPage | None = None
    series: str = ""
    file_name: str = ""
    wanted_rows: frozenset[int] = frozenset()  # that look like no record, and come in all the same
    # By the keys of columns: what was said of rows that lack a day, itself or a remedy (`missing_days.py`).
    days: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Known:
    """The records of the site that a row may refer to, by the names that rows use."""

    panels: dict[str, Panel]
    reports: dict[str, list[ReportPage]]
    roles: dict[str, Role]
    areas: dict[str, ServiceArea]
    meanings: Mapping[Word, Meaning] = dataclasses.field(default_factory=dict)
    # Only for a file of our own.
    meetings: Mapping[str, Meeting] = dataclasses.field(default_factory=dict)
    standards: Mapping[str, Standard] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Draft:
    """One parsed row: its text, what it refers to, and its state or history.

    `unread` are the keys of columns whose cell cannot be used, `statuses` those whose meaning somebody has to choose or
    chose before, and `doubts` the reasons why somebody should check the row before it is public. `placeholders` are the
    keys of days that hold text without a figure, such as "TBC", each with its problem; `without` those of required days
    that are missing, `maybe_without` of those that may be required, and `supplied` those entered for the whole
    file (`missing_days.py`).
    """

    row: int
    series: str = ""
    number: int | None = None
    words: dict[str, Any] = dataclasses.field(default_factory=dict)
    panel: Panel | None = None
    report: ReportPage | None = None
    owner: str = ""
    areas: list[str] = dataclasses.field(default_factory=list)
    standards: list[Standard] = dataclasses.field(default_factory=list)
    made_at: Meeting | None = None
    refers_to: Panel | None = None
    asked_on: datetime.date | None = None
    earlier: str = ""  # its reference in an older tracker
    facts: Facts | None = None
    history: History | None = None  # of a file of our own, which has all of it
    given: dict[str, Any] = dataclasses.field(default_factory=dict)  # what the cells hold, by the keys of columns
    problems: list[tuple[str, str]] = dataclasses.field(default_factory=list)  # key of a column, words
    notices: list[str] = dataclasses.field(default_factory=list)
    unread: set[str] = dataclasses.field(default_factory=set)
    statuses: list[tuple[Word, str]] = dataclasses.field(default_factory=list)  # and as it was typed
    doubts: list[str] = dataclasses.field(default_factory=list)
    is_undated: bool = False  # neither the row nor its report says when it was asked for
    placeholders: dict[str, str] = dataclasses.field(default_factory=dict)
    without: list[str] = dataclasses.field(default_factory=list)
    maybe_without: list[str] = dataclasses.field(default_factory=list)
    supplied: dict[str, datetime.date] = dataclasses.field(default_factory=dict)

    @property
    def match_key(self) -> tuple:
        """Return the key of a recommendation without a reference: its panel, title and day."""
        return match_key(self.panel.pk if self.panel else None, self.words.get("title", ""), self.asked_on)

    @property
    def jobs(self) -> list[str]:
        """Return the roles that it names: its owner, and the owner of each action."""
        actions = self.history.actions if self.history else []
        return list(dict.fromkeys(filter(None, [self.owner, *(action["owner"] for action in actions)])))


class RowReader:
    """A reader of the rows of one file."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], known: Known, options: Options):
        self.columns, self.known, self.options = columns, known, options
        self.headings = sheet.headings
        self.is_ours = is_ours(sheet.headings)
        self.formats = Formats.of(sheet, columns)

    def read(self, row: int, cells: list[Cell]) -> Draft:
        """Return a row's draft, with every problem in it."""
        draft = Draft(row)
        given: dict[str, Any] = {}
        for key, position in self.columns.items():
            cell = cells[position] if position < len(cells) else EMPTY
            try:
                given[key] = self._value(key, cell)
            except CellProblem as problem:
                draft.unread.add(key)
                if str(problem):
                    draft.problems.append((key, str(problem)))
                if key in DAYS and cell.kind == "text" and not re.search(r"\d", cell.text):
                    draft.placeholders[key] = str(problem)
        if any(cell.text for cell in cells[len(self.headings) :]):
            draft.problems.append(("", "This row has more cells than there are headings."))
        draft.given = given
        self._words(draft, given)
        self._names(draft, given)
        self._reference(draft, given)
        if self.is_ours:
            self._own_columns(draft, given)
        if not draft.history:
            self._facts(draft, given)
        return draft

    def _value(self, key: str, cell: Cell) -> Any:
        """Return a cell's value; raise `CellProblem`, without a message if the whole column has the problem."""
        if key not in DAYS:
            if key == "reference" and cell.kind == "date":
                raise CellProblem("holds a date. Your spreadsheet may have made one of a reference such as 3/4.")
            if self.is_ours:
                return words_of_cell(to_text(cell))
            text = plain_text(to_text(cell))
            return one_line(text) if key in ONE_LINE else text
        if cell.text and key in self.formats.refused and (cell.kind == "date" or figures_of(cell)):
            raise CellProblem
        return to_date(cell, month_first=key in self.formats.month_first)

    def _words(self, draft: Draft, given: dict) -> None:
        draft.words = {key: given[key] for key in TEXTS if given.get(key)}
        if not given.get("title") and "title" not in draft.unread:
            draft.problems.append(("title", "Say what was asked for."))
        if title := given.get("title"):
            self._title(draft, title)
        try:
            # A length, or whatever else the model asks of a text.
            fields = {field.name for field in Recommendation._meta.fields} - set(draft.words)
            Recommendation(**draft.words).clean_fields(exclude=fields)
        except ValidationError as error:
            draft.problems += [(key, " ".join(words)) for key, words in error.message_dict.items()]

    def _title(self, draft: Draft, wording: str) -> None:
        """Set the title, in one line; if it is too long, its first sentence, and the whole in the text."""
        draft.words["title"] = title = wording if self.is_ours else one_line(wording)
        if len(title) <= LONGEST_TITLE:
            return
        draft.words["title"] = first_sentence(title, LONGEST_TITLE)
        draft.words["text"] = "\n\n".join(filter(None, [wording, draft.words.get("text")]))
        draft.doubts.append(
            f"Its wording has {len(title)} letters, and a title {LONGEST_TITLE} at most. All of it is kept under "
            f"“{COLUMNS['text'].label}”, and the title is “{draft.words['title']}”."
        )

    def _names(self, draft: Draft, given: dict) -> None:
        known, add = self.known, draft.problems.append
        draft.panel, draft.report = self.options.panel, self.options.report
        if name := given.get("panel"):
            draft.panel = known.panels.get(name.casefold())
            if not draft.panel:
                add(("panel", f"There is no panel called “{name[:80]}” here. Add it first, or correct the name."))
        elif not draft.panel:
            add(("panel", "Say which panel asked for it, or choose one panel for the whole file."))
        if title := given.get("report"):
            found = known.reports.get(title.casefold(), [])
            draft.report = found[0] if found else None
            if len(found) != 1:
                number = "no report" if not found else "more than one report"
                add(("report", f"There is {number} called “{title[:80]}” here."))
        draft.owner = given.get("owner", "")
        if "@" in draft.owner:
            add(("owner", "Write the job, such as Head of Repairs, and no address."))
        elif len(draft.owner) > LONGEST_JOB:
            add(("owner", "This is too long for a job. Write the job only."))
        services = given.get("service_areas", "")
        draft.areas = split_names(services, known.areas, commas_part=self.formats.commas_part and not self.is_ours)
        for name in draft.areas:
            if not slugify(name) or len(name) > LONGEST_SERVICE:
                add(("service_areas", f"“{name[:40]}” is not the name of a service."))
        self._day_of_asking(draft, given)

    def _day_of_asking(self, draft: Draft, given: dict) -> None:
        """Set the day of the recommendation: the row's, its report's, or the one entered for the file."""
        draft.asked_on = given.get("asked_on")
        is_empty = not draft.asked_on and "asked_on" not in draft.unread
        if is_empty and draft.report and draft.report.agreed_on:
            draft.asked_on = draft.report.agreed_on
            draft.notices.append("Without a day of its own, a row is dated the day its report was agreed.")
        elif is_empty or "asked_on" in draft.placeholders:
            draft.is_undated = True
            answer = self.options.days.get("asked_on")
            if isinstance(answer, datetime.date):
                draft.asked_on = draft.supplied["asked_on"] = answer

    def _reference(self, draft: Draft, given: dict) -> None:
        """Parse a reference: a series and a number, or a number, is ours; any other is kept as an earlier one."""
        text, draft.earlier = given.get("reference", ""), given.get("earlier_reference", "")
        draft.series = self.options.series or (f"{draft.asked_on:%Y-%m}" if draft.asked_on else "")
        number = text
        if found := _REFERENCE.fullmatch(text):
            draft.series, number = found.groups()
        if number and number.isascii() and number.isdigit() and len(number) < 6:
            draft.number = int(number)
            try:
                Recommendation._meta.get_field("number").run_validators(draft.number)
            except ValidationError as error:
                draft.problems.append(("reference", " ".join(error.messages)))
        elif text and draft.earlier not in ("", text):
            words = f"“{text[:40]}” is no reference of this site, and the row has another earlier reference. Keep one."
            draft.problems.append(("reference", words))
        elif text:
            draft.earlier = text
        if len(draft.earlier) > LONGEST_REFERENCE:
            key = "reference" if draft.earlier == text else "earlier_reference"
            words = f"This is too long for a reference: it has more than {LONGEST_REFERENCE} letters."
            draft.problems.append((key, words))
        if draft.earlier:
            draft.words["earlier_reference"] = draft.earlier

    def _own_columns(self, draft: Draft, given: dict) -> None:
        """Read the columns that exist only in an own export."""
        known, add = self.known, draft.problems.append
        if name := given.get("refers_to"):
            draft.refers_to = known.panels.get(name.casefold())
            if not draft.refers_to:
                add(("refers_to", f"There is no panel called “{name[:80]}” here. Add it first, or correct the name."))
        for name in filter(None, (name.strip() for name in given.get("standards", "").split(";"))):
            if standard := known.standards.get(name.casefold()):
                draft.standards.append(standard)
            else:
                add(("standards", f"There is no standard called “{name[:80]}” here. Add it first."))
        missing = []
        if name := given.get("made_at"):
            draft.made_at = known.meetings.get(name)
            missing += [] if draft.made_at else [name]
        if has_record(given):
            draft.history, problems, others = read_record(given, known.meetings)
            missing += others
            draft.problems += problems
        draft.notices += [f"This meeting is not on the site, so nothing leads to it: {name}." for name in missing]

    def _facts(self, draft: Draft, given: dict) -> None:
        answer, delivery = self._status_pair(draft, given)
        given = given | self._reasons(draft, given, answer, delivery)
        first, current = given.get("first_target"), given.get("current_target")
        days: dict[str, Any] = {
            key: given.get(key) for key in OF_FACTS if key not in ("asked_on", "first_target", "current_target")
        }
        draft.facts = Facts(
            asked_on=draft.asked_on,
            today=self.options.today,
            answer=answer,
            delivery=delivery,
            status_text=given.get("delivery") or given.get("percent", ""),
            answer_reason=given.get("answer_reason", ""),
            closed_reason=given.get("closed_reason", ""),
            first_target=first or current,
            current_target=current or first,
            **days,
        )
        if draft.facts.is_moved:
            draft.notices.append(
                "A current target date that differs from the first comes in as more time that was agreed. The first "
                "stays for all to see."
            )

    def _status_pair(self, draft: Draft, given: dict) -> tuple[Answer | None, Delivery | None]:
        """Return the answer and the delivery from the two columns and the dates; None for an unknown one."""
        answers, deliveries, unknown = [], [], draft.unread & {"answer", "delivery"}
        settled = self._meaning("answer", given)[0].answer in (Answer.NOT_ACCEPTED, Answer.WITHDRAWN)
        for key in ("answer", "delivery"):
            words = given.get(key, "")
            if settled and key == "delivery" and words.casefold() in ("closed", "n/a", "no further action"):
                continue  # of something that was refused, this says nothing more
            meaning, problem = self._meaning(key, given)
            word = word_of(words, key, self._heading(key))
            if problem:
                unknown.add(key)
                draft.problems.append((key, problem))
            if problem or word in self.known.meanings:
                draft.statuses.append((word, words))
            elif meaning.delivery and is_percentage(words):
                draft.doubts.append(f"“{words}” is read as “{meaning.delivery.label}”.")
            answers += [meaning.answer] if meaning.answer else []
            deliveries += [meaning.delivery] if meaning.delivery else []
        if len(set(answers)) > 1 or len(set(deliveries)) > 1:
            draft.problems.append(("delivery", "The answer and the status say different things."))
        delivery = self._reconcile_percentage(draft, given, deliveries[0] if deliveries else None, unknown)
        if given.get("confirmed_on") and delivery in (None, Delivery.CLAIMED):
            delivery = Delivery.CONFIRMED
        elif delivery is None and given.get("claimed_on"):
            delivery = Delivery.CLAIMED
        elif delivery is None and given.get("started_on"):
            delivery = Delivery.IN_PROGRESS
        if delivery == Delivery.CLAIMED:
            draft.notices.append(
                f"What another system calls done comes in as “{Delivery.CLAIMED.label}”. "
                f"It is “{Standing.CONFIRMED.label}” only with a day under “{COLUMNS['confirmed_on'].label}”."
            )
        answer = answers[0] if answers else None
        if answer is None and not unknown and delivery not in (None, Delivery.NOT_STARTED):
            answer = Answer.ACCEPTED
            draft.notices.append("What is under way, done or given up, with no answer beside it, is taken as accepted.")
        return (
            answer or (None if unknown else Answer.AWAITED),
            None if "delivery" in unknown else delivery or Delivery.NOT_STARTED,
        )

    def _reconcile_percentage(
        self, draft: Draft, given: dict, delivery: Delivery | None, unknown: set[str]
    ) -> Delivery | None:
        """Return the delivery from the status and the percentage beside it; add a problem if they contradict.

        A partial percentage never becomes a full one, whatever meaning was chosen for the status (case I1).
        """
        part, problem = read_percentage(given.get("percent", ""))
        if problem:
            draft.problems.append(("percent", problem))
        done_on = given.get("confirmed_on") or given.get("claimed_on")
        is_done = delivery in (Delivery.CLAIMED, Delivery.CONFIRMED)
        if part is None:
            key, stated = "delivery", percentage_in(given.get("delivery", ""))
            clashes = done_on and "delivery" not in unknown and (is_done or delivery is None)
        else:
            key, stated = "percent", part
            clashes = done_on or is_done
        if stated is not None and stated < ALL and clashes:
            other = f"has {format_date(done_on)} as the day on which it was done" if done_on else "its status says done"
            draft.problems.append((key, f"It is {stated:g}% done, but {other}. Correct one of them."))
            return delivery
        if part is None or "delivery" in unknown:
            return delivery
        if part == ALL and delivery not in (None, Delivery.CLAIMED):
            draft.problems.append((key, "It is 100% done, but its status says not. Correct one of them."))
        elif 0 < part < ALL and delivery in (None, Delivery.NOT_STARTED):
            draft.doubts.append(f"“{part:g}%” is read as “{delivery_for(part).label}”.")
            return delivery_for(part)
        return delivery or delivery_for(part)

    def _reasons(self, draft: Draft, given: dict, answer: Answer | None, delivery: Delivery | None) -> dict[str, str]:
        """Return the reasons that a row lacks: for a status with a chosen meaning, the status itself is one."""
        explained = [words for word, words in draft.statuses if word in self.known.meanings]
        key = "closed_reason" if delivery == Delivery.NOT_DELIVERED or answer == Answer.WITHDRAWN else "answer_reason"
        is_owed = key == "closed_reason" or answer in (Answer.PARTLY_ACCEPTED, Answer.NOT_ACCEPTED)
        if not (explained and is_owed) or given.get(key) or key in draft.unread:
            return {}
        draft.doubts.append(f"The only reason that the file gives is “{explained[-1]}”.")
        return {key: f"The earlier tracker says: {explained[-1]}."}

    def _heading(self, key: str) -> str:
        """Return the heading of a column in the file."""
        return self.headings[self.columns[key]] if key in self.columns else ""

    def _meaning(self, key: str, given: dict) -> tuple[Meaning, str]:
        """Return the meaning of the answer's or status's cell, and the reason why it cannot be used."""
        return meaning_of(given.get(key, ""), key, self._heading(key), self.known.meanings)
