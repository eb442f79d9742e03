"""Questions whose answers are public records: a panel, a review, a recommendation."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models import Panel, Recommendation, ReviewPage

from .base import Question, QuestionForm, object_schema, typed
from .fields import ChoiceField


class RecordChoice(Question):
    """A choice of one public record.

    Its title is stored beside its primary key, so that the answer stays readable when the record is deleted.
    """

    shape = {"type": "select"}
    model: Any  # a model class with the default manager
    is_compared_apart = True  # by its key: it may have been renamed or hidden since

    def records(self) -> QuerySet:
        """Return the records to choose from, before they are filtered by visibility."""
        raise NotImplementedError

    def titled(self, record: Any) -> str:
        """Return the title of a record as people know it."""
        return str(record)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Return the titles that an anonymous user may see, by key; private records can neither be read nor chosen."""
        public = visible_to(Viewer.anonymous(), self.records())
        return {str(record.pk): self.titled(record) for record in public}

    def format_option(self, option: str) -> str:
        return self.titles.get(option, option)

    def fields(self) -> dict[str, forms.Field]:
        wrong = f"Choose an answer for “{self.label}”"
        return {self.name: ChoiceField(choices=list(self.titles.items()), required=self.required, wrong=wrong)}

    def answer(self, cleaned: dict) -> object:
        key = cleaned.get(self.name)
        return {"pk": int(key), "title": self.titles[key]} if key else None

    def record(self, answer: object) -> Model | None:
        return self.model.objects.filter(pk=answer.get("pk")).first() if isinstance(answer, dict) else None

    def schema(self) -> dict:
        options = [{"const": int(key), "title": title} for key, title in self.titles.items()]
        key = {"type": "integer"} | ({"oneOf": options} if options else {})
        return object_schema({"pk": key, "title": {"type": "string"}}, ["pk"])

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        return {self.name: [str(answer["pk"])]} if isinstance(answer, dict) and "pk" in answer else {}

    def component(self, form: QuestionForm | None) -> dict:
        given = typed(form, self.name)
        options: list[dict[str, Any]] = [{"value": "", "label": "Choose one"}]
        options += [{"value": key, "label": title, "checked": key == given} for key, title in self.titles.items()]
        return super().component(form) | {"options": options}

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, str(answer.get("title", "")) if isinstance(answer, dict) else "")]


class PanelChoice(RecordChoice):
    """A choice of a panel that has members: never a deciding body, such as the Board."""

    type = "panel_choice"
    case_field = "panel"
    model = Panel

    def records(self) -> QuerySet:
        return Panel.objects.with_members().order_by("name").only("pk", "name")

    def titled(self, record: Any) -> str:
        return record.name


class ReviewChoice(RecordChoice):
    """A choice of a review."""

    type = "review_choice"
    case_field = "review"
    model = ReviewPage

    def records(self) -> QuerySet:
        return ReviewPage.objects.order_by("-first_published_at", "title").only("pk", "title")

    def titled(self, record: Any) -> str:
        return record.title


class RecommendationChoice(RecordChoice):
    """A choice of a recommendation, by its number and title."""

    type = "recommendation_choice"
    case_field = "recommendation"
    model = Recommendation

    def records(self) -> QuerySet:
        return Recommendation.objects.order_by("-asked_on", "series", "number").only("pk", "series", "number", "title")

    def titled(self, record: Any) -> str:
        return f"{record.ref}: {record.title}"
