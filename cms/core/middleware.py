"""Refuses requests that no page could answer, before anything reads them."""

from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

from cms.core.views import refusal

LONGEST_QUERY = 4096  # characters; the longest that the site itself makes is under 500


class PlainRequestMiddleware:
    """Answer 414 to an overlong query and 400 to a NUL character, which databases refuse in different ways."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass the request on."""
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            return refusal(request, 414, "The address is too long.")
        if "\x00" in request.path or "\x00" in unquote(query):
            return refusal(request, 400, "The address has a character in it that we cannot read.")
        # A quoted cookie can spell one out; a session is looked up by what it says.
        if any("\x00" in value for value in request.COOKIES.values()):
            return refusal(request, 400, "A cookie has a character in it that we cannot read.")
        return self.get_response(request)
