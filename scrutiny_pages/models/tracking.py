"""The state of recommendations: separate from their text, and changed only by the transitions in ``services/``.

Publishing an old draft of the text must not undo a confirmation, so nothing here is part of a draft. The history is
``Event``, which is append-only; all else here is what ``rules/history_replay.py`` derives from it.
"""

import datetime
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from cms.core.dates.formatting import format_date
from cms.core.models.append_only import HistoryIsKept
from cms.core.models.guarded import Guarded, GuardedHistory, GuardedHistoryQuerySet
from cms.core.service_writes import lock_rows, service_write

from ..enums import DELAY_REASON_KINDS, Answer, Delivery, EventKind, Impact, Standing
from ..rules.history_replay import Entry
from ..rules.recommendation_status import Status, due_date, standing, status_of

WRITTEN_BY = "scrutiny_pages.services"
LONGEST_PROOF = 400  # where something was decided, with the name of a panel, and more about it


class Tracking(Guarded):
    """The answer, the delivery and the dates of one recommendation."""

    written_by = WRITTEN_BY

    recommendation = models.OneToOneField(
        "scrutiny_pages.Recommendation", on_delete=models.CASCADE, related_name="tracking"
    )
    answer = models.CharField(max_length=16, choices=Answer, default=Answer.AWAITED)
    answer_due = models.DateField(null=True, blank=True)
    # The day for the answer that came with the arrangement and has no entry: a replay of the history starts from it.
    initial_answer_due = models.DateField(null=True, blank=True, editable=False)
    answered_on = models.DateField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)
    # What the landlord said first, which stays when it answers again after being taken further (W47, H 5.4).
    first_answer = models.CharField(max_length=16, choices=Answer, blank=True)
    first_answered_on = models.DateField(null=True, blank=True)
    delivery = models.CharField(max_length=16, choices=Delivery, default=Delivery.NOT_STARTED)
    first_target = models.DateField(null=True, blank=True)
    current_target = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    impact_check_on = models.DateField(null=True, blank=True)
    impact = models.CharField(max_length=8, choices=Impact, blank=True)
    impact_checked_on = models.DateField(null=True, blank=True)
    ratified_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tracking"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer__in=[Answer.ACCEPTED, Answer.PARTLY_ACCEPTED])
                | models.Q(delivery=Delivery.NOT_STARTED),
                name="tracking_only_accepted_is_delivered",
            ),
            models.CheckConstraint(
                condition=~models.Q(delivery=Delivery.CONFIRMED) | models.Q(confirmed_on__isnull=False),
                name="tracking_confirmed_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(first_target__isnull=True, current_target__isnull=True)
                | models.Q(first_target__isnull=False, current_target__isnull=False),
                name="tracking_both_targets_or_none",
            ),
            models.CheckConstraint(
                condition=models.Q(impact="") | models.Q(delivery=Delivery.CONFIRMED),
                name="tracking_only_confirmed_is_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"Tracking of {self.recommendation_id}"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Load a row, recording the first target so that ``save`` can protect it."""
        tracking = super().from_db(*args, **kwargs)
        tracking._promised_first = tracking.__dict__.get("first_target")
        return tracking

    def save(self, *args: Any, corrected: bool = False, **kwargs: Any) -> None:
        """Save; raise HistoryIsKept if the first target would change (G 8).

        :param corrected: whether the first target was recorded by mistake, and its entry is marked so.
        """
        promised = getattr(self, "_promised_first", None)
        if promised and self.first_target != promised and not corrected:
            raise HistoryIsKept("The first date promised never changes.")
        super().save(*args, **kwargs)
        self._promised_first = self.first_target

    @property
    def due(self) -> datetime.date | None:
        """Return the due date of the next obligation; None while a full meeting has to ratify it."""
        if self.is_unratified:
            return None
        return due_date(
            answer=self.answer, delivery=self.delivery, answer_due=self.answer_due, target=self.current_target
        )

    @cached_property
    def made_without_quorum(self) -> bool:
        """Return whether the meeting that made it had no quorum (K 7.2)."""
        meeting = self.recommendation.made_at if self.recommendation_id else None
        return meeting is not None and not meeting.had_enough

    @property
    def is_unratified(self) -> bool:
        """Return whether it was made without a quorum, and no full meeting has ratified it since (K 7.2)."""
        return self.ratified_on is None and self.made_without_quorum

    def standing(self, on: datetime.date) -> Standing:
        """Return the public status on a day, as an enum member."""
        if self.is_unratified and self.answer != Answer.WITHDRAWN:
            return Standing.UNRATIFIED
        return standing(answer=self.answer, delivery=self.delivery, due=self.due, on=on)

    def is_overdue(self, on: datetime.date) -> bool:
        """Return whether something is owed and its date has passed; agrees with ``overdue()`` of the queryset."""
        return self.standing(on) == Standing.LATE

    def status(self, on: datetime.date) -> Status:
        """Return the public status on a day, with its texts."""
        return status_of(self, on)

    @cached_property
    def granted(self) -> list["Extension"]:
        """Return the extensions that were granted, oldest first."""
        return [extension for extension in self.extensions.all() if extension.granted] if self.pk else []

    @property
    def open_request(self) -> "Extension | None":
        """Return the undecided request for more time, or None."""
        return next((extension for extension in self.extensions.all() if extension.granted is None), None)

    @property
    def open_escalation(self) -> models.Model | None:
        """Return the escalation without a reply, or None."""
        return next((step for step in self.escalations.all() if step.replied_on is None), None) if self.pk else None

    @cached_property
    def delay_reasons(self) -> list["Event"]:
        """Return the public entries that can explain a delay, oldest first."""
        events = self.events.all() if self.pk else []
        mistakes = {event.corrects_id for event in events}
        told = (event for event in events if event.is_public and event.kind in DELAY_REASON_KINDS)
        return [event for event in told if event.pk not in mistakes]

    @property
    def impact_due(self) -> datetime.date | None:
        """Return the due date of the impact check while it is still to be done, else None."""
        return self.impact_check_on if not self.impact or self.impact == Impact.TOO_SOON else None

    @property
    def promised_dates(self) -> list[dict]:
        """Return every target date, oldest first, as ``words`` and ``superseded``, true of all but the last."""
        if not self.first_target:
            return []
        dates = [self.first_target, *(extension.asked_for for extension in self.granted)]
        return [{"words": format_date(date), "superseded": number < len(dates)} for number, date in enumerate(dates, 1)]


def create_tracking(recommendation: Any) -> Tracking:
    """Create the tracking row of a new recommendation, with the due date of the answer.

    The review is locked first: a stage of it that is recorded at the same moment either finds the new row, or has
    already set the date that is read here.
    """
    with service_write(WRITTEN_BY):
        review = recommendation.review
        if review:
            review = lock_rows(type(review).objects.filter(pk=review.pk))[0]
        due = review.answer_due if review else None
        return Tracking.objects.create(recommendation=recommendation, answer_due=due, initial_answer_due=due)


def made_by_event() -> models.ForeignKey:
    """Return a foreign key to the history entry that created a row, for use by corrections."""
    return models.ForeignKey(
        "scrutiny_pages.Event", null=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Extension(Guarded):
    """A request for more time, and the checking body's decision. The first target never changes (G 8)."""

    written_by, locked_with = WRITTEN_BY, "tracking"

    tracking = models.ForeignKey(Tracking, on_delete=models.CASCADE, related_name="extensions")
    event = made_by_event()
    asked_on = models.DateField()
    asked_for = models.DateField(help_text="The new date asked for.")
    reason = models.TextField()
    granted = models.BooleanField(null=True, help_text="Not known until the checking body decides.")
    decided_on = models.DateField(null=True, blank=True)
    decided_how = models.CharField(
        max_length=LONGEST_PROOF, blank=True, help_text="The meeting, or the other way, such as email."
    )
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracking"], condition=models.Q(granted__isnull=True), name="extension_one_open_request"
            ),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True) | models.Q(decided_on__isnull=False),
                name="extension_decision_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"More time until {self.asked_for}"


class Action(Guarded):
    """One dated action that delivers a recommendation (H 6.2, G 7, G 8). Its owner is a job, never a person."""

    written_by, locked_with = WRITTEN_BY, "tracking"

    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="actions")
    event = made_by_event()
    text = models.CharField(max_length=300)
    owner = models.ForeignKey("scrutiny_pages.Role", null=True, on_delete=models.PROTECT, related_name="actions")
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.text


class Evidence(Guarded):
    """The landlord's evidence of completion. Its history entry keeps it permanently."""

    written_by, locked_with = WRITTEN_BY, "tracking"

    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="evidence")
    event = made_by_event()
    on = models.DateField()
    text = models.TextField()
    link = models.URLField(blank=True)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"Evidence of {self.on}"


class EventQuerySet(GuardedHistoryQuerySet):  # type: ignore[override]  # as_manager returns its own manager
    """Entries of the history."""

    def public(self) -> "EventQuerySet":
        """Filter to public entries, latest first, each with its correction if there is one.

        A staff-only correction removes the entry that it corrects from the public history.
        """
        public = self.filter(is_public=True).exclude(correction__is_public=False)
        return public.select_related("meeting", "corrects", "correction").order_by("-on", "-pk")

    def uncorrected(self) -> "EventQuerySet":
        """Exclude entries recorded by mistake, and corrections."""
        return self.filter(correction=None).exclude(kind=EventKind.CORRECTED)

    def correctable(self) -> "EventQuerySet":
        """Filter to entries without a correction, latest first; a correction itself cannot be corrected."""
        return self.uncorrected().order_by("-on", "-pk")


class Event(GuardedHistory):
    """One entry of the history of a recommendation. Append-only."""

    written_by, locked_with = WRITTEN_BY, "tracking"

    # What has a history cannot be deleted, only withdrawn or closed.
    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="events")
    on = models.DateField()
    kind = models.CharField(max_length=16, choices=EventKind)
    title = models.CharField(max_length=120, blank=True, help_text="Empty: the words of its kind.")
    text = models.TextField(blank=True)
    how = models.CharField("decided how", max_length=LONGEST_PROOF, blank=True)
    meeting = models.ForeignKey(
        "scrutiny_pages.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="decided_events"
    )
    # What it changed, as ``rules/history_replay.py`` reads it.
    facts = models.JSONField(default=dict, blank=True, editable=False, encoder=DjangoJSONEncoder)
    corrects = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="correction",
        help_text="The entry that was recorded by mistake.",
    )
    is_public = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = EventQuerySet.as_manager()  # type: ignore[misc]  # declared on the base class too

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        """Return the title, or the label of the kind if there is no title."""
        return self.title or self.get_kind_display()

    @property
    def is_corrected(self) -> bool:
        """Return whether it was recorded by mistake. Needs ``correction`` fetched, or queries it."""
        return getattr(self, "correction", None) is not None

    @property
    def entry(self) -> Entry:
        """Return the entry as the value object of ``rules/history_replay.py``."""
        return Entry(self.pk, self.kind, self.on, self.text, self.how, self.facts, self.title)
