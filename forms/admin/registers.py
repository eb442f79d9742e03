"""Admin registers of submissions: one for each kind of form, one for spam, and the access log."""

import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from cms.core.admin.private_models import BulkAction, ModelAdminGroup, PrivateModelAdmin, RegisterFilter
from cms.core.dates.formatting import format_date

from ..cases import services as case_services
from ..cases.detail_view import CaseView
from ..cases.register_filters import FormFilter, HandlerFilter, LatenessFilter, StateFilter, SubjectFilter, name_of
from ..enums import AccessAction, FormKind
from ..models import AccessRecord, Case, CasePause, Submission
from ..models.permissions import PERMISSION, handled_by, record
from .public_entry_register import PublicEntryRegister


class CaseAction(BulkAction):
    """A bulk action of handlers on submissions."""

    def may(self, user: User, row: Any) -> bool:
        """Return whether the user may handle the submission."""
        return handled_by(user).filter(pk=row.pk).exists()

    def do(self, user: User, row: Any) -> None:
        """Apply the action to a submission, and record it in the same transaction."""
        with transaction.atomic():
            record(user, AccessAction.CHANGED, submission=row)
            self.apply(user, row)

    def apply(self, user: User, row: Any) -> None:
        """Apply the action to a submission."""
        raise NotImplementedError


class AssignToMe(CaseAction):
    """Assign the submissions to the user."""

    name = "mine"
    label = "Give to me"
    explanation = "Each of these will be given to you. Whoever has it now will no longer be shown as its handler."

    def apply(self, user: User, row: Any) -> None:
        """Assign the submission to the user."""
        case_services.assign(case=row.case, handler=user, by=user)


class MarkAcknowledged(CaseAction):
    """Acknowledge the submissions."""

    name = "acknowledged"
    label = "Mark as acknowledged"
    explanation = (
        "Each of these will be marked as acknowledged, with today's date. Each person is told in the usual words, "
        "on their own page and by email. To choose other words, open one of them."
    )

    def apply(self, user: User, row: Any) -> None:
        """Acknowledge the submission."""
        case_services.acknowledge(case=row.case, by=user)


class SetAside(CaseAction):
    """Quarantine the submissions as spam."""

    name = "spam"
    label = "Set aside as spam"
    explanation = "Each of these will leave this list and wait under Set aside. Nobody is told. You can take it back."

    def apply(self, user: User, row: Any) -> None:
        """Quarantine the submission."""
        case_services.quarantine(case=row.case, by=user)


class Release(CaseAction):
    """Release the submissions from quarantine."""

    name = "release"
    label = "Take back: this is not spam"
    explanation = (
        "Each of these will go back to its own list. If the person and the team were not told when it came, "
        "their emails go out now."
    )

    def apply(self, user: User, row: Any) -> None:
        """Release the submission."""
        case_services.release(case=row.case, by=user)


class SubmissionRegister(PrivateModelAdmin):
    """The register of submissions of one kind of form."""

    model = Submission
    kind = FormKind.GENERAL
    permission = PERMISSION
    list_display: tuple[str, ...] = ("reference", "form_title", "received", "state", "due", "handler")
    list_filter: tuple[type[RegisterFilter], ...] = (
        StateFilter,
        LatenessFilter,
        HandlerFilter,
        FormFilter,
        SubjectFilter,
    )
    search_fields = ("reference",)
    ordering = ("-submitted_at",)
    inspect_view_fields = ["submitted_at"]
    inspect_view_class = CaseView
    inspect_template_name = "forms/admin/case.html"
    bulk_actions: tuple[type[BulkAction], ...] = (AssignToMe, MarkAcknowledged, SetAside)

    def rows(self) -> QuerySet:
        """Return the submissions of this kind that are not quarantined."""
        return self.cases().filter(version__kind=self.kind, case__is_quarantined=False)

    def cases(self) -> QuerySet:
        """Return all submissions, with what the list needs."""
        pauses = Prefetch("case__pauses", CasePause.objects.filter(ended_on=None))
        rows = Submission.objects.filter(case__isnull=False).select_related("version", "case__handler", "case__regime")
        return rows.prefetch_related(pauses)

    def visible_rows(self, user: User) -> QuerySet:
        """Return the submissions that a user may handle."""
        return self.rows().filter(pk__in=handled_by(user).values("pk"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the submissions without their answers, which a list does not show."""
        return super().get_queryset(request).defer("answers", "version__definition")

    def looked_at_list(self, request: HttpRequest, rows: int) -> None:
        """Record that a user saw the list."""
        record(request.user, AccessAction.LISTED, rows=rows)

    def looked_at(self, request: HttpRequest, row: Any) -> None:
        """Record that a user read a submission."""
        record(request.user, AccessAction.READ, submission=row)

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the link to the exports."""
        return [("Download for a spreadsheet", reverse("form_exports", args=[self.kind]))]

    @admin.display(description="form", ordering="version__form_title")
    def form_title(self, sent: Submission) -> str:
        """Return the title of the form at the time of sending."""
        return sent.version.form_title

    @admin.display(ordering="case__received_on")
    def received(self, sent: Submission) -> str:
        """Format the date of receipt."""
        return format_date(sent.case.received_on)

    @admin.display(description="where it stands", ordering="case__state")
    def state(self, sent: Submission) -> str:
        """Return the state in words."""
        return sent.case.get_state_display()

    @admin.display(ordering="case__due_on")
    def due(self, sent: Submission) -> str:
        """Return the due date, marked if it has passed."""
        return due_tag(sent.case, timezone.localdate())

    @admin.display(ordering="case__handler__username")
    def handler(self, sent: Submission) -> str:
        """Return the name of the handler."""
        return name_of(sent.case.handler) if sent.case.handler else "Nobody"


def due_tag(case: Case, on: datetime.date) -> str:
    """Return the due date of a case as HTML, marked by text and colour if it has passed."""
    if case.is_closed:
        return "Answered late" if case.was_late else ""
    if case.is_stopped:
        return "Waiting for the person"
    if not case.due_now:
        return ""
    day = format_date(case.due_now)
    if case.is_late(on):
        return format_html('<strong class="w-text-critical-200">Late</strong><br>{}', day)
    return day


class ApplicationRegister(SubmissionRegister):
    """The register of applications to join."""

    kind = FormKind.APPLICATION
    row_name = "application"
    rows_name = "applications"
    base_url_path = "applications"
    menu_label = "Applications"
    menu_icon = "user"


class RequestRegister(SubmissionRegister):
    """The register of information requests."""

    kind = FormKind.REQUEST
    row_name = "information request"
    rows_name = "information requests"
    base_url_path = "information-requests"
    menu_label = "Information requests"
    menu_icon = "help"


class ImpactRegister(SubmissionRegister):
    """The register of impact assessments."""

    kind = FormKind.IMPACT
    row_name = "impact assessment"
    rows_name = "impact assessments"
    base_url_path = "impact-assessments"
    menu_label = "Impact assessments"
    menu_icon = "pick"

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Add the link to the activity report."""
        return [*super().links_above(request), ("Draft the activity report", reverse("activity_report"))]


class GeneralRegister(SubmissionRegister):
    """The register of all other forms."""

    kind = FormKind.GENERAL
    row_name = "form"
    rows_name = "other forms"
    base_url_path = "other-forms"
    menu_label = "Other forms"
    menu_icon = "form"


class SpamRegister(SubmissionRegister):
    """The register of quarantined submissions of every kind."""

    row_name = "form set aside"
    rows_name = "forms set aside as spam"
    base_url_path = "set-aside"
    menu_label = "Set aside"
    menu_icon = "warning"
    list_display = ("reference", "form_title", "received")
    list_filter = (FormFilter,)
    bulk_actions = (Release,)

    def rows(self) -> QuerySet:
        """Return the quarantined submissions."""
        return self.cases().filter(case__is_quarantined=True)

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return no links: spam is not exported."""
        return []


class AccessRegister(PrivateModelAdmin):
    """The access log of submissions, for administrators only.

    Its permission does not exist, so no group can be given it.
    """

    model = AccessRecord
    permission = "forms.read_access_log"
    row_name = "look"
    rows_name = "who looked at what"
    base_url_path = "access-log"
    menu_label = "Who looked"
    menu_icon = "view"
    list_display = ("at", "by", "action", "about", "rows_seen")
    list_select_related = ("by", "submission")
    search_fields = ("submission__reference", "by__username")
    screens = ("index",)
    ordering = ("-at",)

    def about(self, look: AccessRecord) -> str:
        """Return the reference of the submission; empty for a list."""
        return look.submission.reference if look.submission else ""

    @admin.display(description="how many")
    def rows_seen(self, look: AccessRecord) -> int:
        """Return the number of submissions."""
        return look.rows


class ReceivedGroup(ModelAdminGroup):
    """The menu group of all registers."""

    menu_label = "Received"
    menu_icon = "mail"
    menu_order = 160
    items = (
        ApplicationRegister,
        RequestRegister,
        ImpactRegister,
        GeneralRegister,
        PublicEntryRegister,
        SpamRegister,
        AccessRegister,
    )
