"""What every question type does: the fields it needs, what it stores, how it is asked and how it reads afterwards.

Answers are plain JSON, filed under the question's id. Ids of boxes equal their names, so an error leads to its box.
"""

from django import forms

from .fields import PlainField

SHORT, LONG = 200, 5000  # characters
REGISTRY: dict[str, type["Question"]] = {}


class Question:
    """A question of one type, from its part of a definition."""

    type = ""
    template = "components/form/field.html"
    shape: dict = {}  # what the component is told besides the words
    is_answered = True

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
        """Give the form fields that read this question's boxes, by name; the first box has the question's name."""
        return {self.name: PlainField(label=self.label, required=self.required, longest=SHORT)}

    def check(self, form: forms.Form) -> None:
        """Add errors that concern several boxes at once."""

    def keep_files(self, form: forms.Form) -> None:
        """Keep the files that came for this question; called once, after validation."""

    def answer(self, cleaned: dict) -> object:
        """Give what to store, from clean fields; None when there is no answer."""
        return cleaned.get(self.name) or None

    def component(self, form: "forms.Form | None") -> dict:
        """Give what the template needs to ask this, with what was typed and what is wrong if a form was sent."""
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

    def say(self, option: str) -> str:
        """Give one of the answers to choose from in words."""
        return option

    def schema(self) -> dict | None:
        """Give the JSON Schema of an answer as it is stored, which is how programs send one; none if there is none."""
        return text_schema(SHORT, required=self.required)

    def boxes(self, answer: object) -> dict[str, list[str]]:
        """Give a stored answer as it would be typed: what is in each box, by name."""
        return {self.name: [str(answer)]}

    def told(self, answer: object) -> list[tuple[str, str]]:
        """Give a stored answer as pairs of question and words; without an answer the words are empty."""
        return [(self.label, "" if answer is None else str(answer))]


def text_schema(longest: int, *, required: bool, **more) -> dict:
    """Give the JSON Schema of a text of so many characters."""
    return {"type": "string", **({"minLength": 1} if required else {}), "maxLength": longest, **more}


def object_schema(properties: dict, required: list[str]) -> dict:
    """Give the JSON Schema of an answer in parts."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def typed(form: forms.Form | None, name: str) -> str:
    """Give what a person typed into a box, unchanged."""
    return form.data.get(name, "") if form and form.is_bound else ""


def chosen(form: forms.Form | None, name: str) -> list[str]:
    """Give the boxes that a person ticked."""
    return form.data.getlist(name) if form and form.is_bound else []


def error_of(form: forms.Form | None, name: str) -> str:
    """Give the first thing wrong with a box."""
    return form.errors[name][0] if form and name in form.errors else ""
