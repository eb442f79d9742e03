"""Words that staff send again and again."""

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from ..enums import CaseState, FormKind


class MessageWording(models.Model):
    """A message to start from: {name}, {reference}, {form}, {due} and {team} are filled in, and staff read it first."""

    name = models.CharField(max_length=80, unique=True, help_text="What staff choose it by.")
    kind = models.CharField(
        "for", max_length=20, choices=FormKind, blank=True, help_text="Empty: offered for every kind of form."
    )
    state = models.CharField(
        "offered when it becomes", max_length=16, choices=CaseState, blank=True, help_text="Empty: always."
    )
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=5000)

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
