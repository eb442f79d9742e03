"""Views after sending: the confirmation page, the link to a draft, and equality questions."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ..answers.responses import no_referrer
from ..cases.public_status import progress_of
from ..models import Submission
from .draft_views import saved_form
from .equality_views import equality

__all__ = ["equality", "received", "saved_form"]


@require_safe
def received(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show the confirmation page of a submission: its reference, its status and what happens next.

    The text about what happens next is that of the version that was sent. The page can be reloaded, and every email
    links to it.
    """
    rows = Submission.objects.select_related("version__form", "case").defer("answers")
    sent = get_object_or_404(rows, token=token)
    form = sent.version.form
    context = {
        "title": sent.version.form_title,
        "reference": sent.reference,
        "next": sent.version.definition.get("next", ""),
        "sent_at": sent.submitted_at,
        # Somebody went back, changed an answer and sent it again: say plainly which one we have.
        "is_first_of_two": "first" in request.GET,
        "progress": progress_of(sent),
        "equality_key": sent.version.form_key if form and form.live and form.equality_questions_id else None,
    }
    return no_referrer(render(request, "forms/received.html", context))
