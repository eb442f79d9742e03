"""The staff screens on which what happened is recorded: to a recommendation, and at a stage of a review."""

import datetime

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
from .models import Recommendation, ReviewPage
from .permissions import user_can_record_stage, user_can_record_step
from .stories import turns_of
from .transitions import open_steps

# How each step is recorded from what the form asks: words, a date and a way of deciding.
TAKE = {
    Step.ANSWER_DUE: lambda given, **who: services.set_answer_due(due=given["date"], on=given["on"], **who),
    Step.NOTE: lambda given, **who: services.add_note(on=given["on"], text=given["words"], **who),
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
        help_text="The date promised, the later date asked for, when an answer is due, or when we check if it helped.",
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
        """Refuse a day that has not come."""
        given = super().clean()
        if given.get("on") and given["on"] > timezone.localdate():
            self.add_error("on", "This day has not come yet.")
        return given


class StageForm(forms.Form):
    """Which stage of a review was done, and when."""

    stage = forms.ChoiceField(label="Which stage is done", widget=forms.RadioSelect)
    on = forms.DateField(label="On", widget=AdminDateInput)
    note = forms.CharField(
        label="A note, if there is something to say",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The public reads this: name no one.",
    )

    def __init__(self, *args, review: ReviewPage, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(str(stage.key), stage.name) for stage in review.stages.all()]
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        """Refuse a day that has not come."""
        if self.cleaned_data["on"] > timezone.localdate():
            raise ValidationError("This day has not come yet.")
        return self.cleaned_data["on"]


class RecordView(WagtailAdminTemplateMixin, FormView):
    """A staff screen that says where something stands, what has happened so far, and records what comes next."""

    template_name = "scrutiny_pages/admin/record_step.html"
    page_title = "Record what happened"
    header_icon = "tasks"
    _show_breadcrumbs = True

    def get_page_subtitle(self) -> str:
        """Say what this is about."""
        return str(self.object)

    def get_context_data(self, **kwargs) -> dict:
        """Add the words on the form's button and where it is sent."""
        words = {"submit_button_label": "Record", "submit_button_active_label": "Recording…"}
        return super().get_context_data(**kwargs) | words | {"action_url": self.request.path}

    def record(self, given: dict) -> None:
        """Write it down; raise ``ValidationError`` for what the rules do not allow."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Record it and show where things now stand; what the rules do not allow is said above the form."""
        try:
            self.record(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, "Recorded.")
        return redirect(self.request.path)


class RecordStepView(RecordView):
    """Records the next step of one recommendation."""

    form_class = StepForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not record steps, whatever the method."""
        self.object = get_object_or_404(Recommendation.objects.select_related("tracking"), pk=kwargs["pk"])
        if not user_can_record_step(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_recommendation:list"), "label": "Recommendations"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Tell the form which recommendation, for the steps it may take."""
        return super().get_form_kwargs() | {"recommendation": self.object}

    def get_context_data(self, **kwargs) -> dict:
        """Add where it stands now and what has happened so far."""
        today = timezone.localdate()
        turns = turns_of(self.object, today)
        return super().get_context_data(**kwargs) | {"now": self.object.where_it_stands, "turns": turns}

    def record(self, given: dict) -> None:
        """Take the step."""
        TAKE[given["step"]](given, recommendation=self.object, by=self.request.user)


class RecordStageView(RecordView):
    """Records that a stage of one review is done."""

    form_class = StageForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not edit the review, whatever the method."""
        self.object = get_object_or_404(ReviewPage, pk=kwargs["pk"])
        if not user_can_record_stage(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the review."""
        review = {"url": reverse("wagtailadmin_pages:edit", args=[self.object.pk]), "label": str(self.object)}
        return [*self.breadcrumbs_items, review, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict:
        """Tell the form which review, for its stages."""
        return super().get_form_kwargs() | {"review": self.object}

    def get_context_data(self, **kwargs) -> dict:
        """Add where the review is."""
        progress = self.object.progress
        return super().get_context_data(**kwargs) | {"now": progress.sentence, "turns": progress.turns}

    def record(self, given: dict) -> None:
        """Write down that the stage is done; a second time corrects the first."""
        stage = self.object.stages.get(key=given["stage"])
        services.record_stage(review=self.object, stage=stage, on=given["on"], note=given["note"])
