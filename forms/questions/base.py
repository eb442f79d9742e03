"""The base class of question types, and helpers for their components and schemas.

Answers are plain JSON, filed under the question's id. The HTML ids of inputs equal their names, so an error links to
its input.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from .fields import PlainField

SHORT, LONG = 200, 5000  # characters
REGISTRY: dict[str, type["Question"]] = {}


class QuestionForm(Protocol):
    """The form that a question is part of: ``answers.forms.AnswersForm``, as far as questions use it."""

    is_bound: bool
    data: QueryDict
    files: MultiValueDict
    cleaned_data: dict[str, Any]
    kept: dict[str, list[Any]]

    @property
    def errors(self) -> ErrorDict:
        """Return the errors of all fields."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error to a field."""

    def unsent_uploads(self, question_id: str, tokens: Iterable[str]) -> list[Any]:
        """Return the stored, unsent files of a question."""

    def keep(self, question_id: str, file: UploadedFile) -> Any:
        """Store a file."""

    def note_kept(self, question_id: str, name: str, uploads: list[Any]) -> None:
        """Add the tokens of stored files to the form data."""


class Question:
    """A question of one type, from its item of a definition.

    Everything that other modules need to know about a type is an attribute or a method of this class.
    """

    type = ""
    template = "components/form/field.html"
    shape: dict = {}  # what the component is told besides the words
    public_settings: tuple[str, ...] = ()  # what a program may want to know of it besides the words
    free_text_settings: tuple[str, ...] = ()  # settings by which people are asked to add words of their own
    is_answered = True  # has an answer that is stored
    can_decide = False  # something else can be asked only after certain answers to it
    takes_many = False  # one person can give several of its options
    takes_files = False
    is_compared_apart = False  # sent again, an answer may no longer be valid, and is compared by itself
    case_field = ""  # of a case: where it keeps the record that was chosen

    def __init_subclass__(cls) -> None:
        if cls.type:
            REGISTRY[cls.type] = cls

    def __init__(self, item: dict):
        self.item = item
        self.id = item["id"]
        self.name = f"q-{self.id}"
        self.label = item.get("label", "")
        self.hint = item.get("hint", "")
        self.required = item.get("required", False)
        self.handlers_only = item.get("handlers_only", False)

    def fields(self) -> dict[str, forms.Field]:
        """Return the form fields by name; the first has the question's own name."""
        return {self.name: PlainField(label=self.label, required=self.required, longest=SHORT)}

    def check(self, form: QuestionForm) -> None:
        """Add errors that concern several fields at once."""

    def keep_files(self, form: QuestionForm) -> None:
        """Store the files that were uploaded for this question; called once, after validation."""

    def answer(self, cleaned: dict) -> object:
        """Return the value to store, from cleaned data; None if there is no answer."""
        return cleaned.get(self.name) or None

    def component(self, form: QuestionForm | None) -> dict:
        """Return the template context of this question, with typed values and errors if the form is bound."""
        return {
            "template": self.template,
            "question": self.id,
            "id": self.name,
            "name": self.name,
            "label": self.label,
            "hint": self.hint,
            "required": self.required,
            "value": typed(form, self.name),
            "error": error_of(form, self.name),
            **self.shape,
        }

    @property
    def kept_name(self) -> str:
        """Return the name of the field with the tokens of stored files; only for a type that takes files."""
        return f"{self.name}-kept"

    @property
    def options(self) -> list[str]:
        """Return the stored values that can be chosen; empty for questions with free text."""
        return []

    def format_option(self, option: str) -> str:
        """Format one of the options as people read it."""
        return option

    def read_option(self, words: str) -> str:
        """Return the stored value of an option that an editor wrote in a condition."""
        return words

    def chosen(self, answer: object) -> list[str]:
        """Return the options that an answer selects, whether stored or as submitted; none for an invalid answer."""
        values = answer if isinstance(answer, list) else [answer]
        return [value for value in values if isinstance(value, str)]

    def condition_schema(self, options: list[str]) -> dict:
        """Return the JSON Schema of the answers that select one of some options."""
        return {"enum": options}

    def rules_out(self, form: QuestionForm) -> bool:
        """Return whether the answer means that the person cannot send this form.

        A question that can do so has ``words`` for that person and a ``route``, as `Eligibility` has.
        """
        return False

    def was_typed(self, answer: object, data: QueryDict) -> bool:
        """Return whether form data equals this stored answer.

        Called only for a type that is compared apart and takes no files.
        """
        boxes = {} if answer is None else self.to_form_data(answer)
        return [value for value in data.getlist(self.name) if value] == boxes.get(self.name, [])

    def contact(self, answer: object) -> dict[str, str]:
        """Return the contact details in an answer: ``name``, ``first_name``, ``email`` or ``phone``."""
        return {}

    def record(self, answer: object) -> Model | None:
        """Return the record that an answer refers to, to be stored on the case; None if there is none."""
        return None

    def file_tokens(self, answer: object) -> list[str]:
        """Return the tokens of the files in an answer."""
        return []

    def accepted(self, answer: object) -> tuple[str, int] | None:
        """Return the slug and the version number of the agreement that an answer accepts."""
        return None

    def counted(self, answer: object) -> dict[str, str]:
        """Return the numbers that an answer adds to the totals of impact assessments, by what they count."""
        return {}

    def exported(self, answer: object) -> str:
        """Format a stored answer as the text of one spreadsheet cell."""
        return ": ".join(words for _label, words in self.format_answer(answer) if words)

    def schema(self) -> dict | None:
        """Return the JSON Schema of a stored answer, which is also the format for API clients.

        :returns: None if the type stores no answer.
        """
        return text_schema(SHORT, required=self.required)

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        """Return a stored answer as form data: the values of each field, by name."""
        return {self.name: [str(answer)]}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        """Format a stored answer as pairs of question and text; the text is empty without an answer."""
        return [(self.label, "" if answer is None else str(answer))]


def text_schema(longest: int, *, required: bool, **more: Any) -> dict:
    """Return the JSON Schema of a text with a maximum length."""
    return {"type": "string", **({"minLength": 1} if required else {}), "maxLength": longest, **more}


def object_schema(properties: dict, required: list[str]) -> dict:
    """Return the JSON Schema of an answer in several parts."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def typed(form: QuestionForm | None, name: str) -> str:
    """Return the value that was typed into a field, unchanged."""
    return form.data.get(name, "") if form and form.is_bound else ""


def chosen(form: QuestionForm | None, name: str) -> list[str]:
    """Return the values of the boxes that were ticked."""
    return form.data.getlist(name) if form and form.is_bound else []


def error_of(form: QuestionForm | None, name: str) -> str:
    """Return the first error of a field."""
    return str(form.errors[name][0]) if form and name in form.errors else ""
