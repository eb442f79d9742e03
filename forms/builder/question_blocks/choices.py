"""Blocks of multiple-choice questions."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from ...questions.choices import Checkboxes, Radios, Select, YesOrNo
from .base import AnswerBlock


class OptionsBlock(blocks.ListBlock):
    """The options of a question."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            blocks.CharBlock(max_length=150), **{"min_num": 2, "max_num": 100, "default": ["", ""]} | kwargs
        )

    def clean(self, value: Any) -> Any:
        """Raise an error for duplicate options."""
        cleaned = super().clean(value)
        seen: set[str] = set()
        errors = {}
        for index, option in enumerate(cleaned):
            if option in seen:
                errors[index] = ValidationError("This answer is in the list already.")
            seen.add(option)
        if errors:
            raise blocks.list_block.ListBlockValidationError(block_errors=errors)
        return cleaned


class YesNoBlock(AnswerBlock):
    """A yes-or-no question, with an optional follow-up question after a yes."""

    question = YesOrNo
    menu_order = 70

    follow_up = blocks.CharBlock(
        required=False,
        max_length=250,
        label="Question after a yes",
        help_text="Such as: If yes, please give details. Leave empty to ask nothing more.",
    )
    follow_up_required = blocks.BooleanBlock(required=False, label="After a yes, it must be answered")

    class Meta:
        icon = "help"
        label = "Yes or no"
        description = "Yes or no. After a yes it can ask for details."
        preview_value = {
            "label": "Are you involved with us in any other way?",
            "follow_up": "If yes, please give details",
        }


class RadiosBlock(AnswerBlock):
    """A single choice from a few options."""

    question = Radios
    menu_order = 80

    options = OptionsBlock(label="Answers to choose from")

    class Meta:
        icon = "radio-full"
        label = "Choose one"
        description = "One answer from a few, all of them in view."
        preview_value = {
            "label": "Where would you like to meet?",
            "options": ["In person", "By video call", "By phone"],
        }


class CheckboxesBlock(AnswerBlock):
    """Any number of choices from a few options."""

    question = Checkboxes
    menu_order = 90

    options = OptionsBlock(label="Answers to choose from", min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Choose any"
        description = "Any number of answers from a few, all of them in view."
        preview_value = {"label": "When could you come?", "options": ["Mornings", "Afternoons", "Evenings"]}


class SelectBlock(AnswerBlock):
    """A single choice from many options."""

    question = Select
    menu_order = 100

    options = OptionsBlock(label="Answers to choose from")

    class Meta:
        icon = "arrow-down"
        label = "Choose one from a long list"
        description = "One answer from a list that drops down. For fewer than ten answers, Choose one is easier to use."
        preview_value = {"label": "Your area", "options": ["North", "South", "East", "West"]}
