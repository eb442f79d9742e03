"""Serializers of panels for the public API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.core.block_serializers import HtmlField

from ...models import Panel, ReviewProcess
from ...presenters.panels import steps_of_process, steps_of_route
from ...rules.publication import is_published
from ...rules.rule_types import Quorum


class StepInWordsSerializer(serializers.Serializer):
    """One step of a panel's procedure, in the words of its page."""

    name = serializers.CharField()
    text = serializers.CharField()
    by_when = serializers.CharField(help_text="Its rule in words. Empty if it has none.")


class ProcessSerializer(serializers.Serializer):
    """The usual course of a panel's reviews, and the escalation route if the landlord refuses."""

    name = serializers.CharField()
    description = serializers.CharField()
    checked_by = serializers.CharField(
        source="checked_by.slug", default=None, allow_null=True, help_text="Null if it is the panel that asked."
    )
    stages = serializers.SerializerMethodField()
    if_refused = serializers.SerializerMethodField()

    @extend_schema_field(StepInWordsSerializer(many=True))
    def get_stages(self, process: ReviewProcess) -> Any:
        """Return the stages in order."""
        return StepInWordsSerializer(steps_of_process(process), many=True).data

    @extend_schema_field(StepInWordsSerializer(many=True))
    def get_if_refused(self, process: ReviewProcess) -> Any:
        """Return the steps of the escalation route in order."""
        route = process.escalation_route
        return StepInWordsSerializer(steps_of_route(route) if route else [], many=True).data


class PanelSerializer(serializers.ModelSerializer):
    """A panel: its purpose, its rules in plain words, and its seats. Never its members."""

    kind = serializers.CharField(source="get_kind_display")
    service_areas: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    part_of = serializers.SerializerMethodField(help_text="The short name of the panel above. Null if none is public.")
    who_may_join: Any = serializers.SlugRelatedField(
        source="eligibility", many=True, read_only=True, slug_field="statement"
    )
    recruiting = serializers.SerializerMethodField()
    rules = serializers.ListField(source="rules_in_force.words", child=serializers.CharField())
    rules_as_data = serializers.ListField(
        source="rules_in_force.as_data",
        child=serializers.DictField(),
        help_text="Each rule's kind, words and parameters; taken_from names another panel whose rule it is.",
    )
    minimum_members = serializers.IntegerField(allow_null=True)
    maximum_members = serializers.IntegerField(allow_null=True)
    quorum = serializers.SerializerMethodField(help_text="How many members must be there, where the rules say so.")
    seats_taken = serializers.IntegerField()
    vacancies = serializers.SerializerMethodField()
    process = ProcessSerializer(source="usual_process", allow_null=True)

    class Meta:
        model = Panel
        fields = [
            "slug",
            "name",
            "kind",
            "part_of",
            "purpose",
            "service_areas",
            "time_asked",
            "recruiting",
            "who_may_join",
            "starts_on",
            "ends_on",
            "rules",
            "rules_as_data",
            "minimum_members",
            "maximum_members",
            "quorum",
            "seats_taken",
            "vacancies",
            "process",
        ]

    def get_part_of(self, panel: Panel) -> str | None:
        """Return the slug of the parent panel, if there is a public one."""
        above = panel.parent
        return above.slug if above and is_published(above, self.context["view"].viewer) else None

    def get_recruiting(self, panel: Panel) -> bool:
        """Return whether the panel recruits on the viewer's day."""
        return panel.recruits(self.context["view"].viewer.today)

    def get_quorum(self, panel: Panel) -> int | None:
        """Return the quorum for the current number of members."""
        return Quorum.needed(panel.rules_in_force, members=panel.seats_taken)

    def get_vacancies(self, panel: Panel) -> int | None:
        """Return the number of vacant seats on the viewer's day."""
        return panel.vacancies(self.context["view"].viewer.today)


class FullPanelSerializer(PanelSerializer):
    """A panel with all that its page has about its procedure."""

    supported_by = serializers.CharField(source="supported_by.title", default=None, allow_null=True)
    activities = HtmlField()
    support = HtmlField()
    role_description = HtmlField()
    terms_of_reference = HtmlField()

    class Meta(PanelSerializer.Meta):
        fields = [
            *PanelSerializer.Meta.fields,
            "brief",
            "supported_by",
            "board_champion",
            "mentor",
            "activities",
            "support",
            "role_description",
            "terms_of_reference",
        ]
