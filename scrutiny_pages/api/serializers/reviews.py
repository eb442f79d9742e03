"""Serializers of reviews with their stages, and of work programmes. Every field is listed explicitly."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.core.block_serializers import HtmlField, LinkField, LinkSerializer

from ...models import ReviewPage, WorkProgramme
from ...selectors.programmes import topics_and_reviews
from ...selectors.related_content import work_of_review
from .publications import PageRecordSerializer, links_to, refs_of


class StageSerializer(serializers.Serializer):
    """One stage of a review: its dates, and its progress."""

    name = serializers.CharField()
    description = serializers.CharField()
    who_acts = serializers.CharField()
    state = serializers.ChoiceField(choices=["done", "late", "current", "todo", "skipped"])
    words = serializers.CharField(help_text="When it was done or is due, as the website says it.")
    told = serializers.ListField(
        child=serializers.CharField(), help_text="What else the website says: dates that moved, notes, and why."
    )
    planned_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)


class ReviewSerializer(PageRecordSerializer):
    """A review: its subject, and its progress."""

    panel: Any = serializers.SlugRelatedField(read_only=True, slug_field="slug", allow_null=True)
    kind = serializers.CharField(source="kind.name", default=None, allow_null=True)
    trigger = serializers.CharField(source="trigger.name", default=None, allow_null=True)
    process = serializers.CharField(source="process.name", default=None, allow_null=True)
    service_areas: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    group = serializers.SerializerMethodField(help_text="The heading under which the website lists it.")
    where = serializers.SerializerMethodField(help_text="How far it has got, as the website says it.")
    expect = serializers.SerializerMethodField(help_text="What comes next, and when.")
    is_late = serializers.SerializerMethodField()
    stages = serializers.SerializerMethodField()

    class Meta:
        model = ReviewPage
        fields = [
            "id",
            "title",
            "url",
            "summary",
            "panel",
            "commissioned_by",
            "state",
            "not_chosen_because",
            "kind",
            "trigger",
            "process",
            "service_areas",
            "light_touch",
            "started_on",
            "group",
            "where",
            "expect",
            "is_late",
            "stages",
        ]

    def get_group(self, review: ReviewPage) -> str:
        """Return the heading under which the list has it."""
        return self._status(review).group

    def get_where(self, review: ReviewPage) -> str:
        """Return the current stage on the viewer's day, in words."""
        return self._status(review).summary

    def get_expect(self, review: ReviewPage) -> str:
        """Return the next event, in words."""
        return self._status(review).outlook

    def get_is_late(self, review: ReviewPage) -> bool:
        """Return whether its current stage is overdue."""
        return self._status(review).is_late

    @extend_schema_field(StageSerializer(many=True))
    def get_stages(self, review: ReviewPage) -> Any:
        """Return the stages in order, with the words of the website's timeline."""
        turns = review.progress_on(self.context["view"].viewer.today, with_changes=True).timeline
        return [
            {
                "name": stage.name,
                "description": stage.description,
                "who_acts": stage.who_acts,
                "state": turn.tone,
                "words": turn.date_words,
                "told": list(turn.lines),
                "planned_on": stage.planned_on,
                "due_on": review.due_dates[stage.key].on,
                "done_on": review.happened[stage.key].done_on if stage.key in review.happened else None,
            }
            for stage, turn in zip(review.stages_in_order, turns, strict=True)
        ]

    def _status(self, review: Any) -> Any:
        if not hasattr(review, "_review_status"):
            review._review_status = review.review_status(self.context["view"].viewer.today)
        return review._review_status


class FullReviewSerializer(ReviewSerializer):
    """A review with its reasons, its questions, and its results so far."""

    why = HtmlField()
    questions = HtmlField()
    left_out = HtmlField()
    good_practice = HtmlField()
    methods: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="name")
    part_of = LinkField()
    reports = serializers.SerializerMethodField()
    recommendations = serializers.SerializerMethodField()
    outcomes = serializers.SerializerMethodField()
    meetings = serializers.SerializerMethodField()

    class Meta(ReviewSerializer.Meta):
        fields = [
            *ReviewSerializer.Meta.fields,
            "why",
            "questions",
            "left_out",
            "good_practice",
            "methods",
            "part_of",
            "reports",
            "recommendations",
            "outcomes",
            "meetings",
        ]

    def _work(self, review: ReviewPage) -> dict:
        if not hasattr(review, "_work"):
            review._work = work_of_review(review, self.context["view"].viewer)
        return review._work

    @extend_schema_field(LinkSerializer(many=True))
    def get_reports(self, review: ReviewPage) -> Any:
        """Return its reports."""
        return links_to(self._work(review)["reports"])

    def get_recommendations(self, review: ReviewPage) -> list[str]:
        """Return the references of its recommendations."""
        return refs_of(self._work(review)["rows"])

    @extend_schema_field(LinkSerializer(many=True))
    def get_outcomes(self, review: ReviewPage) -> Any:
        """Return its outcomes."""
        return links_to(self._work(review)["outcomes"])

    def get_meetings(self, review: ReviewPage) -> list[int]:
        """Return the ids of its meetings, the earliest first."""
        work = self._work(review)
        return [meeting.pk for meeting in [*reversed(work["meetings_held"]), *work["meetings_coming"]]]


class ProgrammeSerializer(serializers.ModelSerializer):
    """An agreed work programme of one panel for one year."""

    url = serializers.CharField(source="get_absolute_url")
    panel: Any = serializers.SlugRelatedField(read_only=True, slug_field="slug")
    agreed_by: Any = serializers.SlugRelatedField(read_only=True, slug_field="slug", allow_null=True)

    class Meta:
        model = WorkProgramme
        fields = ["id", "url", "title", "panel", "starts_on", "ends_on", "agreed_by", "agreed_on", "agreed_how"]


class TopicSerializer(serializers.Serializer):
    """A topic that was proposed for review, and the decision on it."""

    title = serializers.CharField(source="topic.title")
    came_from = serializers.CharField(source="topic.came_from")
    state = serializers.CharField(source="topic.state")
    because = serializers.CharField(source="topic.because")
    votes = serializers.IntegerField(source="topic.votes", allow_null=True)
    score = serializers.CharField()
    review = LinkField()


class FullProgrammeSerializer(ProgrammeSerializer):
    """A work programme with its topics and reviews."""

    count = serializers.SerializerMethodField(help_text="How many reviews it has, of how many.")
    questions = serializers.SerializerMethodField(help_text="What topics were scored on.")
    topics = serializers.SerializerMethodField()
    other_reviews = serializers.SerializerMethodField(help_text="Those that were no topic.")

    class Meta(ProgrammeSerializer.Meta):
        fields = [*ProgrammeSerializer.Meta.fields, "count", "questions", "topics", "other_reviews"]

    def _content(self, year: WorkProgramme) -> dict:
        if not hasattr(year, "_content"):
            year._content = topics_and_reviews(year, self.context["view"].viewer)
        return year._content

    def get_count(self, year: WorkProgramme) -> str:
        """Return the number of reviews in words."""
        return self._content(year)["count"]

    def get_questions(self, year: WorkProgramme) -> list[str]:
        """Return the criteria of the selection matrix."""
        return self._content(year)["questions"]

    @extend_schema_field(TopicSerializer(many=True))
    def get_topics(self, year: WorkProgramme) -> Any:
        """Return the topics in order."""
        return TopicSerializer(self._content(year)["rows"], many=True).data

    @extend_schema_field(LinkSerializer(many=True))
    def get_other_reviews(self, year: WorkProgramme) -> Any:
        """Return the reviews that were no topic."""
        return links_to(self._content(year)["other_reviews"])
