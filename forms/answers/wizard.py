"""One person's way through the sections of a form, as their answers make it."""

from functools import cached_property

from django.http import HttpRequest, QueryDict

from ..models import FormVersion
from ..questions import Question, question_from
from ..questions.conditions import visible_questions
from .forms import AnswersForm, questions_in


class Way:
    """The sections that are asked of somebody who typed this, in order, and how far they have come."""

    def __init__(self, version: FormVersion, data: QueryDict, done: dict[str, list[str]]):
        self.version, self.data, self.done = version, data, done
        # What is sound counts, whatever else is wrong.
        self.whole.is_valid()
        self.answers = self.whole.answers()
        self.asked = visible_questions(version.definition, self.answers)

    @cached_property
    def whole(self) -> AnswersForm:
        """Return the form as one, without what is never stored."""
        return AnswersForm(stored_part(self.version.definition), self.data, version=self.version)

    @property
    def sections(self) -> list[dict]:
        """Return the sections that are asked."""
        return self.asked["sections"]

    def section(self, section_id: str) -> dict | None:
        """Return one of them."""
        return next((section for section in self.sections if section["id"] == section_id), None)

    def form(self, section_id: str, request: HttpRequest | None = None) -> AnswersForm:
        """Return one section as a form, with what was typed, and with the files of a request."""
        return AnswersForm(
            self.version.definition,
            self.data,
            request.FILES if request else None,
            section=section_id,
            version=self.version,
            request=request,
        )

    def position(self, section_id: str) -> int:
        """Return where one stands among those that are asked, from 1."""
        return [section["id"] for section in self.sections].index(section_id) + 1

    def before(self, section_id: str) -> str:
        """Return the id of the section before; empty for the first."""
        at = self.position(section_id)
        return self.sections[at - 2]["id"] if at > 1 else ""

    @cached_property
    def next_open(self) -> str:
        """Return the id of the first section that still has to be answered; empty when there is none."""
        return next((section["id"] for section in self.sections if not self.is_complete(section)), "")

    def is_reached(self, section_id: str) -> bool:
        """Return whether everything before a section is answered."""
        return not self.next_open or self.position(section_id) <= self.position(self.next_open)

    def is_complete(self, section: dict) -> bool:
        """Return whether a section was answered, asks nothing since then that it did not ask, and is right still.

        What was asked is compared, and not only what is wrong: who can apply is asked, but never stored.
        """
        boxes = boxes_in(only(self.asked, section))
        return section["id"] in self.done and set(boxes) <= set(self.done[section["id"]]) - set(self.whole.errors)


def only(definition: dict, section: dict) -> dict:
    """Return a definition with one section."""
    return definition | {"sections": [section]}


def stored_part(definition: dict) -> dict:
    """Return a definition without the questions whose answers are never stored."""

    def is_kept(question: Question) -> bool:
        return question.is_answered or not question.fields()  # a text between questions has no box

    sections = [
        section | {"questions": [item for item in section["questions"] if is_kept(question_from(item))]}
        for section in definition["sections"]
    ]
    return definition | {"sections": sections}


def boxes_in(definition: dict) -> list[str]:
    """Return the names of all boxes of a definition, whatever is asked."""
    return [name for question in questions_in(definition) for name in question.fields()]


def typed_in(definition: dict, data: QueryDict) -> dict[str, list[str]]:
    """Return what was typed into the boxes of a definition, by name, without what is never stored."""
    return {name: data.getlist(name) for name in boxes_in(stored_part(definition)) if name in data}


def rows_with_places(section: dict, answers: dict) -> list[dict]:
    """Return the answers of a section as they are checked: label, words, and the box that a change leads to."""
    asked = [question_from(item) for item in section["questions"]]
    return [
        {"label": label, "words": words, "box": question.name}
        for question in asked
        if question.is_answered
        for label, words in question.told(answers.get(question.id))
    ]
