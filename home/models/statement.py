"""The accessibility statement, in the form that the law requires."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.blocks import TextBlock
from cms.core.editing.publish_gate import GatedPageForm, PublishGate
from cms.core.models import BasePage, SiteSettings
from cms.core.models.metadata import full_address

from ..accessibility_statement import (
    HEADINGS,
    Compliance,
    Reason,
    format_commitment,
    format_compliance,
    format_enforcement,
    format_preparation,
    problems_of_statement,
)
from .footer_pages import FooterPage


class ProblemBlock(blocks.StructBlock):
    """One issue that excludes some people, its reason, and an alternative."""

    what = blocks.CharBlock(label="What does not work, and for whom", max_length=250)
    criterion = blocks.CharBlock(
        required=False,
        max_length=120,
        label="Which point of the standard it fails",
        help_text="Its number and name, such as 1.2.2 Captions (Prerecorded).",
    )
    reason = blocks.ChoiceBlock(choices=Reason.choices, default=Reason.NON_COMPLIANCE, label="Why it is not accessible")
    instead = blocks.CharBlock(required=False, max_length=250, label="What people can do instead")
    plan = blocks.CharBlock(
        required=False,
        max_length=250,
        label="What we will do, and by when; or why it would be too great a burden",
    )

    class Meta:
        icon = "warning"
        label = "Something that is not accessible"


class AccessibilityStatementPage(PublishGate, FooterPage):
    """The accessibility statement of this website."""

    compliance = models.CharField(
        "how much of WCAG 2.2 AA is met", max_length=8, choices=Compliance, default=Compliance.PARTIAL
    )
    not_accessible = StreamField(
        [("problem", ProblemBlock())],
        blank=True,
        help_text="The worst first. Say nothing here that you have not seen to be so.",
    )
    improving = StreamField([("text", TextBlock())], blank=True, max_num=1, help_text="What you are doing to improve.")
    answered_in = models.PositiveSmallIntegerField(
        "working days until people hear from you",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )
    prepared_on = models.DateField("statement prepared on", null=True, blank=True)
    reviewed_on = models.DateField("last reviewed on", null=True, blank=True, help_text="At least once a year.")
    tested_on = models.DateField("website last tested on", null=True, blank=True)
    tested_by = models.CharField(
        max_length=120, blank=True, help_text="A company or a group, such as: our website team. Never a person's name."
    )
    how_tested = models.TextField(
        blank=True, max_length=600, help_text="Which pages were tested and how, and who took part."
    )

    footer_label = "Accessibility statement"
    permanent_name = "accessibility"
    base_form_class = GatedPageForm
    content_panels = [
        *BasePage.content_panels,
        HelpPanel(
            "<p>You only type what is known here. The landlord, its kind and nation, and how to reach the team "
            "come from the site settings.</p>"
        ),
        FieldPanel("compliance"),
        FieldPanel("not_accessible"),
        FieldPanel("improving"),
        FieldPanel("answered_in"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("prepared_on"), FieldPanel("reviewed_on")]),
                FieldRowPanel([FieldPanel("tested_on"), FieldPanel("tested_by")]),
                FieldPanel("how_tested"),
            ],
            heading="Dates and tests",
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("not_accessible"), index.SearchField("how_tested")]
    api_fields = [
        *BasePage.api_fields,
        APIField("compliance"),
        APIField("not_accessible"),
        APIField("improving"),
        APIField("answered_in"),
        APIField("prepared_on"),
        APIField("reviewed_on"),
        APIField("tested_on"),
        APIField("tested_by"),
        APIField("how_tested"),
    ]

    def publishing_problems(self, parent: models.Model | None = None) -> list[str]:
        """Return the messages that prevent the statement from being published."""
        days = {"prepared": self.prepared_on, "reviewed": self.reviewed_on, "tested": self.tested_on}
        return problems_of_statement(
            compliance=self.compliance, listed=len(self.not_accessible), dates=days, today=timezone.localdate()
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the sentences, filled from the site settings, and the issues grouped by reason."""
        context = super().get_context(request, *args, **kwargs)
        site = SiteSettings.for_request(request)
        listed = [block.value for block in self.not_accessible]
        groups = [
            {"heading": HEADINGS[reason], "listed": [value for value in listed if value["reason"] == reason]}
            for reason in Reason
        ]
        return context | {
            "address": full_address(request, "/"),
            "listed": listed,
            "groups": [group for group in groups if group["listed"]],
            "compliance_words": format_compliance(self.compliance, {value["reason"] for value in listed}),
            "commitment": format_commitment(site.organisation, is_public_body=site.is_public_body),
            "enforcement": format_enforcement(site.nation, is_public_body=site.is_public_body),
            "preparation": format_preparation(
                prepared=self.prepared_on, reviewed=self.reviewed_on, tested=self.tested_on, tested_by=self.tested_by
            ),
        }
