"""Blocks of forms and question sets: sections of questions, with errors at their place.

The question types are in ``question_blocks``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.blocks import TextBlock

from ..questions.conditions import ConditionError
from .condition_blocks import ConditionBlock
from .definition import id_problems, problems_by_place
from .question_blocks import QuestionsBlock


class OwnQuestionsBlock(QuestionsBlock):
    """The questions of a question set."""

    def clean(self, value: Any) -> Any:
        """Raise an error for duplicate question ids, and for conditions that cannot be met."""
        cleaned = super().clean(value)
        errors = question_errors(cleaned)
        if errors:
            raise blocks.StreamBlockValidationError(errors)
        return cleaned

    class Meta:
        collapsed = True


class QuestionSetBlock(blocks.StructBlock):
    """A reference to a set of questions that several forms share."""

    question_set = SnippetChooserBlock(
        "forms.QuestionSet",
        help_text="Its questions stand here. When somebody changes the set, this form asks in the new words from then "
        "on; what was sent keeps the old ones.",
    )

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the questions to the context of the preview."""
        context = super().get_context(value, parent_context)
        return context | {"questions": value["question_set"].questions if value["question_set"] else []}

    class Meta:
        icon = "copy"
        label = "Question set"
        group = "Other"
        description = "Questions that several forms ask in the same words, kept in one place."
        template = "forms/blocks/question_set.html"
        preview_value = {"question_set": None}


class SectionQuestionsBlock(QuestionsBlock):
    """The content of a section: questions, and question sets."""

    question_set = QuestionSetBlock()

    class Meta:
        collapsed = True


class SectionBlock(blocks.StructBlock):
    """A section of a form, with a title, an introduction, a condition and questions."""

    title = blocks.CharBlock(max_length=120, help_text="Such as: Your details.")
    intro = TextBlock(required=False, label="Introduction")
    when = ConditionBlock()
    questions = SectionQuestionsBlock()

    class Meta:
        icon = "list-ol"
        label = "Section"
        label_format = "{title}"
        description = "Questions that belong together, under one heading."


def condition_error(problem: ConditionError) -> blocks.StructBlockValidationError:
    """Return the validation error of a condition, at the field of the block that it concerns."""
    if not problem.part:
        return blocks.StructBlockValidationError(non_block_errors=[problem.words])
    at_part = blocks.StructBlockValidationError({problem.part: ValidationError(problem.words)})
    return blocks.StructBlockValidationError({"when": at_part})


def question_errors(questions: Any) -> dict[int | None, ValidationError]:
    """Return the errors in the questions of a set, by position."""
    alone = [Lone(questions)]
    problems = {at: blocks.StructBlockValidationError(None, [words]) for (_, at), words in id_problems(alone).items()}
    return problems or {at: condition_error(problem) for (_, at), problem in problems_by_place(alone).items()}


class Lone:
    """A stand-in for a section, to validate the questions of a set as if they were a form's only section."""

    id = ""
    block_type = "section"

    def __init__(self, questions: Any) -> None:
        self.value = {"title": "", "intro": "", "questions": questions}


class SectionsBlock(blocks.StreamBlock):
    """All sections of a form."""

    section = SectionBlock()

    def clean(self, value: Any) -> Any:
        """Raise an error for duplicate ids: an answer is stored under the id of its question."""
        cleaned = super().clean(value)
        errors = {
            place: blocks.StructBlockValidationError(non_block_errors=[problem])
            for place, problem in id_problems(cleaned).items()
        }
        if errors:
            raise at_its_place(errors)
        return cleaned


def at_its_place(
    errors: dict[tuple[int, int | None], blocks.StructBlockValidationError],
) -> blocks.StreamBlockValidationError:
    """Return the validation error of all sections, with each error at its section and question."""
    sections: dict[int, dict] = {}
    for (section, question), error in errors.items():
        sections.setdefault(section, {})[question] = error
    return blocks.StreamBlockValidationError({at: _of_section(found) for at, found in sections.items()})


def _of_section(errors: dict[int | None, blocks.StructBlockValidationError]) -> ValidationError:
    own = errors.pop(None, None)
    within = {"questions": blocks.StreamBlockValidationError(errors)} if errors else {}
    if own is None:
        return blocks.StructBlockValidationError(within)
    return blocks.StructBlockValidationError(own.block_errors | within, own.non_block_errors)
