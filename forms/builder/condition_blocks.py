"""Blocks in which editors set conditions; ``conditions.py`` checks that they can be met."""

import json
from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail import blocks

from ..questions.base import REGISTRY


class QuestionPicker(forms.TextInput):
    """A text input for a question id, which a script turns into a list of the earlier questions."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"data-controller": "question-picker"} | (attrs or {}))

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        """Add the question types that a condition can refer to, each with its fixed options.

        The list is empty for a type whose questions have options of their own.
        """
        deciding = {
            name: [question.format_option(option) for option in question.options]
            for name, question in ((name, cls({"id": ""})) for name, cls in REGISTRY.items())
            if question.can_decide
        }
        return super().build_attrs(base_attrs, extra_attrs) | {"data-deciding": json.dumps(deciding)}

    class Media:
        js = ["forms/conditions.js"]


class AnswersPicker(forms.Textarea):
    """A text area for answers, one a line, which a script turns into the options of the chosen question."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"data-controller": "answers-picker", "rows": 2} | (attrs or {}))

    class Media:
        js = ["forms/conditions.js"]


class QuestionIdBlock(blocks.CharBlock):
    """The id of a question of the same form; a question of a set is addressed as set block and question."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 140} | kwargs)
        self.field.widget = QuestionPicker()


class AnswersBlock(blocks.TextBlock):
    """Answers to choose from, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 4000} | kwargs)

    @cached_property
    def field(self) -> forms.CharField:
        """Return the form field, with the widget that a script turns into a list."""
        return forms.CharField(widget=AnswersPicker(), **self.field_options)


class ConditionBlock(blocks.StructBlock):
    """A condition: an earlier question, and the answers for which this item is shown."""

    question = QuestionIdBlock(label="When this question", help_text="Leave empty to ask everybody.")
    answers = AnswersBlock(label="Has one of these answers", help_text="Word for word, as people see them.")

    class Meta:
        icon = "link"
        label = "Ask this only if"
        label_format = "{answers}"
        collapsed = True
