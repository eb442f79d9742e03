"""What a form and a question set are made of for their editors: sections of questions, and what is wrong at its place.

The types of question are in ``question_blocks``.
"""

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.core.blocks import TextBlock

from ..questions.conditions import Problem
from .condition_blocks import ConditionBlock
from .definition import id_problems, problems_by_place
from .question_blocks import QuestionsBlock


class OwnQuestionsBlock(QuestionsBlock):
    """The questions of a set."""

    def clean(self, value):
        """Refuse what no form could ask: two questions with one identity, or a condition that cannot work."""
        cleaned = super().clean(value)
        errors = question_errors(cleaned)
        if errors:
            raise blocks.StreamBlockValidationError(errors)
        return cleaned

    class Meta:
        collapsed = True


class QuestionSetBlock(blocks.StructBlock):
    """Questions that several forms ask in the same words."""

    question_set = SnippetChooserBlock(
        "forms.QuestionSet",
        help_text="Its questions stand here. When somebody changes the set, this form asks in the new words from then "
        "on; what was sent keeps the old ones.",
    )

    def get_context(self, value, parent_context=None):
        """Add the questions as residents see them."""
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
    """Everything that a section may ask: questions, and sets of them."""

    question_set = QuestionSetBlock()

    class Meta:
        collapsed = True


class SectionBlock(blocks.StructBlock):
    """Questions that belong together."""

    title = blocks.CharBlock(max_length=120, help_text="Such as: Your details.")
    intro = TextBlock(required=False, label="Introduction")
    when = ConditionBlock()
    questions = SectionQuestionsBlock()

    class Meta:
        icon = "list-ol"
        label = "Section"
        label_format = "{title}"
        description = "Questions that belong together, under one heading."


def told(problem: Problem) -> ValidationError:
    """Return the error of a question or section that says what is wrong with its condition, at the box it is in."""
    if not problem.part:
        return blocks.StructBlockValidationError(non_block_errors=[problem.words])
    at_part = blocks.StructBlockValidationError({problem.part: ValidationError(problem.words)})
    return blocks.StructBlockValidationError({"when": at_part})


def question_errors(questions) -> dict[int, ValidationError]:
    """Return what is wrong with the questions of a set, by their place in it."""
    alone = [Lone(questions)]
    problems = {at: blocks.StructBlockValidationError(None, [words]) for (_, at), words in id_problems(alone).items()}
    return problems or {at: told(problem) for (_, at), problem in problems_by_place(alone).items()}


class Lone:
    """Questions outside a form, read as if they were its only section."""

    id = ""
    block_type = "section"

    def __init__(self, questions):
        self.value = {"title": "", "intro": "", "questions": questions}


class SectionsBlock(blocks.StreamBlock):
    """A whole form."""

    section = SectionBlock()

    def clean(self, value):
        """Refuse what would make two questions one: an answer is filed under its question's id."""
        cleaned = super().clean(value)
        errors = {
            place: blocks.StructBlockValidationError(non_block_errors=[problem])
            for place, problem in id_problems(cleaned).items()
        }
        if errors:
            raise at_its_place(errors)
        return cleaned


def at_its_place(errors: dict[tuple[int, int | None], ValidationError]) -> blocks.StreamBlockValidationError:
    """Return the error of a form's sections that says each at its place: section, and question within it."""
    sections: dict[int, dict] = {}
    for (section, question), error in errors.items():
        sections.setdefault(section, {})[question] = error
    return blocks.StreamBlockValidationError({at: _of_section(found) for at, found in sections.items()})


def _of_section(errors: dict[int | None, ValidationError]) -> ValidationError:
    own = errors.pop(None, None)
    within = {"questions": blocks.StreamBlockValidationError(errors)} if errors else {}
    if own is None:
        return blocks.StructBlockValidationError(within)
    return blocks.StructBlockValidationError(own.block_errors | within, own.non_block_errors)
