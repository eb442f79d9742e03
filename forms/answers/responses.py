"""What every answer to somebody filling in a form has in common: it is theirs alone."""

import re
import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from ..models import FormPage, Submission
from .throttling import HOUR

KEY = re.compile(r"[0-9a-f]{32}")


class SeeOther(HttpResponseRedirect):
    """A 303: what was sent is done with, and what comes next is only looked at."""

    status_code = 303


def no_store(response: HttpResponse) -> HttpResponse:
    """Mark a response as one person's, which no browser and no proxy may store, and return it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def show(page: FormPage, request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Return a page of a form."""
    response = TemplateResponse(request, template, page.get_context(request) | context, status=status)
    return no_store(response)


def see_other(address: str) -> HttpResponse:
    """Lead on after something was sent, so that a reload sends nothing again."""
    return no_store(SeeOther(address))


def confirmed(sent: Submission, *, changed: bool = False) -> HttpResponse:
    """Lead to the person's own page.

    :param changed: they sent it twice, and the second time it said something else.
    """
    address = reverse("form_received", args=[sent.token])
    return see_other(f"{address}?first" if changed else address)


def no_referrer(response: HttpResponse) -> HttpResponse:
    """Keep an address with a secret in it from being told to whatever the page leads to.

    Not ``no-referrer``: browsers then call the page's own form a stranger's, and it could not be sent.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return no_store(response)


def too_many(request: HttpRequest, *, link: str = "") -> HttpResponse:
    """Describe that an address has sent too much, and how to go on by phone.

    :param link: where to go back to.
    """
    response = TemplateResponse(request, "forms/too_many.html", {"link": link}, status=429)
    response.headers["Retry-After"] = str(HOUR)
    return no_store(response)


def key_in(data: QueryDict) -> uuid.UUID | None:
    """Return the key that a form came with; None if it has none, or one that is no UUID in hexadecimal digits."""
    text = data.get("key", "")
    return uuid.UUID(text) if KEY.fullmatch(text) else None


def hex_of(key: uuid.UUID | None) -> str:
    """Return a key for the form's hidden field, a new one if there is none."""
    return (key or uuid.uuid4()).hex
