"""Versions of forms."""

from django.db import models

from ..enums import FormKind


class FormVersion(models.Model):
    """A version of a form's wording, kept for as long as any submission refers to it.

    It stores its own content: revisions are rewritten and purged, forms are changed and deleted. A question is
    identified by the form and the question's id; its wording is that of the version.
    """

    form = models.ForeignKey("forms.FormPage", null=True, on_delete=models.SET_NULL, related_name="versions")
    form_key = models.UUIDField(db_index=True, help_text="Which form it is of, for good: forms can be deleted.")
    form_title = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=FormKind)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    keep_months = models.PositiveSmallIntegerField(help_text="For how long we said that we keep what is sent with it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["form", "number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="version_number_unique_in_form")]

    def __str__(self) -> str:
        return f"{self.form_title}, version {self.number}"
