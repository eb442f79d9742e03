"""Mixin of pages that are also served in large print and as a PDF."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from wagtail.admin.panels import HelpPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.core.dates.formatting import format_date, format_length
from cms.core.models import PagePdf
from cms.core.text.formatting import format_size
from cms.core.visibility import Viewer

from .availability import reason_for_no_pdf

LARGE_PRINT, PDF = "large-print/", "pdf/"


class PdfMixin(RoutablePageMixin, models.Model):
    """A page whose template is also served in large print and as a PDF, at URLs under its own."""

    preview_modes = [("", "On screen"), ("large-print", "Large print"), ("paper", "On paper")]
    pdf_panels = [
        MultiFieldPanel([HelpPanel(template="core/admin/pdf_panel.html")], heading="Large print and PDF"),
    ]
    paper_api_fields = [APIField("alternatives")]

    class Meta:
        abstract = True

    @path(LARGE_PRINT, name="large_print")
    def large_print(self, request: HttpRequest) -> HttpResponse:
        """Return the page in large print."""
        return self._pointing_here(self.render(request, context_overrides={"large_print": True}))

    @path(PDF, name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """Return the PDF of the current public content.

        :raises Http404: if there is none, or only an older one.
        """
        if (copy := self.current_pdf()) is None:
            raise Http404("No PDF")
        try:
            with copy.file.open() as file:
                content = file.read()
        except FileNotFoundError:
            raise Http404("The PDF is gone") from None
        name = f"{slugify(self.title) or 'page'}.pdf"
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        return self._pointing_here(answer)

    def _pointing_here(self, answer: HttpResponse) -> HttpResponse:
        """Return the response with a canonical link to the page itself."""
        answer["X-Robots-Tag"] = "noindex"
        answer["Link"] = f'<{self.full_url}>; rel="canonical"'
        return answer

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """Return a preview of a draft on screen, in large print or for print."""
        request.is_preview = True  # type: ignore[attr-defined]  # as wagtail.models.Page.serve sets it
        modes = {"large-print": {"large_print": True}, "paper": {"paper": True, "frame": "pdf_base.html"}}
        return self.render(request, context_overrides=modes.get(mode_name, {}))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the alternative formats of this page."""
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "frame": "page.html",
            "alternative_formats": self.alternative_formats(context["viewer"], request),
        }

    def current_pdf(self) -> PagePdf | None:
        """Return the PDF of the current public content, or None if it has not been made."""
        if not self.pk or not self.last_published_at:
            return None
        made = PagePdf.objects.filter(page_id=self.pk, made_for=self.last_published_at).exclude(file="")
        return made.current_at(timezone.now()).first()

    def alternative_formats(self, viewer: Viewer, request: HttpRequest | None = None) -> list[dict]:
        """Return the alternative formats of this page, as label and URL."""
        if not self.pk or not (address := self.get_url(request)):
            return []
        ways = [{"kind": "large_print", "words": "Large print", "url": address + LARGE_PRINT}]
        if copy := self.current_pdf():
            ways.append({"kind": "pdf", "words": copy.words, "url": address + PDF, "size": copy.size})
        return ways

    @property
    def pdf_status(self) -> str:
        """Return a sentence for editors: whether there is a current PDF, and if not, why."""
        if words := reason_for_no_pdf():
            return words
        if not self.pk or not self.live:
            return "The PDF is made when you publish."
        if copy := self.current_pdf():
            made = format_date(timezone.localdate(copy.made_at))
            return f"The PDF was made on {made}: {format_length(copy.pages, 'page')}, {format_size(copy.size)}."
        failed = PagePdf.objects.filter(page_id=self.pk).exclude(problem="").first()
        if failed:
            return f"The PDF could not be made ({failed.problem}). We try again every hour. Readers are offered none."
        return "The PDF is being made."

    @property
    def alternatives(self) -> list[dict]:
        """Return the alternative formats for the API, with absolute URLs."""
        site = self.get_site()
        ways = self.alternative_formats(Viewer.anonymous())
        return [way | {"url": site.root_url + way["url"] if site else way["url"]} for way in ways]
