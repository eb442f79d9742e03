"""Forms of the import's views: the file, its table, its columns, and the answers that the file lacks."""

import dataclasses
import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst

from cms.core.editing.day_field import DayField

from ..enums import ImportedStatus
from ..models import Panel, Recommendation, ReportPage
from .columns import COLUMNS, columns_of, examples, guess, name_of
from .diff import FileStatus
from .missing_days import NAMES, DayAnswer, MissingDay, Remedy, may_be_latest
from .problems import format_rows
from .readers import LARGEST_FILE, open_book
from .sheet import CannotRead, Layout, Sheet
from .status_meanings import LONGEST
from .statuses import Word
from .tables import Book, Table

MOST_ASKED = 60  # statuses: a column with more is none
MOST_SHOWN = 5  # rows of one status
LONGEST_ROW = 90
ONE_DAY = "day"


class UploadForm(forms.Form):
    """A form for the file, and for the defaults of its rows."""

    file = forms.FileField(
        label="The tracker",
        help_text="CSV or an Excel workbook (.xlsx), up to 10 MB and 10,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    panel: Any = forms.ModelChoiceField(
        Panel.objects.all(), label="Asked by", required=False, help_text="For rows that name no panel."
    )
    report: Any = forms.ModelChoiceField(
        ReportPage.objects.all(),
        label="Report",
        required=False,
        help_text="For rows that name no report, if they had one.",
    )
    series = forms.CharField(
        label="Series",
        required=False,
        max_length=20,
        validators=Recommendation._meta.get_field("series").validators,
        help_text="For rows without a full reference. Leave it empty to use the year and month they were asked for.",
    )
    book: Book | None = None

    def keep_file(self, name: str) -> None:
        """Make the file optional, as one that replaces the stored file of that name."""
        self.fields["file"].required = False
        self["file"].label = "Another file"
        self["file"].help_text = f"{name} is here already. Choose a file only to use it instead."

    def clean_file(self) -> UploadedFile | None:
        """Read the file; raise `ValidationError` if it cannot be read."""
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        if upload.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 10 MB. Split it into smaller ones.")
        self.content = upload.read()
        try:
            book = open_book(self.content)
            # Where there is nothing to choose, whatever is wrong with the table is said now.
            self.sheet = book.sheet(Layout()) if book.is_plain else None
        except CannotRead as error:
            raise ValidationError(str(error)) from error
        self.book = book
        return upload


class LayoutForm(forms.Form):
    """A form for the sheet and the row of the headings, and whether hidden rows and columns count."""

    headings = forms.ChoiceField(label="Which row holds the headings?", widget=forms.RadioSelect)
    with_hidden = forms.BooleanField(label="Bring in what is hidden too", required=False)

    def __init__(self, *args: Any, book: Book, layout: Layout, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.book = book
        self.places = {
            f"{number}:{row}": (table, row)
            for number, table in enumerate(book.tables)
            for row, _ in table.offered_headings
        }
        groups = [
            (
                self._title(table),
                [(f"{number}:{row}", _format_row(row, cells)) for row, cells in table.offered_headings],
            )
            for number, table in enumerate(book.tables)
            if table.first_rows
        ]
        headings: Any = self.fields["headings"]
        headings.choices = groups if len(groups) > 1 else groups[0][1]
        table = book.table(layout)
        row = layout.heading_row or table.likely_heading[0]
        self.fields["headings"].initial = f"{book.tables.index(table)}:{row}"
        self.fields["with_hidden"].initial = layout.with_hidden
        hidden = [
            (f"{table.name}: " if len(book.tables) > 1 else "") + table.hidden_words
            for table in book.tables
            if table.hidden_words
        ]
        if hidden:
            self.fields["with_hidden"].help_text = f"Hidden in the workbook, or by a filter: {'; '.join(hidden)}."
        else:
            del self.fields["with_hidden"]

    def _title(self, table: Table) -> str:
        return f"{table.name} (hidden in the workbook)" if table.is_hidden else table.name

    def clean(self) -> dict:
        """Read the chosen table; add an error if it cannot be read."""
        super().clean()
        given = self.cleaned_data
        if "headings" in given:
            table, row = self.places[given["headings"]]
            self.layout = Layout(table.name, row, given.get("with_hidden", False))
            try:
                self.sheet = self.book.sheet(self.layout)
            except CannotRead as error:
                raise ValidationError(str(error)) from error
        return given


def _format_row(number: int, cells: list) -> str:
    text = " | ".join(cell.text for cell in cells if cell.text)
    return f"Row {number}: {text if len(text) <= LONGEST_ROW else text[: LONGEST_ROW - 1] + '…'}"


class ColumnsForm(forms.Form):
    """A form with one choice for each column of the file."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        guessed = {position: key for key, position in guess(sheet.headings).items()}
        known = ((column.key, column.label) for column in columns_of(sheet.headings))
        choices = [("", "Leave this column out"), *known]
        for position in range(len(sheet.headings)):
            if position in sheet.hidden:
                continue
            shown = examples(sheet, position)
            self.fields[str(position)] = forms.ChoiceField(
                label=name_of(sheet, position),
                choices=choices,
                required=False,
                initial=guessed.get(position, ""),
                help_text="For example: " + " | ".join(shown) if shown else "This column is empty.",
            )

    def clean(self) -> dict:
        """Refuse two columns with the same meaning, and a file without a title column."""
        super().clean()
        given = self.cleaned_data
        taken: dict[str, str] = {}
        for position, key in list(given.items()):
            if key in taken:
                self.add_error(position, f"“{self.fields[taken[key]].label}” is that already. Choose one of the two.")
            elif key:
                taken[key] = position
        self.columns = {key: int(position) for key, position in taken.items()}
        if "title" not in taken and not self.errors:
            raise ValidationError(f"Say which column holds “{COLUMNS['title'].label}”.")
        return given


@dataclasses.dataclass
class StatusQuestion:
    """A status whose meaning is to be chosen, and the name of its field."""

    name: str
    word: Word
    status: FileStatus


@dataclasses.dataclass
class DayQuestion:
    """A day that rows lack, and the names of its two fields."""

    day: MissingDay

    @property
    def how(self) -> str:
        """Return the name of the field that chooses the remedy."""
        return f"how_{self.day.key}"

    @property
    def on(self) -> str:
        """Return the name of the field with the day itself."""
        return f"day_{self.day.key}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the remedies to choose from."""
        latest = [(Remedy.LATEST.value, "Date each the latest day that it can have been")]
        return [
            (ONE_DAY, "Use one day for all of them, the day below"),
            *(latest if may_be_latest(self.day.key) else []),
            (Remedy.LEAVE_OUT.value, "Leave these rows out of the import"),
        ]

    @property
    def help(self) -> str:
        """Return the rows concerned, and the note that their histories will have."""
        rows = format_rows(self.day.rows or self.day.maybe, MOST_SHOWN)
        why = " That depends on what their statuses mean."
        if self.day.rows:
            more = len(self.day.maybe)
            why = f" Once their statuses are known, {more:,} more may lack it." if more else ""
        said = "" if self.day.key == "asked_on" else " The history of each will say that the earlier tracker lacks it."
        return f"{capfirst(rows)}.{why}{said}"


class AnswersForm(forms.Form):
    """A form for what a file lacks, once for all its rows: meanings of statuses, and missing days."""

    def __init__(
        self,
        *args: Any,
        statuses: dict[Word, FileStatus],
        chosen: dict[Word, str],
        days: dict[str, MissingDay],
        today: datetime.date,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.today = today
        # Those without a meaning first, and of these the most frequent.
        words = sorted(statuses.items(), key=lambda pair: (pair[1].is_known, -len(pair[1].rows)))
        fitting = [(word, about) for word, about in words if len(about.words) <= LONGEST][:MOST_ASKED]
        self.omitted = sum(not about.is_known for _, about in words) - sum(not about.is_known for _, about in fitting)
        self.questions = [StatusQuestion(f"w{number}", *pair) for number, pair in enumerate(fitting)]
        self.day_questions = [DayQuestion(day) for day in days.values()]
        for question in self.questions:
            about = question.status
            under = f" under “{about.column}”" if question.word.heading else ""
            self.fields[question.name] = forms.ChoiceField(
                label=f"“{about.words}”{under} means",
                choices=[("", "Choose what it means"), *ImportedStatus.choices],
                initial=chosen.get(question.word, ""),
                help_text=f"In the column “{about.column}”, {format_rows(about.rows, MOST_SHOWN)}.",
                error_messages={"required": "Choose what it means. If it says nothing, choose “Nothing”."},
            )
        for missing in self.day_questions:
            answer = missing.day.answer
            is_day = isinstance(answer, datetime.date)
            self.fields[missing.how] = forms.ChoiceField(
                label=missing.day.counted,
                choices=missing.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=ONE_DAY if is_day else answer,
                help_text=missing.help,
            )
            self.fields[missing.on] = DayField(
                label=f"The {NAMES[missing.day.key]}, for all of these rows",
                required=False,
                initial=answer if is_day else None,
            )

    def clean(self) -> dict:
        """Refuse a question about days without its answer, and a day in the future."""
        super().clean()
        given = self.cleaned_data
        self.days: dict[str, DayAnswer] = {}
        for question in self.day_questions:
            key, how, on = question.day.key, given.get(question.how), given.get(question.on)
            if question.on in self.errors or question.how in self.errors:
                continue
            how = how or (ONE_DAY if on else "")
            if how == ONE_DAY and not on:
                self.add_error(question.on, "Give the day, or choose another answer above.")
            elif on and how != ONE_DAY:
                self.add_error(question.on, "You chose another answer above. Empty this day, or choose to use it.")
            elif not how and question.day.rows:
                self.add_error(question.how, "Choose what to do with these rows.")
            elif on and on > self.today and key != "first_target":
                self.add_error(question.on, "This day has not come yet.")
            elif how:
                self.days[key] = on if on and how == ONE_DAY else Remedy(how)
        return given

    @property
    def chosen(self) -> dict[Word, ImportedStatus]:
        """Return the valid choices of meanings."""
        given = {question.word: self.cleaned_data.get(question.name) for question in self.questions}
        return {word: ImportedStatus(meaning) for word, meaning in given.items() if meaning}

    @property
    def typed(self) -> dict[Word, str]:
        """Each status as it is written in the file."""
        return {question.word: question.status.words for question in self.questions}
