"""The staff screens of a review: it is started from a process, and what happened at its stages is recorded."""

import dataclasses
import datetime
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from cms.core.dates.formatting import format_date
from cms.core.editing.day_field import DayField

from .. import services
from ..enums import Product, StageStep
from ..forms.decision_fields import DecisionFields
from ..models import ReviewPage, ReviewProcess, ReviewStage
from ..rules.stage_dates import NOTHING
from ..services.permissions import user_can_record_stage
from .base_views import Choice, ChooseAndRecordView, RecordView
from .letter_templates import letter_of

WORDS = {
    StageStep.DONE: ("A note, if there is something to say", False),
    StageStep.LEAVE_OUT: ("Why it is not needed", True),
    StageStep.MOVE: ("Why the date moves", True),
    StageStep.SEND_BACK: ("What is missing", True),
}


class StageForm(DecisionFields, forms.Form):
    """What happened at one stage; of the fields, only those that it needs."""

    stage = forms.CharField(widget=forms.HiddenInput)
    what = forms.CharField(widget=forms.HiddenInput)
    on = DayField(label="On", help_text="The day it happened.")
    to = DayField(label="The new date")
    words = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="The public reads this: name no one."
    )

    def __init__(self, *args, review: ReviewPage, stage: ReviewStage, what: StageStep, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.review, self.stage, self.what = review, stage, what
        wanted = {"stage", "what"}
        wanted |= {"on"} if what != StageStep.LEAVE_OUT else set()
        wanted |= {"words"} if what in WORDS else set()
        wanted |= {"to"} if what == StageStep.MOVE else set()
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self.fields["stage"].initial, self.fields["what"].initial = stage.key, what
        if "on" in wanted:
            self.fields["on"].initial = timezone.localdate()
        if "words" in wanted:
            self.fields["words"].label, self.fields["words"].required = WORDS[what]
        if what == StageStep.DONE and stage.signed_off_by:
            self.ask_for_proof([stage.signed_off_by], user, review=review)

    def clean_on(self) -> datetime.date | None:
        """Refuse a day that has not come."""
        on = self.cleaned_data["on"]
        if on and on > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return on

    @transaction.atomic
    def take(self, by) -> None:
        """Write it down.

        :raises StepRefused: in words, for what the rules do not allow.
        """
        given, which = self.with_proof(), {"review": self.review, "stage": self.stage}
        match self.what:
            case StageStep.START:
                services.start_stage(on=given["on"], **which)
            case StageStep.DONE:
                proof = {"how": given.get("how", ""), "meeting": given.get("meeting")}
                services.record_stage(on=given["on"], note=given["words"], **proof, **which)
            case StageStep.LEAVE_OUT:
                services.leave_out_stage(because=given["words"], **which)
            case StageStep.MOVE:
                services.move_stage(to=given["to"], on=given["on"], reason=given["words"], by=by, **which)
            case StageStep.SEND_BACK:
                services.send_back_stage(on=given["on"], reason=given["words"], by=by, **which)


class StartForm(forms.Form):
    """From which process a review takes its stages, how thorough it is, and when it starts."""

    process = forms.ModelChoiceField(ReviewProcess.objects.all(), help_text="Its stages are copied into this review.")
    light_touch = forms.BooleanField(
        label="A light-touch review", required=False, help_text="Some stages are left out or done in proportion."
    )
    on = DayField(label="Starts on", help_text="The planned dates count from here.")

    def __init__(self, *args, review: ReviewPage, **kwargs):
        super().__init__(*args, **kwargs)
        self.review = review
        usual = review.panel.usual_process if review.panel else None
        self.fields["process"].initial = usual or ReviewProcess.objects.first()
        self.fields["on"].initial = timezone.localdate()

    def take(self, by) -> None:
        """Start the review.

        :raises StepRefused: in words, if it has stages or the process has none.
        """
        services.start_review(review=self.review, by=by, **self.cleaned_data)


class ReviewView(RecordView):
    """A staff screen about one review."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not edit the review, whatever the method."""
        self.object = get_object_or_404(ReviewPage.objects.for_listing(), pk=kwargs["pk"])
        if not user_can_record_stage(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the review."""
        review = {"url": reverse("wagtailadmin_pages:edit", args=[self.object.pk]), "label": str(self.object)}
        return [*self.breadcrumbs_items, review, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict:
        """Return the form which review."""
        return super().get_form_kwargs() | {"review": self.object}

    def get_context_data(self, **kwargs) -> dict:
        """Add where the review is."""
        progress = self.object.progress_with_changes
        return super().get_context_data(**kwargs) | {"now": progress.sentence, "turns": progress.turns}

    def record(self, form: StageForm | StartForm) -> None:
        """Write it down."""
        form.take(by=self.request.user)


@dataclasses.dataclass(frozen=True)
class StageRow:
    """A stage in the list of stages: its name, how it stands and by when, and what can be recorded of it."""

    name: str
    words: str
    choices: list[Choice]


class RecordStageView(ChooseAndRecordView, ReviewView):
    """Records what happened at a stage of one review."""

    page_title = "Record a stage"
    form_class = StageForm
    choices_template = "scrutiny_pages/admin/stage_choices.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Read which stage is meant, and what happened to it."""
        asked = request.POST if request.method == "POST" else request.GET
        stages = ReviewStage.objects.filter(review=kwargs["pk"]).select_related("signed_off_by", "role")
        self.stage = next((stage for stage in stages if str(stage.key) == asked.get("stage")), None)
        known = self.stage and asked.get("what") in StageStep.values
        self.chosen = StageStep(asked["what"]) if known else None
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Describe what is missing if no stage was chosen; otherwise write it down."""
        if not self.chosen:
            return self.render_to_response(self.get_context_data(refused="Choose a stage, and what happened."))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """Return the form which stage, and what happened."""
        return super().get_form_kwargs() | {"stage": self.stage, "what": self.chosen, "user": self.request.user}

    def get_context_data(self, **kwargs) -> dict:
        """Add the stages, and about the one that was chosen the words to send at it."""
        about = letter_of(self.object, self.stage) if self.stage else ""
        return super().get_context_data(**kwargs) | {"stages": self.rows(), "stage": self.stage, "about": about}

    def record(self, form: StageForm) -> None:
        """Write it down; with the final report, tell if the review met less often than it should (H 10)."""
        super().record(form)
        problem = self.object.meetings_problem
        if problem and self.chosen == StageStep.DONE and self.stage.produces == Product.FINAL_REPORT:
            messages.warning(self.request, problem.words)

    def choices(self) -> list[Choice]:
        """Do without: each stage has its own."""
        return []

    def rows(self) -> list[StageRow]:
        """Return the stages with what can be recorded at each."""
        dates, happened = self.object.due_dates, self.object.happened
        rows = []
        for stage in self.object.stages.all():
            known = happened.get(stage.key, NOTHING)
            if known.done_on:
                words, steps = f"Done on {format_date(known.done_on)}", [StageStep.DONE, StageStep.SEND_BACK]
            elif known.left_out:
                words, steps = "Not used", [StageStep.START, StageStep.DONE]
            else:
                words, steps = dates[stage.key].sentence, [StageStep.START, StageStep.DONE, StageStep.MOVE]
                steps += [StageStep.LEAVE_OUT] if stage.only_if_needed else []
            choices = [self._choice(stage, step, is_done=bool(known.done_on)) for step in steps]
            rows.append(StageRow(stage.name, words, choices))
        return rows

    def _choice(self, stage: ReviewStage, step: StageStep, *, is_done: bool) -> Choice:
        label = "Correct it" if is_done and step == StageStep.DONE else step.label
        query = urlencode({"stage": stage.key, "what": step.value})
        return Choice(label, f"{self.request.path}?{query}")


class StartReviewView(ReviewView):
    """Starts a review: its process's stages become its own."""

    page_title = "Start this review"
    form_class = StartForm
    header_icon = "date"
