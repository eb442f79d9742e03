"""Questions that are hardly questions: agreeing, being ruled out, and reading."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)

import dataclasses

from django import forms
from wagtail.models import Page

from cms.core.visibility import Viewer

from ..enums import Audience
from .base import Question, typed
from .choices import YesOrNo


class Declaration(Question):
    """Words to agree to; the version that was sent keeps the words."""

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

    def component(self, form: forms.Form | None) -> dict:
        agreement = self.item.get("agreement", "I agree")
        option = {"id": self.name, "value": "yes", "label": agreement, "checked": bool(typed(form, self.name))}
        return super().component(form) | {"options": [option], "text": self.item.get("text", "")}

    def schema(self) -> dict:
        return {"type": "boolean"} | ({"const": True} if self.required else {})

    def boxes(self, answer: object) -> dict[str, list[str]]:
        return {self.name: ["yes"]} if answer is True else {}

    def told(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, self.item.get("agreement", "I agree") if answer is True else "")]


@dataclasses.dataclass(frozen=True)
class Route:
    """Where a person who is ruled out can go instead."""

    label: str
    page: Page


class Eligibility(YesOrNo):
    """A yes or no that can rule a person out; it has no answer to store."""

    type = "eligibility"
    public_settings = ("ruled_out",)
    is_answered = False
    can_decide = False  # nothing is known of its answer once it is given

    def __init__(self, item: dict):
        super().__init__(item | {"required": True})

    def rules_out(self, form: forms.Form) -> bool:
        return typed(form, self.name) == self.item.get("ruled_out")

    @property
    def words(self) -> str:
        """Return what a person who is ruled out reads, as rich text source."""
        return self.item.get("words", "")

    @property
    def route(self) -> Route | None:
        """Return another way for that person: a page to go on to, if it is still there for everybody."""
        chosen = self.item.get("route", {})
        page = Page.objects.filter(pk=chosen.get("page")).exclude(formpage__audience=Audience.STAFF).first()
        if page is None or not Viewer.anonymous().may_read(page):
            return None
        return Route(chosen.get("label") or page.title, page)


class Content(Question):
    """Words between questions."""

    type = "content"
    template = "forms/questions/content.html"
    is_answered = False

    def fields(self) -> dict[str, forms.Field]:
        return {}

    def schema(self) -> None:
        return None

    def component(self, form: forms.Form | None) -> dict:
        return {"template": self.template, "text": self.item.get("text", "")}
