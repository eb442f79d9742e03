"""Case AR1: a starter's site refers to the landlord's settings, and is not public until somebody has published it."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Site

from cms.core.models import SiteSettings
from cms.core.references import REFERENCES, showing
from cms.core.visibility import Viewer, visible_to
from forms.models import FormPage, FormVersion
from home.models import HomePage, PrivacyPage, StandardPage
from home.site_setup.role_rights import CASEWORKER, PUBLISHER
from scrutiny_pages.models import StarterPage
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.starters import reader
from tests.project.test_terminology import seen, walk
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db

OWN = "Brambleford & Daughters"
# The landlords that our demonstrations invent.
OTHERS = re.compile(r"tallowbrook|fernmoor|harrowdale", re.IGNORECASE)
UNRESOLVED = re.compile(rf"\{{({'|'.join(REFERENCES)})\}}")


def load(name: str) -> None:
    call_command("load_starter", name, stdout=StringIO())


def publish_all() -> None:
    """Publish every draft, page by page, as staff would: ancestors first."""
    for page in Page.objects.filter(depth__gt=1).order_by("path"):
        page.get_latest_revision().publish()


def name_landlord(name: str = OWN, **others: str) -> None:
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    for field, value in (others | {"organisation": name}).items():
        setattr(settings, field, value)
    settings.full_clean()
    settings.save()


def found_by(word: str, client) -> str:
    """Return the main part of the page of search results."""
    return client.get(f"/search/?q={word}").content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.matrix("loaded", "three-tier")
class TestEachStarterOnAnEmptySite:
    @pytest.fixture(scope="class", autouse=True, params=reader.names())
    @classmethod
    def loaded(cls, request):
        with shared_rows(request):
            load(request.param)
            yield

    def test_nothing_is_public_but_an_honest_sentence(self, client):
        public = visible_to(Viewer.anonymous(), Page.objects.filter(depth__gt=1))
        assert [page.specific_class for page in public] == [HomePage]
        answer = client.get("/")
        assert answer.status_code == 200
        assert "This website is not ready yet" in seen(answer.content.decode())
        listed = client.get("/api/v2/pages/").json()
        assert [item["title"] for item in listed["items"]] == ["Home"]
        assert not FormPage.objects.filter(live=True).exists()
        assert client.get("/api/v2/forms/").json()["items"] == []

    def test_the_name_in_the_settings_is_the_only_one(self, client):
        """Done-when 6: nothing public names a landlord that is not the site's own."""
        publish_all()
        name_landlord()
        pages_api = [f"/api/v2/pages/{page.pk}/" for page in Page.objects.filter(depth__gt=1)]
        forms_api = [f"/api/v2/forms/{form.pk}/" for form in FormPage.objects.all()]
        feeds = ["/search/?q=Brambleford", "/sitemap.xml", "/api/schema/", "/api/v2/pages/", "/api/v2/forms/"]
        links = [form.member_link for form in FormPage.objects.exclude(link_key=None) if form.member_link]
        found = walk(client, "/", *feeds, *pages_api, *forms_api, *(link.split("testserver")[-1] for link in links))
        assert len(found) > 40
        for address, text in found.items():
            assert not OTHERS.search(text), (address, OTHERS.search(text))
            if address not in feeds:
                assert not UNRESOLVED.search(text), (address, UNRESOLVED.search(text))
        for place in ("/", "/privacy/", "/get-involved/apply/"):
            named = [text for address, text in found.items() if address.split("?")[0].startswith(place)]
            assert any("Brambleford &amp; Daughters" in text for text in named), place
        assert "/privacy/" in found["/search/?q=Brambleford"]

    def test_staff_are_asked_to_look_at_each_page(self, client, django_user_model, today):
        user = django_user_model.objects.create_user("somebody")
        user.groups.add(*user.groups.model.objects.filter(name=PUBLISHER))
        waiting = {todo.url for todo in todos(user, today)}
        pages = StarterPage.objects.count()
        assert pages == Page.objects.filter(depth__gt=1).exclude(slug="ask-by-law").count()
        privacy = PrivacyPage.objects.get()
        edit = reverse("wagtailadmin_pages:edit", args=[privacy.pk])
        assert edit in waiting
        assert "Look at it and publish it" in " ".join(todo.words for todo in todos(user, today))
        privacy.get_latest_revision().publish()
        assert edit not in {todo.url for todo in todos(user, today)}
        other = django_user_model.objects.create_user("caseworker")
        other.groups.add(*user.groups.model.objects.filter(name=CASEWORKER))
        assert not any("/admin/pages/" in todo.url for todo in todos(other, today))


def test_published_at_once_for_a_demonstration(client):
    call_command("load_starter", "council-forum", "--publish", stdout=StringIO())
    assert not StarterPage.objects.exists()
    assert client.get("/privacy/").status_code == 200
    assert HomePage.objects.get().headline.startswith("We look into {organisation}")


class TestReferences:
    """References are stored as typed, and resolved wherever the text is shown."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def published(cls, request):
        with shared_rows(request):
            load("council-forum")
            publish_all()
            name_landlord()
            yield

    @pytest.fixture
    def form(self) -> FormPage:
        return FormPage.objects.get(slug="apply")

    def test_a_new_name_is_everywhere_at_once(self, client, form):
        before = FormVersion.objects.filter(form=form).count()
        name_landlord("Thornwick Council", residents="people")
        assert FormVersion.objects.filter(form=form).count() == before + 1
        told = client.get(f"/api/v2/forms/{form.pk}/").content.decode()
        assert "Thornwick Council runs for people" in told
        assert "Thornwick Council" in client.get("/privacy/").content.decode()
        assert "/privacy/" in found_by("Thornwick", client)
        assert "/privacy/" not in found_by("Brambleford", client)

    def test_the_same_name_makes_no_new_version(self, form):
        before = FormVersion.objects.count()
        name_landlord()
        assert FormVersion.objects.count() == before

    def test_what_is_edited_keeps_the_reference(self, admin_in, form):
        screen = admin_in.get(reverse("wagtailadmin_pages:edit", args=[PrivacyPage.objects.get().pk])).content.decode()
        assert "{organisation}" in screen
        assert "Brambleford" not in re.sub(r"(?s)<(header|nav|aside).*?</\1>", "", screen).replace(OWN, "")
        assert "{organisation}" in str(PrivacyPage.objects.get().body.raw_data[0])

    def test_a_preview_shows_what_the_settings_say(self, admin_in, form):
        about = StandardPage.objects.get(slug="about")
        for page in (about, form):
            words = page.make_preview_request().content.decode()
            assert not UNRESOLVED.search(words)
            assert not page.is_resolved
        assert "Brambleford &amp; Daughters" in about.make_preview_request().content.decode()

    def test_what_was_fetched_to_be_shown_cannot_be_saved(self, form):
        with showing():
            page = StandardPage.objects.get(slug="about")
        with pytest.raises(RuntimeError, match="must not be saved"):
            page.save()

    def test_a_name_with_markup_is_inert(self, client, form):
        name_landlord("<b>Bold</b> & Co")
        for address in ("/", "/privacy/", "/get-involved/apply/"):
            assert "<b>Bold</b>" not in client.get(address).content.decode(), address

    def test_an_empty_setting_reads_as_words(self, client, form):
        page = StandardPage.objects.get(slug="about")
        page.summary = "Call {phone}, or write to {email}. {Residents} can."
        page.save_revision().publish()
        words = "Call our phone number, or write to our email address. Tenants can."
        assert words in client.get("/about/").content.decode()

    def test_the_index_is_rebuilt_with_what_is_shown(self, client, form):
        call_command("update_index", verbosity=0)
        assert "/privacy/" in found_by("Brambleford", client)
