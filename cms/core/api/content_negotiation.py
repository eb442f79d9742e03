"""Content negotiation that always selects JSON. REST framework loads this module before its views exist."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class AlwaysJSON(BaseContentNegotiation):
    """Content negotiation that answers with JSON whatever the Accept header says."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the parser of the request's content type."""
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type
