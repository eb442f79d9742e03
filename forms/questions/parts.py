"""Questions with several fields: names, addresses and dates."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)
import calendar
import datetime
import re
from typing import Any

from django import forms

from .base import Question, QuestionForm, error_of, object_schema, text_schema, typed
from .fields import IdentifierField, PlainField, PostcodeField, missing_words


class Parts(Question):
    """A question in several fields, declared as part, label, needed and longest; the answer is stored by part."""

    parts: tuple[tuple[str, str, bool, int], ...] = ()

    def fields(self) -> dict[str, forms.Field]:
        return {
            f"{self.name}-{part}": PlainField(
                label=label, required=self.required and needed, longest=longest, missing=f"Enter {self.called(label)}"
            )
            for part, label, needed, longest in self.parts
        }

    def called(self, label: str) -> str:
        """Return the name of a part for the middle of a sentence."""
        return f"your {label.lower()}"

    def answer(self, cleaned: dict) -> object:
        given = {part: cleaned.get(f"{self.name}-{part}", "") for part, *_ in self.parts}
        return {part: text for part, text in given.items() if text} or None

    def schema(self) -> dict:
        parts = {
            part: text_schema(longest, required=self.required and needed, title=label)
            for part, label, needed, longest in self.parts
        }
        return object_schema(parts, [part for part, _, needed, _ in self.parts if self.required and needed])

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        given = answer if isinstance(answer, dict) else {}
        return {f"{self.name}-{part}": [str(given[part])] for part, *_ in self.parts if part in given}

    def lines(self, answer: object) -> list[str]:
        """Return the parts of an answer that are not empty, in order."""
        return [answer[part] for part, *_ in self.parts if answer.get(part)] if isinstance(answer, dict) else []


class Name(Parts):
    """The name of a person."""

    type = "name"
    template = "forms/questions/name.html"
    parts = (
        ("title", "Title", False, 20),
        ("first_name", "First name", False, 100),
        ("surname", "Surname", False, 100),
    )
    autofill = {"title": "honorific-prefix", "first_name": "given-name", "surname": "family-name"}
    names = ("first_name", "surname")  # many people have one of the two
    one_is_enough = "If you have one name, put it in either box."

    def check(self, form: QuestionForm) -> None:
        given = [form.cleaned_data.get(f"{self.name}-{part}") for part in self.names]
        if self.required and given == ["", ""]:
            form.add_error(f"{self.name}-first_name", "Enter your name")

    def schema(self) -> dict:
        either = [{"required": [part], "properties": {part: {"minLength": 1}}} for part in self.names]
        return super().schema() | ({"anyOf": either} if self.required else {})

    def contact(self, answer: object) -> dict[str, str]:
        given = [answer.get(part, "") for part in self.names] if isinstance(answer, dict) else []
        names = [name for name in given if name]
        # Who has one name is called by it.
        return {"name": " ".join(names), "first_name": next(iter(names), "")} if given else {}

    def component(self, form: QuestionForm | None) -> dict:
        boxes = []
        for part, label, _needed, _longest in self.parts:
            name, is_name = f"{self.name}-{part}", part in self.names
            box = {"id": name, "name": name, "label": label, "required": is_name, "autocomplete": self.autofill[part]}
            box |= {"value": typed(form, name), "error": error_of(form, name), "width": "" if is_name else "4"}
            boxes.append(box)
        return super().component(form) | {"boxes": boxes, "hint": f"{self.hint} {self.one_is_enough}".strip()}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, " ".join(self.lines(answer)))]


class Address(Parts):
    """A postal address."""

    type = "address"
    shape = {"type": "address"}
    parts = (
        ("line_1", "Address line 1", True, 150),
        ("line_2", "Address line 2", False, 150),
        ("town", "Town or city", True, 100),
        ("county", "County", False, 100),
        ("postcode", "Postcode", True, 12),
    )

    def called(self, label: str) -> str:
        return {"Address line 1": "address line 1, such as the building and street"}.get(label, f"your {label.lower()}")

    def fields(self) -> dict[str, forms.Field]:
        missing = f"Enter {self.called('Postcode')}"
        postcode = PostcodeField(label="Postcode", required=self.required, missing=missing)
        return super().fields() | {f"{self.name}-postcode": postcode}

    def component(self, form: QuestionForm | None) -> dict:
        names = {part: f"{self.name}-{part}" for part, *_ in self.parts}
        return super().component(form) | {
            "value": {part: typed(form, name) for part, name in names.items()},
            "part_errors": {part: error_of(form, name) for part, name in names.items()},
        }

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, "\n".join(self.lines(answer)))]


def month_number(word: str) -> str:
    """Return the number of a month from its name or at least three first letters; empty for other words."""
    begun = word.lower().removesuffix(".")
    names = (name.lower() for name in calendar.month_name)
    return next((str(at) for at, name in enumerate(names) if len(begun) > 2 and name.startswith(begun)), "")


class Date(Question):
    """A date, stored as YYYY-MM-DD."""

    type = "date"
    shape = {"type": "date"}
    parts = ("day", "month", "year")
    earliest, latest = 1900, 2100  # a year outside these is a slip of the keyboard

    def fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            f"{self.name}-{part}": IdentifierField(label=part, required=False, longest=20) for part in self.parts
        }
        for field in fields.values():
            field.error_messages["max_length"] = self.not_real
        return fields

    @property
    def missing(self) -> str:
        return missing_words(self.label, "a date")

    @property
    def not_real(self) -> str:
        return f"“{self.label}” must be a real date, like 27 3 2019"

    def check(self, form: QuestionForm) -> None:
        given: dict[str, Any] = {part: form.cleaned_data.get(f"{self.name}-{part}") for part in self.parts}
        if None in given.values():  # a part is wrong already
            return
        missing = [part for part, text in given.items() if not text]
        if len(missing) == len(self.parts):
            if self.required:
                form.add_error(f"{self.name}-day", self.missing)
        elif missing:
            form.add_error(f"{self.name}-{missing[0]}", f"“{self.label}” must include a {' and a '.join(missing)}")
        elif problem := self.year_problem(given["year"]):
            form.add_error(f"{self.name}-year", problem)
        else:
            try:
                form.cleaned_data[self.name] = self.read(**given).isoformat()
            except ValueError:
                form.add_error(f"{self.name}-day", self.not_real)

    def year_problem(self, year: str) -> str:
        """Return the error for a year; empty if it is plausible."""
        if not re.fullmatch("[0-9]{4}", year):
            return f"“{self.label}” must have a year of four figures, like 2019"
        if not self.earliest <= int(year) < self.latest:
            return f"“{self.label}” must have a year from {self.earliest} to {self.latest - 1}"
        return ""

    def schema(self) -> dict:
        return {"type": "string", "format": "date"}

    def read(self, day: str, month: str, year: str) -> datetime.date:
        """Return the date in three fields; a month may be its name, or at least its first three letters.

        :raises ValueError: if there is no such day.
        """
        day = re.sub(r"(?<=[0-9])(st|nd|rd|th)$", "", day.lower())
        month = month_number(month) or month
        if not all(re.fullmatch("[0-9]{1,2}", text) for text in (day, month)):
            raise ValueError("not digits")
        return datetime.date(int(year), int(month), int(day))

    def component(self, form: QuestionForm | None) -> dict:
        errors = {part: error_of(form, f"{self.name}-{part}") for part in self.parts}
        wrong = [part for part in self.parts if errors[part]]
        error = errors[wrong[0]] if wrong else ""
        birthday = "bday" if "birth" in self.label.lower() else ""
        return super().component(form) | {
            "value": {part: typed(form, f"{self.name}-{part}") for part in self.parts},
            "error": error,
            # What is said of the whole date marks every box.
            "error_parts": [] if error in (self.missing, self.not_real) else wrong,
            "autocomplete": birthday,
        }

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        whole = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(answer), re.ASCII)
        year, month, day = whole.groups() if whole else (str(answer)[:20], "", "")
        given = {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
        return {f"{self.name}-{part}": [text] for part, text in given.items()}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        try:
            day = datetime.date.fromisoformat(str(answer))
        except ValueError:
            return [(self.label, "" if answer is None else str(answer))]
        return [(self.label, f"{day.day} {day:%B %Y}")]
