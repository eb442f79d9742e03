"""Small views that belong to no feature: health, the brand stylesheet, and what to say when things go wrong."""

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
    """Answer 200 once the site can serve: the code is loaded and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_css(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the stylesheet that sets the landlord's colour, which is in its address: six hexadecimal digits.

    A stylesheet of its own, because the security policy allows no style inside a page.
    """
    return HttpResponse(f":root{{--govuk-brand-colour:#{colour}}}\n", content_type="text/css")


def refusal(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Return plainly that something cannot be had: JSON under ``/api/``, a page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": message}, status=status)
    return render(request, "refusal.html", {"message": message, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 in plain words; to an unknown host from a page that needs nothing, since no site is meant."""
    if isinstance(exception, DisallowedHost):
        return unknown_host(request)
    return refusal(request, 400, "We could not read that request.")


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Return 400 for a request that names a host which is not ours, without asking for the host again.

    Django has written it to the log ``django.security`` by then.
    """
    message = "This website has no such address. Look at the first part of it, up to the first single slash."
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": message}, status=400)
    return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer 403 in plain words; also what a form without its safety token gets."""
    message = "This page may have been open too long. Go back, reload the page and try again." if reason else ""
    return refusal(request, 403, message or "You do not have permission to see this.")


@csrf_exempt
def no_endpoint(request: HttpRequest) -> HttpResponse:
    """Describe that the API has no such address, however it is asked: no page of ours was there to bring a token."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 with ways onward."""
    if request.path.startswith(API_PREFIX):
        return refusal(request, 404, "There is nothing at this address.")
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a page that needs nothing: whatever failed may be what a template would ask for."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"message": "Something went wrong on our side."}, status=500)
    return render(None, "500.html", status=500)


def page_password(request: HttpRequest, page_view_restriction_id: str, page_id: str) -> HttpResponse:
    """Ask for a page's password, as Wagtail does, but only ever lead back to this site."""
    if not request.POST.get("return_url", "/").startswith("/"):
        return bad_request(request)
    return authenticate_with_password(request, int(page_view_restriction_id), int(page_id))
