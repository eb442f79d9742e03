"""Wagtail hooks of forms: URLs, menu items, snippets and registers of the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, register_converter, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.core.admin.private_models import modeladmin_register

from .admin import question_sets
from .admin.case_settings import HandlingViewSet, WordingViewSet
from .admin.question_sets import QuestionSetViewSet, keep_sets_in_bulk, keep_sets_in_use
from .admin.regimes import RegimeViewSet, keep_regimes_in_bulk, keep_regimes_in_use
from .admin.registers import ReceivedGroup
from .cases import views as case_views
from .disclosure_log import admin_views
from .privacy import views as privacy_views
from .reporting import equality_views, exports, impact_views
from .submission import staff_entry


class FormatConverter:
    """A URL path converter for the file formats of an export."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        """Return the format unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return the format unchanged."""
        return value


register_converter(FormatConverter, "ending")
REFERENCE = "received/<str:reference>/"


class FormsGroup(SnippetViewSetGroup):
    """The menu group for setting up forms."""

    menu_label = "Forms"
    menu_icon = "form"
    menu_order = 165
    items = (QuestionSetViewSet, RegimeViewSet, WordingViewSet, HandlingViewSet)


register_snippet(FormsGroup)
modeladmin_register(ReceivedGroup)
hooks.register("before_delete_snippet", keep_sets_in_use)
hooks.register("before_bulk_action", keep_sets_in_bulk)
hooks.register("before_delete_snippet", keep_regimes_in_use)
hooks.register("before_bulk_action", keep_regimes_in_bulk)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Return the URLs of the admin views of submissions; each view checks permissions itself."""
    return [
        *question_sets.admin_urls(),
        path("received-for-somebody/", staff_entry.choose, name="form_enter_which"),
        path("received-for-somebody/<int:pk>/", staff_entry.enter, name="form_enter"),
        path(REFERENCE, case_views.open_received, name="form_open"),
        path(f"{REFERENCE}do/<slug:step>/", case_views.CaseStepView.as_view(), name="case_step"),
        path(f"{REFERENCE}print/", case_views.on_paper, name="case_paper"),
        path(f"{REFERENCE}files/<uuid:token>/", case_views.download, name="case_file"),
        path(f"{REFERENCE}all-we-hold/", privacy_views.everything, name="case_all_we_hold"),
        path(f"{REFERENCE}erase/", privacy_views.erase_for_good, name="case_erase"),
        path(f"{REFERENCE}public/", admin_views.EntryView.as_view(), name="publish_entry"),
        path("public-entries/<int:pk>/", admin_views.EntryView.as_view(), name="public_entry"),
        path("activity-report/", impact_views.ActivityReportView.as_view(), name="activity_report"),
        path("who-takes-part/", equality_views.EqualityReportView.as_view(), name="equality_report"),
        path("received-files/<slug:kind>/", exports.choose, name="form_exports"),
        path("received-files/<uuid:form_key>/all.<ending:ending>", exports.export, name="form_export"),
        path(
            "received-files/<uuid:form_key>/version-<int:number>.<ending:ending>",
            exports.export,
            name="form_export_version",
        ),
    ]


class HandlersMenuItem(MenuItem):
    """A menu item that only handlers of forms see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user handles submissions."""
        return request.user.has_perm("forms.handle_submission")


@hooks.register("register_admin_menu_item")
def enter_for_somebody() -> MenuItem:
    """Add the menu item for entering a form that came on paper or by phone."""
    return HandlersMenuItem("Type in a form", reverse("form_enter_which"), icon_name="edit", order=162)


@hooks.register("register_reports_menu_item")
def who_takes_part() -> MenuItem:
    """Add the menu item of the equality report."""
    return HandlersMenuItem("Who takes part", reverse("equality_report"), icon_name="group", order=700)


@hooks.register("register_reports_menu_item")
def activity_report() -> MenuItem:
    """Add the menu item of the activity report."""
    return HandlersMenuItem("Activity report", reverse("activity_report"), icon_name="doc-full", order=710)
