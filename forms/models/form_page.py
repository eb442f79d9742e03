"""Form pages, which editors build."""

import datetime
import uuid
from http import HTTPMethod
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models import BasePage
from cms.core.visibility import Viewer

from ..builder.admin_forms import FormPageForm
from ..builder.blocks import SectionsBlock
from ..builder.definition import ASKS_NOTHING, definition_of, id_problems, problems_by_place
from ..builder.definition_diff import changes_between
from ..enums import Audience, FormKind, Opening
from .version import FormVersion

LINK_SECONDS = 24 * 60 * 60  # for how long a member's link opens a form without its key


def unlisted_forms(viewer: Viewer) -> QuerySet:
    """Return the forms that only people with their address can open."""
    return FormPage.objects.exclude(audience=Audience.ANYONE)


class FormCopyForm(CopyForm):
    """The copy form of form pages, without aliases: two addresses for one set of answers would be confusing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


class FormPage(BasePage):
    """A form page: introduction, questions, opening dates, and what happens after it is sent."""

    form_key = models.UUIDField(
        db_index=True,
        default=uuid.uuid4,
        editable=False,
        help_text="Which form it is, for good: a copy is another form.",
    )
    kind = models.CharField(
        max_length=20,
        choices=FormKind,
        default=FormKind.GENERAL,
        help_text="Decides which list it comes to, and how it is handled.",
    )
    audience = models.CharField(
        "who can open it",
        max_length=8,
        choices=Audience,
        default=Audience.ANYONE,
        help_text="Only forms for anyone are found in lists, in search and by other websites.",
    )
    link_key = models.UUIDField(default=uuid.uuid4, editable=False, help_text="What a member's link has in it.")
    panel = models.ForeignKey(
        "scrutiny_pages.Panel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The panel that an application is to join. Empty for all other forms.",
    )
    regime = models.ForeignKey(
        "forms.Regime",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="forms",
        verbose_name="answered by the rules of",
        help_text="Gives the date by which it has to be answered.",
    )
    time_needed = models.CharField(
        "how long it takes", max_length=60, blank=True, help_text="Such as: About ten minutes."
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
    sections = StreamField(SectionsBlock(), blank=True)
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
    sends_receipt = models.BooleanField(
        "send a receipt",
        default=True,
        help_text="An email with the reference and a link, to the address that the form asks for, if it asks for one.",
    )
    team_mailbox = models.EmailField(
        "tell this mailbox",
        blank=True,
        help_text="Told each time one comes, with its reference and a link and nothing of what it says.",
    )
    keep_months = models.PositiveSmallIntegerField(
        "months that what people send is kept",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text="Counted from the day it is closed. Then it is erased; how many there were stays. "
        "What nobody closes is erased a year later than that, counted from the day it came. "
        "People read it before they send. A new number counts for what is sent from then on.",
    )
    equality_questions = models.ForeignKey(
        "forms.QuestionSet",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Asked after it is sent, if at all. Answers are counted and never kept with anything that tells who.",
    )

    # The views import this model, so it names them by dotted path, as settings name ``CSRF_FAILURE_VIEW``: they are
    # imported at the first request. Wagtail's hook ``on_serve_page`` would do for one of them, but no hook previews.
    serve_view = "forms.submission.views.serve"
    preview_view = "forms.submission.preview.preview"
    # Whether an editor's form looks after what keeps this from being published.
    is_judged_by_its_form = False

    base_form_class = FormPageForm
    exclude_fields_in_copy = ["form_key", "link_key"]
    template = "forms/form_page.html"
    copy_form_class = FormCopyForm
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.POST]
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("audience")]),
                    HelpPanel(template="forms/admin/link_panel.html"),
                    FieldRowPanel([FieldPanel("panel"), FieldPanel("regime")]),
                    FieldPanel("time_needed"),
                    FieldPanel("start"),
                    FieldPanel("other_ways"),
                ],
                heading="Start",
            ),
            ObjectList(
                [
                    HelpPanel(template="forms/admin/changes_panel.html"),
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
            ObjectList(
                [
                    FieldPanel("what_happens_next"),
                    FieldRowPanel([FieldPanel("sends_receipt"), FieldPanel("team_mailbox")]),
                    FieldPanel("equality_questions"),
                    FieldPanel("keep_months"),
                ],
                heading="After sending",
            ),
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
        """Assign an id to every question, and raise `ValidationError` for duplicate ids.

        The block validates what an editor enters; this validates what code saves.
        """
        super().clean()
        for section in self.sections:
            for block in (section, *section.value["questions"]):
                block.id = block.id or str(uuid.uuid4())
        for problem in id_problems(self.sections).values():
            raise ValidationError({"sections": problem})
        # An unsaved page says that it is live, so it is not asked yet; and the editor's form says it at its place.
        if self.pk and self.live and not self.is_judged_by_its_form:
            if self.asks_nothing:
                raise ValidationError({"sections": ASKS_NOTHING})
            for found in problems_by_place(self.sections).values():
                raise ValidationError({"sections": found.words})

    def with_content_json(self, content: dict) -> "FormPage":
        """Return the page of a revision with the identity of this page.

        The revisions of a copy have the keys of the form that it was copied from.
        """
        page = super().with_content_json(content)
        page.form_key, page.link_key = self.form_key, self.link_key
        return page

    @property
    def asks_nothing(self) -> bool:
        """Return whether there is no question to answer, not even an equality question."""
        return not self.sections and not self.equality_questions_id

    @property
    def is_only_counted(self) -> bool:
        """Return whether the form has equality questions and no others.

        Members answer such a form once a year (W32, H 8.2).
        """
        return not self.sections and bool(self.equality_questions_id)

    def may_open(self, request: HttpRequest) -> bool:
        """Return whether the sender of this request may open the form, and submit it.

        A member's link contains the key once; from then on a cookie has it, and no address.
        """
        if self.audience == Audience.STAFF:
            # To fill one in is not to handle what comes of it.
            return request.user.has_perm("wagtailadmin.access_admin")
        if self.audience == Audience.MEMBERS:
            kept = request.get_signed_cookie(self.link_cookie, default="") or ""
            return any(constant_time_compare(key, self.link_key.hex) for key in (self._key_in(request), kept))
        return True

    @property
    def link_cookie(self) -> str:
        """Return the name of the cookie in which a member's browser stores the key."""
        return f"form-{self.pk}"

    def _key_in(self, request: HttpRequest) -> str:
        return request.GET.get("key", "").replace("-", "").lower()

    @property
    def member_link(self) -> str:
        """Return the address to send to members, with its key; empty for other audiences."""
        return f"{self.full_url}?key={self.link_key.hex}" if self.audience == Audience.MEMBERS and self.pk else ""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Return the preview modes: the pages that residents see, one for each section if there are several."""
        asked = [("", "The form")]
        if len(self.sections) > 1:
            titles = enumerate((section.value["title"] for section in self.sections), 1)
            sections = [(f"section-{number}", f"Section {number}: {title}") for number, title in titles]
            asked = [("", "Start page"), *sections, ("check", "Check your answers")]
        return [*asked, ("received", "After it is sent"), ("closed", "When it is closed")]

    @property
    def latest_version(self) -> FormVersion | None:
        """Return the latest stored version; None if there is none."""
        return self.versions.order_by("-number").first() if self.pk else None

    @property
    def changes(self) -> list[str]:
        """Describe the differences between this form and its latest version."""
        version = self.latest_version
        return changes_between(version.definition, definition_of(self)) if version else []

    def opening(self, on: datetime.date) -> Opening:
        """Return whether the form is not open yet, open or closed on a day; the first and the last day are open."""
        if self.opens_on and on < self.opens_on:
            return Opening.NOT_YET
        if self.closes_on and on > self.closes_on:
            return Opening.CLOSED
        return Opening.OPEN

    def is_open(self, on: datetime.date) -> bool:
        """Return whether the form can be sent on a day."""
        return self.opening(on) == Opening.OPEN

    def closed_words(self, on: datetime.date) -> str:
        """Return the reason why the form cannot be sent on a day; empty if it can."""
        opening = self.opening(on)
        if opening == Opening.NOT_YET and self.opens_on:
            return f"This form opens on {date_format(self.opens_on, 'j F Y')}."
        if opening == Opening.CLOSED and self.closes_on:
            return self.closed_message or f"This form closed on {date_format(self.closes_on, 'j F Y')}."
        return ""

    @method_decorator(sensitive_post_parameters())
    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the response to a request for this form.

        An alias, made by copying a branch, redirects to its original.
        """
        request.is_preview = False  # type: ignore[attr-defined]  # as wagtail.models.Page.serve sets it
        if self.alias_of_id:
            return redirect(self.alias_of.get_url(request))
        response = self._answer(request) if self.may_open(request) else self._refuse(request)
        if self.audience != Audience.ANYONE:
            response["X-Robots-Tag"] = "noindex"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if self.is_only_counted:
            # Nothing of the browser goes along: no cookie is set, and the address has no key.
            return redirect("form_equality", form_key=self.form_key)
        return self.let_in(request, import_string(self.serve_view)(self, request))

    def let_in(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Set the cookie with the key on a member's browser, and return the response."""
        if self.audience == Audience.MEMBERS:
            path, secure = self.get_url(request), request.is_secure()
            keep = {"max_age": LINK_SECONDS, "path": urlsplit(path).path, "httponly": True, "samesite": "Lax"}
            response.set_signed_cookie(self.link_cookie, self.link_key.hex, secure=secure, **keep)
        return response

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        """Return the page that explains to other visitors how members open the form.

        :raises Http404: for a form for staff, whose existence is not disclosed.
        """
        if self.audience == Audience.STAFF:
            raise Http404("For staff")
        response = TemplateResponse(request, "forms/members_only.html", self.get_context(request), status=403)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Return the preview of a draft for its editor; nothing is stored."""
        return import_string(self.preview_view)(self, request, mode_name)
