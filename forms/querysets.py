"""Cases as sets: those that are open, late, or were late, by the same rules as for one."""

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .case_states import CLOSED
from .enums import CaseState


class CaseQuerySet(models.QuerySet):
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
        return self.filter(answered_on__gt=models.F("due_on"))

    def to_acknowledge(self, on: datetime.date) -> "CaseQuerySet":
        """Give the open ones of which nobody has told the person that we have it, though the day for it is over."""
        return self.open().filter(acknowledged_on=None, acknowledge_by__lt=on)
