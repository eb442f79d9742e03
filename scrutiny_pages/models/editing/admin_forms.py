"""Admin forms with behaviour beyond their fields. Rules belong to the models."""

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.editing.publish_gate import GatedModelForm
from cms.core.text.cleaning import clean_text


class FormWithRows(WagtailAdminModelForm):
    """A form that sets its child rows (acceptances, decisions ...) on the instance before model validation.

    Otherwise rules about child rows would validate those of the previous save.
    """

    def _post_clean(self) -> None:
        for rows in self.formsets.values():
            if rows.is_valid():
                rows.save(commit=False)
        super()._post_clean()


class AgreementForm(WagtailAdminModelForm):
    """A form that protects accepted versions from deletion."""

    def clean(self) -> dict:
        """Raise ValidationError if an accepted version would be deleted."""
        given = super().clean()
        versions = self.formsets["versions"]
        if versions.is_valid() and any(row.instance.acceptances.exists() for row in versions.deleted_forms):
            raise ValidationError("Members have accepted a version that you would delete. Keep it and add a new one.")
        return given


class RecommendationForm(GatedModelForm):
    """A form that normalises the texts of a recommendation, without artefacts of browsers and pasting."""

    def clean(self) -> dict:
        """Return the cleaned data with normalised texts, so that an export imports unchanged."""
        given = super().clean()
        # In place: Wagtail's own forms look at what they had, not at what is returned.
        given.update({name: clean_text(value) for name, value in given.items() if isinstance(value, str)})
        return given
