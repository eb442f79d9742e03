"""The admin view of equality statistics."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..answers.responses import no_store
from ..models.permissions import PERMISSION
from .equality_report import report_for


class EqualityReportView(WagtailAdminTemplateMixin, TemplateView):
    """The equality statistics of each form and year."""

    template_name = "forms/admin/equality_report.html"
    page_title = "Who takes part"
    header_icon = "group"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse users who handle no forms."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return no_store(super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict]:
        """Add this page to the breadcrumbs."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the report to the context."""
        return super().get_context_data(**kwargs) | {"years": report_for(self.request.user, on=timezone.localdate())}
