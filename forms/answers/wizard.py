"""The wizard: one person's sections of a form, given their answers."""

from functools import cached_property

from django.http import HttpRequest, QueryDict

from ..models import FormVersion
from ..questions import Question, question_from
from ..questions.conditions import visible_questions
from .forms import AnswersForm, questions_in


class FormWizard:
    """The visible sections for what was typed, in order, and which of them are complete."""

    def __init__(self, version: FormVersion, data: QueryDict, done: dict[str, list[str]]):
        self.version, self.data, self.done = version, data, done
        # What is sound counts, whatever else is wrong.
        self.whole.is_valid()
        self.answers = self.whole.answers()
        self.asked = visible_questions(version.definition, self.answers)

    @cached_property
    def whole(self) -> AnswersForm:
        """Return the form of all sections, without what is never stored."""
        return AnswersForm(stored_part(self.version.definition), self.data, version=self.version)

    @property
    def sections(self) -> list[dict]:
        """Return the visible sections."""
        return self.asked["sections"]

    def section(self, section_id: str) -> dict | None:
        """Return a visible section by its id; None if there is none."""
        return next((section for section in self.sections if section["id"] == section_id), None)

    def form(self, section_id: str, request: HttpRequest | None = None) -> AnswersForm:
        """Return the form of one section, with what was typed, and with the files of a request."""
        return AnswersForm(
            self.version.definition,
            self.data,
            request.FILES if request else None,
            section=section_id,
            version=self.version,
            request=request,
        )

    def position(self, section_id: str) -> int:
        """Return the position of a section among the visible ones, from 1."""
        return [section["id"] for section in self.sections].index(section_id) + 1

    def before(self, section_id: str) -> str:
        """Return the id of the previous section; empty for the first."""
        at = self.position(section_id)
        return self.sections[at - 2]["id"] if at > 1 else ""

    @cached_property
    def next_open(self) -> str:
        """Return the id of the first incomplete section; empty if all are complete."""
        return next((section["id"] for section in self.sections if not self.is_complete(section)), "")

    def is_reached(self, section_id: str) -> bool:
        """Return whether all sections before a section are complete."""
        return not self.next_open or self.position(section_id) <= self.position(self.next_open)

    def is_complete(self, section: dict) -> bool:
        """Return whether a section was completed, has gained no question since, and has no errors.

        The fields are compared, besides the errors: eligibility questions are asked, but their answers are never
        stored.
        """
        boxes = field_names(only(self.asked, section))
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


def field_names(definition: dict) -> list[str]:
    """Return the names of all fields of a definition, ignoring conditions."""
    return [name for question in questions_in(definition) for name in question.fields()]


def typed_in(definition: dict, data: QueryDict) -> dict[str, list[str]]:
    """Return the typed values of the fields of a definition, by name, without what is never stored."""
    return {name: data.getlist(name) for name in field_names(stored_part(definition)) if name in data}


def rows_with_places(section: dict, answers: dict) -> list[dict]:
    """Return the answers of a section for review: label, words, and the field that a change links to."""
    asked = [question_from(item) for item in section["questions"]]
    return [
        {"label": label, "words": words, "box": question.name}
        for question in asked
        if question.is_answered
        for label, words in question.format_answer(answers.get(question.id))
    ]
