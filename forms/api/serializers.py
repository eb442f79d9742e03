"""API serializers of forms, submissions and their status."""

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from cms.core.api.base import ApiError
from cms.core.block_serializers import HtmlField, RichTextRef

from ..enums import FormKind
from ..models import FormPage
from .json_schema import answers_schema, presentation


class ConditionSerializer(serializers.Serializer):
    """A condition: one of these answers to an earlier question."""

    question = serializers.CharField(help_text="The id of that question.")
    # The word is taken in Python.
    vars()["is"] = serializers.ListField(child=serializers.CharField())


class QuestionSerializer(serializers.Serializer):
    """A question, as a client presents it."""

    id = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the serializer's label
    hint = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # likewise
    when = ConditionSerializer(allow_null=True)
    text = serializers.CharField(help_text="HTML: what to read or to agree to.")
    settings = serializers.DictField(help_text="What its type knows besides, such as options or a unit.")


class SectionSerializer(serializers.Serializer):
    """A section, in the order of the form."""

    id = serializers.CharField()
    title = serializers.CharField()
    intro = serializers.CharField(help_text="HTML.")
    when = ConditionSerializer(allow_null=True)
    questions = QuestionSerializer(many=True)


class FormInBriefSerializer(serializers.ModelSerializer):
    """A form: its purpose, and whether it can be sent today."""

    url = serializers.CharField(source="full_url")
    kind = serializers.ChoiceField(choices=FormKind.choices)
    is_open = serializers.SerializerMethodField()
    closed_because = serializers.SerializerMethodField(help_text="In words. Empty while it is open.")

    class Meta:
        model = FormPage
        fields = [
            "id",
            "title",
            "summary",
            "kind",
            "url",
            "time_needed",
            "opens_on",
            "closes_on",
            "is_open",
            "closed_because",
        ]

    def get_is_open(self, form: FormPage) -> bool:
        """Return whether the form can be sent on the viewer's date."""
        return form.is_open(self.context["view"].viewer.today)

    def get_closed_because(self, form: FormPage) -> str:
        """Return the reason why the form is closed; empty while it is open."""
        return form.closed_words(self.context["view"].viewer.today)


class FormSerializer(FormInBriefSerializer):
    """A form in full: introduction, questions, and the JSON Schema of its answers."""

    before_you_start = HtmlField(source="start")
    other_ways = HtmlField()
    what_happens_next = HtmlField()
    version = serializers.SerializerMethodField(help_text="Send it along, so that what you asked is what is judged.")
    sections = serializers.SerializerMethodField()
    schema = serializers.SerializerMethodField(help_text="JSON Schema (2020-12) of the answers, by question id.")

    class Meta(FormInBriefSerializer.Meta):
        fields = [
            *FormInBriefSerializer.Meta.fields,
            "before_you_start",
            "other_ways",
            "what_happens_next",
            "version",
            "sections",
            "schema",
        ]

    def get_version(self, form: FormPage) -> int:
        """Return the number of the current version."""
        return self.context["version"].number

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, form: FormPage) -> list[dict]:
        """Return the sections with their questions."""
        return presentation(self.context["version"].definition, RichTextRef)

    @extend_schema_field(serializers.JSONField)
    def get_schema(self, form: FormPage) -> dict:
        """Return the JSON Schema of the answers."""
        return answers_schema(self.context["version"].definition)


class SubmissionSerializer(serializers.Serializer):
    """The answers to a form."""

    answers = serializers.DictField(help_text="By question id, as the schema of the form says.")
    version = serializers.IntegerField(required=False, help_text="The version that was asked; if left out, today’s.")


class TakenSerializer(serializers.Serializer):
    """The result of sending a form: its reference, and the URL of its status."""

    reference = serializers.CharField()
    sent_at = serializers.DateTimeField()
    what_happens_next = HtmlField()
    status_url = serializers.CharField(help_text="Theirs alone: whoever has it can read where it stands.")
    url = serializers.CharField(help_text="The same as a page. Theirs alone, too.")


class RouteSerializer(serializers.Serializer):
    """An alternative page for somebody who is ruled out."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the serializer's label
    url = serializers.CharField()


@extend_schema_serializer(component_name="Refused")
class RefusedSerializer(ApiError):
    """The errors by question id; or the question that rules somebody out, with an alternative."""

    ruled_out_by = serializers.CharField(required=False, help_text="The id of the question.")
    route = RouteSerializer(required=False)


class ChosenFileSerializer(serializers.Serializer):
    """A file, and the question that it answers."""

    question = serializers.CharField()
    file = serializers.FileField()


class KeptFileSerializer(serializers.Serializer):
    """A stored file: send this as one of the answers to its question."""

    token = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class HappenedSerializer(serializers.Serializer):
    """An event in the history."""

    date = serializers.DateField()
    title = serializers.CharField()


class MessageSerializer(serializers.Serializer):
    """A message from staff to the person."""

    sent_at = serializers.DateTimeField()
    subject = serializers.CharField()
    body = serializers.CharField()


class OutsideSerializer(serializers.Serializer):
    """The outside body that can review it after us."""

    name = serializers.CharField()
    url = serializers.CharField()


class ProgressSerializer(serializers.Serializer):
    """The status of a submission, for the person who sent it."""

    reference = serializers.CharField()
    form = serializers.CharField()
    sent_at = serializers.DateTimeField()
    now = serializers.CharField(help_text="In words.")
    is_waiting = serializers.BooleanField(help_text="Whether we wait for the person to answer us.")
    is_late = serializers.BooleanField(help_text="Whether our answer is late: they can contact us and ask why.")
    may_review = serializers.BooleanField(help_text="Whether they can ask us to look at it again.")
    dates = serializers.ListField(child=serializers.CharField(), help_text="Sentences: by when, and why it moved.")
    steps = HappenedSerializer(many=True)
    messages = MessageSerializer(many=True)
    outside_body = OutsideSerializer(allow_null=True)
