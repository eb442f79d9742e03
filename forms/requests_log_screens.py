"""The staff's screen for the public log: what everybody may read of one request."""

import copy
import datetime
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
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
from wagtail.rich_text import get_text_for_indexing

from cms.core.dates import say_date

from .access import PERMISSION, record, user_can_handle_form
from .case_screens import sent_or_refuse
from .enums import AccessAction, FormKind
from .models import Case, PublicEntry, Submission
from .models.public_entry import SECOND_LOOKS
from .places import place_of
from .requests_log import ENDINGS, OPEN_WORDS, WORDS
from .responses import unkept

CHANGED = (
    "Somebody else has changed this since you opened it. Below is what they wrote. Your words are still in the form. "
    "If you save now, yours take the place of theirs."
)
ERASED = "The request was erased while you wrote, so nothing can be kept about it."


class EntryForm(WagtailAdminModelForm):
    """What the public will read."""

    outcome = ChoiceField(label="What it came to", required=False, choices=[("", OPEN_WORDS), *WORDS.items()])

    class Meta:
        model = PublicEntry
        fields = ("subject", "received_on", "answered_on", "outcome", "reason", "was_late", "second_look", "answer")
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
        form_key=case.submission.version.form_key,
        regime=case.regime,
        received_on=case.received_on,
        answered_on=case.answered_on or (case.closed_on if case.state in ENDINGS else None),
        was_late=case.was_late or case.is_late(timezone.localdate()),
        outcome=case.outcome if case.outcome in ENDINGS else "",
        reason=case.refusal_reason,
        second_look=case.state if case.state in SECOND_LOOKS else "",
    )


def stamp(entry: PublicEntry | None) -> str:
    """Give what was seen of an entry, so that one from a page that is out of date can be told; empty for a new one."""
    return entry.changed_at.isoformat() if entry and entry.pk else ""


def differences(form: EntryForm, now: PublicEntry) -> list[tuple[str, str]]:
    """Give what stands in an entry where a form says something else: the field's label, and the words."""
    names = [name for name in form.fields if getattr(now, name) != form.cleaned_data[name]]
    return [(form[name].label, words_of(now, name)) for name in names]


def words_of(entry: PublicEntry, name: str) -> str:
    """Say what stands in one field."""
    value = getattr(entry, name)
    if name == "outcome":
        return WORDS.get(value, OPEN_WORDS)
    if name == "second_look":
        return entry.get_second_look_display() or "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.date):
        return say_date(value)
    return get_text_for_indexing(value or "") or "Nothing"


class EntryView(WagtailAdminTemplateMixin, FormView):
    """Writes what the public may read of one request, publishes it, or takes it down."""

    template_name = "forms/admin/public_entry.html"
    page_title = "What the public reads"
    header_icon = "globe"
    form_class = EntryForm
    now: PublicEntry | None = None  # the entry as it stands, once it is locked
    newer: Sequence[tuple[str, str]] = ()

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
        if not user_can_handle_form(request.user, found.form_key):
            raise Http404("There is no such entry")
        return found

    def place(self) -> tuple[str, str]:
        """Give where to go back to, as words and an address: to the request, or once it is erased to the list."""
        if self.entry.case:
            return f"Back to {self.entry.case.submission.reference}", place_of(self.entry.case.submission)
        return "Back to the public log", reverse("public-log_modeladmin_index")

    def get_form_kwargs(self) -> dict:
        """Change a copy of this entry."""
        return super().get_form_kwargs() | {"instance": copy.copy(self.entry), "for_user": self.request.user}

    def get_context_data(self, **kwargs) -> dict:
        """Add where the entry stands."""
        context = super().get_context_data(**kwargs)
        words, address = self.back
        entry = self.now or self.entry
        more = {
            "media": context["form"].media,
            "entry": entry,
            "is_public": bool(entry.published_at),
            "stamp": stamp(entry),
            "newer": self.newer,
            "back_words": words,
            "back_url": address,
            "action_url": self.request.path,
        }
        return context | more

    def form_valid(self, form: EntryForm) -> HttpResponse:
        """Keep it, and publish it or take it down if that was asked; what is there already is not kept twice."""
        with transaction.atomic():
            is_there = self.look_again()
            self.newer = differences(form, self.now) if self.now else []
            is_kept = bool(self.now) and not self.newer and self.is_to_be_public == bool(self.now.published_at)
            if not is_kept:
                if not is_there or self.request.POST.get("seen") != stamp(self.now):
                    form.add_error(None, CHANGED if is_there else ERASED)
                    return self.form_invalid(form)
                self.keep(form.instance)
        said = "Everybody can read it now." if self.is_to_be_public else "Nobody but staff can see it."
        messages.success(self.request, f"“{form.instance.subject}” is kept. {said}")
        return redirect(self.back[1])

    @property
    def is_to_be_public(self) -> bool:
        """Say whether everybody will read it: as the button says, or else as it is."""
        if "publish" in self.request.POST:
            return True
        return "hide" not in self.request.POST and bool(self.now and self.now.published_at)

    def look_again(self) -> bool:
        """Lock the request until the transaction ends, as whoever erases it does, and look at the entry as it is now.

        So two first saves are not two entries. Give false if there is nothing left that it could be about.
        """
        case, rows = self.entry.case, PublicEntry.objects.select_for_update()
        sent = case and Submission.objects.select_for_update().filter(pk=case.submission_id).first()
        self.now = rows.filter(pk=self.entry.pk).first() if self.entry.pk else rows.filter(case=case).first()
        return bool(sent or self.entry.pk)

    def keep(self, entry: PublicEntry) -> None:
        """Write it, with when it was published first."""
        if self.now:
            entry.case_id, entry.published_at = self.now.case_id, self.now.published_at
        entry.published_at = (entry.published_at or timezone.now()) if self.is_to_be_public else None
        entry.save()
        if entry.case_id:
            record(self.request.user, AccessAction.CHANGED, submission=self.entry.case.submission)
