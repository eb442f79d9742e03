"""What each step of a case asks of the person who takes it: one small form a step."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from scrutiny_pages.models import MemberKind, Panel

from . import cases
from .access import user_can_handle
from .case_steps import MOVE
from .enums import CaseState
from .models.case import Case
from .models.wording import MessageWording
from .register_filters import name_of

LONGEST = 5000


class StepForm(forms.Form):
    """A form that asks nothing: the step is only confirmed."""

    def __init__(self, *args, case: Case, name: str, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.name, self.user = case, name, user

    def take(self) -> None:
        """Take the step.

        :raises CaseRefused: in words, for what the rules do not allow.
        """
        services = {"spam": cases.quarantine, "release": cases.release}
        services[self.name](case=self.case, by=self.user)


def _day(label: str, help_text: str = "The day it happened.") -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate, widget=AdminDateInput, help_text=help_text)


def _words(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=help_text, widget=widget)


class MoveForm(StepForm):
    """When it moved on, and a note for staff; for a refusal, one of the reasons that the rules give."""

    on = _day("On")
    reason = forms.ChoiceField(label="Reason, as the person reads it")
    own_reason = forms.CharField(label="Reason, as the person reads it", max_length=200)
    words = _words(
        "Note for staff", required=False, help_text="For staff. The person sees it only if they ask for all we hold."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.to = CaseState(self.name.removeprefix(MOVE))
        reasons = [each.words for each in self.case.regime.refusal_reasons.all()] if self.case.regime else []
        refuses = self.to == CaseState.REFUSED
        withholds = refuses or self.to == CaseState.PARTLY_ANSWERED
        self.fields["reason"].choices = [("", "Choose one"), *((words, words) for words in reasons)]
        self.fields["reason"].required = refuses
        if not (withholds and reasons):
            del self.fields["reason"]
        if not (refuses and not reasons):
            del self.fields["own_reason"]

    def take(self) -> None:
        """Move it."""
        given = self.cleaned_data
        reason = given.get("reason") or given.get("own_reason") or ""
        cases.move(case=self.case, to=self.to, on=given["on"], reason=reason, words=given["words"], by=self.user)


class NoteForm(StepForm):
    """Words for staff."""

    text = _words("Note", help_text="For staff. The person sees it only if they ask for all we hold.")

    def take(self) -> None:
        """Note it, or take it up again with it as the reason."""
        cases.note(case=self.case, text=self.cleaned_data["text"], by=self.user)


class TakeUpForm(StepForm):
    """Why it is open again."""

    text = _words("Why it is taken up again", help_text="For staff.")

    def take(self) -> None:
        """Take it up again."""
        cases.take_up(case=self.case, reason=self.cleaned_data["text"], by=self.user)


class AssignForm(StepForm):
    """Who has it: only those who may handle it."""

    handler = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        field.label, field.initial, field.label_from_instance = "Who has it", self.case.handler_id, name_of
        # Cut by key: a choice field looks its value up in the whole of its queryset.
        able = [user.pk for user in those_who_may() if user_can_handle(user, self.case.submission)]
        field.queryset = get_user_model().objects.filter(pk__in=able).order_by("username")

    def take(self) -> None:
        """Give it to them."""
        cases.assign(case=self.case, handler=self.cleaned_data["handler"], by=self.user)


def those_who_may():
    """Give the people who may handle forms at all."""
    permission = Permission.objects.get(content_type__app_label="forms", codename="handle_submission")
    may = Q(is_superuser=True) | Q(user_permissions=permission) | Q(groups__permissions=permission)
    return get_user_model().objects.filter(may, is_active=True).distinct()


class MessageForm(StepForm):
    """What the person reads: from a wording or from nothing, seen before it is sent."""

    subject = forms.CharField(max_length=120, help_text="The email does not show this.")
    body = _words("Message", rows=12, help_text="Plain words. Leave an empty line between paragraphs.")

    def take(self) -> None:
        """Send it."""
        send = cases.ask_person if self.name == "ask" else cases.send_message
        send(case=self.case, by=self.user, **self.cleaned_data)

    @staticmethod
    def wordings(case: Case):
        """Give the wordings to start from, those made for where it stands first."""
        fitting = MessageWording.objects.filter(Q(kind="") | Q(kind=case.kind))
        return fitting.filter(Q(state="") | Q(state=case.state)).order_by("-state", "name")


class AnsweredForm(StepForm):
    """When the person answered our question, and what they said."""

    on = _day("Their answer came on")
    text = _words("What they said", required=False, help_text="For staff. You can also add it as a note later.")

    def take(self) -> None:
        """Let the clock run again."""
        cases.person_answered(case=self.case, by=self.user, **self.cleaned_data)


class ExtendForm(StepForm):
    """Until when, and why."""

    until = forms.DateField(label="Until", widget=AdminDateInput)
    reason = forms.CharField(
        label="Why more time is needed",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The person reads this.",
    )

    def take(self) -> None:
        """Take more time."""
        cases.extend(case=self.case, by=self.user, **self.cleaned_data)


class MemberForm(StepForm):
    """Which panel they join, as what."""

    panel = forms.ModelChoiceField(Panel.objects.all())
    kind = forms.ModelChoiceField(MemberKind.objects.all(), required=False, label="Kind of member")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].initial = self.case.panel_id

    def take(self) -> None:
        """Make them a member; keep the rules that only warn, to be told."""
        self.warned = cases.become_member(case=self.case, by=self.user, **self.cleaned_data)


FORMS: dict[str, type[StepForm]] = {
    "note": NoteForm,
    "take-up": TakeUpForm,
    "assign": AssignForm,
    "message": MessageForm,
    "ask": MessageForm,
    "answered": AnsweredForm,
    "extend": ExtendForm,
    "member": MemberForm,
    "spam": StepForm,
    "release": StepForm,
}


def form_for(name: str) -> type[StepForm]:
    """Give the form of a step."""
    return MoveForm if name.startswith(MOVE) else FORMS[name]
