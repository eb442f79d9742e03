"""Headless preview: a link to another front end with a token that gives access to one page's draft.

A token is signed, valid for one page and ten minutes, and not stored.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET
from wagtail.models import Page

LASTS = 600  # seconds
LONGEST_TOKEN = 200  # characters; ours have less than half of that
_signer = TimestampSigner(salt="cms.core.headless_preview")


class TokenRefused(Exception):
    """Raised for a token that gives no access; its text is shown to the user."""


def token_for(page: Page) -> str:
    """Return a token that gives access to the draft of one page for ten minutes."""
    return _signer.sign(str(page.pk))


def page_of(token: str) -> int:
    """Return the id of the page that a token gives access to.

    :raises TokenRefused: if it is invalid or has expired.
    """
    try:
        return int(_signer.unsign(token[:LONGEST_TOKEN], max_age=LASTS))
    except SignatureExpired:
        raise TokenRefused("This token is more than 10 minutes old. Open the preview again from the editor.") from None
    except (BadSignature, ValueError):
        raise TokenRefused("This is not a token that we made.") from None


def user_can_preview_elsewhere(user: Any, page: Page) -> bool:
    """Return whether a user may have a token for a page.

    True if a front end is configured and the user may edit or publish the page.
    """
    if not settings.HEADLESS_PREVIEW_URL or page.is_root():
        return False
    may = page.permissions_for_user(user)
    return user.is_active and (may.can_edit() or may.can_publish())


def front_end() -> str:
    """Return the host name of the other front end."""
    return urlsplit(settings.HEADLESS_PREVIEW_URL).netloc


@require_GET
def preview_elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the other front end, with a token for one page."""
    page = get_object_or_404(Page, pk=pk)
    if not user_can_preview_elsewhere(request.user, page):
        raise PermissionDenied
    parts = urlsplit(settings.HEADLESS_PREVIEW_URL)
    query = "&".join(filter(None, [parts.query, urlencode({"token": token_for(page)})]))
    answer = redirect(urlunsplit(parts._replace(query=query)))
    patch_cache_control(answer, private=True, no_store=True)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@checks.register(checks.Tags.security)
def drafts_travel_safely(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return a system check error for a front end without TLS, except on the local machine."""
    if not settings.HEADLESS_PREVIEW_URL:
        return []
    parts = urlsplit(settings.HEADLESS_PREVIEW_URL)
    is_local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    if parts.hostname and not parts.fragment and (parts.scheme == "https" or is_local):
        return []
    return [checks.Error("HEADLESS_PREVIEW_URL must start with https://, and have no part after #.", id="core.E001")]
