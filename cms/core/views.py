"""Views that belong to no feature: health check, brand stylesheet and error pages."""

from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from wagtail.views import authenticate_with_password

API_PREFIX = "/api/"


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 if the site can serve: the code is loaded and the database responds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_css(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the stylesheet that sets the landlord's colour, taken from the URL: six hexadecimal digits.

    It is a stylesheet of its own, because the security policy allows no style inside a page.
    """
    return HttpResponse(f":root{{--govuk-brand-colour:#{colour}}}\n", content_type="text/css")


def refusal(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Return an error response with a plain message: JSON under ``/api/``, a page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": message}, status=status)
    return render(request, "refusal.html", {"message": message, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 400; for an unknown host with the static 500 page, since the request belongs to no site."""
    if isinstance(exception, DisallowedHost):
        return unknown_host(request)
    return refusal(request, 400, "We could not read that request.")


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Return 400 for a request with an unknown Host header, without reading the host again.

    Django has written it to the log ``django.security`` by then.
    """
    message = "This website has no such address. Look at the first part of it, up to the first single slash."
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": message}, status=400)
    return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Return 403; also for a form without its CSRF token."""
    message = "This page may have been open too long. Go back, reload the page and try again." if reason else ""
    return refusal(request, 403, message or "You do not have permission to see this.")


@csrf_exempt
def no_endpoint(request: HttpRequest) -> HttpResponse:
    """Return 404 for an unknown path of the API, for any method and without a CSRF token."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 404 with links to continue."""
    if request.path.startswith(API_PREFIX):
        return refusal(request, 404, "There is nothing at this address.")
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500 with a page that needs no database or context: those may be what failed."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": "Something went wrong on our side."}, status=500)
    return render(None, "500.html", status=500)


def page_password(request: HttpRequest, page_view_restriction_id: str, page_id: str) -> HttpResponse:
    """Show Wagtail's form for a page's password; redirect only to URLs of this site."""
    if not request.POST.get("return_url", "/").startswith("/"):
        return bad_request(request)
    return authenticate_with_password(request, int(page_view_restriction_id), int(page_id))
