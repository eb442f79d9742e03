"""Reads a page as a machine does, for tests."""

import json
import re
from html import unescape
from html.parser import HTMLParser


class Head(HTMLParser):
    """What a page says of itself: its metadata by name, its links by relation, and its facts."""

    def __init__(self, html: str):
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[dict]] = {}
        self.feed(html)
        self.title = " ".join(unescape(re.search(r"<title>(.*?)</title>", html, re.S)[1]).split())
        self.lang = re.search(r'<html lang="([^"]+)"', html)[1]
        data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        self.graph = [thing for text in data for thing in json.loads(text)["@graph"]]

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta.setdefault(name, []).append(given["content"])
        if tag == "link":
            self.links.setdefault(given["rel"], []).append(given)

    def one(self, name: str) -> str:
        """Give what is said under a name that may be said once."""
        [said] = self.meta[name]
        return said

    @property
    def canonical(self) -> str:
        [link] = self.links["canonical"]
        return link["href"]

    def fact(self, kind: str) -> dict:
        """Give the one thing of a kind among the facts."""
        [thing] = [thing for thing in self.graph if thing["@type"] == kind]
        return thing


def head_of(client, address: str, **how) -> Head:
    return Head(client.get(address, **how).content.decode())
