"""Views of a form: shown, shown again with errors, and submitted once.

A form with one section is a single page. One with several is handled by ``submission/section_views.py``; sent as a
whole, as another website may, it is accepted as well.
"""

import logging
import re
import time
import uuid
from typing import Any, cast

from django.core.signing import BadSignature, Signer
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from cms.core.visibility import Viewer

from ..answers.duplicates import differs
from ..answers.error_drafts import (
    AGAIN,
    ErrorDraft,
    empty_draft,
    find_draft,
    forget_draft,
    redirect_to_draft,
    sheet_of_key,
)
from ..answers.forms import AnswersForm, questions_in
from ..answers.responses import hex_of, key_in, redirect_to_confirmation, show
from ..answers.throttling import storage_full_message, throttle_message
from ..answers.versions import current_version, ensure_version
from ..models import FormPage, FormVersion, Submission
from ..questions import Question
from ..rules.retention import keeping_words
from ..rules.spam import HONEYPOT
from . import draft_views, section_views
from .refused_posts import refused_post
from .services import KeyInUse, Outcome, already_sent, receive

logger = logging.getLogger(__name__)
NUMBER = re.compile(r"[0-9]{1,9}")
SEND_AGAIN = "We could not tell whether you have sent this form before. Check your answers and send it again."
opened = Signer(salt="forms.opened")


def serve(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Return the response to a request for a published form that this visitor may open."""
    return send(page, request) if request.method == "POST" else ask(page, request)


def ask(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Show the form or its current step, or why it cannot be sent today."""
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=200)
    refused = refused_post(request)
    version = version_to_show(page, refused.data) if refused else displayed_version(page)
    if section_views.is_somewhere_in(request):
        return _show_step(page, request, version)
    if refused:
        form = AnswersForm(version.definition, refused.data, version=version)
        more: dict[str, Any] = {"key": key_in(refused.data), "problem": refused.words, "status": refused.status}
        return _form(page, request, version, form, as_typed=True, **more)
    if AGAIN in request.GET:
        return _ask_corrected(page, request, version)
    if section_views.has_sections(version.definition):
        return section_views.show_start(page, request, version)
    return _form(page, request, version, _form_of(version, QueryDict()), as_typed=True)


def _ask_corrected(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    """Show the form again with its errors, or redirect to the confirmation if it was corrected and sent."""
    draft = find_draft(page, request, request.GET[AGAIN])
    if draft is None or not draft.key:
        return _form(page, request, version, _form_of(version, QueryDict()), as_typed=True, is_expired=True, status=410)
    key = uuid.UUID(draft.key)
    if sent := already_sent(key=key, form_id=page.pk):
        return redirect_to_confirmation(sent)
    form = _form_of(draft.version, draft.data)
    draft.apply_to(form)
    return _form(
        page,
        request,
        draft.version,
        form,
        key=key,
    )


def _show_step(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    page_name = request.GET.get("page", "")
    if page_name == "begin":
        return section_views.show_begin(page, request, version)
    if page_name == "check":
        return section_views.show_check(page, request)
    if page_name in ("save", "saved"):
        return draft_views.show_save(page, request, is_done=page_name == "saved")
    return section_views.show_section(page, request, version)


def send(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Process a POST: redirect to the next step, or to the form with its errors and every answer kept.

    A form with errors that cannot be stored for a redirect is rendered at once, with 422, 429 or 503.
    """
    key = key_in(request.POST)
    try:
        sent = already_sent(key=key, form_id=page.pk) if key else None
    except KeyInUse:
        key, sent = None, None
    if sent:
        # Before anything else, since a second click may arrive after the form closed or changed.
        return redirect_to_confirmation(
            sent, changed=not section_views.is_somewhere_in(request) and differs(sent, request.POST, request.FILES)
        )
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=409)
    version = version_shown(page, request.POST)
    if not section_views.is_somewhere_in(request):
        return _send_whole(page, request, version, key)
    page_name = request.GET.get("page", "")
    if page_name == "check":
        return section_views.submit_draft(page, request)
    if page_name == "save":
        return draft_views.send_link(page, request)
    return section_views.submit_section(page, request, version)


def _send_whole(page: FormPage, request: HttpRequest, version: FormVersion, key: uuid.UUID | None) -> HttpResponse:
    form = AnswersForm(version.definition, request.POST, request.FILES, version=version, request=request)
    if "change" in request.POST:
        return _form(page, request, version, form, key=key, as_typed=True)
    honeypot, seconds = request.POST.get(HONEYPOT, ""), _seconds_since(request.POST)
    try:
        receipt = receive(form=form, key=key, request=request, honeypot=honeypot, seconds=seconds)
        if receipt.sent and key:
            empty_draft(page, request, sheet_of_key(key))
    except OperationalError:
        logger.exception("A form could not be stored")
        return _form(page, request, version, form, key=key, problem=storage_full_message(request), status=503)
    match receipt.outcome:
        case Outcome.STORED | Outcome.SENT_BEFORE:
            sent = cast("Submission", receipt.sent)
            return redirect_to_confirmation(
                sent, changed=not sent.is_new and differs(sent, request.POST, request.FILES)
            )
        case Outcome.RULED_OUT:
            return _show_ruled_out(page, request, form, cast("Question", receipt.ruled_out_by), key=key)
        case Outcome.INVALID if form.has_too_many_files:
            return _form(page, request, version, form, key=key, status=429)
        case Outcome.INVALID:
            return _ask_again(page, request, version, form, key=key)
        case Outcome.WITHOUT_KEY:
            return _form(page, request, version, form, problem=SEND_AGAIN, status=422)
        case Outcome.THROTTLED:
            return _form(page, request, version, form, key=key, problem=throttle_message(request), status=429)


def _show_ruled_out(
    page: FormPage, request: HttpRequest, form: AnswersForm, question: Question, *, key: uuid.UUID | None
) -> HttpResponse:
    if key:
        forget_draft(page, request, sheet_of_key(key))
    version = cast("FormVersion", form.version)
    context = {"ruled_out_by": question, "typed": form.typed(), "key": hex_of(key), "version": version.number}
    return show(page, request, "forms/ruled_out.html", context)


def _ask_again(
    page: FormPage, request: HttpRequest, version: FormVersion, form: AnswersForm, *, key: uuid.UUID | None
) -> HttpResponse:
    """Redirect to the form with its errors, so that Back and Reload work; render it if nothing can be stored.

    A form without a key does not come from a page of ours, and nothing of it is stored.
    """
    if key is not None:
        sheet, draft = sheet_of_key(key), ErrorDraft.of(form, version, key=key.hex)
        address = f"{page.get_url(request)}?{AGAIN}={sheet}"
        if response := redirect_to_draft(page, request, draft, sheet=sheet, address=address):
            return response
    return _form(page, request, version, form, key=key, status=422)


def displayed_version(page: FormPage) -> FormVersion:
    """Return the current version for display; it may not be stored.

    :raises Http404: if the form is not published.
    """
    version = current_version(page)
    if version is None:  # unpublished since the address was looked up
        raise Http404("This form is not published")
    return version


def stored_version(page: FormPage) -> FormVersion:
    """Return the current version, stored, so that answers can refer to it.

    :raises Http404: if the form is not published.
    """
    version = ensure_version(page)
    if version is None:
        raise Http404("This form is not published")
    return version


def numbered_version(page: FormPage, number: str | int) -> FormVersion | None:
    """Return the stored version with a number; None if there is no such version."""
    current = stored_version(page)
    return current if int(number) == current.number else page.versions.filter(number=int(number)).first()


def version_to_show(page: FormPage, data: QueryDict) -> FormVersion:
    """Return the version in the form data, to display it again; it may not be stored."""
    current, number = displayed_version(page), data.get("version", "")
    if not NUMBER.fullmatch(number) or int(number) == current.number:
        return current
    return page.versions.filter(number=int(number)).first() or current


def version_shown(page: FormPage, data: QueryDict) -> FormVersion:
    """Return the stored version that the person was shown: its questions were answered, whatever the form is now."""
    version = version_to_show(page, data)
    return version if version.pk else stored_version(page)


def _closed(page: FormPage, request: HttpRequest, *, status: int) -> HttpResponse:
    context = {"closed": page.closed_words(Viewer.of(request).today), "typed": _typed(page, request)}
    return show(page, request, "forms/form_page.html", context, status=status)


def _typed(page: FormPage, request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed in a form that has closed since, as pairs of question and text, to be copied."""
    refused = refused_post(request)
    data = refused.data if refused else request.POST
    begun = section_views.draft_from_request(page, request)
    draft = find_draft(page, request, request.GET.get(AGAIN) or request.GET.get("section", ""))
    stored = begun or draft
    if not stored and not data:
        return []
    version = stored.version if stored else version_to_show(page, data)
    typed = (begun.typed if begun else {}) | (draft.typed if draft else {}) | dict(data.lists())
    rows = [
        (
            question.label,
            "\n".join(question.format_option(words) for name in question.fields() for words in typed.get(name, [])),
        )
        for question in questions_in(version.definition)
        if question.is_answered and not question.takes_files
    ]
    return [(label, words) for label, words in rows if words.strip()]


def _form_of(version: FormVersion, data: QueryDict, files: MultiValueDict | None = None) -> AnswersForm:
    return AnswersForm(version.definition, data, files, version=version)


def _seconds_since(data: QueryDict) -> float | None:
    """Return the seconds since the page of this form data was opened; None if that is not known."""
    try:
        return time.time() - int(opened.unsign(data.get("opened", "")))
    except (BadSignature, ValueError):
        return None


def _form(
    page: FormPage,
    request: HttpRequest,
    version: FormVersion,
    form: AnswersForm,
    *,
    key: uuid.UUID | None = None,
    problem: str = "",
    as_typed: bool = False,
    is_expired: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the form, with what was typed and its errors; ``as_typed`` keeps the answers and shows no errors."""
    if as_typed:
        form.set_aside_problems()
    problems = form.problems()
    context = {
        "form": form,
        "problems": [("send", problem), *problems] if problem else problems,
        "key": hex_of(key),
        "version": version.number,
        "honeypot": HONEYPOT,
        "opened": opened.sign(str(int(time.time()))),
        **keeping_words(version.keep_months),
        "is_expired": is_expired,
    }
    return show(page, request, "forms/form_page.html", context, status=status)
