"""Viewsets and hooks of the admin for people and meetings, besides the private registers."""

from collections.abc import Iterator
from typing import Any

from django.db import router
from django.db.models import Max, Model, ProtectedError, QuerySet
from django.db.models.deletion import Collector, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.models import Page

from cms.core.admin.private_models import modeladmin_register
from cms.core.admin.record_views import RecordViewSet

from ..models import Agreement, Meeting, MemberKind, RegularDuty, ReviewPage, Training
from ..services.permissions import user_can_manage_members, user_can_mark_duty
from .attendance_views import AttendanceView, DutyDoneView
from .dashboard import TodoListView, TodoPanel
from .member_registers import PeopleGroup
from .team_views import ReviewTeamView


class MeetingViewSet(RecordViewSet):
    """The viewset of meetings and events."""

    model = Meeting
    icon = "date"
    list_display = ["__str__", "panel", "starts_at", "is_public"]
    list_filter = ["panel", "kind"]

    def get_urlpatterns(self) -> list:
        """Add the view that records the attendance."""
        return [*super().get_urlpatterns(), path("attendance/<int:pk>/", AttendanceView.as_view(), name="attendance")]


class AgreementViewSet(RecordViewSet):
    """The viewset of the agreements of members, by version."""

    model = Agreement
    icon = "clipboard-list"
    list_display = ["name"]
    copy_view_enabled = False


class TrainingViewSet(RecordViewSet):
    """The viewset of trainings for members."""

    model = Training
    icon = "openquote"
    list_display = ["name"]
    copy_view_enabled = False


class MemberKindViewSet(RecordViewSet):
    """The viewset of kinds of member, to which the limits of panels refer."""

    model = MemberKind
    icon = "tag"
    list_display = ["name"]
    copy_view_enabled = False


class RegularDutyViewSet(RecordViewSet):
    """The viewset of recurring duties."""

    model = RegularDuty
    icon = "repeat"
    list_display = ["name", "role", "panel", Column("how_often", label="How often"), Column("last_done", label="Last")]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Annotate each duty with the day of its last completion."""
        return RegularDuty.objects.select_related("role", "panel").annotate(last_done=Max("times__done_on"))

    def get_urlpatterns(self) -> list:
        """Add the view that records a completion."""
        return [*super().get_urlpatterns(), path("done/<int:pk>/", DutyDoneView.as_view(), name="done")]


PEOPLE_VIEWSETS = (AgreementViewSet, TrainingViewSet, RegularDutyViewSet, MemberKindViewSet)
modeladmin_register(PeopleGroup)


def _was_held(meeting: Meeting) -> bool:
    return meeting.starts_at <= timezone.now() and not meeting.is_called_off


@hooks.register("register_snippet_listing_buttons")
def record_buttons(snippet: Model, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Yield "Record who came" beside each past meeting, and "Mark as done" beside each duty."""
    if isinstance(snippet, Meeting) and user_can_manage_members(user) and _was_held(snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_meeting:attendance", args=[snippet.pk])
        yield Button("Record who came", url=url, icon_name="group", priority=5)
    if isinstance(snippet, RegularDuty) and user_can_mark_duty(user, snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_regularduty:done", args=[snippet.pk])
        yield Button("Mark as done", url=url, icon_name="check", priority=5)


@hooks.register("register_page_header_buttons")
def team_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Yield a link to a review's team, for users who manage the members' register."""
    if isinstance(page, ReviewPage) and page.pk and user_can_manage_members(user):
        yield Button("Team and tasks", url=reverse("review_team", args=[page.pk]), icon_name="group", priority=6)


@hooks.register("register_admin_urls")
def people_urls() -> list:
    """Return the URL patterns of views that belong to no viewset."""
    return [
        path("reviews/<int:pk>/team/", ReviewTeamView.as_view(), name="review_team"),
        path("todos/", TodoListView.as_view(), name="todos"),
    ]


@hooks.register("construct_homepage_panels")
def due_panel(request: HttpRequest, panels: list) -> None:
    """Add the panel of to-dos to the dashboard of users who can have some."""
    panels.insert(0, TodoPanel())


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def warn_of_limits(request: HttpRequest, instance: Model) -> None:
    """Warn of the limits that a saved meeting exceeds, if they only warn."""
    for breach in instance.broken if isinstance(instance, Meeting) else []:
        messages.warning(request, breach.sentence)


def _is_needed(item: Model) -> bool:
    """Return whether protected relations refer to an object."""
    try:
        Collector(using=router.db_for_write(type(item)), origin=item).collect([item])
    except (ProtectedError, RestrictedError):
        return True
    return False


@hooks.register("before_delete_snippet")
def keep_referenced_records(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete records that others refer to: a panel with members, an accepted agreement."""
    kept = [item for item in instances if _is_needed(item)]
    if not kept:
        return None
    messages.error(request, f"“{kept[0]}” cannot be deleted: other records need it.")
    return redirect(f"wagtailsnippets_{kept[0]._meta.app_label}_{kept[0]._meta.model_name}:list")


@hooks.register("before_delete_page")
def keep_reviews_with_a_team(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a review that has a team of its own, or a page above one."""
    if not ReviewPage.objects.filter(path__startswith=page.path, team__isnull=False).exists():
        return None
    messages.error(request, f"“{page}” cannot be deleted: a review has its team. Unpublish it instead.")
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_in_bulk(request: HttpRequest, action_type: str, objects: list[Model], action: object) -> HttpResponse | None:
    """Refuse bulk deletions under the same two rules."""
    if action_type != "delete" or request.method != "POST":
        return None
    refused = (keep_reviews_with_a_team(request, item) for item in objects if isinstance(item, Page))
    records = [item for item in objects if not isinstance(item, Page)]
    return next((answer for answer in refused if answer), None) or keep_referenced_records(request, records)
