"""Views of the site's icons, at permanent URLs: for browsers, phones and link previews."""

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image
from wagtail.images.models import SourceImageIOError

from ..models.settings import SiteSettings
from .drawing import SIZES, card_of_logo, icon_of_letter, icon_of_logo

A_DAY = 86_400
A_YEAR = 31_536_000
DRAWING = 3  # the number of the way they are drawn: change it with the way


@require_safe
@cache_control(public=True, max_age=A_DAY)
def icon(request: HttpRequest, size: int | str = 32) -> HttpResponse:
    """Return the icon as a square PNG: the logo, or a letter if there is no logo or its file is missing.

    :raises Http404: for a size that is not offered.
    """
    size = int(size)
    if size not in SIZES:
        raise Http404("No icon of that size")
    site = SiteSettings.for_request(request)

    def draw() -> bytes:
        logo = _logo(site)
        return icon_of_logo(logo, size) if logo else icon_of_letter(site.letter, site.brand_colour, size)

    return _png(request, site, f"icon-{size}", draw)


@require_safe
@cache_control(public=True, max_age=A_DAY)
def share_picture(request: HttpRequest) -> HttpResponse:
    """Return the image of link previews for pages without one: the logo on the landlord's colour.

    :raises Http404: without a logo.
    """
    site = SiteSettings.for_request(request)
    if not site.logo_id:
        raise Http404("No logo")

    def draw() -> bytes:
        logo = _logo(site)
        if logo is None:
            return icon_of_letter(site.letter, site.brand_colour, SIZES[-1])
        return card_of_logo(logo, site.brand_colour)

    return _png(request, site, "share", draw)


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def letter_icon(request: HttpRequest, colour: str, letter: str) -> HttpResponse:
    """Return an SVG of a letter on the landlord's colour, both taken from the URL, like the brand stylesheet."""
    context = {"colour": colour, "letter": letter}
    return render(request, "letter_icon.svg", context, content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=A_DAY)
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest: the site's name and icons on a phone's home screen."""
    site = SiteSettings.for_request(request)
    icons = [
        {"src": reverse("icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
    ]
    told = {
        "name": f"{site.name}, {site.organisation}",
        "short_name": site.name,
        "lang": "en-GB",
        "start_url": "/",
        "display": "browser",
        "theme_color": site.brand_colour,
        "background_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _png(request: HttpRequest, site: SiteSettings, name: str, draw: Callable[[], bytes]) -> HttpResponse:
    """Return a drawing as a response, cached by logo, colour and letter."""
    made_of = (DRAWING, site.logo.file_hash or site.logo_id if site.logo else "", site.brand_colour, site.letter)
    key = hashlib.sha256(repr((name, *made_of)).encode()).hexdigest()[:20]
    etag = f'"{key}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(cache.get_or_set(f"drawn-{key}", draw, A_DAY), content_type="image/png")
    response["ETag"] = etag
    return response


def _logo(site: SiteSettings) -> Image.Image | None:
    """Return the logo as a small rendition, or None if there is none or its file cannot be read."""
    if site.logo is None:
        return None
    try:
        with site.logo.get_rendition("max-512x512|format-png").file.open("rb") as file:
            return Image.open(file).convert("RGBA")
    except (SourceImageIOError, OSError):
        return None
