"""Meetings and events: records with a permanent address, and the page that lists them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.dates import say_date, say_time
from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ..enums import MeetingKind
from ..querysets import MeetingQuerySet
from .panel import Panel


class Meeting(index.Indexed, models.Model):
    """A meeting or an event: when, where, how to join, and afterwards what was said."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=MeetingKind, default=MeetingKind.MEETING)
    theme = models.CharField(max_length=120, help_text="What it is about, in a few words.")
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("ends", null=True, blank=True)
    place = models.CharField(max_length=200)
    how_to_join = models.TextField(
        blank=True, max_length=400, help_text="Who may come and how: in person, online, by phone."
    )
    agenda = RichTextField(blank=True, features=RICH_TEXT_FEATURES)
    minutes = RichTextField(blank=True, features=["h3", *RICH_TEXT_FEATURES])
    minutes_agreed_on = models.DateField(
        null=True, blank=True, help_text="Minutes stay private until the panel has agreed that they are accurate."
    )
    is_public = models.BooleanField("show on the website", default=True)

    objects = MeetingQuerySet.as_manager()

    search_fields = [index.SearchField("theme"), index.AutocompleteField("theme"), index.FilterField("is_public")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("panel"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("theme")]),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    FieldPanel("place"),
                    FieldPanel("how_to_join"),
                    FieldPanel("is_public"),
                ],
                heading="When and where",
            ),
            ObjectList(
                [FieldPanel("agenda"), FieldPanel("minutes"), FieldPanel("minutes_agreed_on")],
                heading="Agenda and minutes",
            ),
        ]
    )

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.theme}"

    def get_absolute_url(self) -> str:
        """Give the permanent address."""
        return reverse("meeting", args=[self.pk])

    def clean(self) -> None:
        """Refuse a meeting that ends before it starts."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "This is before the meeting starts."})

    @property
    def time_words(self) -> str:
        """Say when it starts on its day: 6:30pm, or 6:30pm to 8pm."""
        start = say_time(timezone.localtime(self.starts_at))
        return f"{start} to {say_time(timezone.localtime(self.ends_at))}" if self.ends_at else start

    @property
    def when_words(self) -> str:
        """Say when it is: Thursday 3 December 2026, 6:30pm to 8pm."""
        start = timezone.localtime(self.starts_at)
        return f"{start:%A} {say_date(start)}, {self.time_words}"

    @property
    def public_minutes(self) -> str:
        """Give the minutes once they are agreed as accurate, nothing before."""
        return self.minutes if self.minutes_agreed_on else ""


class MeetingIndexPage(ListingPage):
    """Lists meetings and events: those to come, then the past ones."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the past meetings, latest first."""
        return visible_to(viewer, Meeting.objects.all()).past(viewer.at).select_related("panel")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the meetings to come."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        coming = visible_to(viewer, Meeting.objects.all()).coming(viewer.at)
        return context | {"coming": coming.select_related("panel")}
