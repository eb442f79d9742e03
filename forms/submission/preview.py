"""Previews of a draft for its editor, page by page. Nothing is stored, and nothing can be sent."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from ..answers.forms import AnswersForm
from ..answers.responses import show
from ..answers.wizard import only, rows_with_places
from ..builder.definition import definition_of
from ..models import FormPage
from ..rules.retention import keeping_words
from .equality_views import definition_of_set

START, CHECK, SECTION = "?mode=", "?mode=check", "?mode=section-"
AN_ANSWER = "Their answer"


def preview(page: FormPage, request: HttpRequest, mode: str) -> HttpResponse:
    """Return the preview of a mode (see ``FormPage.preview_modes``); an unknown mode shows the start page."""
    if mode == "received":
        context = {"title": page.title, "reference": "3XAMPLE7", "next": page.what_happens_next}
        return TemplateResponse(request, "forms/received.html", context)
    if mode == "closed":
        words = page.closed_message or "This form is closed."
        return show(page, request, "forms/form_page.html", {"closed": words})
    if page.is_only_counted:
        form = AnswersForm(definition_of_set(page), QueryDict())
        form.set_aside_problems()
        context = {"title": page.title, "form": form, "is_alone": True, "is_preview": True}
        return show(page, request, "forms/equality.html", context)
    definition = definition_of(page)
    if len(definition["sections"]) < 2:
        context = {"form": AnswersForm(definition), "is_preview": True, **keeping_words(page.keep_months)}
        return show(page, request, "forms/form_page.html", context)
    if mode == "check":
        return _check(page, request, definition)
    for number in range(1, len(definition["sections"]) + 1):
        if mode == f"section-{number}":
            return _section(page, request, definition, number)
    return show(page, request, "forms/start.html", {"first": f"{SECTION}1"})


def _section(page: FormPage, request: HttpRequest, definition: dict, number: int) -> HttpResponse:
    section, total = definition["sections"][number - 1], len(definition["sections"])
    context = {
        # Alone it is asked whatever was answered before.
        "form": AnswersForm(only(definition, section)),
        "section": section,
        "number": number,
        "total": total,
        "back": f"{SECTION}{number - 1}" if number > 1 else START,
        "onward": f"{SECTION}{number + 1}" if number < total else CHECK,
        "is_preview": True,
    }
    return show(page, request, "forms/section.html", context)


def _check(page: FormPage, request: HttpRequest, definition: dict) -> HttpResponse:
    sections = [
        {
            "title": section.get("title", ""),
            "address": f"{SECTION}{number}",
            "rows": [row | {"words": AN_ANSWER} for row in rows_with_places(section, {})],
        }
        for number, section in enumerate(definition["sections"], 1)
    ]
    context = {
        "sections": [section for section in sections if section["rows"]],
        "back": f"{SECTION}{len(sections)}",
        **keeping_words(page.keep_months),
        "is_preview": True,
    }
    return show(page, request, "forms/check.html", context)
