"""Crawler of the admin: links, forms, filters and pop-ups that each view offers to a signed-in user."""

import json
import re
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.contrib.auth import SESSION_KEY
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import Resolver404, resolve
from wagtail.models import Page

HOME = "/admin/"
HERE = "http://testserver"
# An address in a script, or in the settings of a pop-up.
QUOTED = re.compile(r'"(/admin/[^"\\\s<>]*)"')
# Where scripts find what they may need, whatever this person may do.
CONFIG = re.compile(r'<script id="wagtail-config".*?</script>', re.DOTALL)
# To be filled in by a script.
PLACEHOLDER = re.compile(r"__|\$\{|/0/|%7B")
# What is typed in a field of a form that only looks things up.
TYPED = {"date": "2026-11-01", "number": "1"}
TICKED_BY_SCRIPT = "script"
# What ends the visit; what only answers when a script adds more to the address.
NOT_FOLLOWED = {"/admin/logout/", "/admin/block-preview/"}
# Arguments that name a kind of thing, not a row.
KINDS = {
    *("app_label", "app_name", "model_name", "content_type_model_name"),
    *("action", "action_name", "kind", "step", "ending"),
}
LONGEST_CHOICE = 40  # characters; what is longer is some row's
# These say where to come back to; they make no other screen.
RETURNS = {"next", "return_url", "return-url"}


# Wagtail's choosers hold an "Edit" for what is chosen, drawn without asking who looks: this may lead to a refusal, and
# to nothing else that is wrong.
OF_CHOSEN = re.compile(r"""<a data-chooser-edit-link[^>]*>|(?:data-edit-url=|"edit_?[uU]rl":\s*)"[^"]*\"""")
# Wagtail names the address of a page's privacy in every editor; only with this can somebody open it.
OPENS_PRIVACY = 'data-a11y-dialog-show="set-privacy"'


@dataclass(frozen=True)
class Offer:
    """One URL that a view offers, with its method and whether it needs a selection and so may be refused."""

    address: str
    is_sent_to: bool = False
    is_of_chosen: bool = False


class _Offers(HTMLParser):
    """Collects the links and forms of one view."""

    def __init__(self, html: str):
        super().__init__()
        self.offers: list[Offer] = []
        self._form: Offer | None = None
        self._form_id = ""
        self._select = ""
        # What can be done with rows that are ticked, by the form's id; Wagtail's own have a script in place of a form.
        self._for_ticked: dict[str, list[str]] = {}
        self._ticked: dict[str, str] = {}
        self.feed(html)
        for form, actions in self._for_ticked.items():
            if form in self._ticked:
                self.offers += [Offer(f"{action}?{self._ticked[form]}") for action in actions]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Offer(given.get("action", ""), given.get("method", "get").lower() == "post")
            self._form_id = given.get("id", "")
            self.offers.append(self._form)
        elif "data-bulk-action-button" in given:
            self._for_ticked.setdefault(TICKED_BY_SCRIPT, []).append(given["href"])
        elif tag == "a" and "href" in given:
            self.offers.append(Offer(given["href"], is_of_chosen="data-chooser-edit-link" in given))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "input" and given.get("type") == "checkbox" and "form" in given:
            self._ticked.setdefault(given["form"], urlencode({given["name"]: given["value"]}))
        elif given.get("data-object-id"):
            self._ticked.setdefault(TICKED_BY_SCRIPT, urlencode({"id": given["data-object-id"]}))
        if "formaction" in given and self._form:
            self._for_ticked.setdefault(self._form_id, []).append(given["formaction"])
        if self._form and not self._form.is_sent_to:
            self._offer_filled_in(self._form, tag, given)
        for name, value in given.items():
            if name.startswith("data-") and value.startswith("/admin/"):
                self.offers.append(Offer(value, is_sent_to=True, is_of_chosen=name == "data-edit-url"))

    def _offer_filled_in(self, form: Offer, tag: str, given: dict[str, str]) -> None:
        """Offer a look-up form with this one field filled in."""
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "option":
            name = self._select
        elif tag == "input" and given.get("type", "text") not in ("checkbox", "radio", "hidden", "submit"):
            value = TYPED.get(given.get("type", "text"), "a")
        elif tag != "input":
            return
        if name and value:
            self.offers.append(Offer(f"{form.address.split('?')[0]}?{urlencode({name: value})}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def _texts(value: object) -> Iterator[str]:
    """Yield every string in JSON: a pop-up comes as JSON with HTML in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def offers_of(body: str, kind: str) -> list[Offer]:
    """Return the offers of a view or a pop-up."""
    if kind == "application/json":
        texts = list(_texts(json.loads(body)))
        inside = [offer for text in texts if "<" in text for offer in offers_of(text, "text/html")]
        return inside + [Offer(text) for text in texts if text.startswith(HOME) and " " not in text]
    if kind != "text/html":
        return []
    # Settings of widgets are JSON in attributes and scripts, escaped once or twice.
    plain = unescape(unescape(CONFIG.sub("", body))).replace("\\u002D", "-").replace('\\"', '"')
    quoted = QUOTED.findall(OF_CHOSEN.sub("", plain))
    offers = _Offers(body).offers + [Offer(address, is_sent_to=True) for address in quoted]
    chosen = QUOTED.findall(" ".join(OF_CHOSEN.findall(plain)))
    offers += [Offer(address, is_of_chosen=True) for address in chosen]
    return [offer for offer in offers if OPENS_PRIVACY in body or not offer.address.endswith("/privacy/")]


def _kind_of(name: str, value: object) -> str:
    """Return the kind of row that an argument of a URL names: each page type is visited."""
    if name in ("page_id", "parent_page_id", "page_to_move_id"):
        page = Page.objects.filter(pk=value).select_related("content_type").first()
        return page.content_type.model if page else ""
    return str(value) if name in KINDS else ""


def place_of(address: str) -> tuple[tuple, set[tuple[str, str]]]:
    """Return the view of a URL, independent of its row, and its query string without numbers."""
    parts = urlsplit(address)
    asked = {
        (name, "" if re.fullmatch(r"[\d.,:-]*", value) or len(value) > LONGEST_CHOICE else value)
        for name, value in parse_qsl(parts.query)
        if name not in RETURNS
    }
    try:
        match = resolve(parts.path)
    except Resolver404:
        return (parts.path,), asked
    if asked:
        return (match.route, *(value for name, value in match.kwargs.items() if name in KINDS)), asked
    return (match.route, *(_kind_of(name, value) for name, value in sorted(match.kwargs.items()))), asked


class AdminCrawl:
    """One user's crawl of all that the admin offers.

    ``visited`` has the status of each URL; ``faults`` the errors, with the view that linked there.
    """

    def __init__(self, client: Client):
        self.client = client
        self.client.raise_request_exception = False
        self.visited: dict[str, int] = {}
        self.faults: dict[str, str] = {}
        self._met: set[str] = set()
        self._asked: dict[tuple, set[tuple[str, str]]] = {}
        self._waiting: deque[tuple[Offer, str]] = deque()
        # Visited last: another screen may offer the same without any doubt.
        self._chosen: deque[tuple[Offer, str]] = deque()

    def follow(self, start: str) -> None:
        """Visit everything that can be reached from a URL."""
        self._waiting.append((Offer(start), "nobody"))
        while self._waiting or self._chosen:
            if not self._waiting:
                self._keep(*self._chosen.popleft())
                continue
            self._visit(*self._waiting.popleft())

    def try_all(self, routes: dict[str, str]) -> None:
        """Request URLs that no view offered: only a server error is a fault."""
        for address, route in routes.items():
            if address in self.visited or address in NOT_FOLLOWED:
                continue
            answer, why = self._get(address)
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self.faults[address] = f"{answer.status_code} at {route}: {why}"

    def _get(self, address: str) -> tuple[Any, str]:
        """Return the response, of whatever class it is, and the exception raised, if any."""
        raised: list[str] = []

        def note(**kwargs) -> None:
            raised.append(traceback.format_exc(limit=-2))

        got_request_exception.connect(note)
        try:
            answer = self.client.get(address)
        finally:
            got_request_exception.disconnect(note)
        self.visited[address] = answer.status_code
        assert SESSION_KEY in self.client.session, f"{address} signed its visitor out"
        return answer, "".join(raised)

    def _visit(self, offer: Offer, led_from: str) -> None:
        answer, why = self._get(offer.address)
        if fault := self._fault(offer, answer) + why:
            self.faults[offer.address] = f"{fault} (offered by {led_from})"
        if answer.status_code in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER):
            self._wait([Offer(answer.url)], offer.address)
        if answer.streaming:
            list(answer.streaming_content)
        elif offer.address.startswith(HOME):
            kind = answer.headers.get("Content-Type", "").split(";")[0]
            self._wait(offers_of(answer.content.decode("utf-8", "replace"), kind), offer.address)

    def _fault(self, offer: Offer, answer: Any) -> str:
        """Return the fault of the response to an offered URL, or ""."""
        status = answer.status_code
        # What is sent to, or for a script that adds what it needs, may refuse to be only looked at.
        if offer.is_sent_to and status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST):
            return ""
        if status >= HTTPStatus.BAD_REQUEST:
            return str(status)
        if status == HTTPStatus.FOUND and answer.url.split("?")[0] == HOME:
            messages = getattr(answer.wsgi_request, "_messages", [])
            if not offer.is_of_chosen and any("permission" in str(message) for message in messages):
                return "refused"
        return ""

    def _wait(self, offers: Iterable[Offer], at: str) -> None:
        """Queue a URL of a view not visited yet, or with a new query string."""
        for offer in offers:
            whole = urlsplit(urljoin(HERE + at, offer.address.strip()))
            address = whole.path + (f"?{whole.query}" if whole.query else "")
            if f"{whole.scheme}://{whole.netloc}" not in (HERE, "http://localhost", "http://localhost:8000"):
                continue
            # A script adds the rows that are ticked to what is done with several at once.
            if whole.path.startswith("/admin/bulk/") and not whole.query:
                continue
            if whole.path in NOT_FOLLOWED or PLACEHOLDER.search(address) or whole.path.startswith("/static/"):
                continue
            found = Offer(address, offer.is_sent_to, offer.is_of_chosen)
            if offer.is_of_chosen:
                self._chosen.append((found, at))
            else:
                self._keep(found, at)

    def _keep(self, offer: Offer, at: str) -> None:
        if offer.address not in self._met:
            self._met.add(offer.address)
            if self._is_new(offer.address):
                self._waiting.append((offer, at))

    def _is_new(self, address: str) -> bool:
        place, asked = place_of(address)
        seen = self._asked.get(place)
        self._asked.setdefault(place, set()).update(asked)
        return seen is None or bool(asked - seen)
