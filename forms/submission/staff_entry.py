"""Views in which staff enter a form that came on paper, by phone or face to face."""

import datetime
import uuid
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from ..answers.forms import AnswersForm
from ..answers.responses import hex_of, no_store
from ..answers.wizard import stored_part
from ..enums import AccessAction, Channel
from ..models import FormPage, FormVersion, Submission
from ..models.permissions import PERMISSION, record, user_can_handle_form
from ..questions import question_from
from .refused_posts import refused_post
from .services import KeyInUse, already_sent, submit
from .views import key_in, version_shown, version_to_show

HOW = (Channel.PAPER, Channel.PHONE, Channel.FACE)
HOW_IT_CAME = {
    "id": "how",
    "type": "radios",
    "label": "How did it come?",
    "options": [channel.label for channel in HOW],
    "required": True,
}
WHEN_IT_CAME = {"id": "when", "type": "date", "label": "When did it come?", "required": True}


class ArrivalForm(AnswersForm):
    """The channel and the date of receipt, rendered like the questions of the form."""

    def __init__(self, data: QueryDict):
        super().__init__({"title": "", "sections": [{"id": "came", "questions": [HOW_IT_CAME, WHEN_IT_CAME]}]}, data)

    def clean(self) -> dict:
        """Add an error for a date in the future."""
        cleaned = super().clean()
        if cleaned.get("q-when", "") > timezone.localdate().isoformat():
            self.add_error("q-when-day", ValidationError("The day it came cannot be in the future"))
        return cleaned

    @property
    def channel(self) -> Channel:
        """Return the channel."""
        return next(channel for channel in HOW if channel.label == self.cleaned_data["q-how"])

    @property
    def received_on(self) -> datetime.date:
        """Return the date of receipt."""
        return cast("datetime.date", forms.DateField().clean(self.cleaned_data["q-when"]))


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the forms that the user can enter."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    live = FormPage.objects.live().filter(alias_of=None).order_by("title")
    offered = [form for form in live if user_can_handle_form(request.user, form.form_key)]
    return no_store(TemplateResponse(request, "forms/admin/enter_which.html", {"forms": offered}))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all questions on one page, or store what was entered.

    A form that has closed can still be entered, since it may have come in time. Eligibility questions are left to the
    handler: a paper form is always accepted.
    """
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = get_object_or_404(FormPage.objects.live().filter(alias_of=None), pk=pk)
    if not user_can_handle_form(request.user, page.form_key):
        raise PermissionDenied
    if request.method != "POST":
        refused = refused_post(request)
        data = refused.data if refused else QueryDict()
        version, key = version_to_show(page, data), key_in(data)
        form, arrival = _form(version, data), ArrivalForm(data)
        form.set_aside_problems()
        arrival.set_aside_problems()
        more: dict[str, Any] = {"problem": refused.words, "status": refused.status} if refused else {}
        return _ask(request, page, version, form, arrival, key=key.hex if key else "", **more)
    version = version_shown(page, request.POST)
    form, arrival = _form(version, request.POST, request.FILES), ArrivalForm(request.POST)
    key = key_in(request.POST)
    try:
        sent = already_sent(key=key, form_id=page.pk) if key else None
    except KeyInUse:
        key, sent = None, None
    if sent is None:
        form.keep_files()
        is_sound = all([form.is_valid(), arrival.is_valid()])
        if not is_sound or key is None:
            return _ask(request, page, version, form, arrival, key=key.hex if key else "", status=422)
        sent = _submit(request, version, form, arrival, key)
    messages.success(request, f"Taken in. The reference is {sent.reference}.")
    return no_store(redirect(reverse("form_open", args=[sent.reference])))


@transaction.atomic
def _submit(
    request: HttpRequest, version: FormVersion, form: AnswersForm, arrival: ArrivalForm, key: uuid.UUID
) -> Submission:
    sent = submit(
        version=version,
        answers=form.answers(),
        key=key,
        channel=arrival.channel,
        entered_by=cast("User", request.user),
        received_on=arrival.received_on,
    )
    record(request.user, AccessAction.ENTERED, submission=sent)
    return sent


def _form(version: FormVersion, data: QueryDict, files: MultiValueDict | None = None) -> AnswersForm:
    return AnswersForm(stored_part(version.definition), data, files, version=version)


def _ask(
    request: HttpRequest,
    page: FormPage,
    version: FormVersion,
    form: AnswersForm,
    arrival: ArrivalForm,
    *,
    key: str,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": page.title,
        "form": form,
        "arrival": [question_from(item).component(arrival) for item in (HOW_IT_CAME, WHEN_IT_CAME)],
        "problems": [*([("send", problem)] if problem else []), *arrival.problems(), *form.problems()],
        "key": key or hex_of(None),
        "version": version.number,
    }
    return no_store(TemplateResponse(request, "forms/enter.html", context, status=status))
