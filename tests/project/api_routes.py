"""Every URL of the API, from its routes: an addition to ``cms/api.py`` is tested automatically."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver

# What is one person's, or is only sent to: its own tests ask it (tests/forms/api/test_viewsets.py and
# tests/core/test_headless_preview.py).
SENT_TO = {"/api/v2/forms/{id}/files/", "/api/v2/forms/{id}/submissions/"}
ONES_OWN = {"/api/v2/preview/", "/api/v2/submissions/{token}/"}
# A value for each part of an address that is not fixed, which leads to something in ``full_site``.
PARTS = {"series": "2026-03", "number": "1", "token": "00000000-0000-4000-8000-000000000000"}


def addresses(patterns, before: str = "/api/") -> Iterator[str]:
    """Yield each path as the OpenAPI document writes it: ``/api/v2/meetings/{id}/``."""
    for pattern in patterns:
        here = before + _written(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and pattern.name != "api_page":
            yield here


def _written(pattern: str) -> str:
    named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", named).replace("{pk}", "{id}")


def filled(client, address: str) -> str:
    """Return the URL of an existing object: the first of its list, where it has one."""
    for name, value in PARTS.items():
        address = address.replace(f"{{{name}}}", value)
    listing, part, rest = address.partition("{")
    if not part:
        return address
    name, _, rest = rest.partition("}")
    return f"{listing}{client.get(listing).json()['items'][0][name]}{rest}"
