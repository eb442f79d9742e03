"""The staff view of confirmed recommendations without an outcome; one click makes each the draft of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.text.terminology import current_words

from ..models import Recommendation
from ..services import TransitionNotAllowed, start_outcome
from ..services.permissions import user_can_start_outcome


class WithoutOutcomeView(WagtailAdminTemplateMixin, TemplateView):
    """A view that lists confirmed recommendations without an outcome, and starts an outcome from one."""

    template_name = "scrutiny_pages/admin/without_outcome.html"
    page_title = "Confirmed, and not yet told"
    header_icon = "comment"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` unless the user may add pages."""
        if not user_can_start_outcome(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs of this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the recommendations."""
        waiting = Recommendation.objects.without_outcome().select_related("tracking", "panel")
        ordered = waiting.order_by("tracking__confirmed_on", "pk")
        return super().get_context_data(**kwargs) | {"waiting": ordered, "words": current_words()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start an outcome from the posted recommendation, and redirect to its editor."""
        asked = request.POST.get("recommendation", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
        recommendation = get_object_or_404(Recommendation, pk=number)
        try:
            outcome = start_outcome(recommendation=recommendation, by=request.user)
        except TransitionNotAllowed as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect(request.path)
        messages.success(request, "The outcome is a draft. Say what difference it made, then publish it.")
        return redirect(reverse("wagtailadmin_pages:edit", args=[outcome.pk]))
