"""The staff screen on which what happened to a recommendation is recorded.

First the steps that may be taken now, as links; then a small form for the one that is chosen.
"""

import dataclasses
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .enums import Step
from .models import Recommendation
from .permissions import user_can_record_step, user_can_take_step
from .services import where
from .step_forms import StepForm
from .stories import staff_turns_of
from .transitions import open_steps, refusal


@dataclasses.dataclass(frozen=True)
class Choice:
    """Something that can be recorded: in words, and where."""

    words: str
    url: str


class RecordView(WagtailAdminTemplateMixin, FormView):
    """A staff screen that says where something stands, what has happened so far, and records what comes next."""

    template_name = "scrutiny_pages/admin/record_step.html"
    page_title = "Record what happened"
    header_icon = "tasks"
    choices_template = "scrutiny_pages/admin/step_choices.html"
    # Whether there are several things to record, of which one has to be chosen first.
    has_choices = False
    chosen = None
    _show_breadcrumbs = True

    def get_page_subtitle(self) -> str:
        """Say what this is about."""
        return str(self.object)

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form | None:
        """Give the form; none while it is still to be chosen which."""
        return None if self.has_choices and not self.chosen else super().get_form(form_class)

    def get_context_data(self, **kwargs) -> dict:
        """Add the choices, the words on the form's button, and where it is sent."""
        words = {"submit_button_label": "Record", "submit_button_active_label": "Recording…"}
        more = {"action_url": self.request.path, "chosen": self.chosen, "choices": self.choices()}
        return super().get_context_data(**kwargs) | words | more | {"choices_template": self.choices_template}

    def choices(self) -> list[Choice]:
        """Give what can be recorded now, where there is a choice."""
        return []

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


class RecordStepView(RecordView):
    """Records the next step of one recommendation."""

    form_class = StepForm
    has_choices = True

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not record steps, whatever the method; know only steps that may be taken now."""
        self.object = get_object_or_404(Recommendation.objects.select_related("tracking"), pk=kwargs["pk"])
        if not user_can_record_step(request.user, self.object):
            raise PermissionDenied
        asked = request.POST.get("step") or request.GET.get("step")
        self.chosen = next((step for step in self.steps() if step == asked), None)
        if request.method == "POST" and not self.chosen:
            return self.refuse(asked)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, asked: str | None) -> HttpResponse:
        """Say why a step that was sent cannot be taken, beside those that can."""
        unknown = asked not in Step.values
        reason = "Choose what happened." if unknown else refusal(asked, **where(self.object.tracking))
        return self.render_to_response(self.get_context_data(refused=reason or "This is for the involvement team."))

    def steps(self) -> list[Step]:
        """Give the steps that this person may take now."""
        allowed = open_steps(**where(self.object.tracking))
        return [step for step in allowed if user_can_take_step(self.request.user, self.object, step)]

    def choices(self) -> list[Choice]:
        """Give the steps, each with its way to its form."""
        return [Choice(step.label, f"{self.request.path}?{urlencode({'step': step.value})}") for step in self.steps()]

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_recommendation:list"), "label": "Recommendations"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Tell the form which recommendation, and which step."""
        return super().get_form_kwargs() | {"recommendation": self.object, "step": self.chosen}

    def get_context_data(self, **kwargs) -> dict:
        """Add where it stands now and what has happened so far, with what only staff see."""
        turns = staff_turns_of(self.object, timezone.localdate())
        return super().get_context_data(**kwargs) | {"now": self.object.where_it_stands, "turns": turns}

    def record(self, form: StepForm) -> None:
        """Take the step."""
        form.take(by=self.request.user)
