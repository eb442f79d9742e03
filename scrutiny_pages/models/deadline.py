"""Model fields of a deadline rule, shared by every model that has one."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from ..enums import COUNTS_FROM, CountsFrom, DeadlineUnit
from ..rules.deadlines import DeadlineRule, problems_of


class DeadlineFields(models.Model):
    """A rule that yields a date: an amount of time before or after an event. Empty if there is none."""

    deadline_amount = models.PositiveSmallIntegerField("how many", null=True, blank=True)
    deadline_unit = models.CharField("of what", max_length=16, choices=DeadlineUnit, blank=True)
    deadline_before = models.BooleanField("before, not after", default=False)
    deadline_from = models.CharField(
        "counted from", max_length=24, choices=COUNTS_FROM, default=CountsFrom.PREVIOUS, blank=True
    )
    deadline_panel = models.ForeignKey(
        "scrutiny_pages.Panel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="whose next meeting",
        help_text="Only for a date that is a panel's next meeting.",
    )
    deadline_on = models.DateField("fixed date", null=True, blank=True, help_text="Only for a fixed date.")

    deadline_panels = [
        FieldRowPanel([FieldPanel("deadline_amount"), FieldPanel("deadline_unit"), FieldPanel("deadline_before")]),
        FieldPanel("deadline_from"),
        FieldRowPanel([FieldPanel("deadline_panel"), FieldPanel("deadline_on")]),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raise ValidationError if the rule cannot yield a date."""
        super().clean()
        if self.deadline_amount is not None and not self.deadline_unit:
            raise ValidationError({"deadline_unit": "Say whether these are days, weeks or months."})
        if self.rule and (problem := problems_of(self.rule)):
            raise ValidationError({"deadline_unit": problem})

    @property
    def rule(self) -> DeadlineRule | None:
        """Return the rule as the value object of the deadline engine, or None if it is empty."""
        if not self.deadline_unit:
            return None
        return DeadlineRule(
            unit=DeadlineUnit(self.deadline_unit),
            amount=self.deadline_amount or 0,
            before=self.deadline_before,
            fixed_on=self.deadline_on,
            body=str(self.deadline_panel) if self.deadline_panel_id else "",
        )
