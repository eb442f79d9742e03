"""What staff see of scrutiny in the admin."""

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup
from wagtail_modeladmin.options import modeladmin_register

from .models import Meeting, Panel, Recommendation, Role, ServiceArea
from .permissions import user_can_record_step
from .registers import MembershipRegister
from .steps import RecordStepView


class RecommendationViewSet(SnippetViewSet):
    """Recommendations: their words. What became of them is recorded step by step."""

    model = Recommendation
    icon = "tasks"
    list_display = ["__str__", "panel", "owner"]
    list_filter = ["panel", "owner", "service_areas"]
    # A copy would share the number of another promise, and none of its history.
    copy_view_enabled = False

    def get_urlpatterns(self) -> list:
        """Add the screen that records a step."""
        return [*super().get_urlpatterns(), path("record/<int:pk>/", RecordStepView.as_view(), name="record")]


class PanelViewSet(SnippetViewSet):
    """Panels and their rules."""

    model = Panel
    icon = "group"
    list_display = ["name", "kind", "recruiting"]
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
        yield Button("Record what happened", url=url, icon_name="tick", priority=5)


@hooks.register("register_permissions")
def grantable_permissions() -> QuerySet:
    """Let an administrator give a group the right to record steps, and to keep the members' register."""
    ours = Permission.objects.filter(content_type__app_label="scrutiny_pages")
    return ours.filter(codename__in=["record_step", "handle_membership"])
