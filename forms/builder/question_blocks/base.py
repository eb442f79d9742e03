"""Base classes of question blocks: settings, preview and position in the editor's menu."""

from typing import Any, ClassVar

from wagtail import blocks

from ...questions import Question, question_from
from ...questions.agreements import in_force
from ..condition_blocks import ConditionBlock
from ..definition import drop_empty

LAST = ["required", "handlers_only", "when"]
BLOCKS: list[type["ItemBlock"]] = []


class ItemBlock(blocks.StructBlock):
    """Any item of a section.

    A block that declares its question class is offered to editors, under the class's type: that name is stored in every
    definition, so it never changes.
    """

    question: ClassVar[type[Question]]
    menu_order = 0  # among the blocks of its group

    when = ConditionBlock()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "question" in vars(cls):
            BLOCKS.append(cls)

    def get_form_layout(self) -> blocks.BlockGroup:
        """Return the layout: settings of the type first, then those that every type has."""
        own = [name for name in self.child_blocks if name not in LAST]
        return blocks.BlockGroup(own + [name for name in LAST if name in self.child_blocks])

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the question's component to the context of the preview."""
        context = super().get_context(value, parent_context)
        settings = {name: setting for name, setting in value.items() if name != "when"}
        question = question_from({"id": "preview", "type": self.name, **in_force(drop_empty(**settings))})
        return context | {"field": question.component(None)}

    class Meta:
        template = "forms/blocks/question.html"


class QuestionBlock(ItemBlock):
    """A question with a label and a hint."""

    label = blocks.CharBlock(max_length=250, label="Question", help_text="As you would ask it face to face.")
    hint = blocks.CharBlock(required=False, max_length=400, help_text="Help that most people need, in a sentence.")

    class Meta:
        group = "Questions"
        label_format = "{label}"


class AnswerBlock(QuestionBlock):
    """A question whose answer is stored."""

    required = blocks.BooleanBlock(required=False, default=True, label="Must be answered")
    handlers_only = blocks.BooleanBlock(
        required=False,
        label="Handlers only",
        help_text="Tick for support needs, health and the like: it is left out of lists, print-outs and exports.",
    )
