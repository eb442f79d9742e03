"""What each step of a recommendation asks of the person who records it: one small form a step."""

import dataclasses
import datetime
from collections.abc import Callable

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
class Asks:
    """What one step asks besides the day: labels of its fields, and the service that takes the answers."""

    take: Callable
    words: str = ""
    words_required: bool = True
    date: str = ""
    date_required: bool = True
    extra: tuple[str, ...] = ()


def _answer(answer: Answer) -> Callable:
    """Return the service for one answer."""

    def take(on: datetime.date, words: str = "", date: datetime.date | None = None, **who) -> None:
        services.record_answer(answer=answer, on=on, reason=words, target=date, **who)

    return take


def _time(*, granted: bool) -> Callable:
    """Return the service for one decision about more time."""

    def take(words: str = "", **decision) -> None:
        services.decide_time(granted=granted, reason=words, **decision)

    return take


ASKS = {
    Step.ANSWER_DUE: Asks(
        lambda date, **rest: services.set_answer_due(due=date, **rest), date="By when the landlord has to answer"
    ),
    Step.ACCEPT: Asks(
        _answer(Answer.ACCEPTED),
        words="What the landlord said",
        words_required=False,
        date="By when it will be done",
    ),
    Step.ACCEPT_PARTLY: Asks(
        _answer(Answer.PARTLY_ACCEPTED),
        words="Which part, and why not the rest",
        date="By when that part will be done",
    ),
    Step.REFUSE: Asks(_answer(Answer.NOT_ACCEPTED), words="The landlord's reason"),
    Step.START: Asks(
        lambda words, **rest: services.start_work(note=words, **rest), words="What has started", words_required=False
    ),
    Step.ASK_FOR_TIME: Asks(
        lambda words, date, **rest: services.ask_for_time(reason=words, until=date, **rest),
        words="Why more time is needed",
        date="Until when",
    ),
    Step.GRANT_TIME: Asks(_time(granted=True), words="Why it was agreed", words_required=False),
    Step.REFUSE_TIME: Asks(_time(granted=False), words="Why it was refused"),
    Step.CLAIM: Asks(
        lambda words, link, **rest: services.claim_done(evidence=words, link=link, **rest),
        words="What evidence the landlord gave",
        extra=("link",),
    ),
    Step.SEND_BACK: Asks(lambda words, **rest: services.send_back(reason=words, **rest), words="What is still missing"),
    Step.CONFIRM: Asks(
        lambda words, date, **rest: services.confirm(note=words, impact_check_on=date, **rest),
        words=lazy_words("What convinced {residents}"),
        words_required=False,
        date="When to check whether it helped",
        date_required=False,
    ),
    Step.CLOSE: Asks(
        lambda words, **rest: services.close_undelivered(reason=words, **rest),
        words="Why it is closed without being done",
    ),
    Step.CHECK_IMPACT: Asks(
        lambda words, date, **rest: services.check_impact(text=words, again_on=date, **rest),
        words="What you found, and how you know",
        date="When to ask again, if you will",
        date_required=False,
        extra=("impact",),
    ),
    Step.PLAN_ACTION: Asks(
        lambda words, date, **rest: services.plan_action(text=words, due=date, **rest),
        words="What will be done",
        date="By when",
        extra=("owner",),
    ),
    Step.FINISH_ACTION: Asks(
        lambda words, **rest: services.finish_action(note=words, **rest),
        words="What there is to say about it",
        words_required=False,
        extra=("action",),
    ),
    Step.ESCALATE: Asks(lambda words, **rest: services.escalate(reason=words, **rest), words="Why it is taken further"),
    Step.ESCALATION_REPLY: Asks(
        lambda words, **rest: services.record_reply(text=words, **rest), words="What they said"
    ),
    Step.REFER: Asks(lambda words, **rest: services.refer(reason=words, **rest), words="Why they should look into it"),
    Step.REWORD: Asks(lambda words, **rest: services.reword(reason=words, **rest), words="What was reworded, and why"),
    Step.WITHDRAW: Asks(lambda words, **rest: services.withdraw(reason=words, **rest), words="Why it is withdrawn"),
    Step.RATIFY: Asks(
        lambda words, **rest: services.ratify(note=words, **rest),
        words="What there is to say about it",
        words_required=False,
    ),
    Step.NOTE: Asks(
        lambda words, is_private, **rest: services.add_note(text=words, is_public=not is_private, **rest),
        words="What there is to tell",
        extra=("is_private",),
    ),
    Step.CORRECT: Asks(
        lambda words, is_private, **rest: services.correct_entry(reason=words, is_public=not is_private, **rest),
        words="What is wrong with it",
        extra=("entry", "is_private"),
    ),
}


class EntryField(forms.ModelChoiceField):
    """A choice of one entry of a history."""

    def label_from_instance(self, entry: Event) -> str:
        """Return the day of an entry, and what happened."""
        return f"{format_date(entry.on)}: {entry.headline}"


class StepForm(DecisionFields, forms.Form):
    """When something happened and in what words; of the other fields, only those that its step asks for."""

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

    def __init__(self, *args, recommendation: Recommendation, step: Step, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.recommendation, self.asks = recommendation, ASKS[step]
        wanted = {"step", "on", *self.asks.extra}
        wanted |= {name for name in ("words", "date") if getattr(self.asks, name)}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self.fields["step"].initial = step
        if step in PANEL_DECISIONS:
            bodies = recommendation.bodies_that_decide(step)
            review = recommendation.review
            self.ask_for_proof(bodies, user, review=review, is_about_time=step in TIME_DECISIONS)
        else:
            self.fields["on"].initial = timezone.localdate()
        for name in {"words", "date"} & wanted:
            self.fields[name].label = getattr(self.asks, name)
            self.fields[name].required = getattr(self.asks, f"{name}_required")
        if "entry" in wanted:
            self.fields["entry"].queryset = entries_to_correct(user, recommendation)
            self.fields["on"].label = "Corrected on"
            self.fields["on"].help_text = "The mistake keeps its own day."
            self.fields["is_private"].label = "Take it off the website, and show no reason there"
            self.fields["is_private"].help_text = "Such as when it names a person. If not, the public reads both."
        if "action" in wanted:
            self.fields["action"].queryset = recommendation.tracking.actions.filter(done_on__isnull=True)

    @classmethod
    def asked(cls, recommendation: Recommendation, step: Step, user=None) -> list[dict]:
        """Describe what a step asks for, for programs (``name``, ``label``, ``help``, ``required``, ``choices``)."""
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
        """Refuse a day that has not come."""
        given = super().clean()
        if given.get("on") and given["on"] > timezone.localdate():
            self.add_error("on", "This day has not come yet.")
        return given

    @transaction.atomic
    def take(self, by) -> None:
        """Take the step.

        :raises StepRefused: in words, for what the rules do not allow.
        """
        given = {name: value for name, value in self.with_proof().items() if name != "step"}
        self.asks.take(recommendation=self.recommendation, by=by, **given)
