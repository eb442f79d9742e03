"""What every answer to somebody filling in a form has in common: it is theirs alone."""

import uuid
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from .throttling import HOUR

if TYPE_CHECKING:
    from ..models import FormPage, Submission


class SeeOther(HttpResponseRedirect):
    """A 303: what was sent is done with, and what comes next is only looked at."""

    status_code = 303


def unkept(response: HttpResponse) -> HttpResponse:
    """Mark a response as one person's, to be kept nowhere."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def show(page: "FormPage", request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Give a page of a form."""
    response = TemplateResponse(request, template, page.get_context(request) | context, status=status)
    return unkept(response)


def lead_to(address: str) -> HttpResponse:
    """Lead on after something was sent, so that a reload sends nothing again."""
    return unkept(SeeOther(address))


def confirmed(sent: "Submission", *, changed: bool = False) -> HttpResponse:
    """Lead to the person's own page.

    :param changed: they sent it twice, and the second time it said something else.
    """
    address = reverse("form_received", args=[sent.token])
    return lead_to(f"{address}?first" if changed else address)


def hidden_path(response: HttpResponse) -> HttpResponse:
    """Keep an address with a secret in it from being told to whatever the page leads to.

    Not ``no-referrer``: browsers then call the page's own form a stranger's, and it could not be sent.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return unkept(response)


def too_many(request: HttpRequest, *, link: str = "") -> HttpResponse:
    """Say that an address has sent too much, and how to go on by phone.

    :param link: where to go back to.
    """
    response = TemplateResponse(request, "forms/too_many.html", {"link": link}, status=429)
    response.headers["Retry-After"] = str(HOUR)
    return unkept(response)


def hex_of(key: uuid.UUID | None) -> str:
    """Give a key for the form's hidden field, a new one if there is none."""
    return (key or uuid.uuid4()).hex
