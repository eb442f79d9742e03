"""JSON for whoever asks. A module of its own, because REST framework loads it before its views are there."""

from rest_framework.negotiation import BaseContentNegotiation


class AlwaysJSON(BaseContentNegotiation):
    """Answer with JSON whatever was asked for: there is nothing else."""

    def select_parser(self, request, parsers):
        """Return the parser of what was sent, by its type."""
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        """Return the only renderer there is."""
        return renderers[0], renderers[0].media_type
