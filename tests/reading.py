"""Parsing of a page as a machine does, for tests."""

import json
import re
from html import unescape
from html.parser import HTMLParser


class Head(HTMLParser):
    """The metadata of a page by name, its links by relation, and its JSON-LD."""

    def __init__(self, html: str):
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[dict]] = {}
        self.feed(html)
        title, lang = re.search(r"<title>(.*?)</title>", html, re.S), re.search(r'<html lang="([^"]+)"', html)
        assert title, html
        assert lang, html
        self.title, self.lang = " ".join(unescape(title[1]).split()), lang[1]
        data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        self.graph = [thing for text in data for thing in json.loads(text)["@graph"]]

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta.setdefault(name, []).append(given["content"])
        if tag == "link":
            self.links.setdefault(given["rel"], []).append(given)

    def one(self, name: str) -> str:
        """Return the value of a name that may occur once."""
        [said] = self.meta[name]
        return said

    @property
    def canonical(self) -> str:
        [link] = self.links["canonical"]
        return link["href"]

    def fact(self, kind: str) -> dict:
        """Return the one JSON-LD object of a type."""
        [thing] = [thing for thing in self.graph if thing["@type"] == kind]
        return thing


def head_of(client, address: str, **how) -> Head:
    return Head(client.get(address, **how).content.decode())


# What a field of the admin asks its page for: a mark in the page, and the script that it does nothing without.
ASKED_FOR = {"initDateChooser(": "date-time-chooser.js", "data-draftail-input": "draftail.js"}


class _Scripts(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "script" and (source := dict(attrs).get("src")):
            self.names.add(source.split("?")[0].rsplit("/", 1)[-1])


def loaded(html: str) -> set[str]:
    """Return the names of the scripts that a page loads."""
    return _Scripts(html).names


def needed(html: str) -> set[str]:
    """Return the names of the scripts that the fields on a page depend on."""
    return {script for mark, script in ASKED_FOR.items() if mark in html}
