"""Recommendations: the words of what was asked for, and the page that tracks them all."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin
from wagtail.search import index

from cms.core.visibility import Viewer

from ..enums import EventKind
from ..querysets import RecommendationQuerySet
from ..stories import recommendation_context
from .panel import Panel
from .report import ReportPage
from .tracking import Event, Tracking

HIGHEST_NUMBER = 9999  # what its address has room for


class Recommendation(PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """One numbered thing asked for: its words. What became of it is in its ``tracking``."""

    series = models.CharField(
        max_length=20,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", "Use letters, digits and hyphens only.")],
        help_text="Usually the year and month of the report, such as 2026-03.",
    )
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)], help_text="Its number in the report."
    )
    title = models.CharField("what we ask for", max_length=160, help_text="One sentence that starts with a verb.")
    text = models.TextField("in full", blank=True, help_text="More about what should change.")
    reason = models.TextField("why", blank=True, help_text="What residents found that makes this matter.")
    evidence = models.TextField(blank=True, help_text="Which research shows it, so that it can be traced.")
    who_benefits = models.CharField("who it helps", max_length=160, blank=True)
    value_for_money = models.TextField(blank=True)
    completion_measure = models.TextField(
        "how we will know that it is done", blank=True, help_text="What residents will look at before they confirm it."
    )
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="recommendations", verbose_name="asked by")
    report = models.ForeignKey(
        ReportPage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        help_text="Leave empty if it was made at a meeting.",
    )
    owner = models.ForeignKey(
        "scrutiny_pages.Role",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name="who must do it",
    )
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="recommendations")
    asked_on = models.DateField("asked for on", default=timezone.localdate)

    objects = RecommendationQuerySet.as_manager()

    search_fields = [
        index.SearchField("ref"),
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.SearchField("reason"),
        index.FilterField("id"),
        index.FilterField("live"),
    ]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("text"),
                    FieldPanel("reason"),
                    FieldPanel("evidence"),
                    FieldPanel("completion_measure"),
                    MultiFieldPanel(
                        [FieldPanel("who_benefits"), FieldPanel("value_for_money")],
                        heading="Who it helps and what it costs",
                    ),
                ],
                heading="Words",
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("series"), FieldPanel("number")]),
                    FieldPanel("asked_on"),
                    FieldPanel("panel"),
                    FieldPanel("report"),
                    FieldPanel("owner"),
                    FieldPanel("service_areas"),
                ],
                heading="Where it belongs",
            ),
            ObjectList([HelpPanel(template="scrutiny_pages/admin/tracking_panel.html")], heading="Where it stands"),
        ]
    )

    class Meta:
        ordering = ["-asked_on", "series", "number"]
        permissions = [("record_step", "Can record what happened to a recommendation")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"],
                name="recommendation_reference_is_unique",
                violation_error_message="Another recommendation has this number already.",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=HIGHEST_NUMBER),
                name="recommendation_number_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def ref(self) -> str:
        """Give the reference that people quote, such as 2026-03/4."""
        return f"{self.series}/{self.number}"

    @property
    def where_it_stands(self) -> str:
        """Say where it stands today, for staff's list."""
        return self.tracking.status(timezone.localdate()).words

    def get_absolute_url(self) -> str:
        """Give the permanent address."""
        return reverse("recommendation", args=[self.series, self.number])

    def clean(self) -> None:
        """Refuse to move a promise that has an address: people have been given it."""
        super().clean()
        before = (
            Recommendation.objects.filter(pk=self.pk, first_published_at__isnull=False).first() if self.pk else None
        )
        if before and before.ref != self.ref:
            raise ValidationError(f"Its reference was published as {before.ref}, and its address stays with that.")

    def save(self, *args, **kwargs) -> None:
        """Save the words; a new recommendation gets the row that tracks it."""
        adding = self._state.adding
        super().save(*args, **kwargs)
        if adding:
            Tracking.objects.create(recommendation=self)

    def public_history(self) -> list[Event]:
        """Give what the public may read of its history, newest first, down to the day it was asked for.

        That first entry is not stored: it is the words' own date, which an editor may correct.
        """
        where = f"In our report: {self.report.title}." if self.report else "At a meeting of the panel."
        asked = Event(on=self.asked_on, kind=EventKind.ASKED, title=EventKind.ASKED.label, text=where)
        return [*(self.tracking.events.told_in_public() if self.pk else []), asked]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Preview a recommendation as its own page shows it."""
        return "scrutiny_pages/recommendation.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Give what the public page would give."""
        context = super().get_preview_context(request, mode_name)
        if not self.pk:
            self.tracking = Tracking()
        return context | recommendation_context(self, Viewer.of(request))
