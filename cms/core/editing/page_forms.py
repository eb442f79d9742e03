"""Admin forms of pages, which validate the page's position in the tree and its expiry."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from cms.core.editing.page_position import hidden_above, paths_below, problem_of_address, problem_of_parents

PUBLISHING = ("action-publish", "action-submit", "action-workflow-action")


class PastExpiryMixin:
    """A form of an object that expires, which can be saved as a draft once its expiry date is past."""

    instance: Any
    data: Mapping[str, Any]
    cleaned_data: dict[str, Any]
    errors: ErrorDict
    _errors: ErrorDict

    def clean(self) -> dict:
        """Keep the submitted expiry, which Wagtail's own form removes."""
        given = super().clean()  # type: ignore[misc]  # a mixin: the form has it
        self._given_expiry = self.cleaned_data.get("expire_at")
        return given

    def _post_clean(self) -> None:
        """Accept an unchanged expiry in the past when saving a draft; validate a changed one as Wagtail does."""
        kept, given = self.instance.expire_at, self._given_expiry
        # Seconds are not shown, so they do not come back.
        is_kept = bool(kept and given) and kept.replace(second=0, microsecond=0) == given
        if is_kept and kept < timezone.now() and not self._publishes() and "go_live_at" not in self.errors:
            self._errors.pop("expire_at", None)
            self.cleaned_data["expire_at"] = kept
        super()._post_clean()  # type: ignore[misc]  # a mixin: the form has it

    def _publishes(self) -> bool:
        return any(action in self.data for action in PUBLISHING)


class SitePageForm(PastExpiryMixin, WagtailAdminPageForm):
    """The base form of every page: it reports what would keep people from seeing the page."""

    def clean(self) -> dict:
        """Refuse an address that the site itself uses, and publishing under a page that is not public."""
        super().clean()
        parent = self.parent_page
        slug = self.cleaned_data.get("slug")
        if parent and slug and (problem := problem_of_address([f"{parent.url_path}{slug}/"])):
            self.add_error("slug", problem)
        self.hidden_parents = hidden_above(parent) if parent and self._publishes() else []
        if problem := problem_of_parents(self.hidden_parents):
            self.add_error(None, problem)
        return self.cleaned_data

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out the model's errors that repeat those of the form."""
        if hasattr(errors, "error_dict"):
            for name in ("slug", NON_FIELD_ERRORS):
                told = {str(words) for words in self.errors.get(name, [])}
                again = [error for error in errors.error_dict.get(name, []) if set(error.messages) <= told]
                if again:
                    errors.error_dict[name] = [error for error in errors.error_dict[name] if error not in again]
            errors.error_dict = {name: found for name, found in errors.error_dict.items() if found}
        super()._update_errors(errors)


class SiteCopyForm(CopyForm):
    """The form that copies a page."""

    def clean(self) -> dict:
        """Refuse a copy at an address that the site itself uses."""
        given = super().clean()
        parent, slug = given.get("new_parent_page") or self.page.get_parent(), given.get("new_slug")
        if slug:
            paths = paths_below(self.page, parent=parent, slug=slug, with_descendants=bool(given.get("copy_subpages")))
            if problem := problem_of_address(paths):
                self.add_error("new_slug", problem)
        return given
