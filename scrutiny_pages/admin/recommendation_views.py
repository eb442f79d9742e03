"""The staff view that records the steps of a recommendation.

It lists the steps that are open as links, then shows a small form for the chosen one.
"""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ..enums import Step
from ..forms.recommendation_forms import StepForm
from ..models import Recommendation
from ..presenters.recommendations import staff_timeline
from ..rules.transitions import open_steps, refusal
from ..services import current_state, steps_before
from ..services.permissions import entries_to_correct, user_can_apply_step, user_can_record_step
from .base_views import Choice, ChooseAndRecordView

EARLIER = "This fits only before something that is recorded already. Give the day on which it really happened."


class RecordStepView(ChooseAndRecordView):
    """A view that records the next step of one recommendation."""

    form_class = StepForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied`, for any method, unless the user may record steps; find the chosen step."""
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
        """Render why a posted step cannot be recorded, beside the steps that can."""
        unknown = asked not in Step.values
        reason = "Choose what happened." if unknown else refusal(str(asked), **current_state(self.object.tracking))
        return self.render_to_response(self.get_context_data(refused=reason or "This is for the involvement team."))

    def steps(self) -> list[Step]:
        """Return the steps that are open to this user now."""
        return self.allowed(open_steps(**current_state(self.object.tracking)))

    def allowed(self, steps: list[Step]) -> list[Step]:
        """Return those of the steps that this user may record."""
        return [step for step in steps if user_can_apply_step(self.request.user, self.object, step)]

    def choices(self) -> list[Choice]:
        """Return the open steps, each with a link to its form."""
        return self.linked(self.steps())

    def linked(self, steps: list[Step]) -> list[Choice]:
        """Return steps as links to their forms."""
        return [Choice(step.label, f"{self.request.path}?{urlencode({'step': step.value})}") for step in steps]

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the list of recommendations, then this page."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_recommendation:list"), "label": "Recommendations"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the recommendation and the step."""
        return super().get_form_kwargs() | {
            "recommendation": self.object,
            "step": self.chosen,
            "user": self.request.user,
        }

    def get_initial(self) -> dict:
        """Preselect the entry in the `entry` query parameter, for the form of corrections."""
        return super().get_initial() | {"entry": self.request.GET.get("entry")}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the current status and the whole history, with what only staff see."""
        timeline = staff_timeline(self.object, timezone.localdate())
        more = {"now": self.object.where_it_stands, "timeline": timeline, "earlier": self.linked(self.earlier)}
        if self.allowed([Step.CORRECT]) and self.chosen != Step.CORRECT:
            found = entries_to_correct(self.request.user, self.object).values_list("pk", flat=True)
            more |= {"correctable": set(found), "correct": self.linked([Step.CORRECT])[0].url}
        return super().get_context_data(**kwargs) | more | {"about": EARLIER if self.chosen in self.earlier else ""}

    def record(self, form: Any) -> None:
        """Apply the step."""
        form.apply(by=self.request.user)
