"""Views of a form with several sections: start page, sections, review of answers, and sending.

The address contains the current step: ``?section=<id>``, or ``?page=`` and one of ``begin``, ``check``, ``save`` and
``saved``. It never contains what was typed: that is encrypted, and the browser has the secret.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict

from ..answers.drafts import (
    DraftTooLarge,
    FormDraft,
    begin,
    delete_draft_cookie,
    find,
    forget,
    keep,
    secret_in,
    sent_with,
    set_draft_cookie,
)
from ..answers.error_drafts import ErrorDraft, find_draft, forget_draft, hide_drafts, redirect_to_draft
from ..answers.forms import AnswersForm
from ..answers.responses import hex_of, redirect_to_confirmation, see_other, show
from ..answers.throttling import count_of, storage_full_message, throttle_message
from ..answers.wizard import FormWizard, field_names, only, rows_with_places, typed_in
from ..models import FormPage, FormVersion, Submission
from ..rules.retention import keeping_words
from ..rules.spam import HONEYPOT, looks_like_spam
from .refused_posts import refused_post
from .services import submit

logger = logging.getLogger(__name__)
GONE = 410
TOO_LONG = "This is more than we can keep. Make your answers shorter."


def has_sections(definition: dict) -> bool:
    """Return whether a form is shown one section at a time."""
    return len(definition["sections"]) > 1


def is_somewhere_in(request: HttpRequest) -> bool:
    """Return whether an address is that of a section, or of another step after the start page."""
    return "section" in request.GET or "page" in request.GET


def section_address(page: FormPage, request: HttpRequest, section_id: str) -> str:
    """Return the address of a section; without an id, that of the page on which answers are reviewed."""
    query = f"section={section_id}" if section_id else "page=check"
    return f"{page.get_url(request)}?{query}"


def draft_from_request(page: FormPage, request: HttpRequest) -> FormDraft | None:
    """Return the draft that the browser's secret opens, if it belongs to this form."""
    return find(secret_in(request, page), form_key=page.form_key)


def sent_by(page: FormPage, request: HttpRequest) -> Submission | None:
    """Return the submission that was sent with the browser's secret, if there is one."""
    return sent_with(secret_in(request, page), form_key=page.form_key)


def show_draft_expired(page: FormPage, request: HttpRequest, *, status: int) -> HttpResponse:
    """Show that the draft was erased, and delete its cookie."""
    return delete_draft_cookie(show(page, request, "forms/draft_expired.html", {}, status=status), request, page)


def redirect_to_start(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Redirect to the start page without a draft; show that the draft has expired if there was one."""
    return (
        show_draft_expired(page, request, status=GONE) if secret_in(request, page) else see_other(page.get_url(request))
    )


def wizard_of(begun: FormDraft) -> FormWizard:
    """Return the wizard of a draft."""
    return FormWizard(begun.version, begun.data, begun.done)


def show_start(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    """Show the start page, with a link to an existing draft."""
    begun = draft_from_request(page, request)
    first = section_address(page, request, wizard_of(begin(version)).next_open)
    is_expired = begun is None and bool(secret_in(request, page)) and not sent_by(page, request)
    response = show(
        page, request, "forms/start.html", {"is_begun": bool(begun), "is_expired": is_expired, "first": first}
    )
    return delete_draft_cookie(response, request, page) if is_expired else response


def show_begin(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    """Redirect to the current section of a draft, or to the first section of a new form."""
    begun = draft_from_request(page, request)
    if begun and "again" not in request.GET:
        return see_other(section_address(page, request, wizard_of(begun).next_open))
    wizard = wizard_of(begin(version))
    begin_again = delete_draft_cookie(see_other(section_address(page, request, wizard.next_open)), request, page)
    return hide_drafts(begin_again, request, page)


def show_section(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    """Show one section, with what was typed there before."""
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent)
    begun, section_id = draft_from_request(page, request), request.GET.get("section", "")
    draft, refused = find_draft(page, request, section_id), refused_post(request)
    if begun is None and draft is None and refused is None and secret_in(request, page):
        return show_draft_expired(page, request, status=GONE)
    begun = begun or begin(draft.version if draft else version)
    if draft and draft.version != begun.version:  # of another time that they filled it in
        draft = None
    typed = refused.data if refused else draft.data if draft else None
    given = _part(begun.version, section_id)
    data = begun.data if typed is None or given is None else _with_section(begun, given, typed)
    wizard = FormWizard(begun.version, data, begun.done)
    section = wizard.section(section_id)
    if section is None or not wizard.is_reached(section_id):
        return see_other(section_address(page, request, wizard.next_open))
    form = wizard.form(section_id)
    asked: dict[str, Any] = {
        "page": page,
        "request": request,
        "begun": begun,
        "wizard": wizard,
        "section": section,
        "form": form,
    }
    if refused:
        form.set_aside_problems()
        return ask_section(**asked, problem=refused.words, status=refused.status)
    if draft:
        draft.apply_to(form)
        return ask_section(**asked)
    # A completed section that is no longer complete shows its errors, or that there is more to answer.
    is_again = section_id in wizard.done and not wizard.is_complete(section)
    if not is_again:
        form.set_aside_problems()
    return ask_section(**asked, is_again=is_again, is_late="late" in request.GET)


def _part(version: FormVersion, section_id: str) -> dict | None:
    return next((part for part in version.definition["sections"] if part["id"] == section_id), None)


def submit_section(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    """Store what was typed in one section and redirect to the next, or show its errors."""
    stored = draft_from_request(page, request)
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent, changed=True)
    begun = stored or begin(version)
    definition = begun.version.definition
    given = _part(begun.version, request.GET.get("section", ""))
    if given is None:
        return see_other(page.get_url(request))
    wizard = FormWizard(begun.version, _with_section(begun, given, request.POST), begun.done)
    section = wizard.section(given["id"])
    if section is None:
        return see_other(section_address(page, request, wizard.next_open))

    form = wizard.form(section["id"], request)
    again: dict[str, Any] = {
        "page": page,
        "request": request,
        "begun": begun,
        "wizard": wizard,
        "section": section,
        "form": form,
    }
    if "change" in request.POST:
        form.set_aside_problems()
        return ask_section(**again)
    ruled_out_by = form.ruled_out_by()
    if ruled_out_by:
        forget_draft(page, request, section["id"])
        if stored and section["id"] in stored.done:
            # They had passed it before. Nothing of the answer is kept but that it has to be asked again.
            del stored.done[section["id"]]
            keep(stored)
        context = {"ruled_out_by": ruled_out_by, "typed": form.typed(), "section": section, "is_begun": bool(stored)}
        return show(page, request, "forms/ruled_out.html", context | {"version": begun.version.number})
    is_for_later = "later" in request.POST
    form.keep_files()
    if not form.is_valid() and (form.refused_files or not is_for_later):
        if is_for_later:
            # What is not answered yet can wait; a file that we did not take would be lost without a word.
            form.set_aside_problems(but=form.refused_files)
        if form.has_too_many_files:
            return ask_section(**again, status=429)
        return _ask_again(**again, is_judged=not is_for_later)
    if stored is None and count_of(request, "begin") > settings.FORM_RATE_LIMIT:
        form.set_aside_problems()
        return ask_section(**again, problem=throttle_message(request), status=429)

    begun.typed = typed_in(definition, form.data)
    if not is_for_later:
        begun.done[section["id"]] = field_names(only(definition, section))
    try:
        keep(begun)
        forget_draft(page, request, section["id"])
    except DraftTooLarge:
        form.set_aside_problems()
        return ask_section(**again, problem=TOO_LONG, status=422)
    except OperationalError:
        logger.exception("A form that was begun could not be stored")
        form.set_aside_problems()
        return ask_section(**again, problem=storage_full_message(request), status=503)
    if is_for_later:
        address = f"{page.get_url(request)}?page=save"
    else:
        address = section_address(page, request, wizard_of(begun).next_open)
    if stored is None and secret_in(request, page):
        address = f"{address}&late"
    return set_draft_cookie(see_other(address), request, page, begun)


def _ask_again(
    *, page: FormPage, request: HttpRequest, begun: FormDraft, form: AnswersForm, is_judged: bool, **asked: Any
) -> HttpResponse:
    """Redirect to the section with its errors, so that Back and Reload show them; render it if that fails."""
    draft, section_id = ErrorDraft.of(form, begun.version, is_judged=is_judged), asked["section"]["id"]
    address = section_address(page, request, section_id)
    return redirect_to_draft(page, request, draft, sheet=section_id, address=address) or ask_section(
        page=page, request=request, begun=begun, form=form, status=422, **asked
    )


def show_check(
    page: FormPage, request: HttpRequest, *, problem: str = "", status: int = 200, begun: FormDraft | None = None
) -> HttpResponse:
    """Show all answers for review before sending, each with a link to change it."""
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent)
    begun = begun or draft_from_request(page, request)
    if begun is None:
        return redirect_to_start(page, request)
    wizard = wizard_of(begun)
    if wizard.next_open:
        return see_other(section_address(page, request, wizard.next_open))
    sections = [
        {
            "title": part.get("title", ""),
            "address": section_address(page, request, part["id"]),
            "rows": rows_with_places(part, wizard.answers),
        }
        for part in wizard.sections
    ]
    if refused := refused_post(request):
        problem, status = refused.words, refused.status
    context = {
        "sections": [part for part in sections if part["rows"]],
        "problems": [("send", problem)] if problem else [],
        "key": hex_of(begun.key),
        "back": section_address(page, request, wizard.sections[-1]["id"]),
        "honeypot": HONEYPOT,
        **keeping_words(begun.version.keep_months),
    }
    return show(page, request, "forms/check.html", context, status=status)


def submit_draft(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Submit a draft."""
    # In this order: what another click sends between the two is found by the second.
    begun = draft_from_request(page, request)
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent)
    if begun is None:
        return show_draft_expired(page, request, status=422)
    wizard = wizard_of(begun)
    if wizard.next_open:
        return see_other(section_address(page, request, wizard.next_open))
    if count_of(request, "send") > settings.FORM_RATE_LIMIT:
        return show_check(page, request, problem=throttle_message(request), status=429, begun=begun)
    spam = looks_like_spam(
        wizard.answers, honeypot=request.POST.get(HONEYPOT, ""), seconds=max(time.time() - begun.begun_at, 0)
    )
    try:
        with transaction.atomic():
            sent = submit(version=begun.version, answers=wizard.answers, key=begun.key, quarantined=spam)
            forget(begun.secret)
    except OperationalError:
        logger.exception("A form could not be stored")
        return show_check(page, request, problem=storage_full_message(request), status=503, begun=begun)
    return hide_drafts(redirect_to_confirmation(sent), request, page)


def ask_section(
    page: FormPage,
    request: HttpRequest,
    begun: FormDraft,
    wizard: FormWizard,
    section: dict,
    form: AnswersForm,
    *,
    is_again: bool = False,
    is_late: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render one section, with what was typed and its errors."""
    before = wizard.before(section["id"])
    context = {
        "form": form,
        "section": section,
        "is_again": is_again,
        "is_late": is_late,
        "problems": [*([("continue", problem)] if problem else []), *form.problems()],
        "number": wizard.position(section["id"]),
        "total": len(wizard.sections),
        "back": section_address(page, request, before) if before else page.get_url(request),
        "version": begun.version.number,
    }
    return show(page, request, "forms/section.html", context, status=status)


def _with_section(begun: FormDraft, section: dict, typed: QueryDict) -> QueryDict:
    """Return the typed values of a draft, with those of one section replaced."""
    data = begun.data
    for name in field_names(only(begun.version.definition, section)):
        if name in typed:
            data.setlist(name, typed.getlist(name))
        else:
            data.pop(name, None)
    return data
