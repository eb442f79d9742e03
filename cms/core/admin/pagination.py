"""Streamed admin pages that show the progress of a long operation without any script."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

TEMPLATE = "core/admin/page_in_pieces.html"
_PLACE = "<!-- progress -->"


def page_in_pieces(request: HttpRequest, context: dict[str, Any], pieces: Iterator[str]) -> StreamingHttpResponse:
    """Return a streaming response that sends a page as its pieces are made; each replaces the one before.

    An error while the pieces are made has to be shown in a piece: the page is half sent by then.

    :param context: the context of an admin page, with ``doing``, the text above the pieces.
    """
    before, after = render_to_string(TEMPLATE, context, request).split(_PLACE)
    response = StreamingHttpResponse(_joined(before, pieces, after))
    # Compressed, or kept back by a proxy, it would arrive only when all is done.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def _joined(before: str, pieces: Iterator[str], after: str) -> Iterator[str]:
    """Yield the page; closing the iterator also closes the generator of the pieces."""
    yield before
    yield from pieces
    yield after
