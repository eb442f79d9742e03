"""Recommendations: the text, with drafts and revisions."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import DraftStateMixin, Page, PreviewableMixin, RevisionMixin
from wagtail.search import index

from cms.core.deferred import deferring
from cms.core.editing.publish_gate import PublishGate
from cms.core.search import HiddenSearchField, plain_words
from cms.core.text.terminology import lazy_words
from cms.core.visibility import Viewer

from ..enums import OF_THE_PANEL_THAT_ASKED, OF_THE_PLAN, EventKind, Step
from ..presenters.recommendation_links import recommendation_context
from ..rules.review_limits import LimitViolation, count_violations, field_violations, refusals
from .editing.admin_forms import RecommendationForm
from .editing.edit_handlers import PermittedHelpPanel
from .panel import Panel
from .process import ReviewProcess
from .querysets import RecommendationQuerySet
from .tracking import Action, Event, Tracking, create_tracking

HIGHEST_NUMBER = 9999  # what its address has room for


class Recommendation(PublishGate, PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """The text of one numbered recommendation. Its state is in ``tracking``."""

    series = models.CharField(
        max_length=20,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", "Use letters, digits and hyphens only.")],
        help_text="Usually the year and month of the report, such as 2026-03.",
    )
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)], help_text="Its number in the report."
    )
    earlier_reference = models.CharField(
        max_length=60,
        blank=True,
        help_text="What it was called in an older tracker, such as SR (25/26) 01. It is shown, and search finds it.",
    )
    title = models.CharField("what we ask for", max_length=160, help_text="One sentence that starts with a verb.")
    text = models.TextField("in full", blank=True, help_text="More about what should change.")
    reason = models.TextField("why", blank=True, help_text=lazy_words("What {residents} found that makes this matter."))
    evidence = models.TextField(blank=True, help_text="Which research shows it, so that it can be traced.")
    who_benefits = models.CharField("who it helps", max_length=160, blank=True)
    value_for_money = models.TextField(blank=True)
    completion_measure = models.TextField(
        "how we will know that it is done",
        blank=True,
        help_text=lazy_words("What {residents} will look at before they confirm it."),
    )
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="recommendations", verbose_name="asked by")
    report = models.ForeignKey(
        "scrutiny_pages.ReportPage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        db_index=False,  # one below begins with it
        help_text="Leave empty if it was made at a meeting.",
    )
    made_at = models.ForeignKey(
        "scrutiny_pages.Meeting",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name="or made at the meeting",
    )
    refers_to = models.ForeignKey(
        Panel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="referred",
        verbose_name="refers the matter to",
        help_text="Another panel that is asked to look into it, such as when it touches more than one service.",
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
    standards = ParentalManyToManyField("scrutiny_pages.Standard", blank=True, related_name="recommendations")
    asked_on = models.DateField("asked for on", default=timezone.localdate)

    objects = RecommendationQuerySet.as_manager()
    base_form_class = RecommendationForm

    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.SearchField("reason"),
        index.SearchField("evidence"),
        index.SearchField("completion_measure"),
        HiddenSearchField("words_of_ref"),
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
                    FieldRowPanel([FieldPanel("asked_on"), FieldPanel("earlier_reference")]),
                    FieldRowPanel([FieldPanel("panel"), FieldPanel("owner")]),
                    FieldPanel("report"),
                    FieldRowPanel([FieldPanel("made_at"), FieldPanel("refers_to")]),
                    FieldPanel("service_areas", widget=CheckboxSelectMultiple),
                    FieldPanel("standards", widget=CheckboxSelectMultiple),
                ],
                heading="Where it belongs",
            ),
            ObjectList(
                [PermittedHelpPanel(template="scrutiny_pages/admin/tracking_panel.html")], heading="Where it stands"
            ),
        ]
    )

    class Meta:
        ordering = ["-asked_on", "series", "number"]
        permissions = [
            ("record_step", "Can record what happened to a recommendation"),
            ("decide_step", "Can record what a panel decided about a recommendation"),
        ]
        # All that says whether one is public is in both: lists are put in order, and counted, without the records.
        indexes = [
            models.Index(
                fields=["-asked_on", "series", "number", "live", "expire_at", "report"],
                name="recommendation_newest_first",
            ),
            models.Index(fields=["report", "live", "expire_at"], name="recommendation_of_report"),
        ]
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
        """Return the public reference, such as 2026-03/4."""
        return f"{self.series}/{self.number}"

    @property
    def words_of_ref(self) -> str:
        """Return its own and any earlier reference in words that every search index tokenises alike: 2026 03 4."""
        return plain_words(f"{self.ref} {self.earlier_reference}")

    @property
    def where_it_stands(self) -> str:
        """Return the label of its status today, for the admin's list."""
        return self.tracking.status(timezone.localdate()).words

    def get_absolute_url(self) -> str:
        """Return the permanent URL path."""
        return reverse("recommendation", args=[self.series, self.number])

    def clean(self) -> None:
        """Raise ValidationError if a published reference would change, or if two fields contradict each other."""
        super().clean()
        before = (
            Recommendation.objects.filter(pk=self.pk, first_published_at__isnull=False).first() if self.pk else None
        )
        if before and before.ref != self.ref:
            raise ValidationError(f"Its reference was published as {before.ref}, and its address stays with that.")
        if self.report_id and self.made_at_id:
            raise ValidationError({"made_at": "It is either in a report or was made at a meeting."})
        if self.refers_to_id and self.refers_to_id == self.panel_id:
            raise ValidationError({"refers_to": "A panel cannot refer a matter to itself."})

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Load a row, recording whether it was public at that time."""
        recommendation = super().from_db(*args, **kwargs)
        recommendation._was_live = recommendation.__dict__.get("live", False)
        return recommendation

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the text; a new recommendation also gets its tracking row, with the due date of its answer."""
        is_new = self._state.adding
        # Approval, schedule and code publish by saving, past the editor's form.
        if self.live and not getattr(self, "_was_live", False) and (problems := self.publishing_problems()):
            raise ValidationError(problems)
        # PDFs are forgotten last: that takes a row which everybody who saves something shares.
        with transaction.atomic(), deferring():
            super().save(*args, **kwargs)
            if is_new:
                create_tracking(self)
        self._was_live = self.live

    @property
    def review(self) -> Page | None:
        """Return the review of its report, or None."""
        return self.report.review if self.report else None

    @property
    def referred_slug(self) -> str:
        """Return the slug of the review that another panel made of it after a referral."""
        return f"referred-{self.series.lower()}-{self.number}"

    @property
    def process(self) -> ReviewProcess | None:
        """Return the process that applies: its review's, else the panel's usual one."""
        review = self.review
        return review.process if review else self.panel.usual_process

    @property
    def checking_body(self) -> Panel:
        """Return the panel that confirms delivery and grants more time (G 8, H 4.3 step 9)."""
        return (self.process.checked_by if self.process else None) or self.panel

    def bodies_that_decide(self, step: str) -> list[Panel]:
        """Return the panels that may decide a step: the checking body, and for some also the panel that asked."""
        if step == Step.RATIFY:
            return [self.made_at.panel if self.made_at else self.panel]
        own = self.panel != self.checking_body and step in OF_THE_PANEL_THAT_ASKED
        return [self.checking_body, self.panel] if own else [self.checking_body]

    @property
    def publishes_plan(self) -> bool:
        """Return whether its process makes the landlord's action plan public (H 4.3 step 10)."""
        return bool(self.process and self.process.publish_plan)

    @property
    def public_plan(self) -> list[Action]:
        """Return the public actions."""
        return list(self.tracking.actions.all()) if self.pk and self.publishes_plan else []

    def limit_problems(self) -> list[LimitViolation]:
        """Return the requirements of its process that it violates: errors, and warnings to the editor."""
        if not (self.panel_id and self.process):
            return []
        problems = field_violations(self, self.process.requirements.all())
        if self.report_id:
            others = Recommendation.objects.filter(report=self.report).exclude(pk=self.pk).count()
            problems += count_violations(others + 1, self.process)
        return problems

    def publishing_problems(self, parent: models.Model | None = None) -> list[str]:
        """Return the reasons against publication, such as missing required fields."""
        return [problem.words for problem in refusals(self.limit_problems())] + self._problems_of_the_meeting()

    def _problems_of_the_meeting(self) -> list[str]:
        """Return the reasons against publication from its meeting: attendance unknown, or never ratifiable (K 7.2)."""
        meeting = self.made_at
        if not (meeting and meeting.has_quorum):
            return []
        if meeting.turnout is None:
            return ["First record who came to the meeting that made it: it counts only if enough members came."]
        if meeting.turnout.enough or meeting.turnout.ratify:
            return []
        return [f"It does not count. {meeting.turnout.sentence}"]

    def public_history(self) -> list[Event]:
        """Return the public entries of its history, latest first, down to the day it was made.

        That first entry is not stored: it is the recommendation's own date, which an editor may correct.
        """
        at_a_meeting = "At a meeting of the panel." if self.made_at_id else ""
        where = f"In our report: {self.report.title}." if self.report else at_a_meeting
        asked = Event(on=self.asked_on, kind=EventKind.ASKED, text=where, meeting=self.made_at)
        told = self.tracking.events.public() if self.pk else []
        hidden = () if self.publishes_plan else OF_THE_PLAN
        shown = (event for event in told if event.kind not in hidden)
        return [*(event for event in shown if not (event.corrects and event.corrects.kind in hidden)), asked]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the template of the public page."""
        return "scrutiny_pages/recommendation.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Return the context of the public page."""
        context = super().get_preview_context(request, mode_name)
        if not self.pk:
            self.tracking = Tracking()
        return context | recommendation_context(self, Viewer.of(request))
