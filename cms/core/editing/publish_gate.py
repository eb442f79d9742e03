"""Publish gates: the conditions of publishing, enforced by the form and by the model.

An editor's form reports the problems; approval, scheduled publishing and code go through the model, which raises
ValidationError. Drafts are always saved.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.editing.page_forms import PUBLISHING, PastExpiryMixin, SitePageForm


class PublishGate(models.Model):
    """A mixin of models that may be published only when ``publishing_problems`` returns nothing."""

    live: Any

    class Meta:
        abstract = True

    def publishing_problems(self, parent: models.Model | None = None) -> list[str]:
        """Return the messages that prevent publishing, or an empty list.

        :param parent: the future parent of a page that is not in the tree yet.
        """
        return []

    def clean(self) -> None:
        """Raise ValidationError if the object is live and has problems.

        An unsaved page is skipped, since its ``live`` defaults to true.
        """
        super().clean()
        if self.pk and self.live and (problems := self.publishing_problems()):
            raise ValidationError(problems)


class _GateForm:
    """A form mixin that checks the publish gate when a publish button was pressed."""

    instance: Any
    data: Mapping[str, Any]
    non_field_errors: Callable[[], Iterable]
    add_error: Callable[[str | None, str], None]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # a mixin: the form has it
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
