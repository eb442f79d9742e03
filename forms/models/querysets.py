"""Cases as sets: those that are open, late, or were late, by the same rules as for one."""

import datetime

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from cms.core.models.guarded import GuardedQuerySet

from ..enums import CaseState
from ..rules.case_states import CLOSED, OUTCOMES


class CaseQuerySet(GuardedQuerySet):
    """What becomes of what people sent."""

    def open(self) -> "CaseQuerySet":
        """Give those with which something is still to be done; what was set aside as spam is not among them."""
        return self.exclude(state__in=CLOSED).filter(is_quarantined=False)

    def late(self, on: datetime.date) -> "CaseQuerySet":
        """Give those of which the answer, or the second look, is late on a day."""
        pauses = self.model._meta.get_field("pauses").related_model
        stopped = Exists(pauses.objects.filter(case=OuterRef("pk"), ended_on=None))
        review = Q(state=CaseState.IN_REVIEW)
        owed = Q(~review, due_on__lt=on) | Q(review, review_due_on__lt=on)
        return self.exclude(state__in=[*CLOSED, CaseState.OUTSIDE_BODY]).filter(owed).exclude(stopped)

    def answered_late(self) -> "CaseQuerySet":
        """Give those that were first answered after their last day."""
        return self.filter(answered_on__gt=F("due_on"))

    def undated(self) -> "CaseQuerySet":
        """Give those that have a rule for their last day, and no day: it could not be counted."""
        return self.filter(first_due_on=None, answer_amount__isnull=False).select_related("regime")

    def undated_reviews(self) -> "CaseQuerySet":
        """Give those that are looked at again under a rule, and have no day for that."""
        owed = self.filter(state=CaseState.IN_REVIEW, review_due_on=None, regime__review_amount__isnull=False)
        return owed.select_related("regime")

    def with_outcome(self) -> "CaseQuerySet":
        """Add ``came_to``: how each was answered, which stays while we look at it again, or else where it stands."""
        events = self.model._meta.get_field("events").related_model
        answers = events.objects.filter(case=OuterRef("pk"), state__in=OUTCOMES).order_by("-at", "-pk")
        last = Coalesce(Subquery(answers.values("state")[:1]), F("state"))
        return self.annotate(came_to=Either(When(state__in=OUTCOMES, then=F("state")), default=last))

    def to_acknowledge(self, on: datetime.date) -> "CaseQuerySet":
        """Give the open ones of which nobody has told the person that we have it, though the day for it is over."""
        return self.open().filter(acknowledged_on=None, acknowledge_by__lt=on)
