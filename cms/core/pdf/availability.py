"""Availability of PDFs on this machine. WeasyPrint needs system libraries; without them the site offers none."""

import importlib
from collections.abc import Callable
from functools import cache

# Gives the content and type of what stands at an address, or nothing if it is not the page's own.
Material = Callable[[str], tuple[bytes, str] | None]

LACKING = (
    "This machine cannot make PDFs: it lacks libraries that WeasyPrint needs. "
    "On Debian, install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, and start the site again."
)


@cache
def load_renderer() -> Callable | None:
    """Return the function that makes a PDF, or None where the machine lacks its libraries. Loaded on first use."""
    try:
        return importlib.import_module("cms.core.pdf.renderer").render_pdf
    except (OSError, ImportError):
        return None


def reason_for_no_pdf() -> str:
    """Return a message for staff why no PDF is made on this machine, or "" if they are made."""
    return "" if load_renderer() else LACKING
