"""Wordings of messages, which staff reuse."""

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from ..enums import CaseState, FormKind, OtherStep


class MessageWording(models.Model):
    """A template of a message, which staff read before it is sent.

    Placeholders in braces are filled in (``cases.services.messages.GAPS``); staff replace those in "[Write ...]"
    themselves.
    """

    name = models.CharField(max_length=80, unique=True, help_text="What staff choose it by.")
    kind = models.CharField(
        "for", max_length=20, choices=FormKind, blank=True, help_text="Empty: offered for every kind of form."
    )
    state = models.CharField(
        "for the step",
        max_length=16,
        choices=[*CaseState.choices, *OtherStep.choices],
        blank=True,
        help_text="The step begins with these words. Empty: offered for any message.",
    )
    subject = models.CharField(max_length=120)
    body = models.TextField(
        max_length=5000,
        help_text="Filled in: {name}, {reference}, {form}, {due}, {reason}, {when}, {where}, {panel}, {team}. "
        "Staff have to fill in “[Write …]” before it can be sent.",
    )

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("state")]),
        FieldPanel("subject"),
        FieldPanel("body"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = "message wording"

    def __str__(self) -> str:
        return self.name
