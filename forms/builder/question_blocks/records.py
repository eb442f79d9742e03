"""Blocks of questions whose answers are public records."""

from ...questions.records import PanelChoice, RecommendationChoice, ReviewChoice
from .base import AnswerBlock


class PanelChoiceBlock(AnswerBlock):
    """A choice of one of the panels."""

    question = PanelChoice
    menu_order = 150

    class Meta:
        icon = "group"
        label = "Choose a panel"
        description = "One of the panels that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which panel is it about?"}


class ReviewChoiceBlock(AnswerBlock):
    """A choice of one of the reviews."""

    question = ReviewChoice
    menu_order = 160

    class Meta:
        icon = "search"
        label = "Choose a review"
        description = "One of the reviews that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which review is it about?"}


class RecommendationChoiceBlock(AnswerBlock):
    """A choice of one of the recommendations."""

    question = RecommendationChoice
    menu_order = 170

    class Meta:
        icon = "check"
        label = "Choose a recommendation"
        description = "One of the recommendations that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which recommendation is it about?"}
