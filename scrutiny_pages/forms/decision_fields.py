"""Form fields for the proof of a decision: its meeting, or who took part without a meeting (G 8)."""

import copy
import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.core.dates.formatting import format_date

from .. import services
from ..enums import PROVING_KINDS, ConsultationMethod, MemberStanding
from ..models import Meeting, Membership, Panel, ReviewPage
from ..rules.rule_types import BetweenMeetings
from ..services.permissions import panels_chaired_by, user_can_manage_members

RECENT_MEETINGS = 20
PROOF = ("meeting", "way", "took_part", "how")


class MeetingField(forms.ModelChoiceField):
    """A choice of one meeting, labelled by its day."""

    widget = forms.Select(attrs={"class": "w-w-full"})  # a long theme is cut on a phone, not the page

    def label_from_instance(self, meeting: Meeting) -> str:
        """Return the day of a meeting, its panel and its theme."""
        return f"{format_date(meeting.day)}: {meeting.panel}, {meeting.theme}"


class ParticipantsField(forms.ModelMultipleChoiceField):
    """A choice of several members of the panels that decide."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row: Membership) -> str:
        """Return a member's name."""
        return row.name


class DecisionFields(forms.Form):
    """A form with fields for who made a decision; ``on`` is then its day, which a meeting supplies by itself."""

    fields: dict[str, Any]  # each of its own class, some with a queryset
    meeting = MeetingField(
        Meeting.objects.none(),
        label="At the meeting",
        required=False,
        help_text="If too few came, or nobody has recorded who came, nothing was decided there.",
        error_messages={"required": "Choose the meeting. If it is not listed, add it first under Meetings."},
    )
    way = forms.ChoiceField(label="Decided without a meeting?", required=False)
    took_part = ParticipantsField(
        Membership.objects.none(),
        label="Who took part",
        required=False,
        help_text="Only without a meeting. The public reads how many, and no names.",
    )
    how = forms.CharField(
        label="More about it",
        required=False,
        max_length=120,
        help_text="Such as the item of the minutes. The public reads this: name no one.",
    )

    def add_proof_fields(
        self, bodies: Sequence[Panel], user: Any, *, review: ReviewPage | None, is_about_time: bool = False
    ) -> None:
        """Add the fields for proof: the panels' last meetings, and the procedures without one that their rules allow.

        :param bodies: the panels that may make the decision.
        :param user: the user who records it; members are listed only if the user may see who they are.
        :param review: the review that the decision concerns, whose team may decide too.
        :param is_about_time: whether the decision is about an extension, for which panels may have another rule.
        """
        self.fields |= {name: copy.deepcopy(self.base_fields[name]) for name in PROOF}
        self.order_fields(["step", "stage", "what", "meeting", "way", "on", "took_part"])
        self.fields["on"].required, self.fields["on"].initial = False, None
        self.fields["meeting"].queryset = _recent_meetings(bodies)
        allowed = [body for body in bodies if user and _may_know_members(user, body)]
        ways = [way for way in ConsultationMethod if any(_allows(body, way, is_about_time) for body in allowed)]
        if not ways:
            for name in ("way", "took_part"):
                del self.fields[name]
            self.fields["meeting"].required = True
            self.fields["on"].widget = self.fields["on"].hidden_widget()
            return
        self.fields["on"].help_text = "Only without a meeting: the day it was decided."
        self.fields["way"].choices = [("", "No"), *((way.value, way.label) for way in ways)]
        self.fields["took_part"].queryset = _members(allowed, review)
        self.about_review = review

    def clean(self) -> dict[str, Any]:
        """Refuse a decision with neither a meeting nor a procedure without one, with both, or without participants."""
        super().clean()
        given = self.cleaned_data
        if "way" not in self.fields or self.errors.keys() & {"on", *PROOF}:
            return given
        if given.get("way"):
            if given.get("meeting"):
                self.add_error("way", "It was decided at a meeting or without one: choose one of the two.")
            if not given.get("took_part"):
                self.add_error("took_part", "Choose the members who took part.")
            if not given.get("on"):
                self.add_error("on", "Enter the day on which they decided.")
        elif not given.get("meeting"):
            self.add_error("meeting", "Choose the meeting, or how it was decided without one and who took part.")
        return given

    def with_proof(self) -> dict[str, Any]:
        """Return the cleaned fields with a meeting, recorded now for a decision that was made without one.

        :raises TransitionNotAllowed: if a participant had no vote that day.
        """
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("way", "took_part")}
        if way := self.cleaned_data.get("way"):
            took_part = list(self.cleaned_data["took_part"])
            panel = took_part[0].panel
            given["meeting"] = services.decide_between_meetings(
                panel=panel, on=given["on"], way=ConsultationMethod(way), took_part=took_part, review=self.about_review
            )
        return given


def _allows(body: Panel, way: ConsultationMethod, is_about_time: bool) -> bool:
    return not BetweenMeetings.refusal(body.rules_in_force, way=way, is_about_time=is_about_time)


def _may_know_members(user: Any, body: Panel) -> bool:
    """Return whether a user may see the members of a panel: its chair, and managers of the register."""
    return user_can_manage_members(user) or body.pk in panels_chaired_by(user)


def _members(bodies: Sequence[Panel], review: ReviewPage | None) -> QuerySet[Membership]:
    """Return the members of the panels or the review's team, and those who left within a year: records may be late."""
    of_body = Q(review=None) | Q(review=review) if review else Q(review=None)
    seats = Membership.objects.filter(of_body, panel__in=bodies).exclude(standing=MemberStanding.JOINING)
    lately = timezone.localdate() - datetime.timedelta(days=366)
    return seats.exclude(left_on__lt=lately).select_related("person", "panel").order_by("person__name")


def _recent_meetings(bodies: Sequence[Panel]) -> QuerySet[Meeting]:
    """Return the last meetings of the panels at which a decision can have been made."""
    held = Meeting.objects.not_cancelled().filter(panel__in=bodies, starts_at__lt=timezone.now())
    held = held.filter(kind__in=PROVING_KINDS).select_related("panel").order_by("-starts_at")
    # Cut by key: a choice field looks its value up in the whole of its queryset, which a slice does not allow.
    return held.filter(pk__in=list(held.values_list("pk", flat=True)[:RECENT_MEETINGS]))
