"""Work programmes: the topics proposed for a year, their scores, the selection, and its approval."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface

from cms.core.models.guarded import Guarded
from cms.core.models.ordered import Ordered
from cms.core.text.terminology import lazy_words

from ..enums import TopicState
from .panel import Panel
from .process import ReviewProcess
from .querysets import ProgrammeQuerySet
from .tracking import WRITTEN_BY

HIGHEST_SCORE = 5


class WorkProgramme(ClusterableModel):
    """One panel's work for one year (H 3.1, K 11.1, G 1, C terms of reference)."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="programmes")
    process = models.ForeignKey(ReviewProcess, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80, help_text="Such as: 2026 to 2027.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    agreed_by = models.ForeignKey(
        Panel, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Who agreed the programme."
    )
    agreed_on = models.DateField(null=True, blank=True)
    agreed_how = models.CharField(
        max_length=200, blank=True, help_text="The meeting, or the other way, such as email. Who else agreed."
    )

    objects = ProgrammeQuerySet.as_manager()

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("panel"), FieldPanel("title")]),
                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                    FieldPanel("process"),
                    FieldRowPanel(
                        [
                            FieldPanel("agreed_by"),
                            FieldPanel("agreed_on", help_text="From this day everybody can read the topics."),
                        ]
                    ),
                    FieldPanel("agreed_how"),
                ],
                heading="The year",
            ),
            ObjectList([InlinePanel("topics", label="Topic")], heading="Topics"),
            ObjectList(
                [
                    InlinePanel(
                        "criteria",
                        label="Question",
                        help_text="What each topic is scored on, from 0 to 5. Leave empty if topics are not scored.",
                    )
                ],
                heading="Selection matrix",
            ),
        ]
    )

    class Meta:
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="programme_ends_after_it_starts",
                violation_error_message="The year ends before it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.panel}: {self.title}"

    def get_absolute_url(self) -> str:
        """Return the permanent URL path, public once the programme is agreed."""
        return reverse("programme", args=[self.pk])

    def scores(self) -> models.QuerySet:
        """Return the scores of this year's topics."""
        return TopicScore.objects.filter(topic__programme=self).select_related("criterion")

    def totals(self) -> dict[int, int]:
        """Return the weighted total score of each topic, by topic id (G 1)."""
        totals = {topic.pk: 0 for topic in self.topics.all()}
        for score in self.scores():
            totals[score.topic_id] += score.score * score.criterion.weight
        return totals

    def clean(self) -> None:
        """Raise ValidationError for a date of agreement without a body that agreed."""
        super().clean()
        if self.agreed_on and not self.agreed_by:
            raise ValidationError({"agreed_by": "Say who agreed the programme."})


class SelectionCriterion(Ordered):
    """One criterion of the selection matrix (G 1)."""

    programme = ParentalKey(WorkProgramme, on_delete=models.CASCADE, related_name="criteria")
    question = models.CharField(max_length=160, help_text=lazy_words("Such as: how many {residents} does it touch?"))
    weight = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(10)])

    panels = [FieldRowPanel([FieldPanel("question"), FieldPanel("weight")])]

    def __str__(self) -> str:
        return self.question


class Topic(Ordered):
    """A proposed subject for a review."""

    programme = ParentalKey(WorkProgramme, on_delete=models.CASCADE, related_name="topics")
    title = models.CharField(max_length=120)
    came_from = models.CharField(max_length=160, blank=True, help_text="Such as: last year's survey.")
    trigger = models.ForeignKey(
        "scrutiny_pages.Trigger", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    votes = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=TopicState, default=TopicState.PROPOSED)
    because = models.CharField(max_length=250, blank=True, help_text="Why it was chosen, or not.")
    review = models.ForeignKey(
        "scrutiny_pages.ReviewPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="topics",
        help_text="The review that it became. Filled in when you make the review from the scores.",
    )

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("came_from"), FieldPanel("trigger")]),
        FieldRowPanel([FieldPanel("state"), FieldPanel("votes")]),
        FieldPanel("because"),
        FieldPanel("review"),
    ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raise ValidationError for a topic not chosen without a reason."""
        super().clean()
        if self.state == TopicState.NOT_CHOSEN and not self.because.strip():
            raise ValidationError({"because": "Say why this topic was not chosen."})


class TopicScore(Guarded):
    """The score of one topic for one criterion of the matrix."""

    written_by, locked_with = WRITTEN_BY, "topic"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(SelectionCriterion, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(HIGHEST_SCORE)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "criterion"], name="topic_score_once"),
            models.CheckConstraint(condition=models.Q(score__lte=HIGHEST_SCORE), name="topic_score_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.score)
