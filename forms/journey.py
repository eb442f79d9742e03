"""A resident's way through a form: asked, asked again with what is wrong, sent, and sent once."""

import re
import uuid
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from cms.core.visibility import Viewer

from .answers import AnswersForm
from .definition import definition_of
from .submissions import KeyInUse, already_sent, submit
from .versions import ensure_version

if TYPE_CHECKING:
    from .models import FormPage, FormVersion, Submission

KEY = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"[0-9]{1,9}")
SEND_AGAIN = "We could not tell whether you have sent this form before. Check your answers and send it again."


def ask(page: "FormPage", request: HttpRequest) -> HttpResponse:
    """Show the form, or why it cannot be sent today."""
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=200)
    version = _current_version(page)
    return _form(page, request, version, AnswersForm(version.definition))


def send(page: "FormPage", request: HttpRequest) -> HttpResponse:
    """Take what was sent: 303 to the confirmation, or the form again with what is wrong and every answer kept.

    A form with something wrong is answered with 422: the page is for the person, the number for the
    machines between us, which must not keep or count it as a success.
    """
    key = _key(request.POST)
    try:
        sent = already_sent(key=key, form_id=page.pk) if key else None
    except KeyInUse:
        key, sent = None, None
    if sent:
        # Before anything else, since a second click may arrive after the form closed or changed.
        return _confirmed(sent, changed=_differs(sent, request.POST))
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=409)

    version = _version_shown(page, request.POST)
    form = AnswersForm(version.definition, request.POST)
    if "change" in request.POST:
        return _form(page, request, version, form, key=key, as_typed=True)
    ruled_out_by = form.ruled_out_by()
    if ruled_out_by:
        context = {"words": ruled_out_by.words, "typed": form.typed(), "key": _hex(key), "version": version.number}
        return _page(page, request, "forms/ruled_out.html", context)
    if not form.is_valid():
        return _form(page, request, version, form, key=key, status=422)
    if key is None:
        return _form(page, request, version, form, problem=SEND_AGAIN, status=422)
    return _confirmed(submit(version=version, answers=form.answers(), key=key))


def preview(page: "FormPage", request: HttpRequest, mode: str) -> HttpResponse:
    """Show a draft to its editor."""
    if mode == "received":
        context = {"title": page.title, "reference": "3XAMPLE7", "next": page.what_happens_next}
        return TemplateResponse(request, "forms/received.html", context)
    if mode == "closed":
        words = page.closed_message or "This form is closed."
        return _page(page, request, "forms/form_page.html", {"closed": words})
    return _page(page, request, "forms/form_page.html", {"form": AnswersForm(definition_of(page)), "is_preview": True})


def _current_version(page: "FormPage") -> "FormVersion":
    version = ensure_version(page)
    if version is None:  # unpublished since the address was looked up
        raise Http404("This form is not published")
    return version


def _version_shown(page: "FormPage", data: QueryDict) -> "FormVersion":
    """Give the version that the person was shown: they answered its questions, whatever is asked now."""
    current = _current_version(page)
    number = data.get("version", "")
    if not NUMBER.fullmatch(number) or int(number) == current.number:
        return current
    return page.versions.filter(number=int(number)).first() or current


def _key(data: QueryDict) -> uuid.UUID | None:
    text = data.get("key", "")
    return uuid.UUID(text) if KEY.fullmatch(text) else None


def _hex(key: uuid.UUID | None) -> str:
    return (key or uuid.uuid4()).hex


def _differs(sent: "Submission", data: QueryDict) -> bool:
    form = AnswersForm(sent.version.definition, data)
    return not form.is_valid() or form.answers() != sent.answers


def _confirmed(sent: "Submission", *, changed: bool = False) -> HttpResponse:
    address = reverse("form_received", args=[sent.token])
    response = HttpResponse(status=303, headers={"Location": f"{address}?first" if changed else address})
    return unkept(response)


def _closed(page: "FormPage", request: HttpRequest, *, status: int) -> HttpResponse:
    closed = page.closed_words(Viewer.of(request).today)
    return _page(page, request, "forms/form_page.html", {"closed": closed}, status=status)


def _form(
    page: "FormPage",
    request: HttpRequest,
    version: "FormVersion",
    form: AnswersForm,
    *,
    key: uuid.UUID | None = None,
    problem: str = "",
    as_typed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Ask, with what was typed and what is wrong; ``as_typed`` keeps the answers but judges nothing yet."""
    if as_typed:
        form.set_aside_problems()
    problems = form.problems() if form.is_bound else []
    problems = [("send", problem), *problems] if problem else problems
    context = {"form": form, "problems": problems, "key": _hex(key), "version": version.number}
    return _page(page, request, "forms/form_page.html", context, status=status)


def _page(page: "FormPage", request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    response = TemplateResponse(request, template, page.get_context(request) | context, status=status)
    return unkept(response)


def unkept(response: HttpResponse) -> HttpResponse:
    """Mark a response as one person's, to be kept nowhere."""
    patch_cache_control(response, private=True, no_store=True)
    return response
