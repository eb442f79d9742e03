"""Handling groups of forms."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel

from .form_page import FormPage


class FormHandling(models.Model):
    """The groups that handle one form.

    It is separate from the form, so that editing questions gives no access to answers. Without a row, everybody with
    the permission handles the submissions of the form. The row outlives the form.
    """

    form_key = models.UUIDField(unique=True, editable=False)
    form = models.OneToOneField(FormPage, null=True, on_delete=models.SET_NULL, related_name="handling")
    form_title = models.CharField(max_length=255, editable=False)
    groups = models.ManyToManyField(Group, related_name="+", help_text="Only people in one of these see what comes.")

    panels = [
        HelpPanel(
            "<p>Anybody who may handle forms handles what comes with a form, until it is kept to groups here. "
            "Then only people in one of these groups see it. They need the right to handle forms as well.</p>"
        ),
        FieldPanel("form"),
        FieldPanel("groups"),
    ]
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["form_title"]
        verbose_name = "form that is kept to groups"
        verbose_name_plural = "who handles forms"

    def __str__(self) -> str:
        return self.form_title

    def clean(self) -> None:
        """Copy the key and the title of the form, for when the form is deleted."""
        super().clean()
        if self.form is None and self._state.adding:
            raise ValidationError({"form": "Choose the form."})
        if self.form:
            self.form_key, self.form_title = self.form.form_key, self.form.title
