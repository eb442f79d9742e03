"""Review processes: the stages of a landlord's reviews, as data."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import capfirst
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.models import RevisionMixin

from cms.core.models.ordered import Ordered

from ..enums import CountsFrom, Level, LightTouch, Product, RecommendationField
from ..presenters.timeline import sentences
from ..rules.stage_dates import EVENTS
from .deadline import DeadlineFields
from .editing.edit_handlers import FoldedPanel


class StageFields(DeadlineFields):
    """Fields of a stage of a process, copied to the stages of a review."""

    name = models.CharField(
        max_length=100, help_text="What happens, in words a neighbour would use: Testing what we read."
    )
    description = models.CharField(max_length=250, blank=True)
    role = models.ForeignKey(
        "scrutiny_pages.Role",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="who acts",
        help_text="The job that has to act. Leave empty if it is the panel.",
    )
    signed_off_by = models.ForeignKey(
        "scrutiny_pages.Panel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who has to agree before this stage is done, if anybody.",
    )
    produces = models.CharField(max_length=24, choices=Product, blank=True)
    light_touch = models.CharField("in a light-touch review", max_length=4, choices=LightTouch, default=LightTouch.YES)
    only_if_needed = models.BooleanField(default=False, help_text="It may be left out, with a reason.")
    before_public = models.BooleanField(
        "must be done before the report is public",
        default=False,
        help_text="Publishing the report is refused until this stage is done.",
    )
    letter = models.TextField(
        "words to send",
        blank=True,
        help_text="Words of a letter or request for this stage. {review}, {panel} and {due} are filled in.",
    )
    note = models.CharField(
        "note for staff", max_length=250, blank=True, help_text="Such as the clause that this stage comes from."
    )

    stage_panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FoldedPanel(DeadlineFields.deadline_panels, heading="By when", says="by_when"),
        FoldedPanel(
            [
                FieldRowPanel([FieldPanel("role"), FieldPanel("signed_off_by")]),
                FieldRowPanel([FieldPanel("produces"), FieldPanel("light_touch")]),
                FieldRowPanel([FieldPanel("before_public"), FieldPanel("only_if_needed")]),
                FieldPanel("letter"),
                FieldPanel("note"),
            ],
            heading="Who, what and on what terms",
            says="who",
        ),
    ]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def by_when(self) -> str:
        """Return the deadline rule as text: Within 28 days of the draft report."""
        event = EVENTS[self.deadline_from or CountsFrom.PREVIOUS]
        return f"{capfirst(self.rule.words(event))}." if self.rule else ""

    @property
    def who(self) -> str:
        """Return who acts and who signs off, as text; empty if it is the panel alone."""
        acts = f"Who acts: {self.role}" if self.role else ""
        agrees = f"Who has to agree: {self.signed_off_by}" if self.signed_off_by else ""
        return sentences(acts, agrees)


# What a review's stage takes over from its process's stage.
COPIED_FIELDS = [field.name for field in StageFields._meta.local_fields]


class ReviewProcess(RevisionMixin, ClusterableModel):
    """A process for reviews: its stages, the checking body, and its limits."""

    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(blank=True, max_length=600, help_text="How a review goes, in a few plain sentences.")
    checked_by = models.ForeignKey(
        "scrutiny_pages.Panel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="who checks delivery",
        help_text="Who agrees that a promise is kept, and grants more time. Empty: the panel that asked for it.",
    )
    escalation_route = models.ForeignKey(
        "scrutiny_pages.EscalationRoute", null=True, blank=True, on_delete=models.PROTECT, related_name="processes"
    )
    publish_plan = models.BooleanField(
        "publish the improvement plan", default=True, help_text="Show the landlord's actions with the report."
    )
    impact_check_months = models.PositiveSmallIntegerField(
        "months until the check whether it helped",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Counted from the day a recommendation is confirmed.",
    )

    quarter_ends = models.CharField(
        "targets at the end of a quarter",
        max_length=8,
        choices=Level,
        blank=True,
        help_text="If a date promised has to be 31 March, 30 June, 30 September or 31 December.",
    )
    most_recommendations = models.PositiveSmallIntegerField("recommendations, at most", null=True, blank=True)
    most_recommendations_level = models.CharField("if there are more", max_length=8, choices=Level, default=Level.WARN)
    reviews_a_year = models.PositiveSmallIntegerField("reviews a year, at most", null=True, blank=True)
    reviews_a_year_level = models.CharField("if there are more", max_length=8, choices=Level, default=Level.WARN)
    meetings_at_least = models.PositiveSmallIntegerField("meetings in a full review, at least", null=True, blank=True)
    light_meetings_at_least = models.PositiveSmallIntegerField(
        "meetings in a light-touch review, at least", null=True, blank=True
    )

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldRowPanel([FieldPanel("checked_by"), FieldPanel("escalation_route")]),
                    FieldRowPanel([FieldPanel("impact_check_months"), FieldPanel("publish_plan")]),
                ],
                heading="About",
            ),
            ObjectList([InlinePanel("stages", heading="Stages, in order", label="Stage")], heading="Stages"),
            ObjectList(
                [
                    FieldPanel("quarter_ends"),
                    FieldRowPanel([FieldPanel("most_recommendations"), FieldPanel("most_recommendations_level")]),
                    FieldRowPanel([FieldPanel("reviews_a_year"), FieldPanel("reviews_a_year_level")]),
                    FieldRowPanel([FieldPanel("meetings_at_least"), FieldPanel("light_meetings_at_least")]),
                    InlinePanel("requirements", heading="What every recommendation says", label="Part"),
                ],
                heading="Limits",
            ),
        ]
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "review processes"

    def __str__(self) -> str:
        return self.name

    def meetings_wanted(self, *, light_touch: bool) -> int:
        """Return the minimum number of meetings of a review (H 10), which is only ever a warning."""
        return (self.light_meetings_at_least if light_touch else self.meetings_at_least) or 0


class ProcessStage(Ordered, StageFields):
    """One stage of a process."""

    process = ParentalKey(ReviewProcess, on_delete=models.CASCADE, related_name="stages")

    panels = StageFields.stage_panels

    class Meta(Ordered.Meta):
        pass


class ProcessRequirement(Ordered):
    """A field that every recommendation of a process requires (W18, G 5, G 6, G 8, C)."""

    process = ParentalKey(ReviewProcess, on_delete=models.CASCADE, related_name="requirements")
    field = models.CharField("part", max_length=24, choices=RecommendationField)
    level = models.CharField("if it is missing", max_length=8, choices=Level, default=Level.REFUSE)

    panels = [FieldRowPanel([FieldPanel("field"), FieldPanel("level")])]

    class Meta(Ordered.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["process", "field"],
                name="requirement_once_a_part",
                violation_error_message="This part is asked for twice.",
            )
        ]

    def __str__(self) -> str:
        return self.get_field_display()
