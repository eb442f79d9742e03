"""Imports a tracker of recommendations from a CSV file or an Excel workbook."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from cms.core.commands import SiteCommand
from scrutiny_pages.imports.columns import COLUMNS, guess, name_of
from scrutiny_pages.imports.loading import NotImported, bring_in
from scrutiny_pages.imports.planning import Plan, make_plan
from scrutiny_pages.imports.reading import LARGEST_FILE, read
from scrutiny_pages.imports.rows import Options
from scrutiny_pages.imports.sheet import CannotRead, Sheet
from scrutiny_pages.models import Panel, Recommendation, ReportPage


class Command(SiteCommand):
    """Import a tracker, all of it or nothing."""

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
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *args, **given) -> None:
        """Read, plan and import; every problem is printed by row."""
        try:
            if given["file"].stat().st_size > LARGEST_FILE:
                raise CommandError("The file is larger than 10 MB. Split it into smaller ones.")
            sheet = read(given["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        except CannotRead as error:
            raise CommandError(str(error)) from error
        columns = self._columns(sheet, given["column"])
        options = Options(
            timezone.localdate(),
            self._found(Panel, given["panel"], "slug", "name"),
            self._found(ReportPage, given["report"], "title"),
            self._series(given["series"]),
            given["file"].name,
        )
        by = self._found(get_user_model(), given["by"], "username")
        self._tell(sheet, columns, make_plan(sheet, columns, options))
        if given["dry_run"]:
            return
        try:
            for progress in bring_in(sheet, columns, options, by=by):
                self.stdout.write(str(progress))
        except NotImported as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        self.stdout.write(self.style.SUCCESS("Imported."))

    def _tell(self, sheet: Sheet, columns: dict[str, int], plan: Plan) -> None:
        """Print what would be done; stop if something is wrong."""
        for key, position in columns.items():
            self.stdout.write(f"{name_of(sheet, position)}: {COLUMNS[key].label}")
        for position in sorted(set(range(len(sheet.headings))) - set(columns.values())):
            self.stdout.write(f"{name_of(sheet, position)}: left out")
        made = [*plan.roles.values(), *plan.areas.values()]
        notices = [*plan.notices, *([f"Will be made: {', '.join(made)}."] if made else [])]
        notices += [f"What happened here is kept where the file differs. {words}" for words in plan.kept]
        for notice in notices:
            self.stdout.write(self.style.WARNING(notice))
        for problem in plan.problems:
            self.stderr.write(str(problem))
        if plan.problems:
            raise CommandError(f"Nothing was imported: {len(plan.problems)} to put right.")
        self.stdout.write(f"New: {len(plan.new):,}. Changed: {len(plan.changed):,}. The same: {plan.same:,}.")

    def _columns(self, sheet: Sheet, said: list[str]) -> dict[str, int]:
        columns = guess(sheet.headings)
        for pair in said:
            heading, _, key = pair.rpartition("=")
            if heading not in sheet.headings or (key and key not in COLUMNS):
                raise CommandError(f"“{pair}” names no heading of the file, or no column that we know.")
            position = sheet.headings.index(heading)
            columns = {other: at for other, at in columns.items() if at != position and other != key}
            columns |= {key: position} if key else {}
        if "title" not in columns:
            raise CommandError(f"No column holds “{COLUMNS['title'].label}”. Say which with --column HEADING=title.")
        return columns

    def _found(self, model, value: str, *fields: str):
        """Give the one row that a value names; nothing for no value."""
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
