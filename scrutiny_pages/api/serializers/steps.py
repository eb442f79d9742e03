"""Serializers of the steps of recommendations: the open steps, a step to apply, and its result."""

from typing import Any

from rest_framework import serializers

from ...enums import ConsultationMethod, Impact, Step
from .recommendations import EventSerializer, RecommendationSerializer


class StepTakenSerializer(RecommendationSerializer):
    """The status of a recommendation after a step, and the entries that the step added to its history."""

    added = EventSerializer(many=True, help_text="The new entries of its history, oldest first.")

    class Meta(RecommendationSerializer.Meta):
        fields = [
            "ref",
            "url",
            "standing",
            "status",
            "answer",
            "answer_due",
            "answered_on",
            "answer_reason",
            "delivery",
            "first_target",
            "current_target",
            "times_date_changed",
            "confirmed_on",
            "added",
        ]


class ChoiceSerializer(serializers.Serializer):
    """One of the values of a field, and its label."""

    value = serializers.CharField()
    label: Any = serializers.CharField()


class AskedSerializer(serializers.Serializer):
    """One field of a step."""

    name = serializers.CharField()
    label: Any = serializers.CharField()
    help: Any = serializers.CharField()
    required: Any = serializers.BooleanField()
    choices = ChoiceSerializer(many=True, help_text="The values that it takes; none if any will do.")


class OpenStepSerializer(serializers.Serializer):
    """A step that is open now, and its fields."""

    step = serializers.CharField()
    label: Any = serializers.CharField()
    earlier = serializers.BooleanField(
        help_text="Whether it fits only on an earlier day than something that is recorded already."
    )
    fields: Any = AskedSerializer(many=True)


class OpenStepsSerializer(serializers.Serializer):
    """The status of a recommendation, and the steps that are open to this user."""

    ref = serializers.CharField()
    status = serializers.CharField()
    steps = OpenStepSerializer(many=True)


class StepSerializer(serializers.Serializer):
    """A step to apply. The required fields are listed by the open steps; dates are as 2026-04-02."""

    step = serializers.ChoiceField(choices=Step.choices)
    on = serializers.DateField(
        required=False, help_text="The day it happened. A meeting gives the day of what was decided there."
    )
    words = serializers.CharField(required=False, max_length=2000, help_text="The public reads this: name no one.")
    date = serializers.DateField(required=False)
    meeting = serializers.IntegerField(required=False, help_text="Where a panel decided it, once who came is recorded.")
    way = serializers.ChoiceField(
        required=False,
        choices=ConsultationMethod.choices,
        help_text="How members were asked without one, where the rules allow that.",
    )
    took_part = serializers.ListField(
        required=False, child=serializers.IntegerField(), help_text="The members who then took part."
    )
    how = serializers.CharField(required=False, max_length=120, help_text="More about it, such as the item of minutes.")
    owner = serializers.IntegerField(required=False)
    action = serializers.IntegerField(required=False)
    impact = serializers.ChoiceField(required=False, choices=Impact.choices)
    link = serializers.URLField(required=False, max_length=200)
    entry = serializers.IntegerField(required=False, help_text="The entry that was recorded by mistake.")
    is_private = serializers.BooleanField(
        required=False, help_text="Keep a note, or what was recorded by mistake, from the public."
    )
