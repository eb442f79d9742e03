"""What the admin's forms do besides showing fields. They hold no rules: those are the models'."""

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.editing.publish_gate import GatedModelForm
from cms.core.text.cleaning import clean_text


class FormWithRows(WagtailAdminModelForm):
    """A form whose rows below (acceptances, decisions ...) are in place when the model judges the whole.

    Otherwise a rule that looks at the rows would judge those of last time.
    """

    def _post_clean(self) -> None:
        for rows in self.formsets.values():
            if rows.is_valid():
                rows.save(commit=False)
        super()._post_clean()


class AgreementForm(WagtailAdminModelForm):
    """Keeps the versions that somebody accepted."""

    def clean(self) -> dict:
        """Refuse to delete an accepted version."""
        given = super().clean()
        versions = self.formsets["versions"]
        if versions.is_valid() and any(row.instance.acceptances.exists() for row in versions.deleted_forms):
            raise ValidationError("Members have accepted a version that you would delete. Keep it and add a new one.")
        return given


class RecommendationForm(GatedModelForm):
    """Takes the words of a recommendation as they were meant, without what a browser or a paste adds to them."""

    def clean(self) -> dict:
        """Return the texts cleaned: then a file of them, read back, is the same."""
        given = super().clean()
        # In place: Wagtail's own forms look at what they had, not at what is returned.
        given.update({name: clean_text(value) for name, value in given.items() if isinstance(value, str)})
        return given
