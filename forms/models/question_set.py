"""Questions that several forms ask in the same words."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField

from ..blocks import OwnQuestionsBlock, question_errors


class QuestionSet(models.Model):
    """Questions to use in any form. Forms that are open ask them in their new words from when the set is saved."""

    name = models.CharField(max_length=80, unique=True, help_text="What editors choose it by; not shown in public.")
    questions = StreamField(OwnQuestionsBlock())

    panels = [
        HelpPanel(
            "<p>Every form that uses this set asks in the new words as soon as you save. What was sent before keeps "
            "the words in which it was asked.</p>"
        ),
        FieldPanel("name"),
        FieldPanel("questions"),
    ]

    class Meta:
        ordering = ["name"]

    def clean(self) -> None:
        """Give every question an identity of its own, and refuse what no form could ask.

        The editor's own check is in the block; this one covers what code saves.
        """
        super().clean()
        for block in self.questions:
            block.id = block.id or str(uuid.uuid4())
        if question_errors(self.questions):
            raise ValidationError({"questions": "Two questions are one, or a condition cannot work."})

    def __str__(self) -> str:
        return self.name
