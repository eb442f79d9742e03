"""The WSGI application that gunicorn serves."""

import os
import re
from collections.abc import Callable, Iterable

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
site = get_wsgi_application()
BOUNDARY = re.compile(r';\s*(boundary=("[^"]*"|[^\s;"]*))', re.IGNORECASE)


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Handle a request after replacing its charset with UTF-8, which browsers and programs send whatever they declare.

    Python has other codecs that are no text at all, or return surrogates; Django looks up the declared one before any
    middleware runs.
    """
    said = environ.get("CONTENT_TYPE", "")
    parts = [said.partition(";")[0].strip(), *(match[1] for match in BOUNDARY.finditer(said))]
    return site(environ | {"CONTENT_TYPE": "; ".join(parts)}, start_response)
