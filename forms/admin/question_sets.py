"""The admin of question sets."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail.admin import messages

from cms.core.admin.record_views import RecordViewSet

from ..builder.definition import question_of
from ..models import QuestionSet


class QuestionSetViewSet(RecordViewSet):
    """The viewset of question sets."""

    model = QuestionSet
    icon = "copy"
    list_display = ["name"]
    copy_view_enabled = False


def keep_sets_in_use(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete a question set that a form uses, and list those forms."""
    for item in instances:
        used_by = item.used_by() if isinstance(item, QuestionSet) else []
        if used_by:
            titles = ", ".join(f"“{form.title}”" for form in used_by)
            messages.error(request, f"“{item}” cannot be deleted: it is used by {titles}. Take it out there first.")
            return redirect("wagtailsnippets_forms_questionset:list")
    return None


def keep_sets_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Model], action: object
) -> HttpResponse | None:
    """Refuse a bulk deletion that contains a question set in use."""
    return keep_sets_in_use(request, objects) if action_type == "delete" and request.method == "POST" else None


def deciding_questions(request: HttpRequest) -> JsonResponse:
    """Return the questions of each set that a condition can refer to, as JSON for the condition editor.

    They are wording, which everybody with access to the admin may read.
    """
    found = {
        str(question_set.pk): [
            {
                "id": question.id,
                "label": question.label,
                "options": [question.format_option(option) for option in question.options],
            }
            for question in map(question_of, question_set.questions)
            if question.can_decide and not question.handlers_only
        ]
        for question_set in QuestionSet.objects.all()
    }
    return JsonResponse(found)


def admin_urls() -> list[URLPattern]:
    """Return the URLs that the form editor requests."""
    return [path("forms/deciding-questions/", deciding_questions, name="form_deciding_questions")]
