"""Imports a tracker of recommendations from a CSV file or an Excel workbook."""

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cms.core.commands import SiteCommand
from scrutiny_pages.enums import ImportedStatus
from scrutiny_pages.importer.columns import COLUMNS, guess, name_of
from scrutiny_pages.importer.diff import Plan, make_plan
from scrutiny_pages.importer.history import REQUIRED_DAYS
from scrutiny_pages.importer.loader import NotImported, run_import
from scrutiny_pages.importer.missing_days import DayAnswer, Remedy, may_be_latest, unpack_days
from scrutiny_pages.importer.problems import format_problems
from scrutiny_pages.importer.readers import LARGEST_FILE, read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.importer.sheet import CannotRead, Layout, Sheet
from scrutiny_pages.importer.status_meanings import keep_choices
from scrutiny_pages.importer.statuses import word_of
from scrutiny_pages.models import Panel, Recommendation, ReportPage

MOST_DOUBTS = 100


class Command(SiteCommand):
    """Import a tracker in one transaction."""

    help = "Imports recommendations from FILE (CSV or XLSX), all or none. Importing a file twice adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--panel", default="", help="For rows that name no panel: its short name or its name.")
        parser.add_argument("--report", default="", help="For rows that name no report: its title.")
        parser.add_argument("--series", default="", help="For rows without a full reference, such as 2026-03.")
        parser.add_argument("--by", default="", help="The user name of who imports it, for the history.")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=COLUMN",
            help=f"What a column is, if its heading does not say. COLUMN is one of {', '.join(COLUMNS)}, or nothing.",
        )
        parser.add_argument("--sheet", default="", help="The sheet of a workbook, if not the likely one.")
        parser.add_argument(
            "--heading-row", type=int, default=0, help="The row of the headings, if not the likely one."
        )
        parser.add_argument("--with-hidden", action="store_true", help="Bring in hidden rows and columns too.")
        parser.add_argument(
            "--row", action="append", default=[], type=int, help="A row that comes in though it looks like no record."
        )
        parser.add_argument(
            "--status",
            action="append",
            default=[],
            metavar="WORDS=MEANING",
            help=f"What a status means, kept for the next file. MEANING is one of {', '.join(ImportedStatus.values)}.",
        )
        parser.add_argument(
            "--day",
            action="append",
            default=[],
            metavar="COLUMN=DAY",
            help="The day, such as 2026-03-31, for all rows that need one and have none. COLUMN is one of "
            f"{', '.join(REQUIRED_DAYS)}. Instead of a day, {Remedy.LEAVE_OUT} leaves the rows out, and "
            f"{Remedy.LATEST} dates each the latest day that it can have been.",
        )
        parser.add_argument("--drafts", action="store_true", help="Bring in as drafts: nothing is public.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *args: Any, **given: Any) -> None:
        """Read the file, plan the import, print every problem by row, and import."""
        try:
            if given["file"].stat().st_size > LARGEST_FILE:
                raise CommandError("The file is larger than 10 MB. Split it into smaller ones.")
            layout = Layout(given["sheet"], given["heading_row"], given["with_hidden"])
            sheet = read(given["file"].read_bytes(), layout)
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        except CannotRead as error:
            raise CommandError(str(error)) from error
        columns = self._columns(sheet, given["column"])
        options = Options(
            timezone.localdate(),
            self._find_one(Panel, given["panel"], "slug", "name"),
            self._find_one(ReportPage, given["report"], "title"),
            self._series(given["series"]),
            given["file"].name,
            frozenset(given["row"]),
            self._days(given["day"]),
        )
        by = self._find_one(get_user_model(), given["by"], "username")
        with transaction.atomic():
            self._keep_statuses(sheet, columns, given["status"])
            plan = make_plan(sheet, columns, options)
            transaction.set_rollback(given["dry_run"])
        self._report(sheet, columns, plan)
        if given["dry_run"]:
            return
        try:
            for progress in run_import(sheet, columns, options, by=by, as_drafts=given["drafts"]):
                self.stdout.write(str(progress))
        except NotImported as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        self.stdout.write(self.style.SUCCESS("Brought in as drafts." if given["drafts"] else "Imported."))

    def _report(self, sheet: Sheet, columns: dict[str, int], plan: Plan) -> None:
        """Print what the import would do; raise `CommandError` if there are problems."""
        for key, position in columns.items():
            self.stdout.write(f"{name_of(sheet, position)}: {COLUMNS[key].label}")
        for position in sorted(set(range(len(sheet.headings))) - set(columns.values())):
            self.stdout.write(f"{name_of(sheet, position)}: left out")
        made = [*plan.roles.values(), *plan.areas.values()]
        notices = [*plan.notices, *([f"Will be made: {', '.join(made)}."] if made else [])]
        notices += [f"What happened here is kept where the file differs. {words}" for words in plan.kept]
        notices += [
            f"Row {left.row}, “{left.text[:60]}”, {'comes in' if left.is_wanted else 'is left out'}: {left.why}"
            for left in plan.non_records
        ]
        today = plan.options.today
        doubts = [f"Row {item.draft.row}: {words}" for item in plan.items for words in item.doubts(today)]
        more = len(doubts) - MOST_DOUBTS
        notices += [*doubts[:MOST_DOUBTS], *([f"And {more:,} more rows to look at."] if more > 0 else [])]
        for notice in notices:
            self.stdout.write(self.style.WARNING(notice))
        for line in format_problems(plan.problems):
            self.stderr.write(line)
        if plan.unknown:
            self.stderr.write("Say what a status means with --status WORDS=MEANING (see --help).")
        if plan.open_days:
            self.stderr.write("Say which day is lacking with --day COLUMN=DAY (see --help).")
        if plan.problems:
            raise CommandError(f"Nothing was imported: {len(plan.problems)} to put right.")
        self.stdout.write(f"New: {len(plan.new):,}. Changed: {len(plan.changed):,}. The same: {plan.same:,}.")

    def _columns(self, sheet: Sheet, pairs: list[str]) -> dict[str, int]:
        columns = guess(sheet.headings)
        for pair in pairs:
            heading, _, key = pair.rpartition("=")
            if heading not in sheet.headings or (key and key not in COLUMNS):
                raise CommandError(f"“{pair}” names no heading of the file, or no column that we know.")
            position = sheet.headings.index(heading)
            columns = {other: at for other, at in columns.items() if at != position and other != key}
            columns |= {key: position} if key else {}
        if "title" not in columns:
            raise CommandError(f"No column holds “{COLUMNS['title'].label}”. Say which with --column HEADING=title.")
        return columns

    def _keep_statuses(self, sheet: Sheet, columns: dict[str, int], pairs: list[str]) -> None:
        """Store the meanings of statuses given as options, for each column of the file that holds statuses."""
        chosen, typed = {}, {}
        for pair in pairs:
            words, _, meaning = pair.rpartition("=")
            if not words or meaning not in ImportedStatus.values:
                raise CommandError(f"“{pair}” names no meaning. It is one of {', '.join(ImportedStatus.values)}.")
            for key in columns.keys() & {"answer", "delivery"}:
                word = word_of(words, key, sheet.headings[columns[key]])
                chosen[word], typed[word] = ImportedStatus(meaning), words
        keep_choices(chosen, typed)

    def _days(self, pairs: list[str]) -> dict[str, DayAnswer]:
        """Return the days given as options for rows that lack one, by the keys of columns."""
        days: dict[str, DayAnswer] = {}
        for pair in pairs:
            key, _, answer = pair.partition("=")
            try:
                days |= unpack_days({key: answer})
            except ValueError:
                key = ""
            if key not in REQUIRED_DAYS or (days[key] == Remedy.LATEST and not may_be_latest(key)):
                raise CommandError(f"“{pair}” names no column that needs a day, or no day such as 2026-03-31.")
        return days

    def _find_one(self, model: Any, value: str, *fields: str) -> Any:
        """Return the one row that a value names; None for no value."""
        if not value:
            return None
        found = [row for field in fields for row in model._default_manager.filter(**{field: value})[:2]]
        if len({row.pk for row in found}) != 1:
            raise CommandError(f"“{value}” is not one {model._meta.verbose_name} here.")
        return found[0]

    def _series(self, value: str) -> str:
        try:
            if value:
                Recommendation._meta.get_field("series").clean(value, None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return value
