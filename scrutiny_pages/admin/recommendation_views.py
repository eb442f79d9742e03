"""The staff screen on which what happened to a recommendation is recorded.

First the steps that may be taken now, as links; then a small form for the one that is chosen.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ..enums import Step
from ..forms.recommendation_forms import StepForm
from ..models import Recommendation
from ..presenters.recommendations import staff_turns_of
from ..rules.transitions import open_steps, refusal
from ..services import steps_before, where
from ..services.permissions import entries_to_correct, user_can_record_step, user_can_take_step
from .base_views import Choice, ChooseAndRecordView

EARLIER = "This fits only before something that is recorded already. Give the day on which it really happened."


class RecordStepView(ChooseAndRecordView):
    """Records the next step of one recommendation."""

    form_class = StepForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not record steps, whatever the method; know only steps that may be taken."""
        self.object = get_object_or_404(Recommendation.objects.select_related("tracking"), pk=kwargs["pk"])
        if not user_can_record_step(request.user, self.object):
            raise PermissionDenied
        asked = request.POST.get("step") or request.GET.get("step")
        self.earlier = self.allowed(steps_before(self.object.tracking))
        self.chosen = next((step for step in [*self.steps(), *self.earlier] if step == asked), None)
        if request.method == "POST" and not self.chosen:
            return self.refuse(asked)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, asked: str | None) -> HttpResponse:
        """Describe why a step that was sent cannot be taken, beside those that can."""
        unknown = asked not in Step.values
        reason = "Choose what happened." if unknown else refusal(asked, **where(self.object.tracking))
        return self.render_to_response(self.get_context_data(refused=reason or "This is for the involvement team."))

    def steps(self) -> list[Step]:
        """Return the steps that this person may take now."""
        return self.allowed(open_steps(**where(self.object.tracking)))

    def allowed(self, steps: list[Step]) -> list[Step]:
        """Return those of some steps that this person may record."""
        return [step for step in steps if user_can_take_step(self.request.user, self.object, step)]

    def choices(self) -> list[Choice]:
        """Return the steps, each with its way to its form."""
        return self.linked(self.steps())

    def linked(self, steps: list[Step]) -> list[Choice]:
        """Return steps as links to their forms."""
        return [Choice(step.label, f"{self.request.path}?{urlencode({'step': step.value})}") for step in steps]

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_recommendation:list"), "label": "Recommendations"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Return the form which recommendation, and which step."""
        return super().get_form_kwargs() | {
            "recommendation": self.object,
            "step": self.chosen,
            "user": self.request.user,
        }

    def get_initial(self) -> dict:
        """Return the entry whose link was followed, for the form of corrections."""
        return super().get_initial() | {"entry": self.request.GET.get("entry")}

    def get_context_data(self, **kwargs) -> dict:
        """Add where it stands now and what has happened so far, with what only staff see."""
        turns = staff_turns_of(self.object, timezone.localdate())
        more = {"now": self.object.where_it_stands, "turns": turns, "earlier": self.linked(self.earlier)}
        if self.allowed([Step.CORRECT]) and self.chosen != Step.CORRECT:
            found = entries_to_correct(self.request.user, self.object).values_list("pk", flat=True)
            more |= {"correctable": set(found), "correct": self.linked([Step.CORRECT])[0].url}
        return super().get_context_data(**kwargs) | more | {"about": EARLIER if self.chosen in self.earlier else ""}

    def record(self, form: StepForm) -> None:
        """Take the step."""
        form.take(by=self.request.user)
