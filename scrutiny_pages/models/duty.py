"""Regular duties, and the log of their completion."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.core.dates.formatting import format_date

from ..enums import DutyUnit
from ..rules.duties import next_due
from .membership import Membership
from .panel import Panel
from .reference_data import Role


class RegularDuty(models.Model):
    """A recurring duty: a Board report, a yearly count, a talk with each member (W22, W32, W52, K 15, C)."""

    name = models.CharField(max_length=120, help_text="Such as: Report to the Board.")
    what = models.TextField("what is to be done", blank=True, max_length=600)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="duties", verbose_name="done by")
    panel = models.ForeignKey(
        Panel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties",
        help_text="Empty if it is not for one panel.",
    )
    every = models.PositiveSmallIntegerField(default=6, validators=[MinValueValidator(1), MaxValueValidator(120)])
    unit = models.CharField(max_length=8, choices=DutyUnit, default=DutyUnit.MONTHS)
    first_due = models.DateField(
        null=True, blank=True, help_text="Not needed if it is done with each member: then it counts from joining."
    )
    for_each_member = models.BooleanField(
        "with each member", default=False, help_text="Such as a one-to-one. It is then due for each active member."
    )
    source = models.CharField(max_length=200, blank=True, help_text="Where this is laid down.")

    panels = [
        FieldPanel("name"),
        FieldPanel("what"),
        FieldRowPanel([FieldPanel("role"), FieldPanel("panel")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("every"), FieldPanel("unit")]),
                FieldPanel("for_each_member"),
                FieldPanel("first_due"),
            ],
            heading="How often",
        ),
        FieldPanel("source"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "regular duties"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError if the duty would never be due."""
        super().clean()
        if not self.for_each_member and self.first_due is None:
            raise ValidationError({"first_due": "Say when it is due for the first time."})

    @property
    def how_often(self) -> str:
        """Return the interval as text: every 6 months."""
        unit = self.get_unit_display()
        return f"every {unit.removesuffix('s')}" if self.every == 1 else f"every {self.every} {unit}"

    def next_due(self, last_done: datetime.date | None) -> datetime.date | None:
        """Return the next due date."""
        return next_due(every=self.every, unit=self.unit, first_due=self.first_due, last_done=last_done)

    def next_due_with(self, member: Membership, last_done: datetime.date | None) -> datetime.date | None:
        """Return the next due date with one member; the first one is counted from the day they joined."""
        return next_due(
            every=self.every, unit=self.unit, first_due=self.first_due, last_done=last_done or member.joined_on
        )


class DutyDone(models.Model):
    """One completion of a regular duty."""

    duty = models.ForeignKey(RegularDuty, on_delete=models.PROTECT, related_name="times")
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_done"
    )
    done_on = models.DateField()
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name_plural = "duties done"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.duty}, {format_date(self.done_on)}"
