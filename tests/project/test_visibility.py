"""Hidden objects are never revealed to a user who may not see them: each kind, in each state, at each URL.

The table is in ``visibility_table.py``. Each hidden object has a word that is in nothing else: found where it should
not be, it is a leak. Each kind has a public twin, whose word has to appear.
"""

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, get_page_models

import cms.api
import cms.urls
from cms.core.webhooks.change_detection import detect_changes
from forms.models import FormPage
from home.models import HomePage, StandardPage
from tests.factories.pages import make_home

from . import visibility_table as table
from .api_routes import addresses
from .hidden_links import fill_menus, see_other
from .hidden_world import BELOW_ANOTHER, BELOW_HOME, GROUP, RECORDS, Thing, make_world

# Thousands of requests: run once, on SQLite.
pytestmark = [pytest.mark.django_db, pytest.mark.traffic]

WORD = re.compile(r"quokka[0-9]{4}")
# On a page only what a thing says is looked for: its address may stand in a link that an editor wrote.
SAID = re.compile(r"(?:Quokka|Inside) (quokka[0-9]{4})")
LISTED = re.compile(r"<loc>http://testserver(/[^<]*)</loc>")
# Records that are known by a number have no word in their address.
NUMBERED = re.compile(r"/(?:meetings|programmes|information-requests)/[0-9]+(?=[/.])")
API = sorted(addresses(cms.api.urlpatterns))
WEBHOOKS, SEARCH = "webhooks", "/search/"


@dataclasses.dataclass
class World:
    """All objects, and a user in each role."""

    hidden: list[Thing]
    public: list[Thing]
    astray: list[str]  # the addresses of what leads to hidden things
    clients: dict[str, Client]

    @cached_property
    def pages(self) -> set[str]:
        """Return the URL of every page that an anonymous user can find, and of pages with hidden links."""
        found = re.findall(
            r"<loc>http://testserver(/[^<]*)</loc>", text_of(self.clients[table.STRANGER], "/sitemap.xml")
        )
        assert len(found) > len(self.public)
        return {*found, *self.astray, *(thing.address for thing in self.public)}

    def told_in(self, text: str, *, by_machine: bool) -> set[Thing]:
        """Return the hidden objects whose word is in a text."""
        words = set((WORD if by_machine else SAID).findall(text))
        numbered = set(NUMBERED.findall(text)) if by_machine else set()
        return {thing for thing in self.hidden if thing.word in words or thing.address.rstrip("/") in numbered}

    def twin(self, kind: type) -> Thing:
        """Return the public twin of a kind."""
        return next(thing for thing in self.public if thing.kind is kind)


def in_role(role: str) -> Client:
    """Return a client in a role."""
    client = Client()
    if role != table.STRANGER:
        user = get_user_model().objects.create_user(role, is_superuser=role == table.ADMINISTRATOR)
        groups = {table.MEMBER: GROUP, "member of another group": "Others", "editor": "Editor"}
        if role in groups:
            user.groups.add(Group.objects.get(name=groups[role]))
        client.force_login(user)
    return client


@pytest.fixture
def _django_db_helper():
    """Leave the database to ``world``, whose transaction is around all of these tests."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Create everything once: these tests are read-only."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_home()
        Group.objects.create(name="Others")
        hidden, public = make_world()
        astray = see_other(hidden, public)
        twin = next(thing for thing in public if thing.kind is StandardPage)
        Redirect.objects.create(old_path="/old-but-public", redirect_page=twin.item)
        fill_menus([twin, *(thing for thing in hidden if thing.kind is StandardPage)])
        yield World(hidden, public, astray, {role: in_role(role) for role in table.ROLES})
        transaction.set_rollback(True)


def in_words(content: bytes) -> str:
    """Return the text of a response; a workbook is unzipped."""
    if not content.startswith(b"PK"):
        return content.decode()
    rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.values
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def texts_of(client: Client, address: str) -> list[str]:
    """Return the texts of all responses of a URL, with every page of its list."""
    texts = []
    for query in table.ASKED_WITH.get(address, ("limit=100" if address in LISTS else "",)):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 200, address
        texts.append(in_words(answer.getvalue()))
        while following := next_address(address, answer, texts[-1]):
            answer = client.get(following)
            texts.append(answer.content.decode())
    return texts


def text_of(client: Client, address: str) -> str:
    """Return the texts of a URL, joined."""
    return "\n".join(texts_of(client, address))


def details(client: Client) -> Iterator[str]:
    """Yield the API's detail URL of each object in its lists."""
    for address in (*table.API_OF_ONE, table.API_OF_PAGES):
        for text in texts_of(client, address.partition("{")[0]):
            for item in json.loads(text)["items"]:
                series, _, number = item.get("ref", "").partition("/")
                yield address.format(**{"slug": "", "id": "", "series": series, "number": number} | item)


def next_address(address: str, answer: Any, text: str) -> str | None:
    """Return the URL of the next page of a list, or None."""
    if address in LISTS:
        return answer.json()["meta"]["next"]
    found = re.search(r'href="([^"]*)"\s+rel="next"', text)
    return address + unescape(found[1]) if found else None


FIXED_API = [address for address in API if "{" not in address and address not in table.API_OTHERS]
LISTS = [
    address
    for address in FIXED_API
    if address.startswith("/api/v2/")
    and address.split("/")[3] not in ("menus", "settings", "statistics")
    and "numbers" not in address
]
MACHINES = [*FIXED_API, *(f"/{route}" for route, how in table.SITE.items() if how == table.MACHINES)]
PEOPLE = ["/", *(f"/{route}" for route, how in table.SITE.items() if how == table.PEOPLE)]


def leaks(world: World, role: str, found: dict[str, str]) -> list[str]:
    """Return the hidden objects that are revealed where they should not be."""
    return [
        f"{address} tells {role} of: {thing} ({thing.word})"
        for address, text in found.items()
        for thing in sorted(world.told_in(text, by_machine=address not in world.astray), key=str)
        if not (address not in MACHINES and table.may_see(role, thing.state))
    ]


def test_every_route_and_every_kind_is_in_the_table():
    assert {str(pattern.pattern) for pattern in cms.urls.urlpatterns} - {"api/"} == set(table.SITE) - {"api/"}
    of_one = {address for address in API if "{" in address}
    others = {address for address in table.API_OTHERS if "{" in address}
    told = {*table.API_OF_ONE, *table.API_TAKES, table.API_FOR_STAFF, table.API_OF_PAGES}
    assert of_one == told | others
    assert set(get_page_models()) - {Page} == {*BELOW_ANOTHER, *BELOW_HOME, HomePage}
    assert {model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")} == set(RECORDS)
    assert set(table.FOUND_AT) == {*BELOW_ANOTHER, *BELOW_HOME, *RECORDS}


def test_machines_are_told_of_what_is_public_and_of_nothing_else_whoever_asks(world):
    found = {address: text_of(world.clients[table.STRANGER], address) for address in MACHINES}
    assert leaks(world, table.STRANGER, found) == []
    for kind, places in table.FOUND_AT.items():
        twin = world.twin(kind)
        for place in set(places) & set(MACHINES):
            assert twin.word in found[place] or twin.address in found[place], (kind, place)
    for role in table.SIGNED_IN:
        for address in MACHINES:
            assert text_of(world.clients[role], address) == found[address], (role, address)


@pytest.mark.parametrize("role", table.ROLES)
def test_no_page_tells_anybody_of_what_they_may_not_see(world, role):
    client = world.clients[role]
    found = {address: text_of(client, address) for address in {*PEOPLE, *world.pages}}
    assert leaks(world, role, found) == []
    # Whoever is let in may be shown one that was hidden in its place.
    lost = [
        (kind.__name__, place)
        for kind, places in (table.FOUND_AT.items() if role == table.STRANGER else ())
        for place in places
        if place not in MACHINES and not is_on_page(world, client, found, kind, place)
    ]
    assert lost == []


def is_on_page(world: World, client: Client, found: dict[str, str], kind: type, place: str | type) -> bool:
    """Return whether the public twin of a kind is at a place; a search uses its own word."""
    twin = world.twin(kind)
    if place == SEARCH:  # what was typed is on the page, so its address is looked for
        return twin.address in client.get(SEARCH, {"q": twin.word}).content.decode()
    text = found[place if isinstance(place, str) else world.twin(place).address]
    return twin.word in text or twin.address in text


@pytest.mark.parametrize("role", table.ROLES)
def test_the_address_of_a_hidden_thing_tells_nothing(world, role):
    for thing in world.hidden:
        # What is hidden from everybody is asked for by those who have most and least.
        if role not in (table.STRANGER, table.ADMINISTRATOR) and not table.is_for_some(thing.state):
            continue
        for address in thing.addresses:
            answer = world.clients[role].get(address)
            told = [text for text in thing.texts if text in answer.content.decode()]
            assert not told or table.may_read(role, thing.state), (role, str(thing), address, answer.status_code)
            if role == table.STRANGER:
                assert answer.status_code == table.status_for_anonymous(thing.state), (str(thing), address)


def endpoints_of(thing: Thing) -> list[str]:
    """Return the API's detail URL of an object, and that of its form submission."""
    item = thing.item
    parts = {name: getattr(item, name, "") for name in ("slug", "series", "number")} | {"id": item.pk}
    found = [address.format(**parts) for address, kind in table.API_OF_ONE.items() if kind is thing.kind]
    if isinstance(item, Page):
        found += [table.API_OF_PAGES.format(**parts), f"/api/v2/pages/find/?html_path={item.get_url()}"]
    return found


@pytest.mark.parametrize("role", [table.STRANGER, table.ADMINISTRATOR])
def test_no_endpoint_answers_for_a_hidden_thing(world, role):
    client = world.clients[role]
    for thing in world.hidden:
        for address in endpoints_of(thing):
            assert client.get(address).status_code == 404, (str(thing), address)
        for address in table.API_TAKES if isinstance(thing.item, FormPage) else ():
            assert client.post(address.format(id=thing.item.pk)).status_code == 404, (str(thing), address)
    for thing in world.public:
        for address in endpoints_of(thing):
            assert client.get(address).status_code in (200, 302), (str(thing), address)


def test_what_the_api_tells_of_each_public_thing_names_nothing_hidden(world):
    client = world.clients[table.STRANGER]
    found = {address: client.get(address).content.decode() for address in details(client)}
    assert leaks(world, table.STRANGER, found) == []
    assert all(thing.word in "".join(found.values()) for thing in world.public)


def test_webhooks_tell_of_nothing_hidden(world):
    told = []
    detect_changes(timezone.now(), lambda changes: told.extend(str(change) for change in changes))
    assert leaks(world, table.STRANGER, {WEBHOOKS: "\n".join(told)}) == []
    assert world.twin(StandardPage).word in "\n".join(told)
