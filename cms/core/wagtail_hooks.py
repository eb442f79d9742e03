"""What Wagtail is asked to do differently, for every page."""

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail_modeladmin.options import modeladmin_register

from cms.core.pdf_library import why_no_pdf
from cms.core.visibility import Viewer
from cms.core.webhook_admin import DeliveryRegister, EndpointRegister, tell_of_failing_webhooks

modeladmin_register(EndpointRegister)
modeladmin_register(DeliveryRegister)
hooks.register("construct_homepage_panels", tell_of_failing_webhooks)


@hooks.register("before_serve_page")
def serve_only_what_is_visible(page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict) -> None:
    """Answer 404 for what has expired by the clock, or stands under a page that is not public.

    Wagtail looks only at the page itself, and at its expiry only when a scheduler runs.
    """
    if not Viewer.of(request).may_be_served(page):
        raise Http404("Not public")


class NoPdfPanel(Component):
    """Tells staff that this machine cannot make PDFs."""

    name = "no-pdf"
    order = 60
    template_name = "core/admin/no_pdf_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add why."""
        return {"words": why_no_pdf()}


@hooks.register("construct_homepage_panels")
def tell_of_missing_libraries(request: HttpRequest, panels: list) -> None:
    """Say on the admin's home that no PDF is made here, where that is so."""
    if why_no_pdf():
        panels.append(NoPdfPanel())
