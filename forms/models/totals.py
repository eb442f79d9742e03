"""Totals of erased cases, which contain no personal data."""

from django.db import models

from ..enums import CaseState, FormKind
from .regime import Regime


class CaseTotal(models.Model):
    """The number of erased cases of one month with one outcome."""

    form_key = models.UUIDField(db_index=True)
    form_title = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=FormKind)
    regime = models.ForeignKey(Regime, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the month in which they came.")
    state = models.CharField(max_length=16, choices=CaseState)
    was_late = models.BooleanField(default=False)
    count = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=dict, help_text="Added numbers of impact assessments, by what they count.")

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["form_key", "regime", "month", "state", "was_late"], name="one_total_for_each_ending"
            ),
            # SQLite has no other way to say that two totals without a regime are the same.
            models.UniqueConstraint(
                fields=["form_key", "month", "state", "was_late"],
                condition=models.Q(regime__isnull=True),
                name="one_total_for_each_ending_without_regime",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_title}, {self.month:%B %Y}"
