"""What programs read of the domain: public fields only, each named."""

from rest_framework import serializers

from cms.core.api.block_serializers import HtmlField

from ...enums import Impact, Step, Way
from ...models import Action, Escalation, Event, Evidence, Panel, Recommendation
from ...models.querysets import is_published
from ...presenters.overdue import lateness_of
from ...presenters.panels import steps_of_process, steps_of_route
from ...rules.membership import quorum_needed


class StepInWordsSerializer(serializers.Serializer):
    """One step of how a panel works, as its page says it."""

    name = serializers.CharField()
    text = serializers.CharField()
    by_when = serializers.CharField(help_text="Its rule in words. Empty if it has none.")


class ProcessSerializer(serializers.Serializer):
    """How a panel usually carries out a review, and where it goes when the landlord says no."""

    name = serializers.CharField()
    description = serializers.CharField()
    checked_by = serializers.CharField(
        source="checked_by.slug", default=None, allow_null=True, help_text="Null if it is the panel that asked."
    )
    stages = serializers.SerializerMethodField()
    if_refused = serializers.SerializerMethodField()

    def get_stages(self, process) -> StepInWordsSerializer(many=True):
        """Give the stages in order."""
        return StepInWordsSerializer(steps_of_process(process), many=True).data

    def get_if_refused(self, process) -> StepInWordsSerializer(many=True):
        """Give where residents go, in order."""
        route = process.escalation_route
        return StepInWordsSerializer(steps_of_route(route) if route else [], many=True).data


class PanelSerializer(serializers.ModelSerializer):
    """A panel: what it is for, its rules in plain words, and its seats. Never its members."""

    kind = serializers.CharField(source="get_kind_display")
    service_areas = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    part_of = serializers.SerializerMethodField(help_text="The short name of the panel above. Null if none is public.")
    who_may_join = serializers.SlugRelatedField(source="eligibility", many=True, read_only=True, slug_field="statement")
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
        """Name the panel that this one is part of."""
        above = panel.parent
        return above.slug if above and is_published(above, self.context["view"].viewer) else None

    def get_recruiting(self, panel: Panel) -> bool:
        """Say whether it looks for members on the viewer's day."""
        return panel.recruits(self.context["view"].viewer.today)

    def get_quorum(self, panel: Panel) -> int | None:
        """Give the quorum for the members that there are now."""
        return quorum_needed(panel.rules_in_force, members=panel.seats_taken)

    def get_vacancies(self, panel: Panel) -> int | None:
        """Give the seats open on the viewer's day."""
        return panel.vacancies(self.context["view"].viewer.today)


class FullPanelSerializer(PanelSerializer):
    """A panel with all that its page says of how it works."""

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


class EventSerializer(serializers.ModelSerializer):
    """One public turn in the story of a recommendation."""

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
        """Give the meeting, if it is public."""
        return event.meeting_id if event.meeting and event.meeting.is_public else None


class ActionSerializer(serializers.ModelSerializer):
    """One step by which the landlord delivers a recommendation; its owner is a job."""

    owner = serializers.CharField(source="owner.title", default=None, allow_null=True)

    class Meta:
        model = Action
        fields = ["text", "owner", "due", "done_on"]


class EvidenceSerializer(serializers.ModelSerializer):
    """What the landlord showed when it said that something is done."""

    class Meta:
        model = Evidence
        fields = ["on", "text", "link"]


class EscalationSerializer(serializers.ModelSerializer):
    """Where a recommendation was taken, and by when they have to reply."""

    class Meta:
        model = Escalation
        fields = ["to_whom", "asks", "on", "reply_due", "replied_on"]


class LatenessSerializer(serializers.Serializer):
    """How late something is, why as far as anybody has said, and by when it is now expected."""

    days = serializers.IntegerField()
    due = serializers.DateField()
    reason = serializers.CharField(help_text="The last reason given, or else what was last heard of it.")
    expected = serializers.CharField(help_text="By when, in words. A date that passed is no expectation.")


class RecommendationSerializer(serializers.ModelSerializer):
    """A recommendation: its words, and where it stands today."""

    ref = serializers.CharField()
    earlier_reference = serializers.CharField(help_text="What it was called in an older tracker. Empty if in none.")
    url = serializers.CharField(source="get_absolute_url")
    panel = serializers.SlugRelatedField(read_only=True, slug_field="slug")
    report = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    owner = serializers.CharField(source="owner.title", default=None, allow_null=True)
    made_at = serializers.SerializerMethodField(help_text="The number of the meeting where it was made.")
    refers_to = serializers.SlugRelatedField(
        read_only=True, slug_field="slug", allow_null=True, help_text="The panel that it is passed on to."
    )
    service_areas = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    standards = serializers.SlugRelatedField(many=True, read_only=True, slug_field="name")
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
    checked_by = serializers.SlugRelatedField(source="checking_body", read_only=True, slug_field="slug")
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
        fields = [
            "ref",
            "earlier_reference",
            "url",
            "title",
            "text",
            "reason",
            "evidence",
            "who_benefits",
            "value_for_money",
            "completion_measure",
            "asked_on",
            "panel",
            "report",
            "made_at",
            "refers_to",
            "owner",
            "service_areas",
            "standards",
            "standing",
            "status",
            "explanation",
            "answer",
            "answer_due",
            "answered_on",
            "answer_reason",
            "first_answer",
            "first_answered_on",
            "taken_to",
            "delivery",
            "actions",
            "evidence_shown",
            "checked_by",
            "first_target",
            "current_target",
            "times_date_changed",
            "lateness",
            "confirmed_on",
            "impact_check_due",
            "impact",
            "impact_checked_on",
        ]

    def get_standing(self, item: Recommendation) -> str:
        """Give where it stands on the viewer's day."""
        return item.tracking.standing(self.context["view"].viewer.today).value

    def get_made_at(self, item: Recommendation) -> int | None:
        """Give the meeting, if it is public."""
        return item.made_at_id if item.made_at and item.made_at.is_public else None

    def get_status(self, item: Recommendation) -> str:
        """Give the words of its status on the viewer's day."""
        return item.tracking.status(self.context["view"].viewer.today).words

    def get_explanation(self, item: Recommendation) -> str:
        """Give what its status on the viewer's day means."""
        return item.tracking.status(self.context["view"].viewer.today).explanation

    def get_lateness(self, item: Recommendation) -> LatenessSerializer(allow_null=True):
        """Give how late it is on the viewer's day."""
        late = lateness_of(item.tracking, self.context["view"].viewer.today)
        return LatenessSerializer(late).data if late else None

    def get_times_date_changed(self, item: Recommendation) -> int:
        """Count the extensions that were agreed."""
        return len(item.tracking.granted)


class StandsSerializer(serializers.Serializer):
    """How many stand in one place."""

    standing = serializers.CharField()
    count = serializers.IntegerField()
    words = serializers.CharField()
    explanation = serializers.CharField()
    share = serializers.CharField(help_text="Its part of them all, in words.")


class StatisticsSerializer(serializers.Serializer):
    """Where recommendations stand on a day."""

    on = serializers.DateField()
    total = serializers.IntegerField()
    standings = StandsSerializer(many=True)


class StepTakenSerializer(RecommendationSerializer):
    """Where a recommendation stands after a step, and what the step added to its history."""

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
    """One of the values that a field takes, and its name."""

    value = serializers.CharField()
    label = serializers.CharField()


class AskedSerializer(serializers.Serializer):
    """One field that a step asks for."""

    name = serializers.CharField()
    label = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField()
    choices = ChoiceSerializer(many=True, help_text="The values that it takes; none if any will do.")


class OpenStepSerializer(serializers.Serializer):
    """A step that may be taken now, and what it asks for."""

    step = serializers.CharField()
    label = serializers.CharField()
    earlier = serializers.BooleanField(
        help_text="Whether it fits only on an earlier day than something that is recorded already."
    )
    fields = AskedSerializer(many=True)


class OpenStepsSerializer(serializers.Serializer):
    """Where a recommendation stands, and the steps that this person may take now."""

    ref = serializers.CharField()
    status = serializers.CharField()
    steps = OpenStepSerializer(many=True)


class StepSerializer(serializers.Serializer):
    """A step to take. Which fields it needs is told by the steps that are open; dates are as 2026-04-02."""

    step = serializers.ChoiceField(choices=Step.choices)
    on = serializers.DateField(
        required=False, help_text="The day it happened. A meeting gives the day of what was decided there."
    )
    words = serializers.CharField(required=False, max_length=2000, help_text="The public reads this: name no one.")
    date = serializers.DateField(required=False)
    meeting = serializers.IntegerField(required=False, help_text="Where a panel decided it, once who came is recorded.")
    way = serializers.ChoiceField(
        required=False, choices=Way.choices, help_text="How members were asked without one, where the rules allow that."
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


class RecommendationWithHistorySerializer(RecommendationSerializer):
    """A recommendation with the public entries of its history, oldest first."""

    history = serializers.SerializerMethodField()

    class Meta(RecommendationSerializer.Meta):
        fields = [*RecommendationSerializer.Meta.fields, "history"]

    def get_history(self, item: Recommendation) -> EventSerializer(many=True):
        """Give the public turns, oldest first."""
        return EventSerializer(reversed(item.public_history()), many=True).data
