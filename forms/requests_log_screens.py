"""The staff's screen for the public log: what everybody may read of one request."""

from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from .access import PERMISSION, record, user_can_handle
from .case_screens import sent_or_refuse
from .enums import AccessAction, FormKind
from .journey import unkept
from .models import Case, PublicEntry
from .places import place_of
from .requests_log import ENDINGS, OPEN_WORDS, WORDS


class EntryForm(WagtailAdminModelForm):
    """What the public will read."""

    outcome = ChoiceField(label="What it came to", required=False, choices=[("", OPEN_WORDS), *WORDS.items()])

    class Meta:
        model = PublicEntry
        fields = ("subject", "received_on", "answered_on", "outcome", "reason", "was_late", "answer")
        labels = {
            "received_on": "Asked on",
            "answered_on": "Answered on",
            "reason": "Why it was refused",
            "was_late": "It was late",
            "answer": "What we said",
        }
        help_texts = {"answer": "In words of your own. Leave this empty if it cannot be shown to everybody."}
        widgets = {"received_on": AdminDateInput, "answered_on": AdminDateInput}


def entry_for(case: Case) -> PublicEntry:
    """Give the entry of a request, or a new one with its dates and what it came to: none of the person's words."""
    found = PublicEntry.objects.filter(case=case).first()
    if found:
        return found
    return PublicEntry(
        case=case,
        regime=case.regime,
        received_on=case.received_on,
        answered_on=case.answered_on or (case.closed_on if case.state in ENDINGS else None),
        was_late=case.was_late or case.is_late(timezone.localdate()),
        outcome=case.state if case.state in ENDINGS else "",
        reason=case.refusal_reason,
    )


class EntryView(WagtailAdminTemplateMixin, FormView):
    """Writes what the public may read of one request, publishes it, or takes it down."""

    template_name = "forms/admin/public_entry.html"
    page_title = "What the public reads"
    header_icon = "globe"
    form_class = EntryForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find the entry; refuse whoever may not handle the request that it is about."""
        self.entry = self.find(request, **kwargs)
        self.back = self.place()
        return unkept(super().dispatch(request, *args, **kwargs))

    def find(self, request: HttpRequest, reference: str = "", pk: int = 0) -> PublicEntry:
        """Give the entry of a request by its reference, or one that is there already."""
        if reference:
            sent = sent_or_refuse(request.user, reference)
            if sent.version.kind != FormKind.REQUEST or sent.case.regime is None:
                raise Http404("Only information requests are in the public log")
            return entry_for(sent.case)
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        found = get_object_or_404(PublicEntry.objects.select_related("case__submission__version", "regime"), pk=pk)
        if found.case and not user_can_handle(request.user, found.case.submission):
            raise Http404("There is no such entry")
        return found

    def place(self) -> tuple[str, str]:
        """Give where to go back to, as words and an address: to the request, or once it is erased to the list."""
        if self.entry.case:
            return f"Back to {self.entry.case.submission.reference}", place_of(self.entry.case.submission)
        return "Back to the public log", reverse("public-log_modeladmin_index")

    def get_form_kwargs(self) -> dict:
        """Change this entry."""
        return super().get_form_kwargs() | {"instance": self.entry, "for_user": self.request.user}

    def get_context_data(self, **kwargs) -> dict:
        """Add where the entry stands."""
        words, address = self.back
        more = {
            "entry": self.entry,
            "is_public": bool(self.entry.published_at),
            "back_words": words,
            "back_url": address,
            "action_url": self.request.path,
        }
        return super().get_context_data(**kwargs) | more

    def form_valid(self, form: EntryForm) -> HttpResponse:
        """Keep it, and publish it or take it down if that was asked."""
        entry = form.save(commit=False)
        if "publish" in self.request.POST:
            entry.published_at = entry.published_at or timezone.now()
        elif "hide" in self.request.POST:
            entry.published_at = None
        entry.save()
        if entry.case:
            record(self.request.user, AccessAction.CHANGED, submission=entry.case.submission)
        said = "Everybody can read it now." if entry.published_at else "Nobody but staff can see it."
        messages.success(self.request, f"“{entry.subject}” is kept. {said}")
        return redirect(self.back[1])
