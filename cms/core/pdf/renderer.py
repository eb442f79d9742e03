"""Rendering of HTML as a tagged PDF with WeasyPrint, without any access to network or disk.

Only ``cms.core.pdf.availability`` loads this, because WeasyPrint needs libraries that a machine may lack.
"""

import logging
from typing import Any

import pydyf
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .availability import Material

# It counts every style that it does not know; what matters is tested.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)


class AllowListFetcher(URLFetcher):
    """A URL fetcher that returns only the given resources, and nothing from a network or a disk."""

    def __init__(self, material: Material):
        super().__init__(allowed_protocols=())
        self.material = material

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """Return the resource at a URL; raise an error for any other URL."""
        found = self.material(url)
        if found is None:
            raise ValueError("Not part of this page")
        content, kind = found
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def leave_decoration_out(document: Any, pdf: pydyf.PDF) -> None:
    """Mark images without alternative text as artifacts, so that a screen reader skips them."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/Figure" and "Alt" not in item:
            item["S"] = "/NonStruct"
            item.pop("A", None)


def render_pdf(html: str, address: str, material: Material) -> tuple[bytes, int]:
    """Return a page as PDF/UA-1, and its number of pages.

    :param address: the base URL of the page, for relative links.
    :param material: returns the stylesheet or image at a URL.
    """
    document = HTML(string=html, base_url=address, url_fetcher=AllowListFetcher(material)).render(
        pdf_variant="pdf/ua-1"
    )
    return document.write_pdf(pdf_variant="pdf/ua-1", finisher=leave_decoration_out), len(document.pages)
