"""Regimes: the rules by which information requests are answered, such as STAIRs or freedom of information."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from cms.core.dates.bank_holidays import CALENDARS
from cms.core.models.ordered import Ordered
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import COUNTED, DeadlineRule

from ..enums import Clarification

UNITS = [choice for choice in DeadlineUnit.choices if choice[0] in COUNTED]


def _amount(words: str, **more: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(words, null=True, blank=True, **more)


def _unit() -> models.CharField:
    return models.CharField("of what", max_length=16, choices=UNITS, default=DeadlineUnit.WORKING_DAYS)


class Regime(ClusterableModel):
    """The rules of one kind of request; editors can change its deadlines, and each has its source."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    about = models.TextField(
        max_length=600, blank=True, help_text="Who may ask and for what, in a few plain sentences. Shown to the public."
    )
    source = models.CharField(
        max_length=250, blank=True, help_text="For staff: where the days come from, and when that was last checked."
    )
    calendar = models.CharField(
        "whose bank holidays",
        max_length=20,
        choices=[*CALENDARS.items()],
        blank=True,
        help_text="They are no working days. Empty: those of the nation in the site's settings.",
    )
    rolls = models.BooleanField(
        "a last day on a weekend or bank holiday moves to the next working day",
        default=False,
        help_text="For days, weeks and months. Working days never end on one.",
    )
    acknowledge_amount = _amount("acknowledge within", help_text="Leave empty if nobody has to acknowledge it.")
    acknowledge_unit = _unit()
    answer_amount = _amount("answer within", help_text="Leave empty if there is no date.")
    answer_unit = _unit()
    extension_amount = _amount("more time, at most", help_text="Leave empty if there is no limit.")
    extension_unit = _unit()
    may_extend = models.BooleanField("more time may be taken", default=True, help_text="With a reason and a new date.")
    review_amount = _amount("look at it again within", help_text="Leave empty if there is no review.")
    review_unit = _unit()
    clarification = models.CharField(
        "while we wait for the person", max_length=8, choices=Clarification, default=Clarification.PAUSES
    )
    outside_body = models.CharField(max_length=120, blank=True, help_text="Who looks at it after us.")
    outside_body_url = models.URLField("its address", blank=True)
    is_counted_in_public = models.BooleanField(
        "count these on the public page", default=True, help_text="How many, how they ended and how many were late."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("about"),
        MultiFieldPanel(
            [
                FieldPanel("calendar"),
                FieldPanel("rolls"),
                FieldRowPanel([FieldPanel("acknowledge_amount"), FieldPanel("acknowledge_unit")]),
                FieldRowPanel([FieldPanel("answer_amount"), FieldPanel("answer_unit")]),
                FieldPanel("may_extend"),
                FieldRowPanel([FieldPanel("extension_amount"), FieldPanel("extension_unit")]),
                FieldRowPanel([FieldPanel("review_amount"), FieldPanel("review_unit")]),
                FieldPanel("clarification"),
                FieldPanel("source"),
            ],
            heading="Days",
        ),
        InlinePanel("refusal_reasons", label="reason for refusing", heading="Reasons for refusing"),
        MultiFieldPanel(
            [FieldPanel("outside_body"), FieldPanel("outside_body_url"), FieldPanel("is_counted_in_public")],
            heading="Afterwards",
        ),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise `ValidationError` for the length of an extension if the regime allows none."""
        super().clean()
        if self.extension_amount and not self.may_extend:
            raise ValidationError({"extension_amount": "More time may not be taken, so leave this empty."})

    def rule(self, what: str) -> DeadlineRule | None:
        """Return the rule for one date; None if the regime has none.

        :param what: ``acknowledge``, ``answer``, ``extension`` or ``review``.
        """
        amount = getattr(self, f"{what}_amount")
        if amount is None:
            return None
        return DeadlineRule(DeadlineUnit(getattr(self, f"{what}_unit")), amount, rolls=self.rolls)


class RefusalReason(Ordered):
    """A reason for which a request of this kind may be refused."""

    regime = ParentalKey(Regime, on_delete=models.CASCADE, related_name="refusal_reasons")
    words = models.CharField(max_length=200, help_text="As the person and the public will read it.")

    panels = [FieldPanel("words")]

    def __str__(self) -> str:
        return self.words
