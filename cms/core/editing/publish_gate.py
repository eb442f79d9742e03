"""Publish gates: what has to be so before something is public. One rule, behind both doors.

An editor publishes through a form, and gets words; approval, schedule and code publish through the model,
and are refused. Drafts are always saved.
"""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.editing.page_forms import PUBLISHING, PastExpiryMixin, SitePageForm


class PublishGate(models.Model):
    """Something that may only be published when it has no ``publishing_problems``."""

    class Meta:
        abstract = True

    def publishing_problems(self, parent: models.Model | None = None) -> list[str]:
        """Describe in words what keeps this from being published; nothing if it may be.

        :param parent: where it will stand, for a page that is not in the tree yet.
        """
        return []

    def clean(self) -> None:
        """Refuse to be public with problems. An unsaved page says that it is live, so it is not asked yet."""
        super().clean()
        if self.pk and self.live and (problems := self.publishing_problems()):
            raise ValidationError(problems)


class _GateForm:
    """The editor's door: asks for problems when a button that publishes was pressed."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not any(action in self.data for action in PUBLISHING):
            return
        told = set(self.non_field_errors())
        for problem in self.instance.publishing_problems(getattr(self, "parent_page", None)):
            if problem not in told:
                self.add_error(None, problem)


class GatedPageForm(_GateForm, SitePageForm):
    """The form of a page that has a publish gate."""


class GatedModelForm(_GateForm, PastExpiryMixin, WagtailAdminModelForm):
    """The form of a snippet that has a publish gate."""
