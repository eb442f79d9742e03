"""Generation of the PDFs of pages in the background. PDFs are stored: no request waits for one."""

import datetime
import io
import mimetypes
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast
from urllib.parse import unquote, urljoin, urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model

from cms.core.deferred import do_once
from cms.core.models import PagePdf, PdfGeneration, SiteSettings
from cms.core.models.pdf import is_there, remove_file
from cms.core.pdf.availability import LACKING, Material, load_renderer
from cms.core.pdf.pages import PdfMixin
from cms.core.references import showing
from cms.core.visibility import Viewer

STYLESHEET = "paper.css"
LARGEST_PICTURE = 20 * 1024 * 1024  # bytes
MOST_AT_ONCE = 20
TRY_AGAIN = datetime.timedelta(hours=1)


def _anonymous_request(page: PdfMixin, viewer: Viewer) -> WSGIRequest:
    """Return the request that an anonymous user would make for the page."""
    address = urlsplit(page.full_url)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(address.path),
            "SERVER_NAME": address.hostname or "localhost",
            "SERVER_PORT": str(address.port or (443 if address.scheme == "https" else 80)),
            "wsgi.url_scheme": address.scheme,
            "wsgi.input": io.BytesIO(),
        }
    )
    request.user, request._viewer, request._wagtail_site = AnonymousUser(), viewer, page.get_site()  # type: ignore[attr-defined]  # set as `Viewer.of` and Wagtail do
    return request


def pdf_html(page: PdfMixin, viewer: Viewer) -> str:
    """Return the HTML of the page, rendered with the base template for PDFs."""
    request = _anonymous_request(page, viewer)
    context = page.get_context(request) | {"paper": True, "frame": "pdf_base.html"}
    return render_to_string(page.get_template(request), context, request)


def material_of(page: PdfMixin) -> Material:
    """Return a function from a URL to the resource (content and type) or None: our stylesheets and renditions."""
    colour = SiteSettings.for_site(page.get_site()).brand_hex
    given = {
        urljoin(page.full_url, static(STYLESHEET)): _stylesheet,
        urljoin(page.full_url, reverse("brand_css", args=[colour])): lambda: _brand(colour),
    }
    pictures = urljoin(page.full_url, settings.MEDIA_URL)

    def material(url: str) -> tuple[bytes, str] | None:
        if url in given:
            return given[url](), "text/css"
        return _picture(unquote(url.removeprefix(pictures))) if url.startswith(pictures) else None

    return material


def _stylesheet() -> bytes:
    if found := finders.find(STYLESHEET):
        with open(found, "rb") as file:
            return file.read()
    with staticfiles_storage.open(STYLESHEET) as file:
        return file.read()


def _brand(colour: str) -> bytes:
    return f":root{{--govuk-brand-colour:#{colour}}}".encode()


def _picture(name: str) -> tuple[bytes, str] | None:
    """Return an image by its storage name, if it is a rendition."""
    rendition = get_image_model().get_rendition_model().objects.filter(file=name).first()
    if rendition is None or rendition.file.size > LARGEST_PICTURE:
        return None
    with rendition.file.open() as file:
        return file.read(), mimetypes.guess_type(name)[0] or "application/octet-stream"


def make_pdf(page: PdfMixin, at: datetime.datetime) -> str:
    """Make and store the PDF of a live page; return an error message for staff, or ""."""
    render_pdf = load_renderer()
    if render_pdf is None:
        return LACKING
    # The number first, then the words: a change between the two makes the PDF old, never wrong.
    edition = PdfGeneration.now()
    with showing():
        page = type(page).objects.filter(pk=page.pk, live=True).first()
    if page is None:
        return ""
    facts = {"made_for": page.last_published_at, "made_at": at, "edition": edition}
    try:
        with showing():
            html = pdf_html(page, Viewer.anonymous(at))
        content, pages = render_pdf(html, page.full_url, material_of(page))
        _keep(page, content, pages=pages, **facts)
    except Exception as failure:
        # Whatever is wrong with one page or its PDF, it stays published and the others get theirs.
        problem = type(failure).__name__
        with suppress(DatabaseError):
            _keep(page, b"", problem=problem, **facts)
        return f"The PDF of “{page}” could not be made: {problem}."
    return ""


@transaction.atomic
def _keep(page: PdfMixin, content: bytes, **facts: Any) -> None:
    """Store a PDF in place of the one before; do nothing if the page was deleted meanwhile."""
    if not type(page).objects.filter(pk=page.pk).exists():
        return
    earlier = PagePdf.objects.select_for_update().filter(page_id=page.pk).first()
    copy = PagePdf(pk=cast("int | None", earlier and earlier.pk), page_id=page.pk, size=len(content), **facts)
    if content:
        copy.file.save("page.pdf", ContentFile(content), save=False)
    try:
        copy.save()
    except DatabaseError:
        remove_file(copy)
        raise
    if earlier:
        transaction.on_commit(lambda: remove_file(earlier), robust=True)


def pdf_models() -> list[type[PdfMixin]]:
    """Return the page types that PDFs are made of."""
    return [model for model in apps.get_models() if issubclass(model, PdfMixin)]


def due(at: datetime.datetime) -> Iterator[PdfMixin]:
    """Yield the live pages whose PDF is missing, outdated, or failed a while ago; of each type the oldest first."""
    gone = [copy.pk for copy in PagePdf.objects.exclude(file="") if not is_there(copy)]
    kept = PagePdf.objects.exclude(pk__in=gone).exclude(made_for=None).current_at(at)
    lacking = ~Q(pk__in=kept.values("page_id"))
    failed = Q(paper_copy__made_at__lte=at - TRY_AGAIN) & ~Q(paper_copy__problem="")
    for model in pdf_models():
        live = model.objects.filter(live=True, last_published_at__isnull=False)
        outdated = ~Q(paper_copy__made_for=F("last_published_at"))
        # Those that waited longest first, so that many changes starve none.
        since = F("paper_copy__made_at").asc(nulls_first=True)
        yield from live.filter(lacking | failed | outdated).order_by(since, "last_published_at", "pk")


def make_due(at: datetime.datetime) -> Iterator[str]:
    """Make a limited number of the PDFs that are due, and yield the failures with their reasons."""
    waiting = list(due(at))
    if waiting and not load_renderer():
        yield f"PDF: {len(waiting)} waiting. {LACKING}"
        return
    for page in waiting[:MOST_AT_ONCE]:
        if problem := make_pdf(page, at):
            yield problem


def make_after_publishing(pk: int, model: type[PdfMixin]) -> None:
    """Make the PDF of a page that was just published, if it still is public."""
    page = model.objects.filter(pk=pk, live=True).first()
    if page and load_renderer():
        make_pdf(page, timezone.now())


def invalidate_pdfs() -> None:
    """Invalidate every PDF, so that each is made anew."""
    do_once(PdfGeneration.end)
