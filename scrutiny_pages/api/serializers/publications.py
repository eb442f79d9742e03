"""What programs read of the work itself: reports, outcomes, meetings, newsletters. Each field is named."""

import datetime

from rest_framework import serializers

from cms.core.block_serializers import HtmlField, LinkField, StoryField

from ...models import (
    Agreement,
    AgreementVersion,
    Decision,
    Meeting,
    NewsletterPage,
    OutcomePage,
    ReportPage,
    ServiceArea,
)
from ...selectors.related_content import rows_decided_at


class WaySerializer(serializers.Serializer):
    """Another way to read a page, such as a PDF."""

    kind = serializers.CharField()
    words = serializers.CharField()
    url = serializers.URLField()


class StatusSerializer(serializers.Serializer):
    """Where something stands, as the website says it."""

    standing = serializers.CharField(source="key")
    words = serializers.CharField()
    explanation = serializers.CharField()
    note = serializers.CharField()


class ServiceAreaSerializer(serializers.ModelSerializer):
    """A service that the landlord gives."""

    class Meta:
        model = ServiceArea
        fields = ["slug", "name"]


class PageRecordSerializer(serializers.ModelSerializer):
    """What is a page of its own: where it is."""

    url = serializers.SerializerMethodField()

    def get_url(self, page) -> str:
        """Return its address on the website."""
        return page.get_url(self.context["request"]._request)


def links_to(pages) -> list[dict]:
    """Return pages that are known to be public as their numbers, titles and addresses."""
    return [LinkField().to_representation(page) for page in pages]


def refs_of(rows: list[dict]) -> list[str]:
    """Return the references of rows of recommendations."""
    return [row["recommendation"].ref for row in rows]


class ReportSerializer(PageRecordSerializer):
    """A report: what it is about, and what became of what it asked for."""

    result = serializers.CharField(source="result_words", help_text="When it came out and what came of it.")
    asked = serializers.IntegerField(help_text="How many recommendations it makes.")
    confirmed = serializers.IntegerField(help_text="How many of those are confirmed as done.")
    panel = serializers.SlugRelatedField(source="review.panel", read_only=True, slug_field="slug", allow_null=True)
    review = LinkField(help_text="The review that it is of.")

    class Meta:
        model = ReportPage
        fields = [
            "id",
            "title",
            "url",
            "summary",
            "first_published_at",
            "agreed_on",
            "result",
            "asked",
            "confirmed",
            "panel",
            "review",
        ]


class FullReportSerializer(ReportSerializer):
    """A report with its story and its recommendations."""

    body = StoryField()
    recommendations = serializers.ListField(source="recommendation_refs", child=serializers.CharField())
    alternatives = WaySerializer(many=True)

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "response_summary", "body", "recommendations", "alternatives"]


class OutcomeSerializer(PageRecordSerializer):
    """What was said, what was done, what difference it made, and where that really stands."""

    status = serializers.SerializerMethodField()
    recommendations = serializers.SerializerMethodField()
    service_areas = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")

    class Meta:
        model = OutcomePage
        fields = [
            "id",
            "title",
            "url",
            "summary",
            "first_published_at",
            "you_said",
            "we_did",
            "difference",
            "status",
            "came_from",
            "service_areas",
            "recommendations",
        ]

    def get_status(self, outcome: OutcomePage) -> StatusSerializer(allow_null=True):
        """Return the state that it is really in."""
        status = self.context["view"].status_of[outcome.pk]
        return StatusSerializer(status).data if status else None

    def get_recommendations(self, outcome: OutcomePage) -> list[str]:
        """Return the references of what is behind it."""
        return self.context["view"].refs_of.get(outcome.pk, [])


class DecisionSerializer(serializers.ModelSerializer):
    """One thing that was agreed."""

    state = serializers.CharField(source="state_words", help_text="Empty if it simply counts.")

    class Meta:
        model = Decision
        fields = ["text", "state"]


class MeetingSerializer(serializers.ModelSerializer):
    """A meeting or an event: when, where, and how to join."""

    url = serializers.CharField(source="get_absolute_url")
    kind_words = serializers.CharField(source="get_kind_display")
    panel = serializers.SlugRelatedField(read_only=True, slug_field="slug")
    review = LinkField(help_text="The review that it is part of.")
    when = serializers.CharField(source="when_words", help_text="Its day and time in words.")
    has_minutes = serializers.SerializerMethodField(help_text="Whether its minutes are agreed and can be read.")

    class Meta:
        model = Meeting
        fields = [
            "id",
            "url",
            "kind",
            "kind_words",
            "theme",
            "panel",
            "review",
            "starts_at",
            "ends_at",
            "when",
            "place",
            "how_to_join",
            "called_off_because",
            "has_minutes",
        ]

    def get_has_minutes(self, meeting: Meeting) -> bool:
        """Return whether there are minutes to read."""
        return bool(meeting.public_minutes)


class FullMeetingSerializer(MeetingSerializer):
    """A meeting with its agenda, and what was said and agreed once the minutes are agreed as accurate."""

    agenda = HtmlField()
    minutes = HtmlField(source="public_minutes")
    minutes_agreed_on = serializers.SerializerMethodField()
    decisions = DecisionSerializer(source="public_decisions", many=True)
    turnout = serializers.SerializerMethodField(help_text="How many came. Empty until it is over and recorded.")
    recommendations = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = [
            *MeetingSerializer.Meta.fields,
            "agenda",
            "minutes",
            "minutes_agreed_on",
            "decisions",
            "turnout",
            "recommendations",
        ]

    def get_minutes_agreed_on(self, meeting: Meeting) -> datetime.date | None:
        """Return the day on which they were agreed, once it has come."""
        return meeting.minutes_agreed_on if meeting.has_agreed_minutes else None

    def get_turnout(self, meeting: Meeting) -> str:
        """Describe how many came."""
        is_past = meeting.starts_at < self.context["view"].viewer.at
        return meeting.turnout.sentence if is_past and meeting.turnout else ""

    def get_recommendations(self, meeting: Meeting) -> list[str]:
        """Return the references of what was asked for or decided there."""
        return refs_of(rows_decided_at(meeting, self.context["view"].viewer))


class NewsletterSerializer(PageRecordSerializer):
    """One issue of the newsletter."""

    class Meta:
        model = NewsletterPage
        fields = ["id", "title", "url", "summary", "issued_on"]


class FullNewsletterSerializer(NewsletterSerializer):
    """One issue with its story."""

    body = StoryField()
    alternatives = WaySerializer(many=True)

    class Meta(NewsletterSerializer.Meta):
        fields = [*NewsletterSerializer.Meta.fields, "body", "alternatives"]


class AgreementSerializer(serializers.ModelSerializer):
    """Something that members agree to."""

    url = serializers.CharField(source="get_absolute_url")
    in_force_from = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["slug", "name", "url", "in_force_from"]

    def version(self, agreement: Agreement) -> AgreementVersion:
        """Return the version that counts on the viewer's day."""
        return agreement.version_in_force(self.context["view"].viewer.today)

    def get_in_force_from(self, agreement: Agreement) -> datetime.date:
        """Return the day from which its words count."""
        return self.version(agreement).in_force_from


class FullAgreementSerializer(AgreementSerializer):
    """The same with its words."""

    text = serializers.SerializerMethodField()

    class Meta(AgreementSerializer.Meta):
        fields = [*AgreementSerializer.Meta.fields, "text"]

    def get_text(self, agreement: Agreement) -> str:
        """Return the words, as HTML."""
        return HtmlField().to_representation(self.version(agreement).text)
