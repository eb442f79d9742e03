"""The page that a person sees once their form is in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .journey import unkept
from .models import Submission


@require_safe
def received(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show the reference and what happens next, as promised by the version that was sent; it can be reloaded."""
    sent = get_object_or_404(Submission.objects.select_related("version").defer("answers"), token=token)
    context = {
        "title": sent.version.form_title,
        "reference": sent.reference,
        "next": sent.version.definition.get("next", ""),
        "sent_at": sent.submitted_at,
        # Somebody went back, changed an answer and sent it again: say plainly which one we have.
        "is_first_of_two": "first" in request.GET,
    }
    return unkept(render(request, "forms/received.html", context))
