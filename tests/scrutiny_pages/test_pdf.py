"""PDFs of reports: standard and large print, tagged, cached, current, and as private as their page."""

import datetime
import io

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from cms.core.models import PagePdf, SiteSettings
from cms.core.pdf import availability
from cms.core.pdf.generation import due, make_due, make_pdf, material_of
from cms.core.pdf.renderer import render_pdf
from scrutiny_pages.models import Action, Panel, Recommendation, ReportPage, ReviewProcess
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db

HOSTILE = '<img src="file:///etc/hostname"><link rel=stylesheet href="http://evil.example/x.css">{{ 7|add:7 }}'


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture():
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "#0b4f5c").save(file, "PNG")
    image = get_image_model()(title="Damp", description="A damp wall.", file=ImageFile(file, name="damp.png"))
    image.save()
    return image


def whole_report(**fields) -> ReportPage:
    rows = [{"label": "May", "value": 5}, {"label": "June", "value": 2}]
    body = [
        ("heading", "What we found"),
        ("finding", {"title": "Nobody came", "text": "<p>We counted.</p>"}),
        ("quote", {"quote": HOSTILE, "who": "A resident"}),
        ("time_chart", {"title": "Each month", "unit": "homes", "rows": rows}),
        ("chart", {"title": "All", "unit": "", "pointed_out": "", "rows": [row | {"weak": True} for row in rows]}),
    ]
    page = pages.ReportPageFactory(body=body, title="Damp & mould", **fields)
    page = ReportPage.objects.get(pk=page.pk)
    value = {
        "image": {"image": picture().pk, "alt_text": "A damp wall.", "decorative": False},
        "caption": "",
        "consent": "",
    }
    page.body.raw_data.append({"type": "photo", "value": value, "id": "11111111-1111-1111-1111-111111111111"})
    page.save()
    records.RecommendationFactory(report=page, title="Look first")
    return ReportPage.objects.get(pk=page.pk)


def published(callbacks, page) -> ReportPage:
    """Publish as an editor does, including the actions that run on commit."""
    with callbacks(execute=True):
        page.save_revision().publish()
    return ReportPage.objects.get(pk=page.pk)


def walk(element, seen: set):
    """Return every element of a PDF's structure tree, as its kind and its text alternative."""
    if isinstance(element, IndirectObject):
        if element.idnum in seen:
            return
        seen.add(element.idnum)
        element = element.get_object()
    if isinstance(element, list):
        for item in element:
            yield from walk(item, seen)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"], element.get("/Alt")
        yield from walk(element.get("/K", []), seen)


def test_a_published_report_has_a_pdf_that_a_screen_reader_can_read(home, client, django_capture_on_commit_callbacks):
    settings = SiteSettings.for_site(home.get_site())
    settings.organisation, settings.brand_colour = "Tallowbrook Homes", "#7a1f5c"
    settings.save()
    page = published(django_capture_on_commit_callbacks, whole_report())
    answer = client.get(f"{page.get_url()}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="damp-mould.pdf"'
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Link"] == f'<{page.full_url}>; rel="canonical"'
    pdf = PdfReader(io.BytesIO(answer.content))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Damp & mould"
    assert pdf.metadata.author == "Tallowbrook Homes"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    parts = list(walk(root["/StructTreeRoot"]["/K"], set()))
    kinds = {kind for kind, _ in parts}
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Link", "/Figure"} <= kinds
    figures = [alt for kind, alt in parts if kind == "/Figure"]
    assert figures == ["Each month. From 5 homes in May to 2 homes in June.", "A damp wall."]
    assert [item.title for item in pdf.outline if not isinstance(item, list)] == ["Damp & mould"]
    words = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    today = f"{timezone.localdate():%-d %B %Y}"
    assert f"where things stood on {today}" in words
    assert page.full_url in words.replace("- ", "-").replace("/ ", "/")
    assert f"Page 1 of {len(pdf.pages)}" in words
    assert "{{ 7|add:7 }}" in words
    assert round(float(pdf.pages[0].mediabox.width)) == 595
    # And the page offers it, with its size.
    copy = PagePdf.objects.get()
    assert f'<a href="{page.get_url()}pdf/">{copy.words}</a>' in client.get(page.get_url()).content.decode()
    kinds = {way["kind"]: way for way in client.get(f"/api/v2/pages/{page.pk}/").json()["alternatives"]}
    assert kinds["pdf"]["url"] == f"{page.full_url}pdf/"
    assert kinds["pdf"]["size"] == copy.size == len(answer.content)


def test_a_pdf_is_made_of_what_it_is_given_and_of_nothing_else(home, tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (9, 9)).save(secret)
    outside = [
        secret.as_uri(),
        "http://127.0.0.1:9/x.png",
        "https://evil.example/x.png",
        "ftp://evil.example/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
    ]
    asked = []
    html = "".join(f'<img alt="x" src="{url}"><object data="{url}"></object>' for url in outside)
    styles = "".join(f'@import url("{url}");@font-face{{font-family:x;src:url("{url}")}}' for url in outside)
    head = '<html lang="en"><title>x</title><link rel="stylesheet" href="http://evil.example/x.css">'
    content, sheets = render_pdf(
        f'{head}<style>{styles}p{{background:url("{outside[0]}");font-family:x}}</style><p>Words</p>{html}',
        "http://localhost/",
        lambda url: asked.append(url),
    )
    assert sheets == 1
    assert set(outside) <= set(asked)
    [sheet] = PdfReader(io.BytesIO(content)).pages
    assert not list(sheet.images)


def test_what_a_pdf_may_hold_is_our_styles_and_pictures_made_for_showing(home):
    page = whole_report()
    material = material_of(page)
    image = get_image_model().objects.get()
    base = "http://localhost"
    assert material(f"{base}/static/paper.css")[1] == "text/css"
    assert material(f"{base}{image.get_rendition('width-100|format-jpeg').url}")[1] == "image/jpeg"
    for refused in (
        f"{base}{image.file.url}",
        f"{base}/media/../secret-key",
        f"{base}/static/scrutineer.js",
        f"{base}/admin/",
        "http://evil.example/static/paper.css",
        "file:///etc/hostname",
        "data:text/css,p{}",
    ):
        assert material(refused) is None, refused


def test_a_pdf_is_as_private_and_as_current_as_its_page(home, client, django_capture_on_commit_callbacks):
    callbacks = django_capture_on_commit_callbacks
    page = published(callbacks, whole_report())
    address = f"{page.get_url()}pdf/"
    assert client.get(address).status_code == 200
    # Published anew: the old words are no longer given, and a draft changes nothing.
    page.save_revision()
    assert client.get(address).status_code == 200
    ReportPage.objects.filter(pk=page.pk).update(last_published_at=timezone.now())
    assert client.get(address).status_code == 404
    assert "PDF (" not in client.get(page.get_url()).content.decode()
    assert list(make_due(timezone.now())) == []
    assert client.get(address).status_code == 200
    # Nothing else in the media folder's addresses gives it.
    name = PagePdf.objects.get().file.name
    assert client.get(f"/media/{name}").status_code == 404
    # Private, expired, under a page that is not public, unpublished.
    private = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    list(make_due(timezone.now()))
    assert client.get(address).status_code == 302
    private.delete()
    list(make_due(timezone.now()))
    assert client.get(address).status_code == 200
    ReportPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    assert client.get(address).status_code == 404
    assert client.get(f"{page.get_url()}large-print/").status_code == 404
    ReportPage.objects.filter(pk=page.pk).update(expire_at=None)
    assert client.get(address).status_code == 200
    page.get_parent().unpublish()
    assert client.get(address).status_code == 404


def test_what_is_withdrawn_is_in_no_pdf_that_is_offered(home, client):
    page = whole_report(last_published_at=timezone.now())
    make_pdf(page, timezone.now())
    assert page.current_pdf()
    page.recommendations.get().unpublish()
    assert page.current_pdf() is None
    list(make_due(timezone.now()))
    with page.current_pdf().file.open() as file:
        assert "Look first" not in "".join(sheet.extract_text() for sheet in PdfReader(file).pages)


@pytest.fixture
def quick(monkeypatch):
    """Replace the PDF renderer by one that returns the text unchanged."""
    monkeypatch.setattr(
        "cms.core.pdf.generation.load_renderer", lambda: lambda html, address, material: (html.encode(), 1)
    )


def told_on_paper(page) -> str:
    with page.current_pdf().file.open() as file:
        return file.read().decode()


def republished(item, **words):
    for name, value in words.items():
        setattr(item, name, value)
    item.save_revision().publish()


def changed(item, **words):
    for name, value in words.items():
        setattr(item, name, value)
    item.save()


CHANGES = {
    "a recommendation republished": lambda page: republished(page.recommendations.get(), title="Look twice"),
    "a recommendation unpublished": lambda page: page.recommendations.get().unpublish(),
    "an outcome published": lambda page: republished(pages.OutcomePageFactory(live=False)),
    "an outcome unpublished": lambda page: pages.OutcomePageFactory._meta.model.objects.get().unpublish(),
    "an outcome deleted": lambda page: pages.OutcomePageFactory._meta.model.objects.get().delete(),
    "a panel renamed": lambda page: republished(Panel.objects.first(), name="Homes panel"),
    "a plan no longer published": lambda page: changed(ReviewProcess.objects.get(), publish_plan=False),
    "an action changed": lambda page: arrange(changed, Action.objects.get(), text="Hire nobody"),
    "an action deleted": lambda page: arrange(Action.objects.get().delete),
    "an image saved": lambda page: changed(get_image_model().objects.get(), description="A dry wall."),
    "an image deleted": lambda page: get_image_model().objects.get().delete(),
    "the review changed": lambda page: republished(page.review, title="Damp, again"),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_pdf_may_tell_of_makes_it_due_once(home, change):
    page = whole_report(last_published_at=timezone.now())
    records.ReviewProcessFactory()
    pages.OutcomePageFactory()
    arrange(
        Action.objects.create,
        tracking=page.recommendations.get().tracking,
        text="Hire an inspector",
        due=timezone.localdate(),
    )
    list(make_due(timezone.now()))
    Recommendation.objects.get().save_revision()
    assert page.current_pdf()  # a draft changes nothing
    change(page)
    assert page.current_pdf() is None
    assert [item.pk for item in due(timezone.now())] == [page.pk]
    list(make_due(timezone.now()))
    assert page.current_pdf()
    assert list(due(timezone.now())) == []


@pytest.mark.usefixtures("quick")
def test_what_is_published_has_its_pdf_at_once_and_the_tick_makes_the_others(home, django_capture_on_commit_callbacks):
    other = pages.NewsletterPageFactory()
    list(make_due(timezone.now()))
    page = published(django_capture_on_commit_callbacks, whole_report())
    assert page.current_pdf()
    assert [item.pk for item in due(timezone.now())] == [other.pk]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("model", [Recommendation, Panel, pages.OutcomePageFactory._meta.model])
def test_what_expires_by_the_clock_is_in_no_pdf_that_is_offered(home, model):
    now = timezone.now()
    page = whole_report(last_published_at=now)
    pages.OutcomePageFactory()
    make_pdf(page, now - datetime.timedelta(minutes=2))
    some = model.objects.filter(pk=model.objects.first().pk)
    some.update(expire_at=now + datetime.timedelta(minutes=1))
    assert page.current_pdf()
    some.update(expire_at=now - datetime.timedelta(minutes=1))
    assert page.current_pdf() is None
    assert [item.pk for item in due(now)] == [page.pk]
    make_pdf(page, now)
    assert page.current_pdf()


def test_what_is_withdrawn_while_a_pdf_is_made_is_not_offered(home, monkeypatch):
    page = whole_report(last_published_at=timezone.now())

    def slow(html, address, material):
        if recommendation := page.recommendations.filter(live=True).first():
            recommendation.unpublish()
        return html.encode(), 1

    monkeypatch.setattr("cms.core.pdf.generation.load_renderer", lambda: slow)
    make_pdf(page, timezone.now())
    assert page.current_pdf() is None
    list(make_due(timezone.now()))
    assert "Look first" not in told_on_paper(page)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("broken", "failure"), [("save", IntegrityError), ("file", OSError(28, "No space left on device"))]
)
def test_a_pdf_that_cannot_be_kept_keeps_no_other_from_being_made(home, media, monkeypatch, broken, failure):
    page, other = whole_report(last_published_at=timezone.now()), pages.NewsletterPageFactory()
    save, store = PagePdf.save, PagePdf.file.field.storage.save

    def save_others(self, *args, **kwargs):
        if self.file and self.page_id == page.pk:
            raise failure
        save(self, *args, **kwargs)

    def store_others(name, content, **kwargs):
        if b"mould" in content.read():
            raise failure
        return store(name, content, **kwargs)

    if broken == "save":
        monkeypatch.setattr(PagePdf, "save", save_others)
    else:
        monkeypatch.setattr(PagePdf.file.field.storage, "save", store_others)
    name = failure.__name__ if broken == "save" else "OSError"
    now = timezone.now()
    assert list(make_due(now)) == [f"The PDF of “Damp & mould” could not be made: {name}."]
    assert other.current_pdf()
    assert page.current_pdf() is None
    assert PagePdf.objects.get(page=page).problem == name
    assert list(due(now)) == []
    assert len(list((media / "paper").iterdir())) == 1


def test_a_tick_makes_what_is_missing_and_a_deleted_page_leaves_nothing(
    home, client, media, django_capture_on_commit_callbacks
):
    page = whole_report()
    newsletter = pages.NewsletterPageFactory()
    easy = pages.EasyReadPageFactory(parent=page)
    call_command("run_scheduled_tasks", stderr=(complained := io.StringIO()))
    assert complained.getvalue() == ""
    for item in (page, newsletter, easy):
        assert client.get(f"{item.get_url()}pdf/").status_code == 200
    at = timezone.now()
    assert list(due(at)) == []
    files = sorted((media / "paper").iterdir())
    assert len(files) == 3
    # A file that is lost is a 404, and then made again.
    PagePdf.objects.get(page=newsletter).file.storage.delete(PagePdf.objects.get(page=newsletter).file.name)
    assert client.get(f"{newsletter.get_url()}pdf/").status_code == 404
    assert [item.pk for item in due(at)] == [newsletter.pk]
    with django_capture_on_commit_callbacks(execute=True):
        newsletter.delete()
        easy.delete()
    assert len(list((media / "paper").iterdir())) == 1


def test_a_failure_stops_nothing_and_staff_are_told(
    home, client, admin_in, monkeypatch, django_capture_on_commit_callbacks
):
    def broken(*args):
        raise RuntimeError("https://secret.example/")

    monkeypatch.setattr("cms.core.pdf.generation.load_renderer", lambda: broken)
    page = published(django_capture_on_commit_callbacks, whole_report(live=False))
    assert page.live
    assert client.get(page.get_url()).status_code == 200
    assert client.get(f"{page.get_url()}pdf/").status_code == 404
    now = timezone.now()
    assert list(make_due(now)) == []
    assert list(make_due(now + datetime.timedelta(hours=1))) == [
        "The PDF of “Damp & mould” could not be made: RuntimeError."
    ]
    assert "could not be made (RuntimeError)" in admin_in.get(f"/admin/pages/{page.pk}/edit/").content.decode()


@pytest.fixture
def lacking(monkeypatch):
    """Simulate a machine without the libraries that WeasyPrint loads."""

    def no_library(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    availability.load_renderer.cache_clear()
    monkeypatch.setattr(availability.importlib, "import_module", no_library)
    yield
    availability.load_renderer.cache_clear()


@pytest.mark.usefixtures("lacking")
def test_without_the_libraries_the_site_runs_offers_no_pdf_and_says_so(
    home, client, admin_in, django_capture_on_commit_callbacks
):
    page = published(django_capture_on_commit_callbacks, whole_report())
    html = client.get(page.get_url()).content.decode()
    assert "Large print" in html
    assert "PDF (" not in html
    assert client.get(f"{page.get_url()}pdf/").status_code == 404
    assert not PagePdf.objects.exists()
    call_command("run_scheduled_tasks", stderr=(complained := io.StringIO()))
    for told in (
        complained.getvalue(),
        admin_in.get("/admin/").content.decode(),
        admin_in.get(f"/admin/pages/{page.pk}/edit/").content.decode(),
    ):
        assert "libpango-1.0-0" in told


@pytest.mark.parametrize("factory", [pages.ReportPageFactory, pages.NewsletterPageFactory])
def test_large_print_is_the_same_page_and_leads_back_to_it(home, client, factory):
    page = factory(body=[("heading", "What we found")])
    answer = client.get(f"{page.get_url()}large-print/")
    html = answer.content.decode()
    assert "large-print.css" in html
    assert "What we found" in html
    assert f'<a href="{page.get_url()}">The usual page</a>' in html
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Link"] == f'<{page.full_url}>; rel="canonical"'
    assert f'href="{page.get_url()}large-print/"' in client.get(page.get_url()).content.decode()
    assert "large-print.css" not in client.get(page.get_url()).content.decode()
    assert client.post(f"{page.get_url()}large-print/").status_code == 405


def test_newsletters_are_listed_by_year_once_there_are_many(home, client):
    for number in range(21):
        pages.NewsletterPageFactory(issued_on=datetime.date(2025 + number % 2, 3, 1), title=f"Issue {number}")
    index = pages.NewsletterIndexPageFactory._meta.model.objects.get().get_url()
    assert 'href="?year=2025"' in client.get(index).content.decode()
    listed = client.get(index, {"year": "2025"}).context["page_obj"]
    assert {letter.title for letter in listed} == {f"Issue {number}" for number in range(0, 21, 2)}
    for bad in ("0000", "x", "20255", "٢٠٢٥", "-1"):
        assert client.get(index, {"year": bad}).status_code == 400


def test_the_address_of_a_pdf_takes_nothing_from_outside(home, client):
    page = pages.ReportPageFactory()
    for bad in ("pdf/x/", "pdf/../", "pdf/%00/", "large-print/pdf/"):
        assert client.get(page.get_url() + bad).status_code in (301, 400, 404)
