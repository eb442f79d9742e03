"""How editors say that something is asked only after a certain answer. Whether that can work: ``conditions.py``."""

import json

from django import forms
from django.utils.functional import cached_property
from wagtail import blocks

from ..questions.base import REGISTRY


class QuestionPicker(forms.TextInput):
    """A box for a question's id, which script turns into a list of the earlier questions by their words."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"data-controller": "question-picker"} | (attrs or {}))

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        """Add the types that can decide, each with its options; none where every question has options of its own."""
        deciding = {
            name: [question.say(option) for option in question.options]
            for name, question in ((name, cls({"id": ""})) for name, cls in REGISTRY.items())
            if question.can_decide
        }
        return super().build_attrs(base_attrs, extra_attrs) | {"data-deciding": json.dumps(deciding)}

    class Media:
        js = ["forms/conditions.js"]


class AnswersPicker(forms.Textarea):
    """A box for answers, one a line, which script turns into the answers of the question that was picked."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"data-controller": "answers-picker", "rows": 2} | (attrs or {}))

    class Media:
        js = ["forms/conditions.js"]


class QuestionIdBlock(blocks.CharBlock):
    """The id of a question of the same form; one of a set is named by the set's place and itself."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 140} | kwargs)
        self.field.widget = QuestionPicker()


class AnswersBlock(blocks.TextBlock):
    """Answers to choose from, one a line."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 4000} | kwargs)

    @cached_property
    def field(self) -> forms.CharField:
        """Return the form field, with the box that script turns into a list."""
        return forms.CharField(widget=AnswersPicker(), **self.field_options)


class ConditionBlock(blocks.StructBlock):
    """An earlier question, and the answers after which this is asked."""

    question = QuestionIdBlock(label="When this question", help_text="Leave empty to ask everybody.")
    answers = AnswersBlock(label="Has one of these answers", help_text="Word for word, as people see them.")

    class Meta:
        icon = "link"
        label = "Ask this only if"
        label_format = "{answers}"
        collapsed = True
