"""The staff screen on which the next step of a recommendation is recorded."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from . import services
from .enums import Answer, Step
from .models import Recommendation
from .permissions import user_can_record_step
from .transitions import open_steps

# How each step is recorded from what the form asks: words, a date and a way of deciding.
TAKE = {
    Step.ACCEPT: lambda given, **who: services.record_answer(
        answer=Answer.ACCEPTED, on=given["on"], reason=given["words"], target=given["date"], **who
    ),
    Step.ACCEPT_PARTLY: lambda given, **who: services.record_answer(
        answer=Answer.PARTLY_ACCEPTED, on=given["on"], reason=given["words"], target=given["date"], **who
    ),
    Step.REFUSE: lambda given, **who: services.record_answer(
        answer=Answer.NOT_ACCEPTED, on=given["on"], reason=given["words"], target=given["date"], **who
    ),
    Step.START: lambda given, **who: services.start_work(on=given["on"], note=given["words"], **who),
    Step.ASK_FOR_TIME: lambda given, **who: services.ask_for_time(
        on=given["on"], until=given["date"], reason=given["words"], **who
    ),
    Step.GRANT_TIME: lambda given, **who: services.decide_time(
        granted=True, on=given["on"], how=given["how"], reason=given["words"], **who
    ),
    Step.REFUSE_TIME: lambda given, **who: services.decide_time(
        granted=False, on=given["on"], how=given["how"], reason=given["words"], **who
    ),
    Step.CLAIM: lambda given, **who: services.claim_done(on=given["on"], evidence=given["words"], **who),
    Step.SEND_BACK: lambda given, **who: services.send_back(
        on=given["on"], reason=given["words"], how=given["how"], **who
    ),
    Step.CONFIRM: lambda given, **who: services.confirm(
        on=given["on"], note=given["words"], how=given["how"], impact_check_on=given["date"], **who
    ),
    Step.CLOSE: lambda given, **who: services.close_undelivered(
        on=given["on"], reason=given["words"], how=given["how"], **who
    ),
    Step.WITHDRAW: lambda given, **who: services.withdraw(on=given["on"], reason=given["words"], **who),
}


class StepForm(forms.Form):
    """What happened, when, why and by what decision."""

    step = forms.ChoiceField(label="What happened", widget=forms.RadioSelect)
    on = forms.DateField(
        label="On", widget=AdminDateInput, help_text="The day it happened, not today if that is later."
    )
    words = forms.CharField(
        label="In words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The reason, the evidence, or a note. The public reads this: name no one.",
    )
    date = forms.DateField(
        label="A date, if this sets one",
        required=False,
        widget=AdminDateInput,
        help_text="The date promised, the later date asked for, or when to check whether it helped.",
    )
    how = forms.CharField(
        label="Decided how",
        required=False,
        max_length=200,
        help_text="For a decision of the panel: the meeting, or the other way, such as email.",
    )

    def __init__(self, *args, recommendation: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        tracking = recommendation.tracking
        asked = tracking.open_request is not None
        steps = open_steps(answer=tracking.answer, delivery=tracking.delivery, time_asked=asked)
        self.fields["step"].choices = [(step.value, step.label) for step in steps]
        self.fields["on"].initial = timezone.localdate()

    def clean(self) -> dict:
        """Refuse a day that has not come, and a request for more time that does not say until when."""
        given = super().clean()
        if given.get("on") and given["on"] > timezone.localdate():
            self.add_error("on", "This day has not come yet.")
        if given.get("step") == Step.ASK_FOR_TIME and not given.get("date") and "date" not in self.errors:
            self.add_error("date", "Say until when.")
        return given


class RecordStepView(WagtailAdminTemplateMixin, FormView):
    """Records the next step of one recommendation."""

    form_class = StepForm
    template_name = "scrutiny_pages/admin/record_step.html"
    page_title = "Record what happened"
    header_icon = "tasks"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not record steps, whatever the method."""
        self.recommendation = get_object_or_404(Recommendation.objects.select_related("tracking"), pk=kwargs["pk"])
        if not user_can_record_step(request.user, self.recommendation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Say which recommendation this is about."""
        return str(self.recommendation)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_recommendation:list"), "label": "Recommendations"}
        return [
            *self.breadcrumbs_items,
            listing,
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def get_form_kwargs(self) -> dict:
        """Tell the form which recommendation, for the steps it may take."""
        return super().get_form_kwargs() | {"recommendation": self.recommendation}

    def get_context_data(self, **kwargs) -> dict:
        """Add where it stands now and what has happened so far."""
        today = timezone.localdate()
        tracking = self.recommendation.tracking
        return super().get_context_data(**kwargs) | {
            "status": tracking.status(today),
            "events": tracking.events.order_by("-on", "-pk"),
            "action_url": self.request.path,
            "submit_button_label": "Record",
            "submit_button_active_label": "Recording…",
        }

    def form_valid(self, form: StepForm) -> HttpResponse:
        """Take the step and show where it now stands; what the rules do not allow is said above the form."""
        given = form.cleaned_data
        try:
            TAKE[given["step"]](given, recommendation=self.recommendation, by=self.request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, f"Recorded for {self.recommendation.ref}.")
        return redirect(self.request.path)
