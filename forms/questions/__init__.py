"""Question types: form fields, stored answers, conditions and presentation.

To add one, write its class here, and its block in the module of the same name in ``builder/question_blocks``.
"""

from .base import REGISTRY, Question
from .choices import Checkboxes, Radios, Select, YesOrNo
from .files import File
from .others import Content, Declaration, Eligibility
from .parts import Address, Date, Name
from .records import PanelChoice, RecommendationChoice, RecordChoice, ReviewChoice
from .texts import Email, LongText, Money, Number, Phone, ShortText

__all__ = [
    "Address",
    "Checkboxes",
    "Content",
    "Date",
    "Declaration",
    "Eligibility",
    "Email",
    "File",
    "LongText",
    "Money",
    "Name",
    "Number",
    "PanelChoice",
    "Phone",
    "Question",
    "Radios",
    "RecommendationChoice",
    "RecordChoice",
    "ReviewChoice",
    "Select",
    "ShortText",
    "YesOrNo",
    "question_class",
    "question_from",
]


def question_class(type_: str) -> type[Question]:
    """Return the class of a question type; an unknown type is treated as short text."""
    return REGISTRY.get(type_, ShortText)


def question_from(item: dict) -> Question:
    """Return the question for an item of a definition."""
    return question_class(item["type"])(item)
