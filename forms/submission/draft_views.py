"""Views for saving a draft and returning to it by an emailed link."""

from typing import cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.core.emails import queue
from cms.core.visibility import Viewer

from ..answers.contact import contact_in
from ..answers.drafts import MAILED, FormDraft, find, keep, sent_with, set_draft_cookie
from ..answers.emails import in_full, mail_context
from ..answers.error_drafts import ErrorDraft, find_draft, forget_draft, redirect_to_draft
from ..answers.forms import AnswersForm
from ..answers.responses import no_referrer, redirect_to_confirmation, see_other, show, too_many
from ..answers.throttling import count_of, count_to, is_over, throttle_message
from ..models import FormPage
from .refused_posts import refused_post
from .section_views import (
    draft_from_request,
    redirect_to_start,
    section_address,
    sent_by,
    show_draft_expired,
    wizard_of,
)

ADDRESS = {"id": "address", "type": "email", "label": "Your email address", "required": True}
ASKED = {"title": "", "sections": [{"id": "save", "questions": [ADDRESS]}]}
DRAFT = "page=save"  # the name of the draft of that page; no section has an id like it
MOST_MAILS = 5  # an hour, to one address
MOST_WRONG_LINKS = 10
TOO_MANY_LINKS = "We have sent many links to that address. Look for the last one, or try again in an hour."


def show_save(page: FormPage, request: HttpRequest, *, is_done: bool) -> HttpResponse:
    """Show the form for the email address; afterwards, confirm that the link was sent."""
    begun = draft_from_request(page, request)
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent)
    if begun is None:
        return redirect_to_start(page, request)
    if is_done:
        if not begun.was_mailed:
            return see_other(f"{page.get_url(request)}?page=save")
        until = timezone.localdate() + MAILED
        return show(page, request, "forms/saved.html", {"until": until, "onward": _onward(page, request, begun)})
    if refused := refused_post(request):
        form = AnswersForm(ASKED, refused.data)
        form.set_aside_problems()
        return _ask_address(page, request, begun, form, problem=refused.words, status=refused.status)
    if draft := find_draft(page, request, DRAFT):
        form = AnswersForm(ASKED, draft.data)
        draft.apply_to(form)
        return _ask_address(page, request, begun, form)
    typed = QueryDict(mutable=True)
    wizard = wizard_of(begun)
    typed["q-address"] = contact_in(wizard.asked, wizard.answers).email
    form = AnswersForm(ASKED, typed)
    form.set_aside_problems()
    return _ask_address(page, request, begun, form)


def send_link(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Queue the email with the link, and extend the retention of the draft."""
    begun = draft_from_request(page, request)
    if sent := sent_by(page, request):
        return redirect_to_confirmation(sent)
    if begun is None:
        return show_draft_expired(page, request, status=422)
    form = AnswersForm(ASKED, request.POST)
    if not form.is_valid():
        address = f"{page.get_url(request)}?page=save"
        draft = ErrorDraft.of(form, begun.version)
        return redirect_to_draft(page, request, draft, sheet=DRAFT, address=address) or _ask_address(
            page, request, begun, form, status=422
        )
    address = cast("str", form.answers()["address"])
    if count_of(request, "mail") > settings.FORM_RATE_LIMIT:
        return _ask_address(page, request, begun, form, problem=throttle_message(request), status=429)
    # Many people may share one connection; nobody needs many links, or should be sent them by somebody else.
    if count_to(address, "mail") > MOST_MAILS:
        return _ask_address(page, request, begun, form, problem=TOO_MANY_LINKS, status=429)
    begun.was_mailed = True
    with transaction.atomic():
        forget_draft(page, request, DRAFT)
        keep(begun)
        link = in_full(page, reverse("form_saved", args=[begun.secret]))
        context = mail_context(page) | {"link": link, "until": timezone.localdate() + MAILED}
        queue(address, "Your form, to go on with", "form_saved", context)
    return set_draft_cookie(see_other(f"{page.get_url(request)}?page=saved"), request, page, begun)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def saved_form(request: HttpRequest, secret: str) -> HttpResponse:
    """Open a draft from its emailed link: a page with a button, so that link scanners open nothing.

    The link works until the form is sent; then it redirects to the confirmation page.
    """
    if is_over(request, "link", MOST_WRONG_LINKS):
        return no_referrer(too_many(request))
    if sent := sent_with(secret):
        return no_referrer(redirect_to_confirmation(sent))
    begun = find(secret)
    page = begun.version.form if begun else None
    if begun is None or page is None or not Viewer.of(request).may_be_served(page):
        count_of(request, "link")
        return no_referrer(render(request, "forms/link_expired.html", status=404))
    if request.method != "POST":
        return no_referrer(render(request, "forms/link.html", {"title": begun.version.form_title}))
    onward = set_draft_cookie(see_other(_onward(page, request, begun)), request, page, begun)
    # Who began a form for members was let in then.
    return no_referrer(page.let_in(request, onward))


def _onward(page: FormPage, request: HttpRequest, begun: FormDraft) -> str:
    return section_address(page, request, wizard_of(begun).next_open)


def _ask_address(
    page: FormPage, request: HttpRequest, begun: FormDraft, form: AnswersForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "field": form.sections()[0]["questions"][0],
        "problems": [*([("send-link", problem)] if problem else []), *form.problems()],
        "back": _onward(page, request, begun),
        "until": timezone.localdate() + MAILED,
    }
    return show(page, request, "forms/save.html", context, status=status)
