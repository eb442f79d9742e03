"""Middleware of every request: invalid requests, caching, redirects, missing images and terminology."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db.models.functions import Lower
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import SourceImageIOError
from wagtail.models import Site

from cms.core.models import SiteSettings
from cms.core.references import showing
from cms.core.text.terminology import DEFAULTS, WordsOfLandlord, stream_with_terminology, using_terminology
from cms.core.views import refusal
from cms.core.visibility import Viewer

# What pages, forms and files can be asked with, and what the admin and the API can: each view narrows it further.
METHODS = ("GET", "HEAD", "POST")
ADMIN_METHODS = (*METHODS, "OPTIONS", "PUT", "PATCH", "DELETE")
MISSING_PICTURE = "The file of this picture is missing. Open the picture to send the file again, or to delete it."
LONGEST_QUERY = 4096  # characters; the longest that the site itself makes is under 500


class PlainRequestMiddleware:
    """Answers 405 to an unknown method, 414 to an overlong query string, and 400 to a NUL character.

    Databases refuse a NUL in different ways. A form that Django's parser fails on is answered with 400 too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return an error response, or pass the request on."""
        methods = ADMIN_METHODS if request.path.startswith("/admin/") else METHODS
        # Each endpoint of the API says itself what it takes.
        if request.method not in methods and not request.path.startswith("/api/"):
            answer = refusal(request, 405, "This address cannot be used in that way.")
            answer["Allow"] = ", ".join(methods)
            return answer
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            return refusal(request, 414, "The address is too long.")
        if "\x00" in request.path or "\x00" in unquote(query):
            return refusal(request, 400, "The address has a character in it that we cannot read.")
        # A quoted cookie can spell one out; a session is looked up by what it says.
        if any("\x00" in value for value in request.COOKIES.values()):
            return refusal(request, 400, "A cookie has a character in it that we cannot read.")
        if request.content_type == "multipart/form-data":
            request.parse_file_upload = partial(_parsed, request)  # type: ignore[method-assign]  # of this request alone
        return self.get_response(request)


def _parsed(request: HttpRequest, headers: dict, body: Any) -> tuple:
    """Parse a multipart form; return whether Django's parser accepts it."""
    try:
        return type(request).parse_file_upload(request, headers, body)
    except TypeError:
        raise MultiPartParserError from None


class PrivateAnswerMiddleware:
    """Marks every response to a signed-in user as private: it may hold what an anonymous user is refused.

    A response with its own Cache-Control is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, marked as private for a signed-in user."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and self._is_signed_in(request):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def _is_signed_in(self, request: HttpRequest) -> bool:
        """Return whether somebody is signed in, without marking the session as accessed."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return False
        was_asked = request.session.accessed
        signed_in = request.user.is_authenticated
        if not signed_in:
            request.session.accessed = was_asked
        return signed_in


class PublicRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, without those to a page that the visitor may not see: its new URL would reveal it.

    A redirect matches a URL with or without its query string, a space as it is or as ``%20``, in any case (case P11).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Redirect to the new URL, or leave the 404 response as it is."""
        found = self.find(request) if response.status_code == 404 else None
        if found is None or found.link is None:
            return response
        page = found.redirect_page
        if page and not Viewer.of(request).sees_page(page):
            return response
        return (HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect)(found.link)

    def find(self, request: HttpRequest) -> Redirect | None:
        """Return the redirect of a URL, in one query: the closest spelling first, the site's own first."""
        whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        forms = [form for path in (whole, whole.partition("?")[0]) for form in (uri_to_iri(path), path, unquote(path))]
        wanted = [form.lower() for form in forms if "\0" not in form]
        rows = Redirect.get_for_site(Site.find_for_request(request)).select_related("redirect_page")
        found = rows.annotate(lowered=Lower("old_path")).filter(lowered__in=wanted)

        def distance(redirect: Redirect) -> tuple:
            exact = redirect.old_path in forms
            place = forms.index(redirect.old_path) if exact else wanted.index(redirect.lowered)
            return not exact, place, redirect.site_id is None

        return min(found, key=distance, default=None)


class MissingPictureMiddleware:
    """Answers 404 if a view needs the file of an image that is missing from the disk.

    Pages show a gap instead. Wagtail's previews and image choosers open the file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response unchanged."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return 404 with a message if a view could not open an image's file."""
        return refusal(request, 404, MISSING_PICTURE) if isinstance(exception, SourceImageIOError) else None


class WordsMiddleware:
    """Activates the terminology of the requested site's landlord; the settings are fetched only if needed.

    The references of pages are resolved, except in the admin, where pages are edited (``references.py``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; a streaming one is iterated with the same terminology."""

        def find() -> WordsOfLandlord:
            return SiteSettings.for_request(request) if Site.find_for_request(request) else DEFAULTS

        is_admin = request.path.startswith(reverse("wagtailadmin_home"))
        with using_terminology(find), nullcontext() if is_admin else showing():
            response = self.get_response(request)
        # A file is sent as it is, and fastest if left alone.
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = stream_with_terminology(response.streaming_content, find)
        return response
