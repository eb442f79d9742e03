"""Serializers of recommendations for the public API."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ...models import Action, Escalation, Event, Evidence, Recommendation
from ...presenters.overdue import lateness_of
from ...presenters.tracker_columns import json_names


class EventSerializer(serializers.ModelSerializer):
    """One public entry in the history of a recommendation."""

    title = serializers.CharField(source="headline")
    meeting = serializers.SerializerMethodField(help_text="The number of the meeting where it was decided.")
    mistake = serializers.BooleanField(
        source="is_corrected",
        help_text="Whether it was recorded by mistake: a later entry of the kind “corrected” says why.",
    )

    class Meta:
        model = Event
        fields = ["on", "kind", "title", "text", "how", "meeting", "mistake"]

    def get_meeting(self, event: Event) -> int | None:
        """Return the meeting's id, if the meeting is public."""
        return event.meeting_id if event.meeting and event.meeting.is_public else None


class ActionSerializer(serializers.ModelSerializer):
    """One action by which the landlord delivers a recommendation; its owner is a job."""

    owner = serializers.CharField(source="owner.title", default=None, allow_null=True)

    class Meta:
        model = Action
        fields = ["text", "owner", "due", "done_on"]


class EvidenceSerializer(serializers.ModelSerializer):
    """The evidence with which the landlord claimed that a recommendation is done."""

    class Meta:
        model = Evidence
        fields = ["on", "text", "link"]


class EscalationSerializer(serializers.ModelSerializer):
    """An escalation of a recommendation: its addressee, and the deadline for the reply."""

    class Meta:
        model = Escalation
        fields = ["to_whom", "asks", "on", "reply_due", "replied_on"]


class LatenessSerializer(serializers.Serializer):
    """Delay of a recommendation: its length, the known reasons, and the day on which it is now expected."""

    days = serializers.IntegerField()
    due = serializers.DateField()
    reason = serializers.CharField(help_text="The last reason given, or else what was last heard of it.")
    expected = serializers.CharField(help_text="By when, in words. A date that passed is no expectation.")


class RecommendationSerializer(serializers.ModelSerializer):
    """A recommendation: its text, and its status today."""

    ref = serializers.CharField()
    earlier_reference = serializers.CharField(help_text="What it was called in an older tracker. Empty if in none.")
    url = serializers.CharField(source="get_absolute_url")
    panel: Any = serializers.SlugRelatedField(read_only=True, slug_field="slug")
    report: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    owner = serializers.CharField(source="owner.title", default=None, allow_null=True)
    made_at = serializers.SerializerMethodField(help_text="The number of the meeting where it was made.")
    refers_to: Any = serializers.SlugRelatedField(
        read_only=True, slug_field="slug", allow_null=True, help_text="The panel that it is passed on to."
    )
    service_areas: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    standards: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="name")
    standing = serializers.SerializerMethodField(help_text="Where it stands today: one word.")
    status = serializers.SerializerMethodField(help_text="Where it stands today, as the website says it.")
    explanation = serializers.SerializerMethodField(help_text="What that status means.")
    answer = serializers.CharField(source="tracking.answer")
    answer_due = serializers.DateField(source="tracking.answer_due", allow_null=True)
    answered_on = serializers.DateField(source="tracking.answered_on", allow_null=True)
    answer_reason = serializers.CharField(source="tracking.answer_reason")
    first_answer = serializers.CharField(
        source="tracking.first_answer", help_text="It stays when the landlord answers again."
    )
    first_answered_on = serializers.DateField(source="tracking.first_answered_on", allow_null=True)
    taken_to = EscalationSerializer(source="tracking.escalations", many=True)
    delivery = serializers.CharField(source="tracking.delivery")
    actions = ActionSerializer(
        source="public_plan", many=True, help_text="None if the process keeps the plan to itself."
    )
    evidence_shown = EvidenceSerializer(source="tracking.evidence", many=True)
    checked_by: Any = serializers.SlugRelatedField(source="checking_body", read_only=True, slug_field="slug")
    first_target = serializers.DateField(source="tracking.first_target", allow_null=True)
    current_target = serializers.DateField(source="tracking.current_target", allow_null=True)
    times_date_changed = serializers.SerializerMethodField()
    lateness = serializers.SerializerMethodField(help_text="How late it is; null if it is not.")
    confirmed_on = serializers.DateField(source="tracking.confirmed_on", allow_null=True)
    impact_check_due = serializers.DateField(source="tracking.impact_due", allow_null=True)
    impact = serializers.CharField(source="tracking.impact", help_text="Whether it helped, once that was asked.")
    impact_checked_on = serializers.DateField(source="tracking.impact_checked_on", allow_null=True)

    class Meta:
        model = Recommendation
        fields = json_names()

    def get_standing(self, item: Recommendation) -> str:
        """Return the key of its status on the viewer's day."""
        return item.tracking.standing(self.context["view"].viewer.today).value

    def get_made_at(self, item: Recommendation) -> int | None:
        """Return the id of the meeting that made it, if the meeting is public."""
        return item.made_at_id if item.made_at and item.made_at.is_public else None

    def get_status(self, item: Recommendation) -> str:
        """Return the label of its status on the viewer's day."""
        return item.tracking.status(self.context["view"].viewer.today).words

    def get_explanation(self, item: Recommendation) -> str:
        """Return the explanation of its status on the viewer's day."""
        return item.tracking.status(self.context["view"].viewer.today).explanation

    @extend_schema_field(LatenessSerializer(allow_null=True))
    def get_lateness(self, item: Recommendation) -> Any:
        """Return how late it is on the viewer's day, or None."""
        late = lateness_of(cast("Any", item.tracking), self.context["view"].viewer.today)
        return LatenessSerializer(late).data if late else None

    def get_times_date_changed(self, item: Recommendation) -> int:
        """Return the number of extensions that were granted."""
        return len(item.tracking.granted)


class StandsSerializer(serializers.Serializer):
    """The number of recommendations with one status."""

    standing = serializers.CharField()
    count = serializers.IntegerField()
    words = serializers.CharField()
    explanation = serializers.CharField()
    share = serializers.CharField(help_text="Its part of them all, in words.")


class StatisticsSerializer(serializers.Serializer):
    """The numbers of recommendations by status on a day."""

    on = serializers.DateField()
    total = serializers.IntegerField()
    standings = StandsSerializer(many=True)


class RecommendationWithHistorySerializer(RecommendationSerializer):
    """A recommendation with the public entries of its history, oldest first."""

    history = serializers.SerializerMethodField()

    class Meta(RecommendationSerializer.Meta):
        fields = [*RecommendationSerializer.Meta.fields, "history"]

    @extend_schema_field(EventSerializer(many=True))
    def get_history(self, item: Recommendation) -> Any:
        """Return the public entries, oldest first."""
        return EventSerializer(reversed(item.public_history()), many=True).data
