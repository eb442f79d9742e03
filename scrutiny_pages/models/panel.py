"""Panels: the bodies of residents who scrutinise the landlord."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models.ordered import Ordered
from cms.core.visibility import Viewer, visible_to

from ..enums import PanelKind
from ..presenters.panels import (
    facts_of_panel,
    has_cycle,
    how_it_works,
    vacancy_words,
)
from ..rules.rule_types import Members, Rules
from .querysets import PanelQuerySet
from .reference_data import Trigger
from .rule_blocks import RuleBlocks
from .rule_lookup import RuleLookup


def panel_choices() -> list[tuple[str, str]]:
    """Return every panel as a choice: slug and name."""
    return list(Panel.objects.values_list("slug", "name"))


class Panel(PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """A body of people: its purpose, eligibility and rules."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(
        max_length=80, unique=True, help_text="How it appears in an address, such as scrutiny-panel."
    )
    kind = models.CharField(max_length=20, choices=PanelKind, default=PanelKind.SCRUTINY_PANEL)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name="part of",
        help_text="The panel or forum that this one reports to, if any.",
    )
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="+")
    purpose = models.TextField(max_length=600, help_text="What this panel is for, in two or three plain sentences.")
    activities = RichTextField(blank=True, features=RICH_TEXT_FEATURES, help_text="What members do.")
    time_asked = models.CharField(max_length=120, blank=True, help_text="Such as: about six hours a month.")
    support = RichTextField(
        "expenses and support",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="What members get: expenses, training, equipment.",
    )
    terms_of_reference = RichTextField(blank=True, features=["h3", *RICH_TEXT_FEATURES])

    role_description = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What a member does, and what it takes."
    )
    agreements = ParentalManyToManyField(
        "scrutiny_pages.Agreement", blank=True, related_name="+", help_text="What members accept before they start."
    )
    trainings = ParentalManyToManyField(
        "scrutiny_pages.Training",
        blank=True,
        related_name="+",
        verbose_name="training",
        help_text="What members learn before they start.",
    )
    supported_by = models.ForeignKey(
        "scrutiny_pages.Role",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The job that looks after this panel.",
    )
    board_champion = models.CharField(
        max_length=120, blank=True, help_text="Who speaks for the panel on the Board. Shown, so ask them first."
    )
    mentor = models.CharField(
        max_length=120, blank=True, help_text="Who guides the panel from outside. Shown, so ask them first."
    )
    starts_on = models.DateField(
        "first day", null=True, blank=True, help_text="Only for a panel that is there for a time."
    )
    ends_on = models.DateField(
        "last day", null=True, blank=True, help_text="After this day the page says that the panel has finished."
    )
    brief = models.TextField(
        max_length=1000, blank=True, help_text="What a panel that is there for a time has been asked to do."
    )
    rules = StreamField(
        RuleBlocks(panel_choices),
        blank=True,
        help_text="Add only the rules that this panel has. People read each as a sentence.",
    )
    rules_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rules_lent_to",
        verbose_name="uses the rules of",
        help_text=(
            "Another panel whose rules count here too. A rule that you add below takes the place of theirs of its sort."
        ),
    )
    usual_process = models.ForeignKey(
        "scrutiny_pages.ReviewProcess",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="How this panel usually carries out a review.",
    )
    recruiting = models.BooleanField("open to new members", default=False)
    notes_for_staff = models.TextField(
        max_length=2000,
        blank=True,
        help_text="Never public: where a rule is not clear, and how you read it.",
    )

    objects = PanelQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.SearchField("purpose"),
        index.FilterField("live"),
        index.FilterField("kind"),
    ]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("slug"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("parent")]),
                    FieldPanel("purpose"),
                    FieldPanel("activities"),
                    FieldPanel("service_areas"),
                    MultiFieldPanel(
                        [FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]), FieldPanel("brief")],
                        heading="If it is there for a time",
                    ),
                    MultiFieldPanel(
                        [FieldPanel("supported_by"), FieldPanel("board_champion"), FieldPanel("mentor")],
                        heading="Who helps it",
                    ),
                    FieldPanel("terms_of_reference"),
                    FieldPanel("usual_process"),
                ],
                heading="About",
            ),
            ObjectList(
                [
                    FieldPanel("recruiting"),
                    FieldPanel("time_asked"),
                    FieldPanel("role_description"),
                    FieldPanel("support"),
                    FieldPanel("agreements", widget=CheckboxSelectMultiple),
                    FieldPanel("trainings", widget=CheckboxSelectMultiple),
                    InlinePanel("eligibility", heading="Who may join", label="Statement"),
                ],
                heading="Joining",
            ),
            ObjectList(
                [
                    FieldPanel("rules_from"),
                    FieldPanel("rules"),
                    HelpPanel(template="scrutiny_pages/admin/panel_rules.html", heading="What the public reads"),
                    FieldPanel("notes_for_staff"),
                ],
                heading="Rules",
            ),
        ]
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="panel_ends_after_it_starts",
                violation_error_message="The last day is before the first day.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError for a cycle of panels, contradictory rules, or a changed slug."""
        super().clean()
        if has_cycle(self, "parent"):
            raise ValidationError({"parent": "A panel cannot be part of itself, or of a panel that is part of it."})
        if has_cycle(self, "rules_from"):
            words = "A panel cannot use its own rules, or those of a panel that uses its rules."
            raise ValidationError({"rules_from": words})
        if clashes := self.rules_in_force.clashes():
            raise ValidationError({"rules": clashes})
        published = Panel.objects.filter(models.Q(live=True) | models.Q(first_published_at__isnull=False), pk=self.pk)
        if self.pk and published.exclude(slug=self.slug).exists():
            words = "This panel has been published, so its slug stays: links and other panels' rules point to it."
            raise ValidationError({"slug": words})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and update the search index of its page."""
        super().save(*args, **kwargs)
        for page in self.pages.all():
            index.insert_or_update_object(page)

    @cached_property
    def rule_lookup(self) -> RuleLookup:
        """Return the lookup of the names and rules of other panels; panels of one list share one."""
        return RuleLookup(Panel.objects.all())

    @property
    def rules_in_force(self) -> Rules:
        """Return the rules of this panel: its own, and those inherited from another panel."""
        return self.rule_lookup.rules_of(self)

    @property
    def minimum_members(self) -> int | None:
        """Return the minimum number of members, or None without a rule."""
        return Members.least(self.rules_in_force)

    @property
    def maximum_members(self) -> int | None:
        """Return the maximum number of members, or None without a rule."""
        return Members.most(self.rules_in_force)

    def is_finished(self, on: datetime.date) -> bool:
        """Return whether the last day of a time-limited panel has passed (K 5)."""
        return self.ends_on is not None and self.ends_on < on

    def recruits(self, on: datetime.date) -> bool:
        """Return whether the panel accepts applications on a day."""
        return self.recruiting and not self.is_finished(on)

    def vacancies(self, on: datetime.date) -> int | None:
        """Return the number of open seats on a day, or None if there is no limit. Needs ``with_seats()``."""
        if self.is_finished(on):
            return 0
        return None if self.seats is None else max(0, self.seats - self.seats_taken)

    @property
    def seats(self) -> int | None:
        """Return the total number of seats: one team for each review in progress. Needs ``with_seats()``."""
        return self.maximum_members and self.maximum_members * max(1, self.teams)

    def vacancy_words(self, on: datetime.date) -> str:
        """Return the vacancy notice, or an empty text. Needs ``with_seats()``."""
        return vacancy_words(name=self.name, recruiting=self.recruits(on), open_seats=self.vacancies(on))

    @property
    def possible_triggers(self) -> models.QuerySet:
        """Return the triggers of this panel's reviews: its own, and those of every panel."""
        return Trigger.objects.filter(models.Q(of_panels=None) | models.Q(of_panels=self))

    def address(self, viewer: Viewer, request: HttpRequest) -> str:
        """Return the URL of this panel's page, empty if the viewer may not see one."""
        page = visible_to(viewer, self.pages.all()).first()
        return page.get_url(request) if page else ""

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the template of a panel's page."""
        return "scrutiny_pages/panel_page.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Return the context of the panel's page."""
        context = super().get_preview_context(request, mode_name)
        self.seats_taken = self.teams = 0
        return context | {
            "panel": self,
            "facts": facts_of_panel(self, timezone.localdate(), self.parent),
            "page": {"title": self.name, "summary": self.purpose},
            **how_it_works(self),
        }


class EligibilityStatement(Ordered):
    """A requirement for members, as a sentence that has to be true of a person."""

    panel = ParentalKey(Panel, on_delete=models.CASCADE, related_name="eligibility")
    statement = models.CharField(max_length=200, help_text="A sentence that is true of the person: I rent from ...")
    concerns_some = models.BooleanField(
        "does not concern everybody",
        default=False,
        help_text="Such as “If I run a business, ...”. People can then answer that it is not about them, and a no "
        "rules nobody out.",
    )

    panels = [FieldPanel("statement"), FieldPanel("concerns_some")]

    def __str__(self) -> str:
        return self.statement
