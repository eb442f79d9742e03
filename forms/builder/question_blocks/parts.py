"""Blocks of questions with several fields."""

from ...questions.parts import Address, Date, Name
from .base import AnswerBlock


class NameBlock(AnswerBlock):
    """A person's title, first name and surname: one question in three fields."""

    question = Name
    menu_order = 30

    class Meta:
        icon = "user"
        label = "Name"
        description = "Title, first name and surname, in three boxes that browsers can fill in. One name is enough."
        preview_value = {"label": "Your name"}


class AddressBlock(AnswerBlock):
    """A postal address."""

    question = Address
    menu_order = 60

    class Meta:
        icon = "home"
        label = "Address"
        description = "A postal address in five boxes that browsers can fill in."
        preview_value = {"label": "Your address"}


class DateBlock(AnswerBlock):
    """A date that people know: day, month and year."""

    question = Date
    menu_order = 130

    class Meta:
        icon = "date"
        label = "Date"
        description = "A date that people know, typed as day, month and year."
        preview_value = {"label": "When did your tenancy start?", "hint": "For example, 27 3 2019"}
