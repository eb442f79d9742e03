"""One small form for each step of a recommendation."""

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.editing.day_field import DayField
from cms.core.text.terminology import lazy_words

from .. import services
from ..enums import PANEL_DECISIONS, TIME_DECISIONS, Answer, Impact, Step
from ..models import Action, Event, Recommendation, Role
from ..services.permissions import entries_to_correct
from .decision_fields import DecisionFields


@dataclasses.dataclass(frozen=True)
class StepFields:
    """The fields of one step besides its day: their labels, and the service that applies the step."""

    apply: Callable
    words: str = ""
    words_required: bool = True
    date: str = ""
    date_required: bool = True
    extra: tuple[str, ...] = ()


def _answer(answer: Answer) -> Callable:
    """Return the service that records one kind of answer."""

    def apply(on: datetime.date, words: str = "", date: datetime.date | None = None, **who: Any) -> None:
        services.record_answer(answer=answer, on=on, reason=words, target=date, **who)

    return apply


def _time(*, granted: bool) -> Callable:
    """Return the service that records one decision about an extension."""

    def apply(words: str = "", **decision: Any) -> None:
        services.decide_time(granted=granted, reason=words, **decision)

    return apply


STEP_FIELDS = {
    Step.ANSWER_DUE: StepFields(
        lambda date, **rest: services.set_answer_due(due=date, **rest), date="By when the landlord has to answer"
    ),
    Step.ACCEPT: StepFields(
        _answer(Answer.ACCEPTED),
        words="What the landlord said",
        words_required=False,
        date="By when it will be done",
    ),
    Step.ACCEPT_PARTLY: StepFields(
        _answer(Answer.PARTLY_ACCEPTED),
        words="Which part, and why not the rest",
        date="By when that part will be done",
    ),
    Step.REFUSE: StepFields(_answer(Answer.NOT_ACCEPTED), words="The landlord's reason"),
    Step.START: StepFields(
        lambda words, **rest: services.start_work(note=words, **rest), words="What has started", words_required=False
    ),
    Step.ASK_FOR_TIME: StepFields(
        lambda words, date, **rest: services.ask_for_time(reason=words, until=date, **rest),
        words="Why more time is needed",
        date="Until when",
    ),
    Step.GRANT_TIME: StepFields(_time(granted=True), words="Why it was agreed", words_required=False),
    Step.REFUSE_TIME: StepFields(_time(granted=False), words="Why it was refused"),
    Step.CLAIM: StepFields(
        lambda words, link, **rest: services.claim_done(evidence=words, link=link, **rest),
        words="What evidence the landlord gave",
        extra=("link",),
    ),
    Step.SEND_BACK: StepFields(
        lambda words, **rest: services.send_back(reason=words, **rest), words="What is still missing"
    ),
    Step.CONFIRM: StepFields(
        lambda words, date, **rest: services.confirm(note=words, impact_check_on=date, **rest),
        words=lazy_words("What convinced {residents}"),
        words_required=False,
        date="When to check whether it helped",
        date_required=False,
    ),
    Step.CLOSE: StepFields(
        lambda words, **rest: services.close_undelivered(reason=words, **rest),
        words="Why it is closed without being done",
    ),
    Step.CHECK_IMPACT: StepFields(
        lambda words, date, **rest: services.check_impact(text=words, again_on=date, **rest),
        words="What you found, and how you know",
        date="When to ask again, if you will",
        date_required=False,
        extra=("impact",),
    ),
    Step.PLAN_ACTION: StepFields(
        lambda words, date, **rest: services.plan_action(text=words, due=date, **rest),
        words="What will be done",
        date="By when",
        extra=("owner",),
    ),
    Step.FINISH_ACTION: StepFields(
        lambda words, **rest: services.finish_action(note=words, **rest),
        words="What there is to say about it",
        words_required=False,
        extra=("action",),
    ),
    Step.ESCALATE: StepFields(
        lambda words, **rest: services.escalate(reason=words, **rest), words="Why it is taken further"
    ),
    Step.ESCALATION_REPLY: StepFields(
        lambda words, **rest: services.record_reply(text=words, **rest), words="What they said"
    ),
    Step.REFER: StepFields(
        lambda words, **rest: services.refer(reason=words, **rest), words="Why they should look into it"
    ),
    Step.REWORD: StepFields(
        lambda words, **rest: services.reword(reason=words, **rest), words="What was reworded, and why"
    ),
    Step.WITHDRAW: StepFields(
        lambda words, **rest: services.withdraw(reason=words, **rest), words="Why it is withdrawn"
    ),
    Step.RATIFY: StepFields(
        lambda words, **rest: services.ratify(note=words, **rest),
        words="What there is to say about it",
        words_required=False,
    ),
    Step.NOTE: StepFields(
        lambda words, is_private, **rest: services.add_note(text=words, is_public=not is_private, **rest),
        words="What there is to tell",
        extra=("is_private",),
    ),
    Step.CORRECT: StepFields(
        lambda words, is_private, **rest: services.correct_entry(reason=words, is_public=not is_private, **rest),
        words="What is wrong with it",
        extra=("entry", "is_private"),
    ),
}


class EntryField(forms.ModelChoiceField):
    """A choice of one entry of a history."""

    def label_from_instance(self, entry: Event) -> str:
        """Return the day of an entry, and its headline."""
        return f"{format_date(entry.on)}: {entry.headline}"


class StepForm(DecisionFields, forms.Form):
    """A form with the day and the text of a step, and of the other fields only those that the step needs."""

    step = forms.CharField(widget=forms.HiddenInput)
    on = DayField(label="On", help_text="The day it happened, not today if that is later.")
    impact = forms.ChoiceField(label="Did it help?", choices=Impact, widget=forms.RadioSelect)
    entry = EntryField(Event.objects.none(), label="What was recorded by mistake")
    action = forms.ModelChoiceField(Action.objects.none(), label="Which action is done")
    words = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The public reads this: name no one.",
    )
    owner = forms.ModelChoiceField(Role.objects.all(), label="Which job owns it")
    date = DayField()
    link = forms.URLField(label="Where the evidence can be seen", required=False, assume_scheme="https", max_length=200)
    is_private = forms.BooleanField(label="For staff only: do not show this to the public", required=False)

    def __init__(self, *args: Any, recommendation: Recommendation, step: Step, user: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.recommendation, self.step_fields = recommendation, STEP_FIELDS[step]
        wanted = {"step", "on", *self.step_fields.extra}
        wanted |= {name for name in ("words", "date") if getattr(self.step_fields, name)}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self.fields["step"].initial = step
        if step in PANEL_DECISIONS:
            bodies = recommendation.bodies_that_decide(step)
            review = recommendation.review
            self.add_proof_fields(bodies, user, review=review, is_about_time=step in TIME_DECISIONS)
        else:
            self.fields["on"].initial = timezone.localdate()
        for name in {"words", "date"} & wanted:
            self.fields[name].label = getattr(self.step_fields, name)
            self.fields[name].required = getattr(self.step_fields, f"{name}_required")
        if "entry" in wanted:
            self.fields["entry"].queryset = entries_to_correct(user, recommendation)
            self.fields["on"].label = "Corrected on"
            self.fields["on"].help_text = "The mistake keeps its own day."
            self.fields["is_private"].label = "Take it off the website, and show no reason there"
            self.fields["is_private"].help_text = "Such as when it names a person. If not, the public reads both."
        if "action" in wanted:
            self.fields["action"].queryset = recommendation.tracking.actions.filter(done_on__isnull=True)

    @classmethod
    def describe(cls, recommendation: Recommendation, step: Step, user: Any = None) -> list[dict]:
        """Return the fields of a step, as dicts of ``name``, ``label``, ``help``, ``required``, ``choices``."""
        fields = cls(recommendation=recommendation, step=step, user=user).fields
        return [
            {
                "name": name,
                "label": str(field.label or name),
                "help": str(field.help_text),
                "required": field.required,
                "choices": [
                    {"value": str(value), "label": str(label)}
                    for value, label in getattr(field, "choices", [])
                    if value
                ],
            }
            for name, field in fields.items()
            if name != "step"
        ]

    def clean(self) -> dict:
        """Refuse a day in the future."""
        given = super().clean()
        if given.get("on") and given["on"] > timezone.localdate():
            self.add_error("on", "This day has not come yet.")
        return given

    @transaction.atomic
    def apply(self, by: Any) -> None:
        """Apply the step.

        :raises TransitionNotAllowed: if the rules do not allow it; its message says why.
        """
        given = {name: value for name, value in self.with_proof().items() if name != "step"}
        self.step_fields.apply(recommendation=self.recommendation, by=by, **given)
