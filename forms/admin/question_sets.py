"""Question sets in the admin."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail.admin import messages

from cms.core.admin.record_views import RecordViewSet

from ..builder.definition import question_of
from ..models import QuestionSet


class QuestionSetViewSet(RecordViewSet):
    """Questions that several forms ask in the same words."""

    model = QuestionSet
    icon = "copy"
    list_display = ["name"]
    copy_view_enabled = False


def keep_sets_in_use(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete a question set that a form uses, and say which."""
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
    """Hold the same rule for many at once."""
    return keep_sets_in_use(request, objects) if action_type == "delete" and request.method == "POST" else None


def deciding_questions(request: HttpRequest) -> JsonResponse:
    """Return the questions of each set that a condition can rest on, as the picker of conditions asks for them.

    They are wording, which everybody who may sign in to the admin may read.
    """
    found = {
        str(question_set.pk): [
            {
                "id": question.id,
                "label": question.label,
                "options": [question.say(option) for option in question.options],
            }
            for question in map(question_of, question_set.questions)
            if question.can_decide and not question.handlers_only
        ]
        for question_set in QuestionSet.objects.all()
    }
    return JsonResponse(found)


def admin_urls() -> list[URLPattern]:
    """Return the addresses of what the form editor asks for."""
    return [path("forms/deciding-questions/", deciding_questions, name="form_deciding_questions")]
