"""The private register of who sits on which panel."""

from django.http import HttpRequest

from cms.core.registers import EditableRegisterAdmin, RegisterFilter

from .enums import MemberStanding
from .models import Membership, Panel


class PanelFilter(RegisterFilter):
    """Which panel."""

    title = "panel"
    parameter_name = "panel"

    def lookups(self, request: HttpRequest, model_admin: "MembershipRegister") -> list[tuple[str, str]]:
        """Offer every panel."""
        return [(str(panel.pk), panel.name) for panel in Panel.objects.all()]

    def queryset(self, request: HttpRequest, queryset):
        """Narrow the list."""
        return queryset.filter(panel_id=self.value()) if self.value() else queryset


class StandingFilter(RegisterFilter):
    """Where a member stands."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: "MembershipRegister") -> list[tuple[str, str]]:
        """Offer every standing."""
        return MemberStanding.choices

    def queryset(self, request: HttpRequest, queryset):
        """Narrow the list."""
        return queryset.filter(standing=self.value()) if self.value() else queryset


class MembershipRegister(EditableRegisterAdmin):
    """Members, their seats, and whether they agreed to be named."""

    model = Membership
    permission = "scrutiny_pages.handle_membership"
    row_name = "member"
    rows_name = "members"
    base_url_path = "members"
    menu_label = "Members"
    menu_icon = "group"
    menu_order = 155
    list_display = ("name", "panel", "role", "standing", "name_is_public")
    list_filter = (PanelFilter, StandingFilter)
    list_select_related = ("panel",)
    search_fields = ("name",)
    ordering = ("panel", "name")
