"""Base classes of the staff views that record events."""

import dataclasses
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class RecordView(WagtailAdminTemplateMixin, FormView):
    """A staff view with one form, which shows the current state and records an event."""

    template_name = "scrutiny_pages/admin/record_step.html"
    page_title = "Record what happened"
    header_icon = "tasks"
    _show_breadcrumbs = True
    object: Any

    def get_page_subtitle(self) -> str:
        """Return the name of the object on which the event is recorded."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the labels of the form's button, the form's media, and the address that it is sent to."""
        context = super().get_context_data(**kwargs)
        words = {"submit_button_label": "Record", "submit_button_active_label": "Recording…"}
        form = context["form"]
        # Without it a day has no calendar to choose it from.
        media = form.media if form else None
        return context | words | {"action_url": self.request.path, "media": media}

    def record(self, form: Any) -> None:
        """Record the event; raise ``ValidationError`` if the rules do not allow it."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Record the event and redirect to this page; show what the rules refuse above the form."""
        try:
            self.record(form)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, "Recorded.")
        return redirect(self.request.path)


@dataclasses.dataclass(frozen=True)
class Choice:
    """A link to the form of an event that can be recorded: its label and its address."""

    words: str
    url: str


class ChooseAndRecordView(RecordView):
    """A view that lists what can be recorded now as links, then shows a small form for the chosen event."""

    choices_template = "scrutiny_pages/admin/step_choices.html"
    chosen: Any = None

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form | None:
        """Return the form of the chosen event, or None if no event is chosen."""
        return super().get_form(form_class) if self.chosen else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the chosen event, or the events to choose from."""
        more = {"chosen": self.chosen, "choices": self.choices(), "choices_template": self.choices_template}
        return super().get_context_data(**kwargs) | more

    def choices(self) -> list[Choice]:
        """Return what can be recorded now; empty if the view's own list holds the choices."""
        return []
