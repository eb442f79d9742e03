"""Wagtail hooks that apply to every page."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.models import Page

from cms.core.admin.bulk_publishing import PublishBulkAction
from cms.core.admin.page_views import SitePageViewSet, page_viewset
from cms.core.admin.private_models import modeladmin_register
from cms.core.editing.page_position import paths_below, problem_of_address, words_of_restriction
from cms.core.editing.stale_edits import SettingsEditView
from cms.core.headless_preview import front_end, preview_elsewhere, user_can_preview_elsewhere
from cms.core.pdf.availability import reason_for_no_pdf
from cms.core.visibility import Viewer
from cms.core.webhooks.admin import DeliveryRegister, EndpointRegister, add_failing_webhooks_panel

modeladmin_register(EndpointRegister)
modeladmin_register(DeliveryRegister)
hooks.register("construct_homepage_panels", add_failing_webhooks_panel)
hooks.register("register_bulk_action", PublishBulkAction)


@hooks.register("register_admin_viewset")
def register_page_viewset() -> SitePageViewSet:
    """Replace Wagtail's page view set with ours: of two registered, the later counts."""
    return page_viewset


@hooks.register("register_admin_urls", order=-1)
def settings_url() -> list[URLPattern]:
    """Return the URL pattern of settings with our edit view: the first of two that match counts."""
    return [path("settings/<slug:app_name>/<slug:model_name>/<int:pk>/", SettingsEditView.as_view())]


@hooks.register("before_serve_page")
def serve_only_what_is_visible(page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict) -> None:
    """Raise Http404 for a page that has expired by the clock, or is under a page that is not public.

    Wagtail checks only the page itself, and its expiry only when a scheduler runs.
    """
    if not Viewer.of(request).may_be_served(page):
        raise Http404("Not public")


@hooks.register("insert_global_admin_js")
def leave_days_as_typed() -> str:
    """Keep the date picker from replacing input that it cannot parse with today's date."""
    return format_html('<script src="{}"></script>', static("core/admin-dates.js"))


class NoPdfPanel(Component):
    """An admin home panel that tells staff that this machine cannot make PDFs."""

    name = "no-pdf"
    order = 60
    template_name = "core/admin/no_pdf_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add the reason."""
        return {"words": reason_for_no_pdf()}


@hooks.register("construct_homepage_panels")
def add_no_pdf_panel(request: HttpRequest, panels: list) -> None:
    """Add the panel to the admin's home where no PDF can be made."""
    if reason_for_no_pdf():
        panels.append(NoPdfPanel())


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Return the URL of the redirect to the other front end; its view checks the permission."""
    return [path("pages/<int:pk>/preview-elsewhere/", preview_elsewhere, name="preview_elsewhere")]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_preview_elsewhere(
    page: Page, user: Any, next_url: str | None = None, view_name: str = ""
) -> Iterator[Button]:
    """Add a link to the draft on the other front end, in the editor and in lists of pages, if one is configured."""
    if user_can_preview_elsewhere(user, page):
        yield Button(
            f"Preview on {front_end()}",
            reverse("preview_elsewhere", args=[page.pk]),
            icon_name="view",
            attrs={"target": "_blank", "rel": "noreferrer"},
            priority=5,
        )


@hooks.register("before_move_page")
def keep_addresses_of_site(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move a page to an address that the site itself uses."""
    if not (problem := problem_of_address(paths_below(page, parent=destination))):
        return None
    messages.error(request, f"“{page}” cannot be moved there. {problem}")
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("before_bulk_action")
def keep_addresses_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Model], action: Any
) -> HttpResponse | None:
    """Refuse to move several pages to an address that the site itself uses."""
    if action_type != "move" or request.method != "POST":
        return None
    destination = action.cleaned_form.cleaned_data["chooser"]
    refused = (keep_addresses_of_site(request, page, destination) for page in objects if isinstance(page, Page))
    return next((answer for answer in refused if answer), None)


@hooks.register("after_publish_page")
def warn_of_restriction(request: HttpRequest, page: Page) -> None:
    """Add a warning who can see a page just published under a restricted page."""
    if words := words_of_restriction(page):
        messages.warning(request, words)
