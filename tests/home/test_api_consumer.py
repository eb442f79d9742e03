"""A small front end that makes the site map, the text of every page and the tracker from the API alone.

The result is compared with the website, so the API has all that the public reads, and nothing else.
"""

import re
from html import unescape

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Site

from cms.demo.load import load_demo
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db
# Told by their own endpoint.
NO_STORY = {"forms.FormPage"}
# How to complain about data comes with every site's own words after what an editor wrote.
WORDS_OF_OUR_OWN = {"home.PrivacyPage"}
# What a program shows in its own way: codes, numbers, addresses, days.
NOT_WORDS = {"type", "id", "url", "kind", "meta", "ref", "key", "state", "standing", "language", "reason", "number"}
NOT_WORDS |= {
    "when",
    "place",
    "link",
    "alt",
    "compliance",
    "brand_colour",
    "share",
    "explanation",
    "closed_words",
    "label",
    "status",
}


class Consumer:
    """A client that knows the API's guide, and nothing of Django."""

    def __init__(self, client: Client):
        self.client = client

    def get(self, address: str) -> dict:
        answer = self.client.get(f"/api/v2/{address}")
        assert answer.status_code == 200, (address, answer.content[:200])
        return answer.json()

    def all(self, address: str) -> list[dict]:
        """Follow the links to the next pages of results to the end."""
        items, at = [], f"{address}{'&' if '?' in address else '?'}limit=50"
        while at:
            page = self.get(at)
            items += page["items"]
            at = (page["meta"]["next"] or "").partition("/api/v2/")[2]
        assert len(items) == page["meta"]["total_count"]
        return items

    def site_map(self) -> set[str]:
        found = {path_of(page["meta"]["html_url"]) for page in self.all("pages/")}
        for name in ("recommendations", "meetings", "programmes", "agreements", "information-requests"):
            found |= {item["url"] for item in self.all(f"{name}/")}
        return found


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def plain(html: str) -> str:
    """Return the text of HTML, with one space between any two words."""
    spaced = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(strip_tags(re.sub(r"<", " <", spaced))).replace("\xa0", " ").split())


def compact(words: str) -> str:
    """Return a text without typographic differences: spaces, and the shape of quotation marks."""
    return re.sub(r"[\s“”\"'’]", "", words)


def words_in(data) -> list[str]:
    """Return every text of a stream, as plain text."""
    match data:
        case dict():
            return [words for name, value in data.items() if name not in NOT_WORDS for words in words_in(value)]
        case list():
            return [words for value in data for words in words_in(value)]
        case str() if not re.fullmatch(r"\d{4}-\d\d-\d\d.*", data):
            return [plain(part) for part in re.split(r"</(?:p|li|h\d)>", data) if plain(part)]
    return []


@pytest.fixture(scope="module")
def demo(request, tmp_path_factory):
    """The demo, loaded once for all of these tests and rolled back at the end."""
    with shared_rows(request), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        load_demo(today=timezone.localdate(), password="a-password-for-tests")
        Site.clear_site_root_paths_cache()
        yield Client()


@pytest.fixture
def reader(demo) -> Consumer:
    return Consumer(demo)


def test_the_site_map_is_the_sites_own(reader, demo):
    told = {path_of(found) for found in re.findall(r"<loc>(.+?)</loc>", demo.get("/sitemap.xml").content.decode())}
    assert reader.site_map() == told
    assert len(told) > 40


def test_the_words_of_every_page_are_the_websites(reader, demo):
    lost = {}
    for page in reader.all("pages/"):
        full = reader.get(f"pages/{page['id']}/")
        if page["meta"]["type"] in NO_STORY:
            continue
        html = demo.get(path_of(page["meta"]["html_url"])).content.decode()
        shown = compact(plain(html.partition("<main")[2].partition("</main>")[0]))
        told = [full["title"], *words_in({name: full.get(name) for name in ("headline", "body", "you_said", "we_did")})]
        if missing := [words for words in told if compact(words) not in shown]:
            lost[page["meta"]["html_url"]] = missing[:3]
        only_the_story = full.get("body") and page["meta"]["type"] not in WORDS_OF_OUR_OWN
        for part in re.findall(r'<div class="app-prose">(.*?)</div>', html, re.DOTALL) if only_the_story else ():
            for paragraph in filter(None, map(plain, re.split(r"</(?:p|li|h\d)>", part))):
                if not any(compact(paragraph) in compact(words) for words in told):
                    lost.setdefault(page["meta"]["html_url"], []).append(f"not told: {paragraph}")
    assert not lost, "\n".join(f"{k}: {v}" for k, v in lost.items())


def test_the_tracker_is_the_websites(reader, demo):
    told = [(item["url"], item["title"], item["status"]) for item in reader.all("recommendations/?order=due")]
    shown, number = [], 1
    while True:
        answer = demo.get(f"/recommendations/?page={number}")
        if answer.status_code == 404:
            break
        for row in answer.context["rows"]:
            item = row["recommendation"]
            shown.append((item.get_absolute_url(), item.title, str(row["status"].words)))
            assert compact(str(row["status"].words)) in compact(plain(answer.content.decode()))
        number += 1
    assert told == shown
    picture = reader.get("statistics/")
    counts = {part["standing"]: part["count"] for part in picture["standings"]}
    assert picture["total"] == len(told)
    assert counts["late"] == len(reader.all("recommendations/?standing=late"))


def test_a_record_in_full_says_what_its_page_says(reader, demo):
    for name in ("reviews", "reports", "outcomes", "meetings", "newsletters", "programmes"):
        for item in reader.all(f"{name}/"):
            full = reader.get(f"{name}/{item['id']}/")
            assert {key: full[key] for key in item} == item
            shown = compact(plain(demo.get(full["url"]).content.decode()))
            for key in ("title", "theme", "where", "place"):
                if full.get(key):
                    assert compact(full[key]) in shown, (full["url"], key)
            for stage in full.get("stages", ()):
                assert compact(stage["words"]) in shown, (full["url"], stage)


def test_the_menus_are_the_websites(reader, demo):
    menus, html = reader.get("menus/"), demo.get("/about/").content.decode()
    assert menus["main"]
    for item in (*menus["main"], *menus["footer"]):
        assert f'href="{item["url"]}"' in html
        assert item["label"] in unescape(html)
