"""Viewsets, menus and hooks of the Wagtail admin for scrutiny."""

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.core.admin.record_views import RecordViewSet

from .admin.members import PEOPLE_VIEWSETS, MeetingViewSet
from .admin.reviews import LISTS, EscalationRouteViewSet, ProcessViewSet, ProgrammeViewSet, RecommendationViewSet
from .models import Panel, Recommendation


class PanelViewSet(RecordViewSet):
    """The viewset of panels and their rules."""

    model = Panel
    icon = "group"
    list_display = ["name", "kind", "recruiting", LiveStatusTagColumn()]
    list_filter = ["kind"]
    copy_view_enabled = False


class ScrutinyGroup(SnippetViewSetGroup):
    """The menu of the domain's records."""

    menu_label = "Scrutiny"
    menu_icon = "search"
    menu_order = 150
    items = (RecommendationViewSet, PanelViewSet, MeetingViewSet, ProgrammeViewSet)


class ArrangementGroup(SnippetViewSetGroup):
    """The menu of the arrangement of scrutiny: what is set up once and seldom changed."""

    menu_label = "Arrangement"
    menu_icon = "cogs"
    menu_order = 160
    items = (ProcessViewSet, EscalationRouteViewSet, *PEOPLE_VIEWSETS, *LISTS)


register_snippet(ScrutinyGroup)
register_snippet(ArrangementGroup)


@hooks.register("register_permissions")
def grantable_permissions() -> QuerySet:
    """Return the permissions that an administrator may grant: record steps, manage members, override rules."""
    ours = Permission.objects.filter(content_type__app_label="scrutiny_pages")
    return ours.filter(codename__in=["record_step", "decide_step", "handle_membership", "override_rule"])


@hooks.register("before_delete_page")
def keep_reports_that_asked(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a report that recommendations came from, or a page above one."""
    if not Recommendation.objects.filter(report__path__startswith=page.path).exists():
        return None
    messages.error(request, f"“{page}” cannot be deleted: recommendations came from it. Unpublish it instead.")
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_snippet")
def keep_recommendations_with_a_history(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete a recommendation that has a history."""
    kept = [item for item in instances if isinstance(item, Recommendation) and item.tracking.events.exists()]
    if not kept:
        return None
    messages.error(request, f"{kept[0].ref} cannot be deleted: it has a history. Withdraw it or close it instead.")
    return redirect("wagtailsnippets_scrutiny_pages_recommendation:list")


@hooks.register("before_bulk_action")
def keep_in_bulk(request: HttpRequest, action_type: str, objects: list[Model], action: object) -> HttpResponse | None:
    """Refuse bulk deletions under the same two rules."""
    if action_type != "delete" or request.method != "POST":
        return None
    refused = (keep_reports_that_asked(request, item) for item in objects if isinstance(item, Page))
    return next((answer for answer in refused if answer), None) or keep_recommendations_with_a_history(request, objects)
