"""What each step of a case asks of the person who takes it: one small form a step."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
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
    """A form that asks nothing: the step is only confirmed."""

    def __init__(self, *args, case: Case, name: str, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.name, self.user = case, name, user

    def take(self) -> None:
        """Take the step.

        :raises CaseRefused: in words, for what the rules do not allow.
        """
        services = {"spam": case_services.quarantine, "release": case_services.release}
        services[self.name](case=self.case, by=self.user)


def _day(label: str, help_text: str = "The day it happened.") -> forms.DateField:
    return DayField(label=label, initial=timezone.localdate, help_text=help_text)


def _words(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=help_text, widget=widget)


class TellingForm(StepForm):
    """A step of which the person is told in the same act: the words, or why they are left out."""

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        begin = case_services.words_to_begin_with(self.case, self.told_step())
        self.fields["subject"].initial, self.fields["body"].initial = begin.subject, begin.body
        last = ("subject", "body", "left_out", "words")
        self.order_fields([name for name in self.fields if name not in last] + list(last))

    def told_step(self) -> str:
        """Return the step that the person is told of: a state, or an ``OtherStep``."""
        raise NotImplementedError

    def clean(self) -> dict:
        """Require the words, or a reason to send none."""
        given = super().clean()
        if not given.get("left_out", "").strip():
            for name in ("subject", "body"):
                if name not in self.errors and not given.get(name, "").strip():
                    self.add_error(name, "Write what the person reads, or say below why they are not told.")
        return given

    def notice(self) -> case_services.Notice:
        """Return what the person is told, or why not."""
        return case_services.Notice(*(self.cleaned_data[name] for name in ("subject", "body", "left_out")))


class MoveForm(TellingForm):
    """When it moved on, and a note for staff; a reason for a refusal, a day and a place for an interview."""

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reasons = [each.words for each in self.case.regime.refusal_reasons.all()] if self.case.regime else []
        refuses = self.to == CaseState.REFUSED
        withholds = refuses or self.to == CaseState.PARTLY_ANSWERED
        self.fields["reason"].choices = [("", "Choose one"), *((words, words) for words in reasons)]
        self.fields["reason"].required = refuses
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
        """Return the state that it moves to."""
        return CaseState(self.name.removeprefix(MOVE))

    def told_step(self) -> str:
        """Return the state that it moves to."""
        return self.to

    def take(self) -> None:
        """Move it, and tell the person."""
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
    """Words for staff."""

    text = _words("Note", help_text="For staff. The person sees it only if they ask for all we hold.")

    def take(self) -> None:
        """Note it, or take it up again with it as the reason."""
        case_services.note(case=self.case, text=self.cleaned_data["text"], by=self.user)


class TakeUpForm(TellingForm):
    """Why it is open again."""

    text = _words("Why it is taken up again", rows=2, help_text="For staff.")

    def told_step(self) -> str:
        """Return the state in which it is open again."""
        return case_services.opens_as(self.case)

    def take(self) -> None:
        """Take it up again, and tell the person."""
        case_services.take_up(case=self.case, reason=self.cleaned_data["text"], notice=self.notice(), by=self.user)


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
        case_services.assign(case=self.case, handler=self.cleaned_data["handler"], by=self.user)


def those_who_may():
    """Return the people who may handle forms at all."""
    permission = Permission.objects.get(content_type__app_label="forms", codename="handle_submission")
    may = Q(is_superuser=True) | Q(user_permissions=permission) | Q(groups__permissions=permission)
    return get_user_model().objects.filter(may, is_active=True).distinct()


class MessageForm(StepForm):
    """What the person reads: from a wording or from nothing, seen before it is sent."""

    subject = forms.CharField(max_length=120, help_text="The email does not show this.")
    body = _words("Message", rows=12, help_text="Plain words. Leave an empty line between paragraphs.")

    def take(self) -> None:
        """Send it."""
        send = case_services.ask_person if self.name == "ask" else case_services.send_message
        send(case=self.case, by=self.user, **self.cleaned_data)

    @staticmethod
    def wordings(case: Case):
        """Return the wordings to start from, those made for where it stands first."""
        fitting = MessageWording.objects.filter(Q(kind="") | Q(kind=case.kind))
        return fitting.filter(Q(state="") | Q(state=case.state)).order_by("-state", "name")


class AnsweredForm(TellingForm):
    """When the person answered our question, and what they said."""

    on = _day("Their answer came on")
    text = _words("What they said", required=False, rows=3, help_text="For staff. You can also add it as a note later.")

    def told_step(self) -> str:
        """Return that we have their answer."""
        return OtherStep.HEARD

    def take(self) -> None:
        """Let the clock run again, and tell the person."""
        given = self.cleaned_data
        case_services.person_answered(
            case=self.case, on=given["on"], text=given["text"], notice=self.notice(), by=self.user
        )


class ExtendForm(TellingForm):
    """Until when, and why."""

    until = DayField(label="Until")
    reason = forms.CharField(
        label="Why more time is needed",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person reads this.",
    )

    def told_step(self) -> str:
        """Return that more time is taken."""
        return OtherStep.EXTENDED

    def take(self) -> None:
        """Take more time, and tell the person."""
        given = self.cleaned_data
        case_services.extend(
            case=self.case, until=given["until"], reason=given["reason"], notice=self.notice(), by=self.user
        )


class MemberForm(TellingForm):
    """Which panel they join, as what."""

    panel = forms.ModelChoiceField(Panel.objects.none())
    kind = forms.ModelChoiceField(MemberKind.objects.all(), required=False, label="Kind of member")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].queryset = Panel.objects.with_members()
        self.fields["panel"].initial = self.case.panel_id

    def told_step(self) -> str:
        """Return that they become a member."""
        return OtherStep.MEMBER

    def take(self) -> None:
        """Make them a member, and tell them; keep the rules that only warn, to be shown."""
        given = self.cleaned_data
        self.warned = case_services.become_member(
            case=self.case, panel=given["panel"], kind=given["kind"], notice=self.notice(), by=self.user
        )


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
    """Return the form of a step."""
    return MoveForm if name.startswith(MOVE) else FORMS[name]
