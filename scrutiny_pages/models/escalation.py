"""Escalation of recommendations that are refused, overdue or not delivered, step by step."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import RevisionMixin

from cms.core.models.guarded import Guarded
from cms.core.models.ordered import Ordered

from .deadline import DeadlineFields
from .editing.edit_handlers import FoldedPanel
from .tracking import WRITTEN_BY, Tracking, made_by_event


class EscalationRoute(RevisionMixin, ClusterableModel):
    """The bodies that a recommendation can be escalated to, in order (W47, H 5.4, K 14)."""

    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(blank=True, max_length=400)

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        InlinePanel("steps", heading="Steps, in order", label="Step"),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EscalationStep(Ordered, DeadlineFields):
    """One escalation step: the body, the request, and the deadline of its reply."""

    route = ParentalKey(EscalationRoute, on_delete=models.CASCADE, related_name="steps")
    to_whom = models.CharField(max_length=100, help_text="Such as: the Board. Bodies outside change their names.")
    asks = models.CharField("what is asked", max_length=250, help_text="Such as: respond to the panel's concerns.")

    panels = [
        FieldPanel("to_whom"),
        FieldPanel("asks"),
        FoldedPanel(
            [panel for panel in DeadlineFields.deadline_panels if getattr(panel, "field_name", "") != "deadline_from"],
            heading="By when they answer, counted from the day it is taken to them",
            says="by_when",
        ),
    ]

    class Meta(Ordered.Meta):
        pass

    def __str__(self) -> str:
        return self.to_whom

    @property
    def by_when(self) -> str:
        """Return the deadline rule of the reply as text: They reply within 28 days of the day we ask."""
        return f"They reply {self.rule.words('the day we ask')}." if self.rule else ""


class Escalation(Guarded):
    """An escalation of a recommendation. It copies the step's text, so a changed route changes no history."""

    written_by, locked_with = WRITTEN_BY, "tracking"

    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="escalations")
    event = made_by_event()
    rung = models.PositiveSmallIntegerField()
    to_whom = models.CharField(max_length=100)
    asks = models.CharField(max_length=250)
    on = models.DateField()
    reply_due = models.DateField(null=True, blank=True)
    reply_due_words = models.CharField(max_length=300, blank=True, help_text="How the date was counted.")
    replied_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["rung"]
        constraints = [
            models.UniqueConstraint(fields=["tracking", "rung"], name="escalation_each_rung_once"),
            models.UniqueConstraint(
                fields=["tracking"], condition=models.Q(replied_on__isnull=True), name="escalation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Taken to {self.to_whom}"
