"""Exports of the submissions of one form as CSV or XLSX: streamed, and safe to open in a spreadsheet."""

import uuid
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.core.spreadsheets.csv import cell, csv_lines
from cms.core.spreadsheets.xlsx import XLSX, xlsx_parts

from ..answers.forms import questions_in
from ..answers.responses import no_store
from ..enums import AccessAction, CaseState, FormKind
from ..models import FormVersion, Submission
from ..models.permissions import PERMISSION, AnyUser, handled_by, record, user_can_handle_form
from ..questions import Question

AT_A_TIME = 200  # rows that are fetched together
FACTS = ("Reference", "Received", "Version of the form", "Where it stands", "Due", "First answered", "Closed")
FIELDS = (
    *("reference", "case__received_on", "version__number", "case__state", "case__due_on", "case__answered_on"),
    *("case__closed_on", "version_id", "answers"),
)


class Columns:
    """The columns of an export: one for each question id, however often its wording changed.

    The heading is the latest wording. A question that is for handlers only in any version is left out altogether.
    """

    def __init__(self, versions: QuerySet[FormVersion]):
        self.questions: dict[int, dict[str, Question]] = {}
        self.labels: dict[str, str] = {}
        kept_back = set()
        for version in versions.order_by("-number"):
            asked = {question.id: question for question in questions_in(version.definition) if question.is_answered}
            self.questions[version.pk] = asked
            kept_back |= {question.id for question in asked.values() if question.handlers_only}
            for question in asked.values():
                self.labels.setdefault(question.id, question.label)
        for question_id in kept_back & set(self.labels):
            del self.labels[question_id]

    @property
    def headings(self) -> list[str]:
        """Return the header row."""
        return [cell(words) for words in (*FACTS, *self.labels.values())]

    def row(self, facts: tuple, version_id: int, answers: dict) -> list:
        """Return one row: the facts, then each answer as formatted by its own version."""
        asked = self.questions[version_id]
        return [*facts, *(_words(asked.get(question_id), answers) for question_id in self.labels)]


def _words(question: Question | None, answers: dict) -> str:
    if question is None or question.id not in answers:
        return ""
    return question.exported(answers[question.id])


def rows_to_export(user: AnyUser, form_key: uuid.UUID, number: int | None = None) -> QuerySet[Submission]:
    """Return the submissions of a form, or of one of its versions, that a user may handle, without spam."""
    rows = handled_by(user).filter(version__form_key=form_key, case__is_quarantined=False)
    return rows.filter(version__number=number) if number else rows


def lines(rows: QuerySet[Submission], columns: Columns) -> Iterator[list]:
    """Yield the rows of an export, oldest first, with a few in memory at a time."""
    states = dict(CaseState.choices)
    fetched = rows.order_by("pk").values_list(*FIELDS).iterator(chunk_size=AT_A_TIME)
    for reference, received, number, state, due, answered, closed, version_id, answers in fetched:
        facts = (reference, received, number, states[state], due, answered, closed)
        yield columns.row(facts, version_id, answers)


@require_safe
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the forms of a kind that can be exported, as a whole or by version."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if kind not in FormKind.values:
        raise Http404("There is no such kind of form")
    used = handled_by(request.user).filter(case__is_quarantined=False).values("version")
    versions = FormVersion.objects.filter(kind=kind, pk__in=used).defer("definition").order_by("form_title", "-number")
    forms: dict[uuid.UUID, dict] = {}
    for version in versions:
        form = forms.setdefault(version.form_key, {"title": version.form_title, "key": version.form_key, "numbers": []})
        form["numbers"].append(version.number)
    context = {"forms": list(forms.values()), "page_title": "Download for a spreadsheet", "header_icon": "download"}
    return no_store(TemplateResponse(request, "forms/admin/exports.html", context))


@require_safe
def export(request: HttpRequest, form_key: uuid.UUID, ending: str, number: int | None = None) -> HttpResponseBase:
    """Return the export as a streamed file.

    :raises PermissionDenied: if the user may not handle the form.
    """
    if not user_can_handle_form(request.user, form_key):
        raise PermissionDenied
    versions = FormVersion.objects.filter(form_key=form_key)
    versions = versions.filter(number=number) if number else versions
    newest = versions.order_by("-number").first()
    if newest is None:
        raise Http404("There is no such form")
    rows = rows_to_export(request.user, form_key, number)
    record(request.user, AccessAction.EXPORTED, form_key=form_key, rows=rows.count())
    columns = Columns(versions)
    made = lines(rows, columns)
    if ending == "xlsx":
        answer = StreamingHttpResponse(xlsx_parts(columns.headings, made), content_type=XLSX)
    else:
        answer = StreamingHttpResponse(csv_lines(columns.headings, made), content_type="text/csv; charset=utf-8")
    name = f"form-{timezone.localdate().isoformat()}{f'-version-{number}' if number else ''}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return no_store(answer)
