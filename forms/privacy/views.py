"""Admin views of a person's rights: export of all data, and erasure."""

import json
from collections.abc import Iterator
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.utils.encoders import JSONEncoder
from wagtail.admin import messages
from zipstream import ZIP_DEFLATED, ZipStream

from ..answers.responses import no_store
from ..cases.urls import place_of, register_of
from ..cases.views import sent_or_refuse
from ..enums import AccessAction
from ..models import Submission
from ..models.permissions import record
from .services import all_we_hold, erase


@require_safe
def everything(request: HttpRequest, reference: str) -> StreamingHttpResponse:
    """Return all data about a submission as a ZIP archive: HTML, JSON and the uploaded files."""
    sent = sent_or_refuse(request.user, reference)
    record(request.user, AccessAction.SUBJECT_EXPORT, submission=sent)
    answer = StreamingHttpResponse(_archive(sent), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{sent.reference}.zip"'
    return no_store(answer)


def _archive(sent: Submission) -> Iterator[bytes]:
    held = all_we_hold(sent)
    archive = ZipStream(compress_type=ZIP_DEFLATED)
    archive.add(json.dumps(held, cls=JSONEncoder, indent=1, ensure_ascii=False).encode(), "everything.json")
    page = render_to_string("forms/admin/all_we_hold.html", {"held": held, "today": timezone.localdate()})
    archive.add(page.encode(), "everything.html")
    for number, upload in enumerate(sent.uploads.all(), 1):
        # Numbered, since two files may have one name.
        archive.add(upload.file.chunks(), f"files/{number}-{upload.name}")
    yield from archive


@require_http_methods(["GET", "HEAD", "POST"])
def erase_for_good(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what will be erased and what stays; on confirmation, erase it."""
    sent = sent_or_refuse(request.user, reference)
    if request.method == "POST":
        index = reverse(f"{register_of(sent)}_modeladmin_index")
        erase(sent=sent, by=cast("User", request.user))
        messages.success(request, f"{sent.reference} was erased.")
        return no_store(redirect(index))
    context = {
        "sent": sent,
        "place": place_of(sent),
        "files": sent.uploads.count(),
        "page_title": f"Erase {sent.reference}",
        "header_icon": "bin",
    }
    return no_store(TemplateResponse(request, "forms/admin/erase.html", context))
