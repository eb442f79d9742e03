"""What the staff screens share on which it is recorded that something happened."""

import dataclasses

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class RecordView(WagtailAdminTemplateMixin, FormView):
    """A staff screen with one form, that says how things stand and records what happened."""

    template_name = "scrutiny_pages/admin/record_step.html"
    page_title = "Record what happened"
    header_icon = "tasks"
    _show_breadcrumbs = True

    def get_page_subtitle(self) -> str:
        """Describe what this is about."""
        return str(self.object)

    def get_context_data(self, **kwargs) -> dict:
        """Add the words on the form's button, and where it is sent."""
        context = super().get_context_data(**kwargs)
        words = {"submit_button_label": "Record", "submit_button_active_label": "Recording…"}
        form = context["form"]
        # Without it a day has no calendar to choose it from.
        media = form.media if form else None
        return context | words | {"action_url": self.request.path, "media": media}

    def record(self, form: forms.Form) -> None:
        """Write it down; raise ``ValidationError`` for what the rules do not allow."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Record it and show where things now stand; what the rules do not allow is said above the form."""
        try:
            self.record(form)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, "Recorded.")
        return redirect(self.request.path)


@dataclasses.dataclass(frozen=True)
class Choice:
    """Something that can be recorded: in words, and where."""

    words: str
    url: str


class ChooseAndRecordView(RecordView):
    """First what can be recorded now, as links; then a small form for what was chosen."""

    choices_template = "scrutiny_pages/admin/step_choices.html"
    chosen = None

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form | None:
        """Return the form of what was chosen; none while nothing is."""
        return super().get_form(form_class) if self.chosen else None

    def get_context_data(self, **kwargs) -> dict:
        """Add what was chosen, or what can be."""
        more = {"chosen": self.chosen, "choices": self.choices(), "choices_template": self.choices_template}
        return super().get_context_data(**kwargs) | more

    def choices(self) -> list[Choice]:
        """Return what can be recorded now, in one list; none where the screen's own list holds the choices."""
        return []
