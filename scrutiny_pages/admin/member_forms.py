"""Forms of the private registers: for a member, whose person may exist or be new, and for a task of a review."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)

from ..enums import SEATED
from ..models import Membership, Person
from ..models.editing.admin_forms import FormWithRows
from ..services.members import lock_seat, record_overrides

KNOWN = "Whoever sits or sat on a panel. If they are new, leave this empty and type their name below."
DETAILS = ("name", "email", "phone")
OVERRIDE = "scrutiny_pages.override_rule"


class MembershipForm(FormWithRows):
    """A form for a membership and its person; the model validates the rules.

    A new row takes a known person, or the name of a new one. On an existing row, the person's own details are changed
    for all their memberships.
    """

    name = forms.CharField(required=False, max_length=120)
    email = forms.EmailField(required=False)
    phone = forms.CharField(required=False, max_length=30)
    sign_in = forms.ModelChoiceField(
        label="Their sign-in",
        required=False,
        queryset=get_user_model().objects.none(),
        help_text="Only for a chair who signs in here to record what the panel decided. It counts while they chair it.",
    )
    override = forms.BooleanField(
        label="Save although a rule says no",
        required=False,
        help_text="Which rule, why and by whom is kept for good.",
    )
    reason = forms.CharField(label="Why", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["person"]
            for name in DETAILS:
                self.fields[name].initial = getattr(self.instance.person, name)
            self.fields["sign_in"].initial = self.instance.person.user
        else:
            self.fields["person"].required = False
            self.fields["person"].label_from_instance = lambda person: (
                f"{person.name} ({person.email})" if person.email else person.name
            )
        self.fields["sign_in"].queryset = get_user_model().objects.filter(is_active=True).order_by("username")
        if not self.for_user.has_perm(OVERRIDE):
            del self.fields["override"], self.fields["reason"]

    def clean(self) -> dict:
        """Find or build the person, lock panel and person, and keep the reason for an override."""
        given = super().clean()
        self.person = self._person(given)
        given["person"] = self.person
        reason = given.get("reason", "").strip() if given.get("override") else ""
        if given.get("override") and not reason:
            self.add_error("reason", "Say why the rule is set aside.")
        self.instance.override_reason = reason
        if given.get("panel") and self.person:
            lock_seat(Membership(panel=given["panel"], person_id=self.person.pk))
        return given

    def _person(self, given: dict) -> Person | None:
        """Return the row's person with the typed details, unsaved; add an error if there is none, or two."""
        typed = {name: given.get(name, "").strip() for name in DETAILS}
        if known := given.get("person"):
            if any(typed.values()):
                self.add_error("name", "Choose somebody we know, or type a new person's details. Not both.")
            if given.get("sign_in"):
                self.add_error("sign_in", "Save this seat first. Then choose the sign-in on it.")
            return known
        if not self.instance.pk and not any(typed.values()):
            if not self.errors.keys() & {"person", *DETAILS}:
                self.add_error("person", "Choose who this is, or type a new person's name below.")
            return None
        person = self.instance.person if self.instance.pk else Person()
        for name, value in typed.items():
            setattr(person, name, value)
        person.user = given.get("sign_in")
        try:
            person.full_clean()
        except ValidationError as wrong:
            for name, messages in wrong.message_dict.items():
                name = "sign_in" if name == "user" else name
                if name not in self.errors:
                    self.add_error(name, messages)
        return person

    def _get_validation_exclusions(self) -> set[str]:
        """Exclude an unsaved person from the model's validation; `clean` validates it."""
        return super()._get_validation_exclusions() | {"person"}

    def save(self, commit: bool = True) -> Membership:
        """Save the person first, then the membership, and record the rules that were overridden."""
        person = cast("Person", self.person)  # or the form were invalid
        person.save()
        self.instance.person = person
        membership = super().save(commit)
        record_overrides(membership, by=self.for_user)
        return membership


member_screen = TabbedInterface(
    [
        ObjectList(
            [
                MultiFieldPanel(
                    [
                        FieldPanel("person", heading="Somebody we know", help_text=KNOWN),
                        FieldRowPanel([FieldPanel("name"), FieldPanel("email"), FieldPanel("phone")]),
                        FieldPanel("name_is_public"),
                        FieldPanel("sign_in"),
                    ],
                    heading="Person",
                ),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("panel"), FieldPanel("kind")]),
                        FieldRowPanel([FieldPanel("role"), FieldPanel("standing")]),
                        FieldRowPanel([FieldPanel("joined_on"), FieldPanel("left_on")]),
                        FieldRowPanel([FieldPanel("role_since"), FieldPanel("suspended_on")]),
                        FieldPanel("review"),
                        FieldPanel("note"),
                    ],
                    heading="Seat",
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("override"),
                        FieldPanel("reason"),
                        HelpPanel(template="scrutiny_pages/admin/overrides.html"),
                    ],
                    heading="If a rule says no",
                ),
            ],
            heading="Seat",
        ),
        ObjectList(
            [
                FieldPanel("eligibility_checked_on"),
                FieldPanel("training_commitment"),
                FieldPanel("trial_ended_on"),
                InlinePanel("acceptances", heading="Agreements accepted", label="Agreement"),
                InlinePanel("trainings_done", heading="Training done", label="Training"),
            ],
            heading="Before they start",
        ),
        ObjectList(
            [InlinePanel("interests", heading="Interests declared", label="Interest")],
            heading="Interests",
        ),
    ],
    base_form_class=MembershipForm,
)


class TaskForm(WagtailAdminModelForm):
    """A form for a task, which lists members by name: only users who may see names can open it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(standing__in=SEATED).select_related("person", "panel", "review")
        self.fields["member"].queryset = members.order_by("person__name")
        self.fields["member"].label_from_instance = lambda member: (
            f"{member.name}, {member.review.title if member.review else member.panel.name}"
        )


task_screen = ObjectList(
    [
        FieldPanel("task"),
        FieldPanel("review"),
        FieldPanel("member"),
        FieldRowPanel([FieldPanel("due"), FieldPanel("done_on")]),
        FieldPanel("note"),
    ],
    base_form_class=TaskForm,
)
