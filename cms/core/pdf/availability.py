"""Whether this machine can make PDFs. WeasyPrint needs system libraries; without them the site runs and offers none."""

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
def load_press() -> Callable | None:
    """Return what makes a PDF, or nothing where the machine lacks its libraries. Loaded when first asked for."""
    try:
        return importlib.import_module("cms.core.pdf.renderer").press
    except (OSError, ImportError):
        return None


def why_no_pdf() -> str:
    """Describe in words for staff why no PDF is made on this machine; nothing if they are."""
    return "" if load_press() else LACKING
