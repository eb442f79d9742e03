"""Every open seat links to a form to apply with, on the site that each starter makes."""

import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from forms.models import FormPage
from scrutiny_pages.models import Panel, PanelPage
from scrutiny_pages.starters import reader
from tests.factories.pages import PanelIndexPageFactory, PanelPageFactory
from tests.factories.records import PanelFactory

LINK = re.compile(r'<a\b[^>]*href="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>')
APPLY, CHECK, SEE = "Apply to join", "Check if I could join", "See if you could join"


def links_of(client, address: str) -> dict[str, str]:
    """Return the links of a page by their text; fail if a fragment link is broken."""
    page = client.get(address)
    assert page.status_code == 200, address
    text = page.content.decode()
    for anchor in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{anchor}"' in text, (address, anchor)
    return {words: target.replace("&amp;", "&") for target, words in LINK.findall(text)}


def publish_all() -> None:
    """Publish each page, as staff do after a review."""
    for page in Page.objects.filter(depth__gt=1, live=False).order_by("path"):
        (page.get_latest_revision() or page.specific.save_revision()).publish()


@pytest.mark.matrix("starter", "three-tier")
@pytest.mark.parametrize("starter", [starter.name for starter in reader.read_all()])
def test_every_open_panel_has_a_form_to_apply_with(client, db, starter):
    """Case F15: from the panel's page, and from "Could I join?", to a form that is open."""
    call_command("load_starter", starter, verbosity=0)
    drafts = set(FormPage.objects.filter(live=False).values_list("pk", flat=True))
    publish_all()
    FormPage.objects.filter(pk__in=drafts, regime__isnull=False).update(live=False)
    today = timezone.localdate()
    open_panels = [panel for panel in Panel.objects.with_seats() if panel.vacancy_words(today)]
    assert open_panels
    for panel in open_panels:
        page = PanelPage.objects.get(panel=panel)
        links = links_of(client, page.url)
        assert links[SEE] == "#could-i-join", panel
        form = client.get(links[APPLY])
        assert form.status_code == 200, panel
        assert "<form" in form.content.decode()
        check = client.get(f"/panels/{panel.slug}/could-i-join/", follow=True)
        assert check.status_code == 200, panel
        assert (CHECK in links) == panel.eligibility.exists()


def test_a_panel_without_a_form_or_statements_still_says_how(client, home):
    """Case F15, on a site without a starter: the anchor exists, with the contact."""
    index = PanelIndexPageFactory(parent=home)
    panel = PanelFactory(recruiting=True)
    page = PanelPageFactory(parent=index, panel=panel)
    assert links_of(client, page.url)[SEE] == "#could-i-join"
    text = client.get(page.url).content.decode()
    assert "Get in touch with us to apply." in text
    assert client.get(f"/panels/{panel.slug}/could-i-join/").url == f"{page.url}#could-i-join"
    shut = PanelPageFactory(parent=index, panel=PanelFactory(recruiting=False))
    assert "Get in touch with us to apply." not in client.get(shut.url).content.decode()
    assert client.get(f"/panels/{PanelFactory(recruiting=True).slug}/could-i-join/").status_code == 404
