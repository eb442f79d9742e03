"""Staff views that start a review from a process, and record events at its stages."""

import dataclasses
import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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
from .letter_templates import render_letter

WORDS = {
    StageStep.DONE: ("A note, if there is something to say", False),
    StageStep.LEAVE_OUT: ("Why it is not needed", True),
    StageStep.MOVE: ("Why the date moves", True),
    StageStep.SEND_BACK: ("What is missing", True),
}


class StageForm(DecisionFields, forms.Form):
    """A form for an event at one stage, with only the fields that the event needs."""

    stage = forms.CharField(widget=forms.HiddenInput)
    what = forms.CharField(widget=forms.HiddenInput)
    on = DayField(label="On", help_text="The day it happened.")
    to = DayField(label="The new date")
    words = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="The public reads this: name no one."
    )

    def __init__(
        self, *args: Any, review: ReviewPage, stage: ReviewStage, what: StageStep, user: Any = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.review, self.stage, self.event = review, stage, what
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
            self.add_proof_fields([stage.signed_off_by], user, review=review)

    def clean_on(self) -> datetime.date | None:
        """Refuse a day in the future."""
        on = self.cleaned_data["on"]
        if on and on > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return on

    @transaction.atomic
    def apply(self, by: Any) -> None:
        """Record the event.

        :raises TransitionNotAllowed: if the rules do not allow it; its message says why.
        """
        given = self.with_proof()
        which: dict[str, Any] = {"review": self.review, "stage": self.stage}
        match self.event:
            case StageStep.START:
                services.start_stage(on=given["on"], **which)
            case StageStep.DONE:
                proof: dict[str, Any] = {"how": given.get("how", ""), "meeting": given.get("meeting")}
                services.record_stage(on=given["on"], note=given["words"], **proof, **which)
            case StageStep.LEAVE_OUT:
                services.leave_out_stage(because=given["words"], **which)
            case StageStep.MOVE:
                services.move_stage(to=given["to"], on=given["on"], reason=given["words"], by=by, **which)
            case StageStep.SEND_BACK:
                services.send_back_stage(on=given["on"], reason=given["words"], by=by, **which)


class StartForm(forms.Form):
    """A form for the start of a review: its process, whether it is light-touch, and its first day."""

    process = forms.ModelChoiceField(ReviewProcess.objects.all(), help_text="Its stages are copied into this review.")
    light_touch = forms.BooleanField(
        label="A light-touch review", required=False, help_text="Some stages are left out or done in proportion."
    )
    on = DayField(label="Starts on", help_text="The planned dates count from here.")

    def __init__(self, *args: Any, review: ReviewPage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.review = review
        usual = review.panel.usual_process if review.panel else None
        self.fields["process"].initial = usual or ReviewProcess.objects.first()
        self.fields["on"].initial = timezone.localdate()

    def apply(self, by: Any) -> None:
        """Start the review.

        :raises TransitionNotAllowed: if the review has stages already, or the process has none.
        """
        services.start_review(review=self.review, by=by, **self.cleaned_data)


class ReviewView(RecordView):
    """The base of staff views of one review."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied`, for any method, unless the user may record stages of the review."""
        self.object = get_object_or_404(ReviewPage.objects.for_listing(), pk=kwargs["pk"])
        if not user_can_record_stage(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the review, then this page."""
        review = {"url": reverse("wagtailadmin_pages:edit", args=[self.object.pk]), "label": str(self.object)}
        return [*self.breadcrumbs_items, review, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the review."""
        return super().get_form_kwargs() | {"review": self.object}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the progress of the review."""
        progress = self.object.progress_with_changes
        return super().get_context_data(**kwargs) | {"now": progress.sentence, "timeline": progress.timeline}

    def record(self, form: Any) -> None:
        """Apply the form."""
        form.apply(by=self.request.user)


@dataclasses.dataclass(frozen=True)
class StageRow:
    """A row of the list of stages: a stage's name, its status and due date in words, and what can be recorded at it."""

    name: str
    words: str
    choices: list[Choice]


class RecordStageView(ChooseAndRecordView, ReviewView):
    """A view that records an event at a stage of one review."""

    page_title = "Record a stage"
    form_class = StageForm
    choices_template = "scrutiny_pages/admin/stage_choices.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the chosen stage and event in the parameters."""
        asked = request.POST if request.method == "POST" else request.GET
        stages = ReviewStage.objects.filter(review=kwargs["pk"]).select_related("signed_off_by", "role")
        self.stage = next((stage for stage in stages if str(stage.key) == asked.get("stage")), None)
        known = self.stage and asked.get("what") in StageStep.values
        self.chosen = StageStep(asked["what"]) if known else None
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record the event; show an error if no stage was chosen."""
        if not self.chosen:
            return self.render_to_response(self.get_context_data(refused="Choose a stage, and what happened."))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the stage, the event and the user."""
        return super().get_form_kwargs() | {"stage": self.stage, "what": self.chosen, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the stages, and the letter to send at the chosen one."""
        about = render_letter(self.object, self.stage) if self.stage else ""
        return super().get_context_data(**kwargs) | {"stages": self.rows(), "stage": self.stage, "about": about}

    def record(self, form: Any) -> None:
        """Record the event; with the final report, warn if the review met less often than it should (H 10)."""
        super().record(form)
        problem = self.object.meetings_problem
        if problem and self.chosen == StageStep.DONE and self.stage and self.stage.produces == Product.FINAL_REPORT:
            messages.warning(self.request, problem.words)

    def choices(self) -> list[Choice]:
        """Return nothing: the list of stages holds the choices."""
        return []

    def rows(self) -> list[StageRow]:
        """Return the stages, each with what can be recorded at it."""
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
    """A view that starts a review: the stages of a process are copied into it."""

    page_title = "Start this review"
    form_class = StartForm
    header_icon = "date"
