"""Forms that editors build."""

import datetime
import uuid
from http import HTTPMethod

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models import BasePage

from .. import journey
from ..blocks import SectionsBlock
from ..definition import id_problems
from ..enums import FormKind, Opening


class FormCopyForm(CopyForm):
    """Copies a form, but makes no alias: two addresses for one set of answers would confuse everybody."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


class FormPage(BasePage):
    """A form: what to know first, what it asks, when it is open, and what happens afterwards."""

    kind = models.CharField(
        max_length=20,
        choices=FormKind,
        default=FormKind.GENERAL,
        help_text="Decides which list it comes to: applications, or other forms.",
    )
    start = RichTextField(
        "before people start",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Who it is for and not for, what they need to hand, how long it takes.",
    )
    other_ways = RichTextField(
        "other ways to do this",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="By phone, on paper, with help. Also shown when the form is closed.",
    )
    sections = StreamField(SectionsBlock())
    opens_on = models.DateField(null=True, blank=True, help_text="The first day it can be sent. Empty: at once.")
    closes_on = models.DateField(null=True, blank=True, help_text="The last day it can be sent. Empty: it stays open.")
    closed_message = models.TextField(
        blank=True, max_length=500, help_text="What people read after the last day, such as when it opens again."
    )
    what_happens_next = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Shown with the reference once it is sent: who gets in touch, how and by when.",
    )

    template = "forms/form_page.html"
    copy_form_class = FormCopyForm
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.POST]
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
    preview_modes = [("", "The form"), ("received", "After it is sent"), ("closed", "When it is closed")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("kind"),
                    FieldPanel("start"),
                    FieldPanel("other_ways"),
                ],
                heading="Start",
            ),
            ObjectList(
                [
                    HelpPanel(
                        "<p>What people send is kept with the questions as they were asked. "
                        "Changing or removing a question here never changes what was already sent.</p>"
                    ),
                    FieldPanel("sections"),
                ],
                heading="Questions",
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                    FieldPanel("closed_message"),
                ],
                heading="Opening dates",
            ),
            ObjectList([FieldPanel("what_happens_next")], heading="After sending"),
            ObjectList(BasePage.promote_panels, heading="Promote"),
            ObjectList(BasePage.settings_panels, heading="Settings"),
        ]
    )
    search_fields = [*BasePage.search_fields, index.SearchField("start")]
    api_fields = [*BasePage.api_fields, APIField("kind"), APIField("opens_on"), APIField("closes_on")]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(closes_on__isnull=True)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="form_closes_after_opening",
                violation_error_message="The last day is before the first day.",
            )
        ]

    def clean(self) -> None:
        """Give every question an identity of its own, and refuse two with the same one.

        The editor's own check is in the block; this one covers what code saves.
        """
        super().clean()
        for section in self.sections:
            for block in (section, *section.value["questions"]):
                block.id = block.id or str(uuid.uuid4())
        for problem in id_problems(self.sections).values():
            raise ValidationError({"sections": problem})

    def opening(self, on: datetime.date) -> Opening:
        """Say whether the form can be sent on a day; the first and the last day count."""
        if self.opens_on and on < self.opens_on:
            return Opening.NOT_YET
        if self.closes_on and on > self.closes_on:
            return Opening.CLOSED
        return Opening.OPEN

    def is_open(self, on: datetime.date) -> bool:
        """Say whether the form can be sent on a day."""
        return self.opening(on) == Opening.OPEN

    def closed_words(self, on: datetime.date) -> str:
        """Say why the form cannot be sent on a day; empty when it can."""
        opening = self.opening(on)
        if opening == Opening.NOT_YET:
            return f"This form opens on {date_format(self.opens_on, 'j F Y')}."
        if opening == Opening.CLOSED:
            return self.closed_message or f"This form closed on {date_format(self.closes_on, 'j F Y')}."
        return ""

    @method_decorator(sensitive_post_parameters())
    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Ask, or take what was sent. An alias made by copying a branch leads to its original."""
        request.is_preview = False
        if self.alias_of_id:
            return redirect(self.alias_of.get_url(request))
        return journey.send(self, request) if request.method == "POST" else journey.ask(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show an editor the draft as people would see it; nothing is stored."""
        return journey.preview(self, request, mode_name)
