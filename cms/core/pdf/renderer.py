"""Turns HTML into a tagged PDF with WeasyPrint. It is given all it may read, and asks nobody for anything.

Only ``cms.core.pdf.availability`` loads this, because WeasyPrint needs libraries that a machine may lack.
"""

import logging

import pydyf
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .availability import Material

# It counts every style that it does not know; what matters is tested.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)


class AllowListFetcher(URLFetcher):
    """Gives what was laid out beforehand, and nothing from a network or a disk."""

    def __init__(self, material: Material):
        super().__init__(allowed_protocols=())
        self.material = material

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """Return what an address stands for, or refuse."""
        found = self.material(url)
        if found is None:
            raise ValueError("Not part of this page")
        content, kind = found
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def leave_decoration_out(document, pdf: pydyf.PDF) -> None:
    """Take pictures without words, such as the bars beside their numbers, out of what a screen reader is told."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/Figure" and "Alt" not in item:
            item["S"] = "/NonStruct"
            item.pop("A", None)


def press(html: str, address: str, material: Material) -> tuple[bytes, int]:
    """Return a page as PDF/UA-1, and how many pages it has.

    :param address: the page's own, which links in it are relative to.
    :param material: gives what stylesheets and pictures are made of.
    """
    document = HTML(string=html, base_url=address, url_fetcher=AllowListFetcher(material)).render(
        pdf_variant="pdf/ua-1"
    )
    return document.write_pdf(pdf_variant="pdf/ua-1", finisher=leave_decoration_out), len(document.pages)
