"""Forms of the steps of a case, one for each step."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.core.editing.day_field import DayField
from scrutiny_pages.models import MemberKind, Panel

from ..enums import CaseState, OtherStep
from ..models.case import Case
from ..models.permissions import user_can_handle
from ..models.wording import MessageWording
from . import services as case_services
from .actions import MOVE
from .register_filters import name_of

LONGEST = 5000


class StepForm(forms.Form):
    """A form without fields: the step only needs confirmation."""

    def __init__(self, *args: Any, case: Case, name: str, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.name, self.user = case, name, user

    def apply(self) -> None:
        """Apply the step to the case.

        :raises CaseTransitionNotAllowed: with a message, if the rules do not allow it.
        """
        services = {"spam": case_services.quarantine, "release": case_services.release}
        services[self.name](case=self.case, by=self.user)


def _day(label: str, help_text: str = "The day it happened.") -> forms.DateField:
    return DayField(label=label, initial=timezone.localdate, help_text=help_text)


def _words(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=help_text, widget=widget)


class NotifyingForm(StepForm):
    """A step that notifies the person: the message, or the reason why none is sent."""

    subject = forms.CharField(
        label="Subject of the message", max_length=120, required=False, help_text="The email does not show this."
    )
    body = _words(
        "What the person reads",
        required=False,
        rows=10,
        help_text="On their own page; an email says that it is there. What is in braces is filled in. You see it next.",
    )
    left_out = forms.CharField(
        label="Or send nothing: why they are not told now",
        max_length=300,
        required=False,
        help_text="Such as: we told them by phone. It is kept for staff, and no message is sent.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begin = case_services.default_message(self.case, self.notified_step())
        self.fields["subject"].initial, self.fields["body"].initial = begin.subject, begin.body
        last = ("subject", "body", "left_out", "words")
        self.order_fields([name for name in self.fields if name not in last] + list(last))

    def notified_step(self) -> str:
        """Return the step about which the person is notified: a state, or an ``OtherStep``."""
        raise NotImplementedError

    def clean(self) -> dict:
        """Require the message, or a reason to send none."""
        given = super().clean() or self.cleaned_data
        if not given.get("left_out", "").strip():
            for name in ("subject", "body"):
                if name not in self.errors and not given.get(name, "").strip():
                    self.add_error(name, "Write what the person reads, or say below why they are not told.")
        return given

    def notice(self) -> case_services.Notice:
        """Return the message to the person, or the reason why none is sent."""
        return case_services.Notice(*(self.cleaned_data[name] for name in ("subject", "body", "left_out")))


class MoveForm(NotifyingForm):
    """A change of state: its date and a note for staff.

    A refusal has a reason, an interview has a time and a place.
    """

    on = _day("On")
    # The browser's own control: that of Wagtail puts the present moment in place of what it cannot read.
    at = forms.DateTimeField(
        label="When you meet",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="The day and the time.",
    )
    place = forms.CharField(label="Where", max_length=200, help_text="A place, or: by phone.")
    reason = forms.ChoiceField(label="Reason, as the person reads it")
    own_reason = forms.CharField(label="Reason, as the person reads it", max_length=200)
    words = _words(
        "Note for staff",
        required=False,
        rows=2,
        help_text="For staff. The person sees it only if they ask for all we hold.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [each.words for each in self.case.regime.refusal_reasons.all()] if self.case.regime else []
        refuses = self.to == CaseState.REFUSED
        withholds = refuses or self.to == CaseState.PARTLY_ANSWERED
        reason = cast("forms.ChoiceField", self.fields["reason"])
        reason.choices = [("", "Choose one"), *((words, words) for words in reasons)]
        reason.required = refuses
        unused = {
            "reason": not (withholds and reasons),
            "own_reason": not (refuses and not reasons),
            "at": self.to != CaseState.INTERVIEW,
            "place": self.to != CaseState.INTERVIEW,
        }
        for name in unused:
            if unused[name]:
                del self.fields[name]

    @property
    def to(self) -> CaseState:
        """Return the new state."""
        return CaseState(self.name.removeprefix(MOVE))

    def notified_step(self) -> str:
        """Return the new state."""
        return self.to

    def apply(self) -> None:
        """Change the state, and notify the person."""
        given = self.cleaned_data
        case_services.move(
            case=self.case,
            to=self.to,
            on=given["on"],
            reason=given.get("reason") or given.get("own_reason") or "",
            words=given["words"],
            interview=case_services.Interview(given["at"], given["place"]) if "at" in given else None,
            notice=self.notice(),
            by=self.user,
        )


class NoteForm(StepForm):
    """A note for staff."""

    text = _words("Note", help_text="For staff. The person sees it only if they ask for all we hold.")

    def apply(self) -> None:
        """Add the note."""
        case_services.note(case=self.case, text=self.cleaned_data["text"], by=self.user)


class ReopenForm(NotifyingForm):
    """The reason for reopening a case."""

    text = _words("Why it is taken up again", rows=2, help_text="For staff.")

    def notified_step(self) -> str:
        """Return the state in which the case is reopened."""
        return case_services.state_when_reopened(self.case)

    def apply(self) -> None:
        """Reopen the case, and notify the person."""
        case_services.reopen(case=self.case, reason=self.cleaned_data["text"], notice=self.notice(), by=self.user)


class AssignForm(StepForm):
    """The choice of a handler, among the users who may handle the case."""

    handler = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["handler"])
        field.label, field.initial = "Who has it", self.case.handler_id
        field.label_from_instance = name_of  # type: ignore[method-assign,assignment]  # of this field alone
        # Cut by key: a choice field looks its value up in the whole of its queryset.
        able = [user.pk for user in those_who_may() if user_can_handle(user, self.case.submission)]
        field.queryset = get_user_model().objects.filter(pk__in=able).order_by("username")

    def apply(self) -> None:
        """Assign the case."""
        case_services.assign(case=self.case, handler=self.cleaned_data["handler"], by=self.user)


def those_who_may() -> QuerySet[User]:
    """Return the active users with the permission to handle forms."""
    permission = Permission.objects.get(content_type__app_label="forms", codename="handle_submission")
    may = Q(is_superuser=True) | Q(user_permissions=permission) | Q(groups__permissions=permission)
    return get_user_model().objects.filter(may, is_active=True).distinct()


class MessageForm(StepForm):
    """A message to the person, from a wording or from scratch, which is previewed before it is sent."""

    subject = forms.CharField(max_length=120, help_text="The email does not show this.")
    body = _words("Message", rows=12, help_text="Plain words. Leave an empty line between paragraphs.")

    def apply(self) -> None:
        """Send the message, or the question."""
        send = case_services.ask_person if self.name == "ask" else case_services.send_message
        send(case=self.case, by=self.user, **self.cleaned_data)

    @staticmethod
    def wordings(case: Case) -> QuerySet[MessageWording]:
        """Return the wordings to start from, those for the current state first."""
        fitting = MessageWording.objects.filter(Q(kind="") | Q(kind=case.kind))
        return fitting.filter(Q(state="") | Q(state=case.state)).order_by("-state", "name")


class AnsweredForm(NotifyingForm):
    """The date and the text of the person's answer to our question."""

    on = _day("Their answer came on")
    text = _words("What they said", required=False, rows=3, help_text="For staff. You can also add it as a note later.")

    def notified_step(self) -> str:
        """Return the step "heard"."""
        return OtherStep.HEARD

    def apply(self) -> None:
        """Restart the clock, and notify the person."""
        given = self.cleaned_data
        case_services.person_answered(
            case=self.case, on=given["on"], text=given["text"], notice=self.notice(), by=self.user
        )


class ExtendForm(NotifyingForm):
    """The new due date of an extension, and its reason."""

    until = DayField(label="Until")
    reason = forms.CharField(
        label="Why more time is needed",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person reads this.",
    )

    def notified_step(self) -> str:
        """Return the step "extended"."""
        return OtherStep.EXTENDED

    def apply(self) -> None:
        """Extend the deadline, and notify the person."""
        given = self.cleaned_data
        case_services.extend(
            case=self.case, until=given["until"], reason=given["reason"], notice=self.notice(), by=self.user
        )


class MemberForm(NotifyingForm):
    """The panel that the person joins, and the kind of member."""

    panel: "forms.ModelChoiceField[Panel]" = forms.ModelChoiceField(Panel.objects.none())
    kind = forms.ModelChoiceField(MemberKind.objects.all(), required=False, label="Kind of member")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["panel"]).queryset = Panel.objects.with_members()
        self.fields["panel"].initial = self.case.panel_id

    def notified_step(self) -> str:
        """Return the step "member"."""
        return OtherStep.MEMBER

    def apply(self) -> None:
        """Add the membership and notify the person; rules that only warn are stored in ``warned``."""
        given = self.cleaned_data
        self.warned = case_services.become_member(
            case=self.case, panel=given["panel"], kind=given["kind"], notice=self.notice(), by=self.user
        )


FORMS: dict[str, type[StepForm]] = {
    "note": NoteForm,
    "take-up": ReopenForm,
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
    """Return the form class of a step."""
    return MoveForm if name.startswith(MOVE) else FORMS[name]
