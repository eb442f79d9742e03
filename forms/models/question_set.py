"""Question sets, which several forms share."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import ReferenceIndex

from ..builder.blocks import OwnQuestionsBlock, question_errors
from ..builder.definition import problems_by_place
from .form_page import FormPage


class QuestionSet(models.Model):
    """A set of questions for use in any form.

    Live forms use the new wording as soon as the set is saved.
    """

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
        """Assign an id to every question, and raise `ValidationError` for questions that no form could use.

        The block validates what an editor enters; this validates what code saves.
        """
        super().clean()
        for block in self.questions:
            block.id = block.id or str(uuid.uuid4())
        if question_errors(self.questions):
            raise ValidationError({"questions": "Two questions are one, or a condition cannot work."})
        if broken := [f"“{form.title}”: {words}" for form in self.used_by() if (words := self._breaks(form))]:
            # One message: the editor's screen shows only the first.
            message = "This would break forms that use the set. Change them first."
            raise ValidationError({"questions": " ".join([message, *broken])})

    def used_by(self) -> list[FormPage]:
        """Return the forms that use this set, live or not, ordered by title."""
        references = ReferenceIndex.get_references_to(self) if self.pk else []
        ids = {reference.object_id for reference in references}
        return list(FormPage.objects.filter(pk__in=[int(key) for key in ids if key.isdigit()]).order_by("title"))

    def _breaks(self, form: FormPage) -> str:
        """Return the new error that this set causes in a live form; a draft is checked when it is published."""
        if not form.live:
            return ""
        before = set(problems_by_place(form.sections).values())
        for section in form.sections:
            for block in section.value["questions"]:
                if block.block_type == "question_set" and block.value["question_set"] == self:
                    block.value["question_set"] = self
        return next((found.words for found in problems_by_place(form.sections).values() if found not in before), "")

    def __str__(self) -> str:
        return self.name
