"""A definition as a Django form, and stored answers as rows to read."""

import dataclasses
from collections.abc import Iterator

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from .questions import Eligibility, Question, question_from


class AnswersForm(forms.Form):
    """The form that a definition asks for: it reads, checks and asks again, and writes nothing."""

    def __init__(self, definition: dict, data: QueryDict | None = None):
        super().__init__(data)
        self.definition = definition
        self.questions = list(questions_in(definition))
        for question in self.questions:
            self.fields.update(question.fields())

    def clean(self) -> dict:
        """Check what concerns several boxes at once."""
        for question in self.questions:
            question.check(self)
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        """Give what to store, by question id: only what was answered, and nothing that is never stored."""
        given = {q.id: q.answer(self.cleaned_data) for q in self.questions if q.is_answered}
        return {question_id: answer for question_id, answer in given.items() if answer is not None}

    def ruled_out_by(self) -> Eligibility | None:
        """Give the first question whose answer rules the person out, whatever else is still wrong."""
        by_type = (question for question in self.questions if isinstance(question, Eligibility))
        return next((question for question in by_type if question.rules_out(self)), None)

    def set_aside_problems(self) -> None:
        """Keep what was typed and say nothing yet of what is wrong."""
        self._errors = ErrorDict()

    def problems(self) -> list[tuple[str, str]]:
        """Give what is wrong in the order of the page, as pairs of box id and message."""
        return [(name, self.errors[name][0]) for name in self.fields if name in self.errors]

    def sections(self) -> list[dict]:
        """Give the sections as the template shows them: title, introduction and what is asked."""
        return [
            {
                "title": section.get("title", ""),
                "intro": section.get("intro", ""),
                "questions": [question_from(item).component(self) for item in section["questions"]],
            }
            for section in self.definition["sections"]
        ]

    def typed(self) -> Iterator[tuple[str, str]]:
        """Give everything that was typed, as names and values, to be carried to the next page."""
        for name in self.data:
            if name.startswith("q-"):
                for value in self.data.getlist(name):
                    yield name, value


def questions_in(definition: dict) -> Iterator[Question]:
    """Give the questions of a definition, in order."""
    for section in definition["sections"]:
        for item in section["questions"]:
            yield question_from(item)


@dataclasses.dataclass(frozen=True)
class Row:
    """One question as it was asked, and the answer in words (empty when there was none)."""

    label: str
    words: str
    handlers_only: bool


@dataclasses.dataclass(frozen=True)
class AnsweredSection:
    """The rows of one section."""

    title: str
    rows: list[Row]


def rows_of(definition: dict, answers: dict) -> list[AnsweredSection]:
    """Give stored answers under the questions that were asked."""
    sections = []
    for section in definition["sections"]:
        asked = [question_from(item) for item in section["questions"]]
        rows = [
            Row(label, words, question.handlers_only)
            for question in asked
            if question.is_answered
            for label, words in question.told(answers.get(question.id))
        ]
        if rows:
            sections.append(AnsweredSection(section.get("title", ""), rows))
    return sections
