"""Blocks of declarations, eligibility questions and text."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from wagtail import blocks

from cms.core.blocks import TextBlock

from ...enums import YesNo
from ...questions.agreements import agreement_choices
from ...questions.others import Content, Declaration, Eligibility
from .base import AnswerBlock, ItemBlock, QuestionBlock


class DeclarationBlock(AnswerBlock):
    """A declaration to agree to, with the editor's own text or that of an agreement.

    The version that was sent stores the text.
    """

    question = Declaration
    menu_order = 180

    accepts = blocks.ChoiceBlock(
        choices=agreement_choices,
        required=False,
        label="Accepts an agreement",
        help_text="People read its version in force, and who is a member has it recorded when they send this.",
    )
    text = TextBlock(required=False, label="Or your own words", help_text="Used if no agreement is chosen.")
    agreement = blocks.CharBlock(max_length=150, default="I agree", label="Words beside the box")

    def clean(self, value: Any) -> Any:
        """Require an agreement, or a text of the editor's own."""
        cleaned = super().clean(value)
        if not cleaned.get("accepts") and not strip_tags(getattr(cleaned.get("text"), "source", "")).strip():
            raise blocks.StructBlockValidationError(
                block_errors={"text": ValidationError("Write what people agree to, or choose an agreement.")}
            )
        return cleaned

    class Meta:
        icon = "tick-inverse"
        label = "Declaration"
        description = "Words to agree to, and a box to tick."
        preview_value = {
            "label": "Declaration",
            "text": "<p>What I have told you is true as far as I know.</p>",
            "agreement": "I agree",
        }


class RouteBlock(blocks.StructBlock):
    """An alternative page for somebody who is ruled out."""

    page = blocks.PageChooserBlock(required=False, label="Page or form")
    label = blocks.CharBlock(
        required=False, max_length=120, label="Words of the link", help_text="Empty: the title of the page."
    )

    class Meta:
        icon = "redirect"
        label = "Another way for them"
        label_format = "{label}"
        collapsed = True


class EligibilityBlock(QuestionBlock):
    """A yes-or-no question that can rule a person out; the answer is never stored."""

    question = Eligibility
    menu_order = 190

    ruled_out = blocks.ChoiceBlock(choices=YesNo.choices, default=YesNo.NO, label="Ruled out by")
    words = TextBlock(label="What a person who is ruled out reads", help_text="Be kind, and say what else they can do.")
    route = RouteBlock()

    class Meta:
        icon = "lock-open"
        label = "Who can apply"
        description = (
            "A yes or no that can rule a person out, with the words they then read. The answer is never stored."
        )
        preview_value = {
            "label": "Do you live in one of our homes?",
            "ruled_out": "no",
            "words": "<p>You have to be 18 or over.</p>",
        }


class ContentBlock(ItemBlock):
    """Text between questions, without an answer."""

    question = Content
    menu_order = 200

    text = TextBlock()

    class Meta:
        icon = "doc-full"
        label = "Text"
        description = "Words between questions. Nothing is asked."
        group = "Other"
        preview_value = {"text": "<p>The next questions are about you.</p>"}
