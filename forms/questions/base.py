"""What every question type does: the fields it needs, what it stores, how it is asked and how it reads afterwards.

Answers are plain JSON, filed under the question's id. Ids of boxes equal their names, so an error leads to its box.
"""

from django import forms
from django.db.models import Model
from django.http import QueryDict

from .fields import PlainField

SHORT, LONG = 200, 5000  # characters
REGISTRY: dict[str, type["Question"]] = {}


class Question:
    """A question of one type, from its part of a definition.

    All that the rest of the product has to know of a type is an attribute or a method here.
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
        """Return the form fields that read this question's boxes, by name; the first box has the question's name."""
        return {self.name: PlainField(label=self.label, required=self.required, longest=SHORT)}

    def check(self, form: forms.Form) -> None:
        """Add errors that concern several boxes at once."""

    def keep_files(self, form: forms.Form) -> None:
        """Keep the files that came for this question; called once, after validation."""

    def answer(self, cleaned: dict) -> object:
        """Return what to store, from clean fields; None when there is no answer."""
        return cleaned.get(self.name) or None

    def component(self, form: "forms.Form | None") -> dict:
        """Return what the template needs to ask this, with what was typed and what is wrong if a form was sent."""
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
    def options(self) -> list[str]:
        """Return the answers to choose from, as they are stored; none where people write their own."""
        return []

    def say(self, option: str) -> str:
        """Return one of the options as people read it."""
        return option

    def read_option(self, words: str) -> str:
        """Return the option that an editor wrote in a condition, as it is stored."""
        return words

    def chosen(self, answer: object) -> list[str]:
        """Return the options that an answer chooses, stored or as the values of a box; none for what is no answer."""
        values = answer if isinstance(answer, list) else [answer]
        return [value for value in values if isinstance(value, str)]

    def condition_schema(self, options: list[str]) -> dict:
        """Return the JSON Schema of the answers that choose one of some options."""
        return {"enum": options}

    def rules_out(self, form: forms.Form) -> bool:
        """Return whether what was chosen means that the person cannot send this form.

        A question that can do so has ``words`` for that person and a ``route``, as `Eligibility` has.
        """
        return False

    def was_typed(self, answer: object, data: QueryDict) -> bool:
        """Return whether boxes hold this stored answer; only of a question that is compared apart and takes no file."""
        boxes = {} if answer is None else self.boxes(answer)
        return [value for value in data.getlist(self.name) if value] == boxes.get(self.name, [])

    def contact(self, answer: object) -> dict[str, str]:
        """Return what an answer tells of the person: ``name``, ``first_name``, ``email`` or ``phone``."""
        return {}

    def record(self, answer: object) -> Model | None:
        """Return the record that an answer names, to be kept by the case; None if it names none or that is gone."""
        return None

    def file_tokens(self, answer: object) -> list[str]:
        """Return the tokens of the files that an answer names."""
        return []

    def accepted(self, answer: object) -> tuple[str, int] | None:
        """Return the slug and the version of the agreement that an answer accepts."""
        return None

    def counted(self, answer: object) -> dict[str, str]:
        """Return what an answer adds to the totals of impact assessments: a number by what it counts."""
        return {}

    def exported(self, answer: object) -> str:
        """Return a stored answer as the words of one cell of a spreadsheet."""
        return ": ".join(words for _label, words in self.told(answer) if words)

    def schema(self) -> dict | None:
        """Return the JSON Schema of an answer as it is stored, which is how programs send one.

        None if there is none.
        """
        return text_schema(SHORT, required=self.required)

    def boxes(self, answer: object) -> dict[str, list[str]]:
        """Return a stored answer as it would be typed: what is in each box, by name."""
        return {self.name: [str(answer)]}

    def told(self, answer: object) -> list[tuple[str, str]]:
        """Return a stored answer as pairs of question and words; without an answer the words are empty."""
        return [(self.label, "" if answer is None else str(answer))]


def text_schema(longest: int, *, required: bool, **more) -> dict:
    """Return the JSON Schema of a text of so many characters."""
    return {"type": "string", **({"minLength": 1} if required else {}), "maxLength": longest, **more}


def object_schema(properties: dict, required: list[str]) -> dict:
    """Return the JSON Schema of an answer in parts."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def typed(form: forms.Form | None, name: str) -> str:
    """Return what a person typed into a box, unchanged."""
    return form.data.get(name, "") if form and form.is_bound else ""


def chosen(form: forms.Form | None, name: str) -> list[str]:
    """Return the boxes that a person ticked."""
    return form.data.getlist(name) if form and form.is_bound else []


def error_of(form: forms.Form | None, name: str) -> str:
    """Return the first thing wrong with a box."""
    return form.errors[name][0] if form and name in form.errors else ""
