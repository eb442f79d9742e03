"""Admin views of the disclosure log."""

import copy
import datetime
from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.rich_text import get_text_for_indexing

from cms.core.dates.formatting import format_date

from ..answers.responses import no_store
from ..cases.urls import place_of
from ..cases.views import sent_or_refuse
from ..enums import FormKind
from ..models import Case, PublicEntry
from ..models.permissions import PERMISSION, user_can_handle_form
from ..models.public_entry import SECOND_LOOKS
from .services import FIELDS, EntryChanged, EntryErased, save_entry, version_of
from .statistics import ENDINGS, OPEN_WORDS, WORDS

CHANGED = (
    "Somebody else has changed this since you opened it. Below is what they wrote. Your words are still in the form. "
    "If you save now, yours take the place of theirs."
)
ERASED = "The request was erased while you wrote, so nothing can be kept about it."


class EntryForm(WagtailAdminModelForm):
    """The edit form of an entry."""

    outcome = ChoiceField(label="What it came to", required=False, choices=[("", OPEN_WORDS), *WORDS.items()])

    class Meta:
        model = PublicEntry
        fields = FIELDS
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
    """Return the entry of a request, or a new one with its dates and outcome.

    None of the person's own text is copied.
    """
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


def words_of(entry: PublicEntry, name: str) -> str:
    """Return the value of a field as text."""
    value = getattr(entry, name)
    if name == "outcome":
        return WORDS.get(value, OPEN_WORDS)
    if name == "second_look":
        return entry.get_second_look_display() or "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.date):
        return format_date(value)
    return get_text_for_indexing(value or "") or "Nothing"


class EntryView(WagtailAdminTemplateMixin, FormView):
    """The view in which staff write the entry of a request, publish it, or withdraw it."""

    template_name = "forms/admin/public_entry.html"
    page_title = "What the public reads"
    header_icon = "globe"
    form_class = EntryForm
    now: PublicEntry | None = None  # the entry as somebody else has written it meanwhile
    newer: Sequence[tuple[str, str]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the entry; refuse users who may not handle its request."""
        self.entry = self.find(request, **kwargs)
        self.back = self.place()
        return no_store(super().dispatch(request, *args, **kwargs))

    def find(self, request: HttpRequest, reference: str = "", pk: int = 0) -> PublicEntry:
        """Return the entry of a request by its reference, or an existing one by its primary key.

        :raises Http404: if there is none that this user may handle.
        :raises PermissionDenied: if the user handles no forms.
        """
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
        """Return the label and the URL of the link back: to the request, or to the list once that is erased."""
        if self.entry.case:
            return f"Back to {self.entry.case.submission.reference}", place_of(self.entry.case.submission)
        return "Back to the public log", reverse("public-log_modeladmin_index")

    def get_form_kwargs(self) -> dict:
        """Bind the form to a copy of the entry."""
        return super().get_form_kwargs() | {"instance": copy.copy(self.entry), "for_user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the entry, its stamp, and the link back."""
        context = super().get_context_data(**kwargs)
        words, address = self.back
        entry = self.now or self.entry
        more = {
            "media": context["form"].media,
            "entry": entry,
            "is_public": bool(entry.published_at),
            "stamp": version_of(entry),
            "newer": self.newer,
            "back_words": words,
            "back_url": address,
            "action_url": self.request.path,
        }
        return context | more

    def form_valid(self, form: EntryForm) -> HttpResponse:
        """Save the entry, and publish or withdraw it if requested."""
        try:
            kept = save_entry(
                entry=form.instance,
                seen=self.request.POST.get("seen", ""),
                publish=self.publish,
                by=cast("User", self.request.user),
            )
        except EntryErased:
            form.add_error(None, ERASED)
            return self.form_invalid(form)
        except EntryChanged as changed:
            self.now = changed.now
            if changed.now:
                self.newer = [(form[name].label, words_of(changed.now, name)) for name in changed.fields]
            form.add_error(None, CHANGED)
            return self.form_invalid(form)
        visibility = "Everybody can read it now." if kept.published_at else "Nobody but staff can see it."
        messages.success(self.request, f"“{kept.subject}” is kept. {visibility}")
        return redirect(self.back[1])

    @property
    def publish(self) -> bool | None:
        """Return whether to publish the entry, by the button that was used; None leaves it as it is."""
        if "publish" in self.request.POST:
            return True
        return False if "hide" in self.request.POST else None
