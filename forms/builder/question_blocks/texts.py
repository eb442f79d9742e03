"""Blocks of questions with one text field."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from ...enums import Counts
from ...questions.texts import Email, LongText, Money, Number, Phone, ShortText
from .base import AnswerBlock


class ShortTextBlock(AnswerBlock):
    """A word or a line of text."""

    question = ShortText
    menu_order = 10

    class Meta:
        icon = "minus"
        label = "Short text"
        description = "A word or a line, up to 200 characters."
        preview_value = {"label": "Which estate or street do you live on?"}


class LongTextBlock(AnswerBlock):
    """Several sentences of text."""

    question = LongText
    menu_order = 20

    class Meta:
        icon = "pilcrow"
        label = "Long text"
        description = "Several sentences, up to 5,000 characters, with a count of those left."
        preview_value = {"label": "Why do you want to join?", "hint": "A few lines are enough."}


class EmailBlock(AnswerBlock):
    """An email address."""

    question = Email
    menu_order = 40

    class Meta:
        icon = "mail"
        label = "Email address"
        description = "An email address, checked for its shape."
        preview_value = {"label": "Your email address", "hint": "We only use it about this form."}


class PhoneBlock(AnswerBlock):
    """A telephone number."""

    question = Phone
    menu_order = 50

    class Meta:
        icon = "mobile-alt"
        label = "Phone number"
        description = "A telephone number, however people write it."
        preview_value = {"label": "Your phone number"}


class NumberBlock(AnswerBlock):
    """A number, with optional limits and a unit."""

    question = Number
    menu_order = 110

    unit = blocks.CharBlock(required=False, max_length=20, help_text="Shown after the box, such as hours.")
    minimum = blocks.IntegerBlock(required=False, label="Smallest allowed")
    maximum = blocks.IntegerBlock(required=False, label="Largest allowed")
    decimals = blocks.BooleanBlock(required=False, label="Allow parts, such as 1.5")
    counts = blocks.ChoiceBlock(
        choices=[(kind.value, kind.label) for kind in (Counts.PEOPLE, Counts.HOURS)],
        required=False,
        label="Adds up to",
        help_text="For reports on activity: what this number counts, if anything.",
    )

    def clean(self, value: Any) -> Any:
        """Raise an error if the minimum is above the maximum."""
        cleaned = super().clean(value)
        low, high = cleaned["minimum"], cleaned["maximum"]
        if low is not None and high is not None and low > high:
            message = ValidationError("This is smaller than the smallest allowed.")
            raise blocks.StructBlockValidationError({"maximum": message})
        return cleaned

    class Meta:
        icon = "decimal"
        label = "Number"
        description = "A number, with limits if you set them."
        preview_value = {"label": "How many hours a month could you give?", "unit": "hours"}


class MoneyBlock(AnswerBlock):
    """An amount in pounds."""

    question = Money
    menu_order = 120

    counts = blocks.ChoiceBlock(
        choices=[(Counts.POUNDS.value, Counts.POUNDS.label)],
        required=False,
        label="Adds up to",
        help_text="For reports on activity: choose pounds if this is to be added to the others.",
    )

    class Meta:
        icon = "pick"
        label = "Money"
        description = "An amount in pounds and pence."
        preview_value = {"label": "What did it cost?", "hint": "For example, 12 or 12.50"}
