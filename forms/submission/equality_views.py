"""Views of equality questions, asked after a form was sent. Answers are only counted.

The page carries no token, sets no cookie and reads none: nothing links an answer to a form or a browser.
"""

import uuid
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ..answers.forms import AnswersForm
from ..answers.responses import no_store, see_other, too_many
from ..answers.throttling import count_of
from ..builder.definition import drop_empty
from ..models import EqualityCount, FormPage, QuestionSet
from ..questions import question_class


def definition_of_set(form: FormPage) -> dict:
    """Return the definition of a form's equality questions: multiple-choice questions only, all of them optional."""
    questions = [
        {"id": item.id, "type": item.block_type, **drop_empty(**item.value), "required": False}
        for item in cast("QuestionSet", form.equality_questions).questions
        if question_class(item.block_type).can_decide
    ]
    for item in questions:
        # Only options are counted, and each is asked of everybody.
        for name in (*question_class(item["type"]).free_text_settings, "when"):
            item.pop(name, None)
    return {"title": "", "sections": [{"id": "equality", "questions": questions}]}


@csrf_exempt  # a token would be a cookie, which is something that could be joined
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def equality(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Show the equality questions, or count the answers and discard them."""
    form = get_object_or_404(FormPage.objects.live(), form_key=form_key, equality_questions__isnull=False)
    closed = form.closed_words(timezone.localdate()) if form.is_only_counted else ""
    if closed and "thanks" not in request.GET:
        context = {"title": form.title, "closed": closed, "form_page": form}
        status = 409 if request.method == "POST" else 200
        return no_store(render(request, "forms/equality.html", context, status=status))
    if request.method != "POST":
        is_done = "thanks" in request.GET
        context = {"title": form.title, "is_done": is_done, "is_alone": form.is_only_counted}
        if not is_done:
            asked = AnswersForm(definition_of_set(form), QueryDict())
            asked.set_aside_problems()
            context |= {"form": asked}
        return no_store(render(request, "forms/equality.html", context))
    answered = AnswersForm(definition_of_set(form), request.POST)
    if not answered.is_valid():
        problems = answered.problems()
        context = {"title": form.title, "form": answered, "problems": problems, "is_alone": form.is_only_counted}
        return no_store(render(request, "forms/equality.html", context, status=422))
    if count_of(request, "equality") > settings.FORM_RATE_LIMIT:
        return too_many(request)
    add_to_counts(form, answered, year=timezone.localdate().year)
    return see_other(f"{reverse('form_equality', args=[form_key])}?thanks")


@transaction.atomic
def add_to_counts(form: FormPage, answered: AnswersForm, *, year: int) -> None:
    """Increment the count of each answer; nothing else is written."""
    answers = answered.answers()
    for question in answered.questions:
        for chosen in question.chosen(answers.get(question.id)):
            answer = question.format_option(chosen)
            which = {"form_key": form.form_key, "year": year, "question": question.label[:250], "answer": answer[:150]}
            EqualityCount.objects.bulk_create([EqualityCount(**which, form_title=form.title)], ignore_conflicts=True)
            EqualityCount.objects.filter(**which).update(count=F("count") + 1)
