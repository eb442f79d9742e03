"""Panels: the bodies of people who scrutinise, and the pages that introduce them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from rest_framework.serializers import SlugRelatedField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, Orderable, PreviewableMixin, RevisionMixin
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ..enums import PanelKind
from ..panel_words import breaks_family, facts_of_panel, rules_in_words, vacancies, vacancy_words
from ..querysets import PanelQuerySet


class Panel(PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """A body of people: what it is for, who may join and by what rules it works."""

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

    minimum_members = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_members = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty if there is no limit.")
    quorum = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many members must be there for a decision to count."
    )
    meetings_a_year = models.PositiveSmallIntegerField("meetings a year, about", null=True, blank=True)
    reviews_a_year = models.PositiveSmallIntegerField("reviews a year, about", null=True, blank=True)
    absences_allowed = models.PositiveSmallIntegerField(
        "absences in a row",
        null=True,
        blank=True,
        help_text="After this many missed meetings in a row the seat may be given up.",
    )
    chair_term_years = models.PositiveSmallIntegerField("years a chair may serve", null=True, blank=True)
    probation_months = models.PositiveSmallIntegerField("months of trial period", null=True, blank=True)
    recruiting = models.BooleanField("open to new members", default=False)

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
                    FieldPanel("terms_of_reference"),
                ],
                heading="About",
            ),
            ObjectList(
                [
                    FieldPanel("recruiting"),
                    FieldPanel("time_asked"),
                    FieldPanel("support"),
                    InlinePanel("eligibility", heading="Who may join", label="Statement"),
                ],
                heading="Joining",
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("minimum_members"), FieldPanel("maximum_members")]),
                            FieldRowPanel([FieldPanel("quorum"), FieldPanel("absences_allowed")]),
                            FieldRowPanel([FieldPanel("chair_term_years"), FieldPanel("probation_months")]),
                            FieldRowPanel([FieldPanel("meetings_a_year"), FieldPanel("reviews_a_year")]),
                        ],
                        heading="Leave a rule empty if this panel has none. The page says them in plain words.",
                    )
                ],
                heading="Rules",
            ),
        ]
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a panel that would be its own ancestor, or limits that contradict each other."""
        super().clean()
        if breaks_family(self):
            raise ValidationError({"parent": "A panel cannot be part of itself, or of a panel that is part of it."})
        if self.minimum_members and self.maximum_members and self.minimum_members > self.maximum_members:
            raise ValidationError({"maximum_members": "This is fewer than the minimum."})
        if self.quorum and self.maximum_members and self.quorum > self.maximum_members:
            raise ValidationError({"quorum": "This is more people than the panel may have."})

    @property
    def rules(self) -> list[str]:
        """Give this panel's rules in plain words."""
        return rules_in_words(self)

    @property
    def vacancies(self) -> int | None:
        """Give the seats that are open, or nothing if there is no limit. Needs ``with_seats()``."""
        return vacancies(maximum=self.maximum_members, taken=self.seats_taken)

    @property
    def vacancy_words(self) -> str:
        """Say that this panel looks for members, or nothing. Needs ``with_seats()``."""
        return vacancy_words(name=self.name, recruiting=self.recruiting, open_seats=self.vacancies)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Preview a panel as its page shows it."""
        return "scrutiny_pages/panel_page.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Give what the panel's page would give."""
        context = super().get_preview_context(request, mode_name)
        self.seats_taken = 0
        return context | {
            "panel": self,
            "facts": facts_of_panel(self),
            "page": {"title": self.name, "summary": self.purpose},
        }


class EligibilityStatement(Orderable):
    """One sentence that has to be true of a person who joins."""

    panel = ParentalKey(Panel, on_delete=models.CASCADE, related_name="eligibility")
    statement = models.CharField(max_length=200, help_text="A sentence that is true of the person: I rent from ...")

    panels = [FieldPanel("statement")]

    def __str__(self) -> str:
        return self.statement


class PanelIndexPage(ListingPage):
    """Lists the panels."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.PanelPage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the panels' pages, by title."""
        pages = PanelPage.objects.all()
        return visible_to(viewer, pages).order_by("title").select_related("panel")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the seats of the panels on this page of the list."""
        context = super().get_context(request, *args, **kwargs)
        panels = {panel.pk: panel for panel in Panel.objects.with_seats()}
        context["rows"] = [{"page": page, "panel": panels[page.panel_id]} for page in context["page_obj"]]
        return context


class PanelPage(BasePage):
    """Introduces one panel. It only picks the panel: nothing is typed twice."""

    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT, related_name="pages")
    apply_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="application form",
        help_text="Where somebody applies to join.",
    )

    parent_page_types = ["scrutiny_pages.PanelIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("panel"), FieldPanel("apply_page")]
    api_fields = [
        *BasePage.api_fields,
        APIField("panel", serializer=SlugRelatedField(slug_field="slug", read_only=True)),
    ]
    api_select_related = ("panel",)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the panel with its seats, its meetings to come, and its reviews; nothing while none is picked."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        panel = (
            Panel.objects.with_seats().prefetch_related("eligibility", "service_areas").filter(pk=self.panel_id).first()
        )
        if panel is None:
            return context
        return context | {
            "panel": panel,
            "facts": facts_of_panel(panel),
            "apply_page": self.apply_page if self.apply_page and viewer.sees_page(self.apply_page) else None,
            "members": panel.memberships.named_in_public(),
            "meetings": visible_to(viewer, panel.meetings.all()).coming(viewer.at)[:3],
            "reviews": visible_to(viewer, panel.reviews.all()).order_by("-first_published_at")[:10],
        }


def pages_of_hidden_panels(viewer: Viewer) -> models.QuerySet:
    """Give the pages whose panel is not public: they have nothing to say."""
    return PanelPage.objects.exclude(panel__in=visible_to(viewer, Panel.objects.all()))
