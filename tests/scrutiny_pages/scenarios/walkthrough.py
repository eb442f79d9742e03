"""Walks reviews through the admin's own forms, as staff do, without shortcuts.

An expected refusal is passed as ``refused``: text that the response has to contain.
"""

import datetime
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from scrutiny_pages.enums import PANEL_DECISIONS, AttendanceState, MemberRole, MemberStanding, StageStep, Step
from scrutiny_pages.models import (
    Meeting,
    Membership,
    Panel,
    Recommendation,
    RegularDuty,
    ReportPage,
    ReviewPage,
    ReviewProcess,
    ReviewStage,
    Topic,
    Trigger,
    WorkProgramme,
)
from tests.factories.decisions import meeting_of

from .register.acts import usual_kind

Day = datetime.date
COMMENTS = {"comments": inline_formset([])}


class Staff:
    """A member of the involvement team who uses the admin."""

    def __init__(self, client: Client):
        self.client = client

    def _send(self, address: str, data: Mapping, refused: str = "") -> HttpResponse:
        answer: Any = self.client.post(address, {name: value for name, value in data.items() if value is not None})
        if refused:
            assert answer.status_code == 200, f"Allowed, though it should say: {refused}"
            assert refused in said_by(answer)
        else:
            assert answer.status_code == 302, said_by(answer)[-3000:]
        return answer

    # --- Pages ----------------------------------------------------------------------------------------

    def _add_page(self, model: type[Page], parent: Page, fields: dict, *, publish: bool, refused: str = "") -> Page:
        names = model._meta.app_label, model._meta.model_name
        address = reverse("wagtailadmin_pages:add", args=[*names, parent.pk])
        self._send(address, _page_data(fields, publish=publish), refused)
        return None if refused else model.objects.latest("pk")

    def add_review(
        self,
        *,
        parent: Page,
        title: str,
        panel: Panel,
        trigger: Trigger | None = None,
        refused: str = "",
        **fields,
    ) -> ReviewPage:
        """Add and publish a review, with what set it off; its stages come when it is started."""
        given = _review_fields(panel=panel, title=title, trigger=trigger, **fields)
        return self._add_page(ReviewPage, parent, given, publish=True, refused=refused)

    def publish_review(self, review: ReviewPage, refused: str = "", **fields) -> ReviewPage:
        """Publish a review that has no stages yet, such as one made from a topic."""
        draft = review.get_latest_revision_as_object()
        same = {name: getattr(draft, name) for name in ("title", "slug", "panel", "trigger", "programme", "state")}
        given = _review_fields(**same | {"commissioned_by": draft.commissioned_by} | fields)
        self._send(reverse("wagtailadmin_pages:edit", args=[review.pk]), _page_data(given, publish=True), refused)
        return ReviewPage.objects.get(pk=review.pk)

    def start_review(
        self, review: ReviewPage, *, process: ReviewProcess, on: Day, light_touch: bool = False, refused: str = ""
    ) -> ReviewPage:
        """Start a review, and return it with its stages."""
        given = {"process": process.pk, "on": on} | ({"light_touch": "on"} if light_touch else {})
        self._send(reverse("start_review", args=[review.pk]), given, refused)
        return ReviewPage.objects.get(pk=review.pk)

    def add_report(self, review: ReviewPage, *, title: str, agreed_on: Day | str = "") -> ReportPage:
        """Save a report as a draft."""
        return self._add_page(ReportPage, review, _report_fields(title, agreed_on), publish=False)

    def publish_report(self, report: ReportPage, *, agreed_on: Day | str = "", refused: str = "") -> ReportPage:
        """Publish a report."""
        fields = _report_fields(report.title, agreed_on) | {"slug": report.slug}
        address = reverse("wagtailadmin_pages:edit", args=[report.pk])
        self._send(address, _page_data(fields, publish=True), refused)
        report = ReportPage.objects.get(pk=report.pk)
        assert report.live is not bool(refused)
        return report

    # --- The year's topics ----------------------------------------------------------------------------

    def propose(self, programme: WorkProgramme, topics: list[Mapping], refused: str = "") -> list[Topic]:
        """Fill in the topics of a year that has none yet; each as its row of the form."""
        given = {name: getattr(programme, name) for name in ("title", "starts_on", "ends_on")}
        given |= {"panel": programme.panel_id, "process": programme.process_id, "agreed_by": "", "agreed_how": ""}
        criteria = [{"id": row.pk, "question": row.question, "weight": row.weight} for row in programme.criteria.all()]
        given |= {"criteria": inline_formset(criteria, initial=len(criteria))}
        given |= {"topics": inline_formset([{"state": "proposed"} | dict(topic) for topic in topics])}
        address = reverse("wagtailsnippets_scrutiny_pages_workprogramme:edit", args=[programme.pk])
        self._send(address, nested_form_data(given), refused)
        return list(WorkProgramme.objects.get(pk=programme.pk).topics.all())

    def score(self, programme: WorkProgramme, scores: Mapping[Topic, list[int]], refused: str = "") -> None:
        """Score topics on the questions of the matrix, in their order."""
        given = {
            f"score-{topic.pk}-{criterion.pk}": number
            for topic, numbers in scores.items()
            for criterion, number in zip(programme.criteria.all(), numbers, strict=True)
        }
        self._send(reverse("wagtailsnippets_scrutiny_pages_workprogramme:scores", args=[programme.pk]), given, refused)

    def choose(self, topic: Topic) -> ReviewPage:
        """Make a topic a review, as the button beside it does; it is a draft then."""
        address = reverse("wagtailsnippets_scrutiny_pages_workprogramme:scores", args=[topic.programme_id])
        self._send(address, {"review": topic.pk})
        return ReviewPage.objects.get(title=topic.title)

    # --- Stages ---------------------------------------------------------------------------------------

    def stage(
        self,
        review: ReviewPage,
        name: str,
        what: StageStep = StageStep.DONE,
        *,
        on: Day | None = None,
        refused: str = "",
        **more,
    ) -> HttpResponse:
        """Record what happened at the stage of a name: ``words``, ``how`` and ``to`` as its form asks for them."""
        stage = ReviewStage.objects.get(review=review, name=name)
        if what == StageStep.DONE and stage.signed_off_by and "meeting" not in more:
            assert on is not None
            more["meeting"] = meeting_of(stage.signed_off_by, on).pk
        address = reverse("record_stage", args=[review.pk])
        known = {"stage": str(stage.key), "what": StageStep(what).value}
        assert self.client.get(address, known).status_code == 200
        return self._send(address, known | {"on": on, "words": ""} | more, refused)

    def due(self, review: ReviewPage, name: str) -> Day | None:
        """Return the day by which the stage of a name is due, as things stand."""
        return ReviewPage.objects.get(pk=review.pk).stages.get(name=name).due_on

    # --- Recommendations ------------------------------------------------------------------------------

    def add_recommendation(
        self, *, panel: Panel, title: str, number: int = 1, publish: bool = False, refused: str = "", **fields
    ) -> Recommendation:
        """Add a recommendation, as a draft unless told to publish. Other fields as the form names them."""
        given = _recommendation_fields(panel=panel, title=title, number=number, **fields)
        self._send(reverse("wagtailsnippets_scrutiny_pages_recommendation:add"), _record_data(given, publish), refused)
        if refused:
            return None  # type: ignore[return-value]  # so that callers need not check
        return Recommendation.objects.get(series=given["series"], number=number)

    def publish_recommendation(
        self, item: Recommendation, *, live: bool = True, refused: str = "", **changes
    ) -> Recommendation:
        """Publish a recommendation, with changed text if it is given."""
        names = ("series", "asked_on", "text", "reason", "evidence", "completion_measure", "who_benefits")
        stored = {name: getattr(item, name) for name in (*names, "value_for_money")}
        links = {"owner": item.owner, "report": item.report}
        given = _recommendation_fields(panel=item.panel, title=item.title, number=item.number, **stored, **links)
        given |= {name: getattr(value, "pk", value) for name, value in changes.items()}
        address = reverse("wagtailsnippets_scrutiny_pages_recommendation:edit", args=[item.pk])
        self._send(address, _record_data(given, publish=True), refused)
        item = Recommendation.objects.get(pk=item.pk)
        assert item.live is (live and not refused)
        return item

    def record(self, item: Recommendation, step: Step, *, on: Day, refused: str = "", **more) -> Recommendation:
        """Record a step: ``words``, ``date``, ``how``, ``owner``, ``action``, ``impact`` as it asks.

        What a panel decides is decided at a meeting of the body that checks, unless ``meeting`` or ``way`` is given.
        """
        if step in PANEL_DECISIONS and not more.keys() & {"meeting", "way"}:
            more["meeting"] = meeting_of(item.checking_body, on)
        address = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])
        given = {"step": Step(step).value, "on": on, "words": ""}
        given |= {name: getattr(value, "pk", value) for name, value in more.items()}
        self._send(address, given, refused)
        return Recommendation.objects.select_related("tracking").get(pk=item.pk)

    # --- Meetings and members -------------------------------------------------------------------------

    def add_meeting(
        self, panel: Panel, *, on: Day, kind: str = "meeting", theme: str = "A theme", refused: str = "", **fields
    ) -> Meeting:
        """Add a meeting at six in the evening; ``decisions`` are the sentences of what was agreed."""
        decisions = [{"text": words} for words in fields.pop("decisions", [])]
        given = {
            "panel": panel.pk,
            "kind": kind,
            "theme": theme,
            "starts_at": f"{on} 18:00",
            "place": "The hall",
            "agenda": rich_text(""),
            "minutes": rich_text(""),
            "decisions": inline_formset(decisions),
            "is_public": "on",
        }
        given |= {name: getattr(value, "pk", value) for name, value in fields.items()}
        self._send(reverse("wagtailsnippets_scrutiny_pages_meeting:add"), nested_form_data(given), refused)
        return None if refused else Meeting.objects.latest("pk")  # type: ignore[return-value]  # None only if refused

    def who_came(self, meeting: Meeting, states: Mapping[Membership, AttendanceState], refused: str = "") -> Meeting:
        """Record who came to a meeting."""
        address = reverse("wagtailsnippets_scrutiny_pages_meeting:attendance", args=[meeting.pk])
        given = {f"member_{row.pk}": AttendanceState(state).value for row, state in states.items()}
        self._send(address, given, refused)
        return Meeting.objects.get(pk=meeting.pk)

    def ratify(self, meeting: Meeting, *, at: Meeting, refused: str = "") -> Meeting:
        """Record for everything that a meeting agreed the later meeting that ratified it."""
        rows = [{"id": row.pk, "text": row.text, "ratified_at": at.pk} for row in meeting.decisions.all()]
        given = {
            "panel": meeting.panel_id,
            "kind": meeting.kind,
            "theme": meeting.theme,
            "starts_at": f"{meeting.day} 18:00",
            "place": meeting.place,
            "agenda": rich_text(""),
            "minutes": rich_text(""),
            "decisions": inline_formset(rows, initial=len(rows)),
            "notice_given_on": meeting.notice_given_on,
            "is_public": "on",
        }
        address = reverse("wagtailsnippets_scrutiny_pages_meeting:edit", args=[meeting.pk])
        self._send(address, nested_form_data(given), refused)
        return Meeting.objects.get(pk=meeting.pk)

    def add_member(self, panel: Panel, *, name: str, joined_on: Day, refused: str = "", **fields) -> Membership:
        """Add somebody to a panel who has accepted and learned what it asks for; other fields as the form has them."""
        given = {
            "panel": panel.pk,
            "kind": getattr(usual_kind(panel), "pk", ""),
            "name": name,
            "role": MemberRole.MEMBER.value,
            "standing": MemberStanding.ACTIVE.value,
            "joined_on": joined_on,
            "eligibility_checked_on": joined_on,
            "acceptances": inline_formset(
                [
                    {"version": agreement.versions.latest("number").pk, "accepted_on": joined_on}
                    for agreement in panel.agreements.all()
                ]
            ),
            "trainings_done": inline_formset(
                [{"training": training.pk, "done_on": joined_on} for training in panel.trainings.all()]
            ),
            "interests": inline_formset([]),
        }
        given |= {name: getattr(value, "pk", value) for name, value in fields.items()}
        self._send("/admin/members/create/", nested_form_data(given), refused)
        return None if refused else Membership.objects.latest("pk")  # type: ignore[return-value]  # None only if refused

    def mark_done(self, duty: RegularDuty, *, on: Day, membership: Membership | None = None, refused: str = "") -> None:
        """Record that a regular duty was done, with one member if it is done with each."""
        given = {"done_on": on, "note": "", "membership": membership.pk if membership else None}
        self._send(reverse("wagtailsnippets_scrutiny_pages_regularduty:done", args=[duty.pk]), given, refused)


def said_by(answer: Any) -> str:
    """Return the text of a response, with the errors of its form."""
    form = answer.context.get("form") if answer.context else None
    errors = str(dict(form.errors)) if form is not None else ""
    return f"{unescape(answer.content.decode())} {unescape(errors)}"


def _page_data(fields: dict, *, publish: bool) -> dict:
    given = {"summary": "In short.", "slug": "", **COMMENTS} | fields
    slug = given["slug"] or given["title"].lower().replace(" ", "-")
    return nested_form_data(given | {"slug": slug}) | ({"action-publish": "1"} if publish else {})


def _review_fields(*, panel: Panel, title: str, trigger: Trigger | None = None, **fields) -> dict:
    words = {name: rich_text("<p>Words.</p>") for name in ("why", "questions", "left_out", "good_practice")}
    given = {"panel": panel.pk, "title": title, "trigger": trigger.pk if trigger else "", "state": "chosen"}
    given |= {name: getattr(value, "pk", value) for name, value in fields.items() if value is not None}
    return {"stages": inline_formset([]), **words} | given


def _report_fields(title: str, agreed_on: Day | str) -> dict:
    body = streamfield([("text", rich_text("<p>What we found.</p>"))])
    return {"title": title, "agreed_on": agreed_on, "body": body, "response_summary": ""}


def _recommendation_fields(*, panel: Panel, title: str, number: int, **fields) -> dict:
    given = {"series": "2025-01", "asked_on": "2025-01-31", "number": number, "panel": panel.pk, "title": title}
    return given | {name: getattr(value, "pk", value) for name, value in fields.items()}


def _record_data(fields: dict, publish: bool) -> dict:
    return nested_form_data(dict(fields)) | ({"action-publish": "1"} if publish else {})
