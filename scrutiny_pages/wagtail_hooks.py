"""What staff see of scrutiny in the admin."""

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Panel, Recommendation, ReviewPage, ReviewStage, Role, ServiceArea
from .people_admin import MeetingViewSet, PeopleGroup
from .permissions import user_can_record_stage, user_can_record_step
from .stages import RecordStageView, StartReviewView
from .steps import RecordStepView


class RecommendationViewSet(SnippetViewSet):
    """Recommendations: their words. What became of them is recorded step by step."""

    model = Recommendation
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
register_snippet(PeopleGroup)


@hooks.register("register_snippet_listing_buttons")
def record_button(snippet: Model, user, next_url: str | None = None):
    """Offer "Record what happened" beside each recommendation."""
    if isinstance(snippet, Recommendation) and user_can_record_step(user, snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[snippet.pk])
        yield Button("Record what happened", url=url, icon_name="check", priority=5)


@hooks.register("register_admin_urls")
def stage_urls() -> list:
    """Add the screens of a review: started from a process, and its stages recorded."""
    return [
        path("reviews/<int:pk>/start/", StartReviewView.as_view(), name="start_review"),
        path("reviews/<int:pk>/stages/", RecordStageView.as_view(), name="record_stage"),
    ]


@hooks.register("register_page_header_buttons")
def stage_button(page: Page, user, view_name: str, next_url: str | None = None):
    """Offer to start a review, or, once it has stages, to record what happened at one."""
    if not (isinstance(page, ReviewPage) and page.pk and user_can_record_stage(user, page)):
        return
    if not ReviewStage.objects.filter(review=page.pk).exists():
        yield Button("Start this review", url=reverse("start_review", args=[page.pk]), icon_name="date", priority=5)
    else:
        yield Button("Record a stage", url=reverse("record_stage", args=[page.pk]), icon_name="check", priority=5)


@hooks.register("register_permissions")
def grantable_permissions() -> QuerySet:
    """Let an administrator give a group the rights to record steps, to keep the members, and to set a rule aside."""
    ours = Permission.objects.filter(content_type__app_label="scrutiny_pages")
    return ours.filter(codename__in=["record_step", "decide_step", "handle_membership", "override_rule"])


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
