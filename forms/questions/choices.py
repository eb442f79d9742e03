"""Multiple-choice questions."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)

from django import forms

from ..enums import YesNo
from .base import LONG, Question, QuestionForm, chosen, error_of, object_schema, text_schema, typed
from .fields import ChoiceField, ChoicesField, PlainField, missing_words


def choices_of(options: list[str], name: str, ticked: list[str]) -> list[dict]:
    """Return options for a component; the first has the question's own id, so that an error links to it."""
    return [
        {"id": name if at == 1 else f"{name}-{at}", "value": option, "label": option, "checked": option in ticked}
        for at, option in enumerate(options, 1)
    ]


class Radios(Question):
    """A single choice from a few options; the option's text is stored."""

    type = "radios"
    shape = {"type": "radios"}
    public_settings = ("options",)
    can_decide = True

    @property
    def options(self) -> list[str]:
        return self.item.get("options", [])

    def fields(self) -> dict[str, forms.Field]:
        pairs = [(option, option) for option in self.options]
        wrong = f"Choose an answer for “{self.label}”"
        return {self.name: ChoiceField(choices=pairs, required=self.required, wrong=wrong)}

    def schema(self) -> dict:
        return {"type": "string", "enum": self.options}

    def component(self, form: QuestionForm | None) -> dict:
        return super().component(form) | {"options": choices_of(self.options, self.name, [typed(form, self.name)])}


class Select(Radios):
    """A single choice from many options."""

    type = "select"
    shape = {"type": "select"}

    def component(self, form: QuestionForm | None) -> dict:
        component = super().component(form)
        return component | {"options": [{"value": "", "label": "Choose one"}, *component["options"]]}


class Checkboxes(Radios):
    """Any number of choices from a few options, stored in the order of the options."""

    type = "checkboxes"
    shape = {"type": "checkboxes"}
    takes_many = True

    def fields(self) -> dict[str, forms.Field]:
        pairs = [(option, option) for option in self.options]
        wrong = f"Choose from the answers shown for “{self.label}”"
        return {self.name: ChoicesField(choices=pairs, required=self.required, wrong=wrong)}

    def answer(self, cleaned: dict) -> object:
        ticked = set(cleaned.get(self.name, []))
        return [option for option in self.options if option in ticked] or None

    def schema(self) -> dict:
        items, most = {"type": "string", "enum": self.options}, len(self.options)
        return {"type": "array", "items": items, "uniqueItems": True, "minItems": int(self.required), "maxItems": most}

    def condition_schema(self, options: list[str]) -> dict:
        return {"contains": {"enum": options}}

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        return {self.name: [str(option) for option in answer] if isinstance(answer, list) else []}

    def component(self, form: QuestionForm | None) -> dict:
        ticked = chosen(form, self.name)
        return super().component(form) | {"options": choices_of(self.options, self.name, ticked)}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, "\n".join(answer) if isinstance(answer, list) else "")]


class YesOrNo(Question):
    """A yes-or-no question, with an optional follow-up question after a yes."""

    type = "yes_no"
    shape = {"type": "radios"}
    public_settings: tuple[str, ...] = ("follow_up", "follow_up_required")
    free_text_settings = ("follow_up",)
    can_decide = True

    def __init__(self, item: dict):
        super().__init__(item)
        self.follow_up = item.get("follow_up", "")
        self.follow_up_required = item.get("follow_up_required", False)
        self.follow_up_name = f"{self.name}-details"

    def fields(self) -> dict[str, forms.Field]:
        wrong = f"Choose yes or no for “{self.label}”"
        choice = ChoiceField(choices=YesNo.choices, required=self.required, wrong=wrong)
        if not self.follow_up:
            return {self.name: choice}
        # Whether the follow-up is needed depends on the answer: see check.
        details = PlainField(label=self.follow_up, required=False, longest=LONG, multiline=True)
        return {self.name: choice, self.follow_up_name: details}

    def check(self, form: QuestionForm) -> None:
        is_yes = form.cleaned_data.get(self.name) == YesNo.YES
        if is_yes and self.follow_up and self.follow_up_required and form.cleaned_data.get(self.follow_up_name) == "":
            form.add_error(self.follow_up_name, missing_words(self.follow_up))
        if not is_yes and self.follow_up_name in form.errors:
            # What is behind a closed question is not sent, so it cannot be wrong.
            del form.errors[self.follow_up_name]

    def answer(self, cleaned: dict) -> object:
        choice = cleaned.get(self.name)
        if not choice:
            return None
        details = cleaned.get(self.follow_up_name) if choice == YesNo.YES else ""
        return {"choice": choice} | ({"details": details} if details else {})

    def schema(self) -> dict:
        parts = {"choice": {"type": "string", "enum": YesNo.values}}
        if self.follow_up:
            parts["details"] = text_schema(LONG, required=False, title=self.follow_up)
        return object_schema(parts, ["choice"])

    @property
    def options(self) -> list[str]:
        return YesNo.values

    def read_option(self, words: str) -> str:
        return words.lower()

    def chosen(self, answer: object) -> list[str]:
        return super().chosen(answer.get("choice") if isinstance(answer, dict) else answer)

    def condition_schema(self, options: list[str]) -> dict:
        return {"properties": {"choice": {"enum": options}}, "required": ["choice"]}

    def format_option(self, option: str) -> str:
        return dict(YesNo.choices).get(option, option)

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        given = answer if isinstance(answer, dict) else {}
        typed_in = {self.name: given.get("choice"), self.follow_up_name: given.get("details")}
        return {name: [str(text)] for name, text in typed_in.items() if text}

    def component(self, form: QuestionForm | None) -> dict:
        options = choices_of(YesNo.values, self.name, [typed(form, self.name)])
        for option in options:
            option["label"] = YesNo(option["value"]).label
        if self.follow_up:
            options[0]["conditional"] = {
                "id": self.follow_up_name,
                "name": self.follow_up_name,
                "label": self.follow_up,
                # A follow-up reads as optional only where the question itself does not ask for it.
                "required": self.follow_up_required,
                "value": typed(form, self.follow_up_name),
                "error": error_of(form, self.follow_up_name),
                "type": "textarea",
                "rows": 3,
                "maxlength": LONG,
            }
        return super().component(form) | {"options": options, "inline": not self.follow_up}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        given = answer if isinstance(answer, dict) else {}
        rows = [(self.label, dict(YesNo.choices).get(given.get("choice", ""), ""))]
        if self.follow_up and given.get("choice") == YesNo.YES:
            rows.append((self.follow_up, given.get("details", "")))
        return rows
