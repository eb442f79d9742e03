"""The whole site as a crawler finds it: no broken links, and valid HTML."""

import re

import pytest

from tests.browser import nu
from tests.browser.crawl import crawl
from tests.browser.places import PLACES

pytestmark = pytest.mark.xdist_group("crawl")


@pytest.fixture(scope="module")
def whole_site(server):
    return crawl(server)


def test_every_link_leads_somewhere(whole_site):
    assert len(whole_site.pages()) > 30
    dead = {address: answer for address, answer in whole_site.answers.items() if answer.status != 200}
    assert not dead, [(answer.found_on, address, answer.status) for address, answer in dead.items()]


def test_every_link_to_a_part_of_a_page_finds_it(whole_site):
    pages = whole_site.pages()
    assert [part for part in whole_site.parts if part[2] not in pages[part[1]].anchors] == []


@pytest.mark.nu
def test_the_html_is_valid(whole_site, visitor, tmp_path):
    assert not nu.missing()
    for address, answer in whole_site.pages().items():
        keep(tmp_path, address, answer.body)
    for name, place in PLACES.items():
        keep(tmp_path, name, place.sent(visitor))
    faults = nu.faults_in(tmp_path)
    assert not faults, "\n".join(faults)


def keep(folder, name: str, html: str) -> None:
    (folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.html").write_text(html)
