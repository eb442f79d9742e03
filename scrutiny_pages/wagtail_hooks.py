"""What staff see of scrutiny in the admin."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Meeting, Panel, Recommendation, Role, ServiceArea


class RecommendationViewSet(SnippetViewSet):
    """Recommendations: their words. What became of them is recorded step by step."""

    model = Recommendation
    icon = "tasks"
    list_display = ["__str__", "panel", "owner"]
    list_filter = ["panel", "owner", "service_areas"]
    copy_view_enabled = False


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
