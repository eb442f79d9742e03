"""Compares a file with the site: which rows are new, changed or unchanged, and every problem."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.text import slugify

from cms.core.text.cleaning import clean_text

from ..enums import Standing
from ..models import Meeting, Panel, Recommendation, ReportPage, Role, ServiceArea, Standard, Tracking
from ..models.recommendation import HIGHEST_NUMBER
from ..rules.recommendation_status import Status
from ..selectors.tracker_rows import meeting_words
from .columns import COLUMNS, is_ours, name_of
from .history import Facts, History, replay, steps_of
from .missing_days import MissingDay, find_missing_days, is_left_out, settle
from .non_records import find_non_records
from .own_exports import differing, exported_now, problems_of_record
from .problems import ImportProblem
from .rows import Draft, Known, Options, RowReader
from .sheet import Sheet
from .status_meanings import kept_meanings
from .statuses import Word
from .texts import match_key

COMPARED = {
    "answer": ("answer", "delivery"),
    "delivery": ("answer", "delivery"),
    "percent": ("answer", "delivery"),
    "answered_on": ("answered_on",),
    "answer_due": ("answer_due",),
    "first_target": ("first_target",),
    "current_target": ("current_target",),
    "claimed_on": ("claimed_on",),
    "confirmed_on": ("confirmed_on",),
}


@dataclasses.dataclass
class Planned:
    """One recommendation to write: its draft and, for a change, the existing recommendation and the changed fields."""

    draft: Draft
    recommendation: Any = None  # of a changed one, the Recommendation
    history: Any = None  # of a new one, its History
    changes: list[str] = dataclasses.field(default_factory=list)

    @property
    def ref(self) -> str:
        """Return the reference."""
        return f"{self.draft.series}/{self.draft.number}"

    @property
    def refs(self) -> str:
        """Return the reference, followed by the one from an older tracker if there is one."""
        return f"{self.ref} (earlier: {self.draft.earlier})" if self.draft.earlier else self.ref

    def status(self, on: datetime.date) -> Status:
        """Return the status that it will have on a day; an existing recommendation keeps its own history."""
        tracking = self.recommendation.tracking if self.recommendation else Tracking(**self.history.tracking)
        return tracking.status(on)

    def doubts(self, on: datetime.date) -> list[str]:
        """Return the reasons why somebody should check it before it is public."""
        status = self.status(on)
        late = [f"It comes in as late: {status.note}."] if status.key == Standing.LATE else []
        return [*self.draft.doubts, *(late if self.recommendation is None else [])]


@dataclasses.dataclass
class FileStatus:
    """A status in the file whose meaning somebody has to choose, or chose before.

    It is kept as it was typed, with the name of its column, the rows that have it, and whether its meaning is known.
    """

    words: str
    column: str
    is_known: bool
    rows: list[int] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class LeftOut:
    """A row that does not look like a record: its number, its first text, the reason, and whether it was chosen."""

    row: int
    text: str
    why: str
    is_wanted: bool


@dataclasses.dataclass
class Plan:
    """The effects of an import, and its problems."""

    options: Options
    known: Known
    new: list[Planned] = dataclasses.field(default_factory=list)
    changed: list[Planned] = dataclasses.field(default_factory=list)
    same: int = 0
    kept: list[str] = dataclasses.field(default_factory=list)
    problems: list[ImportProblem] = dataclasses.field(default_factory=list)
    notices: list[str] = dataclasses.field(default_factory=list)
    roles: dict[str, str] = dataclasses.field(default_factory=dict)  # to be made: what rows call it, its title
    areas: dict[str, str] = dataclasses.field(default_factory=dict)  # to be made: slug, name
    statuses: dict[Word, FileStatus] = dataclasses.field(default_factory=dict)
    non_records: list[LeftOut] = dataclasses.field(default_factory=list)
    days: dict[str, MissingDay] = dataclasses.field(default_factory=dict)  # that rows lack, by the keys of columns

    @property
    def work(self) -> int:
        """Return the number of recommendations to write."""
        return len(self.new) + len(self.changed)

    @property
    def items(self) -> list["Planned"]:
        """Return the recommendations to write, in the order of the file."""
        return sorted([*self.new, *self.changed], key=lambda planned: planned.draft.row)

    @property
    def unknown(self) -> list[FileStatus]:
        """Return the statuses without a known meaning."""
        return [word for word in self.statuses.values() if not word.is_known]

    @property
    def open_days(self) -> list[MissingDay]:
        """Return the days that rows lack and that have no answer yet."""
        return [day for day in self.days.values() if day.is_open]

    @property
    def needs_answers(self) -> bool:
        """Return whether the file lacks meanings or days that have to be entered once for many rows."""
        return bool(self.unknown or self.open_days)


def load_known(*, for_ours: bool = False) -> Known:
    """Load the records that rows may refer to; for an own export also meetings and standards."""
    panels, reports = {}, defaultdict(list)
    for panel in Panel.objects.all():
        panels[panel.slug.casefold()] = panels[panel.name.casefold()] = panel
    for report in ReportPage.objects.all():
        reports[report.title.casefold()].append(report)
    areas = {}
    for area in ServiceArea.objects.all():
        areas[area.slug] = areas[slugify(area.name)] = area
    roles = {role.title.casefold(): role for role in Role.objects.all()}
    known = Known(panels, dict(reports), roles, areas, kept_meanings())
    if for_ours:
        known.standards = {standard.name.casefold(): standard for standard in Standard.objects.all()}
        known.meetings = {
            clean_text(meeting_words(meeting.panel.name, meeting.starts_at, meeting.theme)): meeting
            for meeting in Meeting.objects.select_related("panel")
        }
    return known


def make_plan(sheet: Sheet, columns: dict[str, int], options: Options, *, lock: bool = False) -> Plan:
    """Plan an import. The number of queries does not depend on the number of rows.

    :param columns: the positions of columns in the sheet, by the columns' keys.
    :param lock: lock the existing recommendations until the end of the transaction.
    """
    plan = Plan(options, known=load_known(for_ours=is_ours(sheet.headings)), notices=list(sheet.notices))
    reader = RowReader(sheet, columns, plan.known, options)
    plan.notices += reader.formats.notices
    non_records = {} if reader.is_ours else find_non_records(sheet, columns)
    for number, cells in sheet.rows:
        if why := non_records.get(number):
            text = next(cell.text for cell in cells if cell.text)
            plan.non_records.append(LeftOut(number, text, why, number in options.wanted_rows))
    left_out = {row.row for row in plan.non_records if not row.is_wanted}
    drafts = [reader.read(number, cells) for number, cells in sheet.rows if number not in left_out]
    here = _Existing(drafts, lock=lock)
    found = [(draft, _find_item(draft, here)) for draft in drafts]
    for draft, item in found:
        settle(draft, item, options.days, options.today)
    plan.days = find_missing_days(drafts, options.days)
    found = [(draft, item) for draft, item in found if not is_left_out(draft, options.days)]
    drafts = [draft for draft, _ in found]
    _find_duplicates(drafts)
    if reader.is_ours:
        here.exported = exported_now([item.pk for _, item in found if item], options.today)
    for draft, item in found:
        # What is here already was written here, so it is not judged again.
        if draft.history and (item is None or differing(draft.given, here.exported[item.pk])):
            draft.problems += problems_of_record(draft.history, draft.asked_on, options.today)
        changes = _changes(item, draft, here, columns, plan.known) if item else []
        if item and changes and (item.has_unpublished_changes or not item.live):
            words = f"{item.ref} has a draft here, or is not public. Publish it before its words are changed by a file."
            draft.problems.append(("reference", words))
        if not (draft.problems or draft.unread):
            _place(plan, draft, item, changes, here, columns)
    _number(plan, here)

    def name(key: str) -> str:
        return name_of(sheet, columns[key]) if key in columns else COLUMNS[key].label if key else ""

    plan.problems += [ImportProblem(0, name(key), words) for key, words in reader.formats.refused.items()]
    for draft in drafts:
        plan.problems += [ImportProblem(draft.row, name(key), words) for key, words in draft.problems]
        for word, words in draft.statuses:
            status = FileStatus(words, name(word.column), word in plan.known.meanings)
            plan.statuses.setdefault(word, status).rows.append(draft.row)
    plan.notices += [day.notice for day in plan.days.values() if day.notice]
    plan.notices += dict.fromkeys(notice for draft in drafts for notice in draft.notices)
    return plan


class _Existing:
    """The recommendations on the site to which a file's rows may refer."""

    def __init__(self, drafts: list[Draft], *, lock: bool):
        series = {draft.series for draft in drafts if draft.series}
        days = {draft.asked_on for draft in drafts if draft.asked_on}
        earlier = {draft.earlier for draft in drafts if draft.earlier}
        titles = {draft.words.get("title", "") for draft in drafts if draft.is_undated}
        meant = Q(series__in=series) | Q(asked_on__in=days) | Q(earlier_reference__in=earlier) | Q(title__in=titles)
        rows = Recommendation.objects.filter(meant).select_related("tracking", "made_at")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        self.by_ref: dict[tuple, Recommendation] = {}
        self.by_match_key: dict[tuple, list[Recommendation]] = defaultdict(list)
        self.by_earlier: dict[tuple, list[Recommendation]] = defaultdict(list)
        self.by_title: dict[tuple, list[Recommendation]] = defaultdict(list)
        self.highest: dict[str, int] = defaultdict(int)
        self.exported: dict[int, dict] = {}  # for a file of our own: what it would say now
        for item in rows.order_by("pk"):
            self.by_ref[item.series, item.number] = item
            self.by_match_key[match_key(item.panel_id, item.title, item.asked_on)].append(item)
            self.by_earlier[item.panel_id, item.earlier_reference].append(item)
            self.by_title[match_key(item.panel_id, item.title, None)].append(item)
            self.highest[item.series] = max(self.highest[item.series], item.number)
        self.areas = self._links("service_areas", "servicearea", rows)
        self.standards = self._links("standards", "standard", rows)

    def _links(self, field: str, other: str, rows: QuerySet) -> dict[int, set[int]]:
        """Return the primary keys of each recommendation's related records, by the recommendation's."""
        found: dict[int, set[int]] = defaultdict(set)
        links = getattr(Recommendation, field).through.objects.filter(recommendation__in=rows.values("pk"))
        for item, key in links.values_list("recommendation_id", f"{other}_id"):
            found[item].add(key)
        return found

    def with_earlier_reference(self, draft: Draft) -> list[Recommendation]:
        """Return the recommendations that had a draft's reference in an older tracker.

        Trackers of several years may each count from 1, so the panel must match too, and one of report, day or title.
        """
        if not (draft.earlier and draft.panel):
            return []
        title = draft.match_key[1]
        return [
            item
            for item in self.by_earlier.get((draft.panel.pk, draft.earlier), [])
            if (draft.report and draft.report.pk == item.report_id)
            or draft.asked_on == item.asked_on
            or match_key(None, item.title, None)[1] == title
        ]


def _find_duplicates(drafts: Iterable[Draft]) -> None:
    """Add a problem to each row that would be the same recommendation as an earlier row."""
    refs: dict[tuple, int] = {}
    alike: dict[tuple, list[Draft]] = defaultdict(list)
    for draft in drafts:
        alike[draft.match_key].append(draft)
        if mark := _reference_of(draft):
            first = refs.setdefault(mark, draft.row)
            if first != draft.row:
                draft.problems.append(("reference", f"Row {first} has this reference too."))
    for drafts_alike in alike.values():
        original = drafts_alike[0]
        if not (original.words.get("title") and original.asked_on):
            continue
        for draft in drafts_alike[1:]:
            if _reference_of(draft) is None or _reference_of(original) is None:
                words = f"Row {original.row} asks for the same on the same day. Give each a reference, or delete one."
                draft.problems.append(("title", words))


def _reference_of(draft: Draft) -> tuple | None:
    """Return the reference that distinguishes a row from the others of its file, or None."""
    if draft.number is not None:
        return draft.series, draft.number
    if draft.earlier:
        return draft.earlier, draft.match_key[0], draft.report.pk if draft.report else draft.asked_on
    return None


def _find_item(draft: Draft, here: _Existing) -> Recommendation | None:
    """Return the recommendation that a row refers to; add a problem to the row if several match."""
    item = here.by_ref.get((draft.series, draft.number)) if draft.number is not None else None
    if item:
        return item
    alike = here.by_match_key.get(draft.match_key, [])
    if draft.is_undated:
        alike = here.by_title.get((*draft.match_key[:2], None), [])
    meant = here.with_earlier_reference(draft)
    if not meant and draft.number is None:
        meant = [item for item in alike if not draft.earlier or item.earlier_reference in ("", draft.earlier)]
    if len(meant) > 1:
        refs, when = ", ".join(item.ref for item in meant), "" if draft.is_undated else " on the same day"
        draft.problems.append(("reference", f"{refs} ask for the same{when}. Say which one this is."))
    elif not meant and alike and not draft.is_undated:
        draft.doubts.append(f"It asks for the same on the same day as {alike[0].ref}, and is added.")
    return meant[0] if len(meant) == 1 else None


def _place(
    plan: Plan, draft: Draft, item: Recommendation | None, changes: list[str], here: _Existing, columns: dict[str, int]
) -> None:
    """Add a draft to the plan as new or changed, or count it as unchanged."""
    history = draft.history or replay(steps_of(cast("Facts", draft.facts)))  # a row has either a history or facts
    _add_records_to_create(plan, draft)
    if item is None:
        plan.new.append(Planned(draft, history=history))
        return
    draft.series, draft.number = item.series, item.number
    if item.pk in here.exported:
        names = [COLUMNS[key].label for key in differing(draft.given, here.exported[item.pk])]
    else:
        names = _what_differs(item, history, columns)
    if names:
        plan.kept.append(f"Row {draft.row}, {item.ref}: {', '.join(names)}")
    if changes:
        plan.changed.append(Planned(draft, recommendation=item, changes=changes))
    else:
        plan.same += 1


def _add_records_to_create(plan: Plan, draft: Draft) -> None:
    for job in draft.jobs:
        if job.casefold() not in plan.known.roles:
            plan.roles.setdefault(job.casefold(), job)
    for name in draft.areas:
        if slugify(name) not in plan.known.areas:
            plan.areas.setdefault(slugify(name), name)


def _what_differs(item: Recommendation, history: History, columns: dict[str, int]) -> list[str]:
    """Return the verbose names of tracking fields in which a row differs from the site, which keeps its own."""
    fields = {field for key in columns if key in COMPARED for field in COMPARED[key]}
    others = [field for field in fields if history.tracking.get(field) != getattr(item.tracking, field)]
    meta: Any = item.tracking._meta
    return [meta.get_field(field).verbose_name for field in sorted(others)]


def _changes(item: Recommendation, draft: Draft, here: _Existing, columns: dict[str, int], known: Known) -> list[str]:
    """Return the keys of the fields that a row changes. An empty cell changes nothing."""
    found = [key for key, words in draft.words.items() if words != clean_text(getattr(item, key))]
    if "panel" in columns and draft.panel and draft.panel.pk != item.panel_id:
        found.append("panel")
    if "report" in columns and draft.report and draft.report.pk != item.report_id:
        found.append("report")
    if (day := draft.given.get("asked_on")) and day != item.asked_on:
        found.append("asked_on")
    role = known.roles.get(draft.owner.casefold())
    if draft.owner and (role is None or role.pk != item.owner_id):
        found.append("owner")
    named = [known.areas.get(slugify(name)) for name in draft.areas]
    if named and (None in named or {area.pk for area in named if area} != here.areas[item.pk]):
        found.append("service_areas")
    if draft.standards and {standard.pk for standard in draft.standards} != here.standards[item.pk]:
        found.append("standards")
    for key in ("made_at", "refers_to"):
        if (named := getattr(draft, key)) and named.pk != getattr(item, f"{key}_id"):
            found.append(key)
    return found


def _number(plan: Plan, here: _Existing) -> None:
    """Assign the next numbers of their series to the rows without one, in the order of the file."""
    highest = here.highest
    for planned in plan.new:
        if planned.draft.number is not None:
            highest[planned.draft.series] = max(highest[planned.draft.series], planned.draft.number)
    for planned in plan.new:
        if planned.draft.number is None:
            highest[planned.draft.series] += 1
            planned.draft.number = highest[planned.draft.series]
            if planned.draft.number > HIGHEST_NUMBER:
                words = f"The series {planned.draft.series} has no number left. Choose another series."
                planned.draft.problems.append(("reference", words))
