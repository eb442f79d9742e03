"""What staff see of scrutiny in the admin."""

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup
from wagtail_modeladmin.options import modeladmin_register

from .imports.screens import ColumnsView, PreviewView, UploadView
from .models import Meeting, Panel, Recommendation, ReviewPage, Role, ServiceArea
from .permissions import user_can_import, user_can_record_stage, user_can_record_step
from .registers import MembershipRegister
from .steps import RecordStageView, RecordStepView


class RecommendationIndexView(IndexView):
    """The list of recommendations, with a way to import a tracker."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer the import to those who may."""
        url = reverse("import_recommendations")
        offered = [HeaderButton("Import a tracker", url=url, icon_name="upload")]
        return [*super().header_buttons, *(offered if user_can_import(self.request.user) else [])]


class RecommendationViewSet(SnippetViewSet):
    """Recommendations: their words. What became of them is recorded step by step."""

    model = Recommendation
    index_view_class = RecommendationIndexView
    icon = "tasks"
    list_display = [
        "__str__",
        "panel",
        "owner",
        Column("where_it_stands", label="Where it stands"),
        LiveStatusTagColumn(),
    ]
    list_per_page = 50
    list_filter = ["panel", "owner", "service_areas"]
    # A copy would share the number of another promise, and none of its history.
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Fetch with each row what the list says of it."""
        return Recommendation.objects.select_related("panel", "owner", "latest_revision", "tracking")

    def get_urlpatterns(self) -> list:
        """Add the screen that records a step."""
        return [*super().get_urlpatterns(), path("record/<int:pk>/", RecordStepView.as_view(), name="record")]


class PanelViewSet(SnippetViewSet):
    """Panels and their rules."""

    model = Panel
    icon = "group"
    list_display = ["name", "kind", "recruiting", LiveStatusTagColumn()]
    list_filter = ["kind"]
    copy_view_enabled = False


class MeetingViewSet(SnippetViewSet):
    """Meetings and events."""

    model = Meeting
    icon = "date"
    list_display = ["__str__", "panel", "starts_at", "is_public"]
    list_filter = ["panel", "kind"]


class RoleViewSet(SnippetViewSet):
    """Job roles that own promises."""

    model = Role
    icon = "user"
    list_display = ["title", "mailbox"]


class ServiceAreaViewSet(SnippetViewSet):
    """Services."""

    model = ServiceArea
    icon = "tag"


class ScrutinyGroup(SnippetViewSetGroup):
    """The domain's records, in one menu."""

    menu_label = "Scrutiny"
    menu_icon = "search"
    menu_order = 150
    items = (RecommendationViewSet, PanelViewSet, MeetingViewSet, RoleViewSet, ServiceAreaViewSet)


register_snippet(ScrutinyGroup)
modeladmin_register(MembershipRegister)


@hooks.register("register_snippet_listing_buttons")
def record_button(snippet: Model, user, next_url: str | None = None):
    """Offer "Record what happened" beside each recommendation."""
    if isinstance(snippet, Recommendation) and user_can_record_step(user, snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[snippet.pk])
        yield Button("Record what happened", url=url, icon_name="check", priority=5)


@hooks.register("register_admin_urls")
def stage_urls() -> list:
    """Add the screen that records a stage of a review."""
    return [path("reviews/<int:pk>/stages/", RecordStageView.as_view(), name="record_stage")]


@hooks.register("register_admin_urls")
def import_urls() -> list:
    """Add the screens that import a tracker."""
    return [
        path("recommendations/import/", UploadView.as_view(), name="import_recommendations"),
        path("recommendations/import/<uuid:key>/", ColumnsView.as_view(), name="import_recommendations_columns"),
        path(
            "recommendations/import/<uuid:key>/preview/", PreviewView.as_view(), name="import_recommendations_preview"
        ),
    ]


@hooks.register("register_page_header_buttons")
def stage_button(page: Page, user, view_name: str, next_url: str | None = None):
    """Offer "Record a stage" on every review."""
    if isinstance(page, ReviewPage) and page.pk and user_can_record_stage(user, page):
        yield Button("Record a stage", url=reverse("record_stage", args=[page.pk]), icon_name="check", priority=5)


@hooks.register("register_permissions")
def grantable_permissions() -> QuerySet:
    """Let an administrator give a group the right to record steps, and to keep the members' register."""
    ours = Permission.objects.filter(content_type__app_label="scrutiny_pages")
    return ours.filter(codename__in=["record_step", "handle_membership"])


@hooks.register("before_delete_page")
def keep_reports_that_asked(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a report that recommendations came from, or a branch that holds one."""
    if not Recommendation.objects.filter(report__path__startswith=page.path).exists():
        return None
    messages.error(request, f"“{page}” cannot be deleted: recommendations came from it. Unpublish it instead.")
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_snippet")
def keep_promises_with_a_history(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete a recommendation that something has happened to."""
    kept = [item for item in instances if isinstance(item, Recommendation) and item.tracking.events.exists()]
    if not kept:
        return None
    messages.error(request, f"{kept[0].ref} cannot be deleted: it has a history. Withdraw it or close it instead.")
    return redirect("wagtailsnippets_scrutiny_pages_recommendation:list")


@hooks.register("before_bulk_action")
def keep_in_bulk(request: HttpRequest, action_type: str, objects: list[Model], action: object) -> HttpResponse | None:
    """Hold the same two rules for many at once."""
    if action_type != "delete" or request.method != "POST":
        return None
    refused = (keep_reports_that_asked(request, item) for item in objects if isinstance(item, Page))
    return next((answer for answer in refused if answer), None) or keep_promises_with_a_history(request, objects)
