"""A staff screen that arrives in pieces while something long is done: it tells how far it is, and needs no script."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

TEMPLATE = "core/admin/page_in_pieces.html"
_PLACE = "<!-- progress -->"


def page_in_pieces(request: HttpRequest, context: dict[str, Any], pieces: Iterator[str]) -> StreamingHttpResponse:
    """Return an answer whose page is sent as its pieces are made; each takes the place of the one before.

    What fails while the pieces are made has to be said in one of them: the page is half sent by then.

    :param context: of the admin's own screens, with `doing`, the words that stand above the pieces.
    """
    before, after = render_to_string(TEMPLATE, context, request).split(_PLACE)
    response = StreamingHttpResponse(_joined(before, pieces, after))
    # Compressed, or kept back by a proxy, it would arrive only when all is done.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def _joined(before: str, pieces: Iterator[str], after: str) -> Iterator[str]:
    """Yield the page; who stops reading it stops what makes the pieces."""
    yield before
    yield from pieces
    yield after
