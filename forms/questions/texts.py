"""Questions with one text field."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)

from django import forms

from ..rules.phone_numbers import space_phone_number
from .base import LONG, Question, QuestionForm, text_schema
from .fields import EmailField, MoneyField, NumberField, PhoneField, PlainField


class ShortText(Question):
    """A word or a line of text."""

    type = "short_text"

    def exported(self, answer: object) -> str:
        return space_phone_number(super().exported(answer))


class LongText(Question):
    """Several sentences of text."""

    type = "long_text"
    shape = {"type": "textarea", "rows": 5, "maxlength": LONG}

    def fields(self) -> dict[str, forms.Field]:
        return {self.name: PlainField(label=self.label, required=self.required, longest=LONG, multiline=True)}

    def schema(self) -> dict:
        return text_schema(LONG, required=self.required)


class Email(Question):
    """An email address."""

    type = "email"
    shape = {"type": "email", "autocomplete": "email", "inputmode": "email"}

    def fields(self) -> dict[str, forms.Field]:
        return {self.name: EmailField(label=self.label, required=self.required)}

    def contact(self, answer: object) -> dict[str, str]:
        return {"email": str(answer)}

    def schema(self) -> dict:
        return text_schema(254, required=self.required, format="email")


class Phone(Question):
    """A telephone number."""

    type = "phone"
    shape = {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "width": "20"}

    def fields(self) -> dict[str, forms.Field]:
        return {self.name: PhoneField(label=self.label, required=self.required)}

    def contact(self, answer: object) -> dict[str, str]:
        return {"phone": str(answer)}

    def exported(self, answer: object) -> str:
        return space_phone_number(super().exported(answer))

    def schema(self) -> dict:
        return text_schema(40, required=self.required)


class Amount(Question):
    """A number, stored as text so that nothing is rounded, which can be added up over all assessments."""

    def counted(self, answer: object) -> dict[str, str]:
        return {self.item["counts"]: str(answer)} if self.item.get("counts") else {}


class Number(Amount):
    """A number, with optional limits and a unit."""

    type = "number"
    public_settings = ("unit", "decimals")

    def fields(self) -> dict[str, forms.Field]:
        limits = {name: self.item.get(name) for name in ("minimum", "maximum")}
        decimals = self.item.get("decimals", False)
        return {self.name: NumberField(label=self.label, required=self.required, decimals=decimals, **limits)}

    def schema(self) -> dict:
        limits = {name: self.item[name] for name in ("minimum", "maximum") if name in self.item}
        return {"type": ["number" if self.item.get("decimals") else "integer", "string"], **limits}

    def component(self, form: QuestionForm | None) -> dict:
        mode = "decimal" if self.item.get("decimals") else "numeric"
        return super().component(form) | {"inputmode": mode, "width": "10", "suffix": self.item.get("unit", "")}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        words = "" if answer is None else f"{answer} {self.item.get('unit', '')}".strip()
        return [(self.label, words)]


class Money(Amount):
    """An amount in pounds, stored as text with its pence."""

    type = "money"
    shape = {"prefix": "£", "inputmode": "decimal", "width": "10"}

    def fields(self) -> dict[str, forms.Field]:
        return {self.name: MoneyField(label=self.label, required=self.required)}

    def schema(self) -> dict:
        return {"type": ["number", "string"], "minimum": 0, "description": "Pounds, such as 12 or 12.50."}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, "" if answer is None else f"£{answer}")]
