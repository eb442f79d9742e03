"""Declarations, eligibility questions and text between questions."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)

import dataclasses

from django import forms
from wagtail.models import Page

from cms.core.visibility import Viewer

from ..enums import Audience
from .base import Question, QuestionForm, typed
from .choices import YesOrNo


class Declaration(Question):
    """A declaration to agree to; the version that was sent stores its text."""

    type = "declaration"
    template = "forms/questions/declaration.html"
    public_settings = ("agreement",)

    def fields(self) -> dict[str, forms.Field]:
        messages = {"required": f"Tick the box to agree: {self.label}"}
        return {self.name: forms.BooleanField(required=self.required, error_messages=messages)}

    def answer(self, cleaned: dict) -> object:
        return True if cleaned.get(self.name) else None

    def accepted(self, answer: object) -> tuple[str, int] | None:
        return (self.item["accepts"], self.item["version"]) if answer is True and self.item.get("accepts") else None

    def component(self, form: QuestionForm | None) -> dict:
        agreement = self.item.get("agreement", "I agree")
        option = {"id": self.name, "value": "yes", "label": agreement, "checked": bool(typed(form, self.name))}
        return super().component(form) | {"options": [option], "text": self.item.get("text", "")}

    def schema(self) -> dict:
        return {"type": "boolean"} | ({"const": True} if self.required else {})

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        return {self.name: ["yes"]} if answer is True else {}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, self.item.get("agreement", "I agree") if answer is True else "")]


@dataclasses.dataclass(frozen=True)
class Route:
    """An alternative page for a person who is ruled out."""

    label: str
    page: Page


class Eligibility(YesOrNo):
    """A yes-or-no question that can rule a person out; its answer is never stored."""

    type = "eligibility"
    public_settings = ("ruled_out",)
    is_answered = False
    can_decide = False  # nothing is known of its answer once it is given

    def __init__(self, item: dict):
        super().__init__(item | {"required": True})

    def rules_out(self, form: QuestionForm) -> bool:
        return typed(form, self.name) == self.item.get("ruled_out")

    @property
    def words(self) -> str:
        """Return the text for a person who is ruled out, as rich text source."""
        return self.item.get("words", "")

    @property
    def route(self) -> Route | None:
        """Return the alternative page for that person, if it is public; None otherwise."""
        chosen = self.item.get("route", {})
        page = Page.objects.filter(pk=chosen.get("page")).exclude(formpage__audience=Audience.STAFF).first()
        if page is None or not Viewer.anonymous().may_read(page):
            return None
        return Route(chosen.get("label") or page.title, page)


class Content(Question):
    """Text between questions."""

    type = "content"
    template = "forms/questions/content.html"
    is_answered = False

    def fields(self) -> dict[str, forms.Field]:
        return {}

    def schema(self) -> None:
        return None

    def component(self, form: QuestionForm | None) -> dict:
        return {"template": self.template, "text": self.item.get("text", "")}
