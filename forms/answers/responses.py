"""Response helpers for people who fill in a form; every response is private."""

import re
import uuid
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from ..models import FormPage, Submission
from .throttling import HOUR

KEY = re.compile(r"[0-9a-f]{32}")
R = TypeVar("R", bound=HttpResponseBase)


class SeeOther(HttpResponseRedirect):
    """A 303 redirect, which a browser follows with a GET."""

    status_code = 303


def no_store(response: R) -> R:
    """Mark a response as private and not to be stored, and return it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def show(page: FormPage, request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Return the rendered page of a form, marked as private."""
    response = TemplateResponse(request, template, page.get_context(request) | context, status=status)
    return no_store(response)


def see_other(address: str) -> HttpResponse:
    """Return a 303 redirect, so that a reload sends nothing again."""
    return no_store(SeeOther(address))


def redirect_to_confirmation(sent: Submission, *, changed: bool = False) -> HttpResponse:
    """Return a redirect to the confirmation page of a submission.

    :param changed: the form was sent twice, and the second time with other answers.
    """
    address = reverse("form_received", args=[sent.token])
    return see_other(f"{address}?first" if changed else address)


def no_referrer(response: R) -> R:
    """Set a referrer policy that hides a secret address from linked sites, and return the response.

    Not ``no-referrer``: browsers then send ``Origin: null`` with the page's own form, which would be refused.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return no_store(response)


def too_many(request: HttpRequest, *, link: str = "") -> HttpResponse:
    """Return a 429 page, which explains the limit and how to continue by phone.

    :param link: the address to go back to.
    """
    response = TemplateResponse(request, "forms/too_many.html", {"link": link}, status=429)
    response.headers["Retry-After"] = str(HOUR)
    return no_store(response)


def key_in(data: QueryDict) -> uuid.UUID | None:
    """Return the idempotency key in form data; None if it is missing, or is no UUID in hexadecimal digits."""
    text = data.get("key", "")
    return uuid.UUID(text) if KEY.fullmatch(text) else None


def hex_of(key: uuid.UUID | None) -> str:
    """Return a key for the form's hidden field, a new one if there is none."""
    return (key or uuid.uuid4()).hex
