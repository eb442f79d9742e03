"""Admin views of one case: its steps, the print version, and files. Each view checks permissions itself."""

import uuid
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..answers.forms import rows_of
from ..answers.responses import hex_of, key_in, no_store
from ..enums import AccessAction, CaseEventKind
from ..models import AccessRecord, Case, CaseMessage, MessageWording, Submission
from ..models.permissions import PERMISSION, AnyUser, handled_by, record
from .actions import find_step
from .detail_view import case_in_full
from .forms import MessageForm, NotifyingForm, StepForm, form_for
from .services import filled_in
from .services.base import COMPARED, MOVED
from .services.messages import contact_of
from .urls import place_of


def sent_or_refuse(user: AnyUser, reference: str) -> Submission:
    """Return the submission with a reference.

    :raises PermissionDenied: if the user handles no forms.
    :raises Http404: if the user may not handle this one.
    """
    if not user.has_perm(PERMISSION):
        raise PermissionDenied
    rows = handled_by(user).filter(case__isnull=False).select_related("version", "case")
    return get_object_or_404(rows, reference=reference)


@require_safe
def open_received(request: HttpRequest, reference: str) -> HttpResponse:
    """Redirect from a reference to the page in its register."""
    return redirect(place_of(sent_or_refuse(request.user, reference)))


def stamp(case: Case) -> str:
    """Return a stamp of the fields that were seen of a case, to detect a step from an outdated page."""
    return " ".join(str(getattr(case, name)) for name in COMPARED)


class CaseStepView(WagtailAdminTemplateMixin, FormView):
    """The view of one step of a case, with its form."""

    template_name = "forms/admin/case_step.html"
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the case and the step; redirect to the case if the step is not possible now."""
        self.sent = sent_or_refuse(request.user, kwargs["reference"])
        self.case = case_in_full(self.sent.case.pk)
        step = find_step(self.case, kwargs["step"])
        if request.method == "POST" and self.was_applied(key_in(request.POST)):
            return no_store(self.redirect_when_applied(kwargs["step"]))
        if step is None:
            messages.warning(request, "This cannot be done now. Here is how it stands.")
            return redirect(place_of(self.sent))
        self.step = step
        return no_store(super().dispatch(request, *args, **kwargs))

    def get_page_title(self) -> str:
        """Return the label of the step."""
        return self.step.label

    def get_page_subtitle(self) -> str:
        """Return the label of the step with the case's reference."""
        return f"{self.step.label}: {self.sent.reference}"

    def get_form_class(self) -> type[StepForm]:
        """Return the form class of the step."""
        return form_for(self.step.name)

    def get_form_kwargs(self) -> dict:
        """Add the case, the step's name and the user."""
        return super().get_form_kwargs() | {"case": self.case, "name": self.step.name, "user": self.request.user}

    def get_initial(self) -> dict:
        """Return the chosen wording as the initial message."""
        number = self.request.GET.get("wording", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return {}
        wording = get_object_or_404(MessageWording, pk=number)
        return dict(zip(("subject", "body"), filled_in(wording, self.case), strict=True))

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the case, the step, and the stamp of what was seen."""
        context = super().get_context_data(**kwargs)
        form_class = self.get_form_class()
        tells = issubclass(form_class, (MessageForm, NotifyingForm))
        wordings = form_class.wordings(self.case) if issubclass(form_class, MessageForm) else []
        more = {
            "media": context["form"].media,
            "case": self.case,
            "step": self.step,
            "case_url": place_of(self.sent),
            "stamp": stamp(self.case),
            "key": hex_of(None),
            "action_url": self.request.path,
            "submit_button_label": "See it before it is sent" if tells else self.step.label,
            "submit_button_active_label": "One moment…",
            "wordings": wordings,
            "send_label": "Record it and send this" if issubclass(self.get_form_class(), NotifyingForm) else "Send it",
        }
        return context | more

    def form_valid(self, form: StepForm) -> HttpResponse:
        """Preview a message before it is sent; apply any other step, and redirect to the case."""
        key = key_in(self.request.POST)
        is_shown_first = isinstance(form, (MessageForm, NotifyingForm)) and "send" not in self.request.POST
        is_current = key is not None and self.request.POST.get("seen") == stamp(self.case)
        if not is_current and not (is_shown_first and isinstance(form, MessageForm)):
            form.add_error(None, MOVED)
            return self.form_invalid(form)
        if is_shown_first and "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            if is_shown_first and not form.cleaned_data.get("left_out", "").strip():
                return self.show_preview(form)
            self.apply_once(form, cast("uuid.UUID", key))
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        for breach in getattr(form, "warned", []):
            messages.warning(self.request, breach.sentence)
        return self.redirect_when_applied(self.step.name)

    def show_preview(self, form: StepForm) -> HttpResponse:
        """Render the message as the person will read it: the step is applied, and rolled back."""
        try:
            with transaction.atomic():
                form.apply()
                message = CaseMessage.objects.filter(case=self.case).last()
                transaction.set_rollback(True)
        finally:
            self.case = form.case = case_in_full(self.case.pk)
        return self.render_to_response(self.get_context_data(form=form, message=message))

    def apply_once(self, form: StepForm, key: uuid.UUID) -> None:
        """Apply the step, and record the page's key with it.

        A second click finds the key and does nothing.
        """
        try:
            with transaction.atomic():
                record(self.request.user, AccessAction.CHANGED, submission=self.sent, key=key)
                form.apply()
        except IntegrityError:
            if not self.was_applied(key):
                raise

    def was_applied(self, key: uuid.UUID | None) -> bool:
        """Return whether the step was already applied from this very page, as by a double click."""
        return key is not None and AccessRecord.objects.filter(key=key, submission=self.sent).exists()

    def redirect_when_applied(self, name: str) -> HttpResponse:
        """Add a message about the result, and redirect to the case: the same for a second click as for the first."""
        messages.success(self.request, "It is recorded.")
        tells = issubclass(form_for(name), (MessageForm, NotifyingForm))
        was_left_out = self.case.events.order_by("-at", "-pk").filter(
            kind=CaseEventKind.NOT_TOLD, by=cast("User", self.request.user)
        )
        if tells and not contact_of(self.case).email and not was_left_out.exists():
            messages.warning(
                self.request, "The form has no email address, so nobody was told. Call or write to the person as well."
            )
        return redirect(place_of(Submission.objects.select_related("case", "version").get(pk=self.sent.pk)))


@require_safe
def on_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """Render the print version for an interview, without answers for handlers only."""
    sent = sent_or_refuse(request.user, reference)
    sections = [
        {"title": section.title, "rows": [row for row in section.rows if not row.handlers_only]}
        for section in rows_of(sent.version.definition, sent.answers)
    ]
    record(request.user, AccessAction.PRINTED, submission=sent)
    context = {"sent": sent, "sections": [part for part in sections if part["rows"]], "today": timezone.localdate()}
    return no_store(TemplateResponse(request, "forms/admin/on_paper.html", context))


@require_safe
def download(request: HttpRequest, reference: str, token: uuid.UUID) -> FileResponse:
    """Return an uploaded file as an attachment, which the browser never renders."""
    sent = sent_or_refuse(request.user, reference)
    upload = get_object_or_404(sent.uploads, token=token)
    try:
        content = upload.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404("The file is not there") from gone
    record(request.user, AccessAction.DOWNLOADED, submission=sent)
    answer = FileResponse(content, as_attachment=True, filename=upload.name, content_type="application/octet-stream")
    answer["Content-Security-Policy"] = "sandbox"
    return no_store(answer)
