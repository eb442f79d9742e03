"""Serializers of reports, outcomes, meetings, newsletters and agreements. Every field is listed explicitly."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from wagtail.models import Page

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
    """An alternative format of a page, such as a PDF."""

    kind = serializers.CharField()
    words = serializers.CharField()
    url = serializers.URLField()


class StatusSerializer(serializers.Serializer):
    """A status, in the words of the website."""

    standing = serializers.CharField(source="key")
    words = serializers.CharField()
    explanation = serializers.CharField()
    note = serializers.CharField()


class ServiceAreaSerializer(serializers.ModelSerializer):
    """A service of the landlord."""

    class Meta:
        model = ServiceArea
        fields = ["slug", "name"]


class PageRecordSerializer(serializers.ModelSerializer):
    """A record that is a page, with its URL."""

    url = serializers.SerializerMethodField()

    def get_url(self, page: Page) -> str:
        """Return the page's URL on the website."""
        return page.get_url(self.context["request"]._request)


def links_to(pages: Iterable[Page]) -> list[Any]:
    """Return the ids, titles and URLs of pages that are known to be public."""
    return [LinkField().to_representation(page) for page in pages]


def refs_of(rows: list[dict]) -> list[str]:
    """Return the references of recommendations."""
    return [row["recommendation"].ref for row in rows]


class ReportSerializer(PageRecordSerializer):
    """A report: its subject, and the progress of its recommendations."""

    result = serializers.CharField(source="result_words", help_text="When it came out and what came of it.")
    asked = serializers.IntegerField(help_text="How many recommendations it makes.")
    confirmed = serializers.IntegerField(help_text="How many of those are confirmed as done.")
    panel: Any = serializers.SlugRelatedField(source="review.panel", read_only=True, slug_field="slug", allow_null=True)
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
    """A report with its body and its recommendations."""

    body = StoryField()
    recommendations = serializers.ListField(source="recommendation_refs", child=serializers.CharField())
    alternatives = WaySerializer(many=True)

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "response_summary", "body", "recommendations", "alternatives"]


class OutcomeSerializer(PageRecordSerializer):
    """An outcome: what was said, what was done, the difference that it made, and its verified status."""

    status = serializers.SerializerMethodField()
    recommendations = serializers.SerializerMethodField()
    service_areas: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")

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

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_status(self, outcome: OutcomePage) -> Any:
        """Return the status of the recommendation behind it, or None."""
        status = self.context["view"].status_of[outcome.pk]
        return StatusSerializer(status).data if status else None

    def get_recommendations(self, outcome: OutcomePage) -> list[str]:
        """Return the references of the recommendations behind it."""
        return self.context["view"].refs_of.get(outcome.pk, [])


class DecisionSerializer(serializers.ModelSerializer):
    """A decision of a meeting."""

    state = serializers.CharField(source="state_words", help_text="Empty if it simply counts.")

    class Meta:
        model = Decision
        fields = ["text", "state"]


class MeetingSerializer(serializers.ModelSerializer):
    """A meeting or an event: its time, place, and how to join."""

    url = serializers.CharField(source="get_absolute_url")
    kind_words = serializers.CharField(source="get_kind_display")
    panel: Any = serializers.SlugRelatedField(read_only=True, slug_field="slug")
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
        """Return whether there are published minutes."""
        return bool(meeting.public_minutes)


class FullMeetingSerializer(MeetingSerializer):
    """A meeting with its agenda and, once they are agreed as accurate, its minutes."""

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
        """Return the day on which the minutes were agreed, None before that day."""
        return meeting.minutes_agreed_on if meeting.has_agreed_minutes else None

    def get_turnout(self, meeting: Meeting) -> str:
        """Return the attendance in words."""
        is_past = meeting.starts_at < self.context["view"].viewer.at
        return meeting.turnout.sentence if is_past and meeting.turnout else ""

    def get_recommendations(self, meeting: Meeting) -> list[str]:
        """Return the references of recommendations that were made or decided there."""
        return refs_of(rows_decided_at(meeting, self.context["view"].viewer))


class NewsletterSerializer(PageRecordSerializer):
    """One issue of the newsletter."""

    class Meta:
        model = NewsletterPage
        fields = ["id", "title", "url", "summary", "issued_on"]


class FullNewsletterSerializer(NewsletterSerializer):
    """One issue of the newsletter with its body."""

    body = StoryField()
    alternatives = WaySerializer(many=True)

    class Meta(NewsletterSerializer.Meta):
        fields = [*NewsletterSerializer.Meta.fields, "body", "alternatives"]


class AgreementSerializer(serializers.ModelSerializer):
    """An agreement that members accept."""

    url = serializers.CharField(source="get_absolute_url")
    in_force_from = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["slug", "name", "url", "in_force_from"]

    def version(self, agreement: Agreement) -> AgreementVersion:
        """Return the version in force on the viewer's day."""
        # Only what has a version in force is public.
        return cast("AgreementVersion", agreement.version_in_force(self.context["view"].viewer.today))

    def get_in_force_from(self, agreement: Agreement) -> datetime.date:
        """Return the day from which that version is in force."""
        return self.version(agreement).in_force_from


class FullAgreementSerializer(AgreementSerializer):
    """An agreement with its text."""

    text = serializers.SerializerMethodField()

    class Meta(AgreementSerializer.Meta):
        fields = [*AgreementSerializer.Meta.fields, "text"]

    def get_text(self, agreement: Agreement) -> str:
        """Return the text as HTML."""
        return cast("str", HtmlField().to_representation(self.version(agreement).text))
