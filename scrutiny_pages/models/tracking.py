"""What became of a recommendation: kept beside its words, and changed only by the steps in ``services.py``.

Publishing an old draft of the words must not undo a confirmation, so nothing here is part of a draft.
"""

import datetime
from functools import cached_property

from django.conf import settings
from django.db import models

from cms.core.dates import say_date

from ..enums import Answer, Delivery, EventKind, Standing
from ..standing import Status, due_date, standing, status_of


class Tracking(models.Model):
    """The answer, the delivery and the dates of one recommendation."""

    recommendation = models.OneToOneField(
        "scrutiny_pages.Recommendation", on_delete=models.CASCADE, related_name="tracking"
    )
    answer = models.CharField(max_length=16, choices=Answer, default=Answer.AWAITED)
    answer_due = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)
    delivery = models.CharField(max_length=16, choices=Delivery, default=Delivery.NOT_STARTED)
    first_target = models.DateField(null=True, blank=True)
    current_target = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    impact_check_on = models.DateField(null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return f"Tracking of {self.recommendation_id}"

    @property
    def due(self) -> datetime.date | None:
        """Give the date by which the next thing is owed."""
        return due_date(
            answer=self.answer, delivery=self.delivery, answer_due=self.answer_due, target=self.current_target
        )

    def standing(self, on: datetime.date) -> Standing:
        """Say where the recommendation stands on a day."""
        return standing(answer=self.answer, delivery=self.delivery, due=self.due, on=on)

    def is_overdue(self, on: datetime.date) -> bool:
        """Say whether something is owed and its date has passed; agrees with ``overdue()`` of the queryset."""
        return self.standing(on) == Standing.LATE

    def status(self, on: datetime.date) -> Status:
        """Give the status that the public sees on a day."""
        return status_of(self, on)

    @cached_property
    def granted(self) -> list["Extension"]:
        """Give the extensions that were agreed, oldest first."""
        return [extension for extension in self.extensions.all() if extension.granted] if self.pk else []

    @property
    def open_request(self) -> "Extension | None":
        """Give the request for more time that waits for a decision, if there is one."""
        return next((extension for extension in self.extensions.all() if extension.granted is None), None)

    @property
    def promised_dates(self) -> list[dict]:
        """Give every date promised, oldest first; all but the last are superseded (``words``, ``superseded``)."""
        if not self.first_target:
            return []
        dates = [self.first_target, *(extension.asked_for for extension in self.granted)]
        return [{"words": say_date(date), "superseded": number < len(dates)} for number, date in enumerate(dates, 1)]


class Extension(models.Model):
    """More time asked for, and what the checking body said. The first target never changes (G 8)."""

    tracking = models.ForeignKey(Tracking, on_delete=models.CASCADE, related_name="extensions")
    asked_on = models.DateField()
    asked_for = models.DateField(help_text="The new date asked for.")
    reason = models.TextField()
    granted = models.BooleanField(null=True, help_text="Not known until the checking body decides.")
    decided_on = models.DateField(null=True, blank=True)
    decided_how = models.CharField(
        max_length=200, blank=True, help_text="The meeting, or the other way, such as email."
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


class HistoryIsKept(Exception):
    """Raised when code tries to change or delete an entry of a recommendation's history."""


class EventQuerySet(models.QuerySet):
    """Entries of the history: added and read, nothing else."""

    def update(self, **kwargs):
        """Refuse."""
        raise HistoryIsKept("An entry of the history cannot be changed.")

    def delete(self):
        """Refuse."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")

    def told_in_public(self) -> "EventQuerySet":
        """Those that the public may read, newest first."""
        return self.filter(is_public=True).order_by("-on", "-pk")


class Event(models.Model):
    """One turn in the story of a recommendation. Append-only."""

    # What has a history cannot be deleted, only withdrawn or closed.
    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="events")
    on = models.DateField()
    kind = models.CharField(max_length=16, choices=EventKind)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    how = models.CharField("decided how", max_length=200, blank=True)
    is_public = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        """Add an entry; refuse to change one."""
        if not self._state.adding:
            raise HistoryIsKept("An entry of the history cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        """Refuse: history is kept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")
