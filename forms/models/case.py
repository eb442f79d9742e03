"""Models of cases: the state of a submission, its deadlines, its handler and its history."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cms.core.dates.bank_holidays import CALENDARS
from cms.core.models.guarded import Guarded, GuardedHistory, GuardedQuerySet
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import DeadlineRule

from ..enums import CaseEventKind, CaseState
from ..rules.case_deadlines import due_now, is_late, strict_day, was_late
from ..rules.case_states import CLOSED, OUTCOMES, is_closed, outcome_of, status_text
from .regime import Regime
from .submission import Submission

WRITTEN_BY = "forms.cases.services"


class CaseQuerySet(GuardedQuerySet):
    """A queryset of cases, with filters for open, late and undated ones by the same rules as one ``Case``."""

    def open(self) -> "CaseQuerySet":
        """Filter to cases on which work is left; quarantined cases are excluded."""
        return self.exclude(state__in=CLOSED).filter(is_quarantined=False)

    def late(self, on: datetime.date) -> "CaseQuerySet":
        """Filter to cases whose answer or review is late on a day."""
        stopped = Exists(CasePause.objects.filter(case=OuterRef("pk"), ended_on=None))
        review = Q(state=CaseState.IN_REVIEW)
        owed = Q(~review, due_on__lt=on) | Q(review, review_due_on__lt=on)
        return self.exclude(state__in=[*CLOSED, CaseState.OUTSIDE_BODY]).filter(owed).exclude(stopped)

    def answered_late(self) -> "CaseQuerySet":
        """Filter to cases that were first answered after their due date."""
        return self.filter(answered_on__gt=F("due_on"))

    def undated(self) -> "CaseQuerySet":
        """Filter to cases that have an answer rule but no due date, because it could not be counted."""
        return self.filter(first_due_on=None, answer_amount__isnull=False).select_related("regime")

    def undated_reviews(self) -> "CaseQuerySet":
        """Filter to cases that are under review by a rule, and have no due date for the review."""
        owed = self.filter(state=CaseState.IN_REVIEW, review_due_on=None, regime__review_amount__isnull=False)
        return owed.select_related("regime")

    def with_outcome(self) -> "CaseQuerySet":
        """Annotate ``came_to``: the outcome of each case, or its state if it has none.

        An outcome stands while the case is reviewed.
        """
        answers = CaseEvent.objects.filter(case=OuterRef("pk"), state__in=OUTCOMES).order_by("-at", "-pk")
        last = Coalesce(Subquery(answers.values("state")[:1]), F("state"))
        return self.annotate(came_to=Either(When(state__in=OUTCOMES, then=F("state")), default=last))

    def to_acknowledge(self, on: datetime.date) -> "CaseQuerySet":
        """Filter to open cases that are not acknowledged although the date for it has passed."""
        return self.open().filter(acknowledged_on=None, acknowledge_by__lt=on)


class Case(Guarded):
    """The case of one submission, changed only by the services in ``forms/cases``.

    Lateness is derived, never stored.
    """

    written_by = WRITTEN_BY

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="case")
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.RECEIVED, db_index=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    regime = models.ForeignKey(Regime, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    panel = models.ForeignKey(
        "scrutiny_pages.Panel", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    review = models.ForeignKey(
        "scrutiny_pages.ReviewPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recommendation = models.ForeignKey(
        "scrutiny_pages.Recommendation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_on = models.DateField()
    acknowledge_by = models.DateField(null=True, blank=True)
    acknowledged_on = models.DateField(null=True, blank=True)
    # The rule by which it is dated, as it was when it came: a regime may change later.
    answer_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    answer_unit = models.CharField(max_length=16, choices=DeadlineUnit, blank=True)
    answer_rolls = models.BooleanField(default=False)
    calendar = models.CharField(max_length=20, choices=[*CALENDARS.items()], blank=True)
    first_due_on = models.DateField(null=True, blank=True, help_text="Fixed when it came. It never changes.")
    due_on = models.DateField(null=True, blank=True, help_text="By when, with pauses and more time counted in.")
    answered_on = models.DateField(null=True, blank=True, help_text="The day of the first answer. It stays.")
    review_due_on = models.DateField(null=True, blank=True, help_text="By when we look at it again.")
    closed_on = models.DateField(null=True, blank=True)
    refusal_reason = models.CharField(max_length=200, blank=True)
    interview_at = models.DateTimeField(null=True, blank=True)
    interview_place = models.CharField(max_length=200, blank=True)
    is_quarantined = models.BooleanField("set aside as spam", default=False)
    membership = models.ForeignKey(
        "scrutiny_pages.Membership", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CaseQuerySet.as_manager()  # type: ignore[misc]  # a class variable of Guarded

    # Private rows are indexed nowhere.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return self.submission.reference

    @property
    def kind(self) -> str:
        """Return the kind of form that the submission came with."""
        return self.submission.version.kind

    @property
    def rule(self) -> DeadlineRule | None:
        """Return the rule by which the due date was counted at receipt; None if there was none."""
        if self.answer_amount is None:
            return None
        return DeadlineRule(DeadlineUnit(self.answer_unit), self.answer_amount, rolls=self.answer_rolls)

    @property
    def acknowledge_early(self) -> datetime.date | None:
        """Return the date by which staff should acknowledge it: that of the stricter reading of the law."""
        if self.regime is None or self.acknowledge_by is None:
            return self.acknowledge_by
        strict = strict_day(self.regime.rule("acknowledge"), self.received_on)
        return min(strict or self.acknowledge_by, self.acknowledge_by)

    @property
    def outcome(self) -> str:
        """Return the outcome, or the state if there is none: the same as ``CaseQuerySet.with_outcome``."""
        return outcome_of(self.state, [event.state for event in self.events.all()])

    @property
    def is_closed(self) -> bool:
        """Return whether the case is closed."""
        return is_closed(self.state)

    @property
    def is_stopped(self) -> bool:
        """Return whether the clock is stopped because we are waiting for the person."""
        return any(pause.ended_on is None for pause in self.pauses.all())

    @property
    def due_now(self) -> datetime.date | None:
        """Return the date by which the answer, or the review, is due now."""
        return due_now(
            state=self.state, due_on=self.due_on, review_due_on=self.review_due_on, is_stopped=self.is_stopped
        )

    def is_late(self, on: datetime.date) -> bool:
        """Return whether the case is late on a day: the same as ``CaseQuerySet.late``."""
        return is_late(self.due_now, on)

    @property
    def was_late(self) -> bool:
        """Return whether the case was first answered late: the same as ``CaseQuerySet.answered_late``."""
        return was_late(self.due_on, self.answered_on)

    @property
    def status_text(self) -> str:
        """Return the text about the current state that the person reads."""
        return status_text(self.kind, self.state)


class CaseEvent(GuardedHistory):
    """An event in the history of a case. Rows are append-only.

    Internal events are not shown to the person.
    """

    written_by, locked_with = WRITTEN_BY, "case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=CaseEventKind)
    state = models.CharField(max_length=16, choices=CaseState, blank=True, help_text="The state it moved to.")
    on = models.DateField()
    text = models.TextField(blank=True)
    is_internal = models.BooleanField("for staff only", default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class CasePause(Guarded):
    """A period in which the clock was stopped: waiting for the person, or withdrawn."""

    written_by, locked_with = WRITTEN_BY, "case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    is_withdrawal = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="one_open_pause_of_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"Pause {self.pk}"


class CaseExtension(GuardedHistory):
    """An extension of the deadline, with its reason and new date."""

    written_by, locked_with = WRITTEN_BY, "case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="extensions")
    taken_on = models.DateField()
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.TextField(max_length=600)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["taken_on", "pk"]

    def __str__(self) -> str:
        return f"Extension {self.pk}"


class CaseMessage(GuardedHistory):
    """A message to the person.

    They read it on their own page: the email has only a reference and a link.
    """

    written_by, locked_with = WRITTEN_BY, "case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=5000)
    sent_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"Message {self.pk}"
