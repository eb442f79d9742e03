"""Crawler that follows every link of a site from its home page, as a search engine does."""

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from tests.browser.site import ONE_HOST, Server

LINK = re.compile(r"""\b(?:href|src)\s*=\s*["']([^"']*)["']""")
ANCHOR = re.compile(r"""\bid\s*=\s*["']([^"']+)["']""")


@dataclass
class Answer:
    """The response of one URL, and the pages that link to it."""

    status: int
    kind: str
    body: str
    found_on: str
    anchors: set[str] = field(default_factory=set)


@dataclass
class Crawl:
    """A whole site: the response of each URL, and the links with a fragment."""

    answers: dict[str, Answer] = field(default_factory=dict)
    parts: set[tuple[str, str, str]] = field(default_factory=set)  # (page, address, part)

    def pages(self) -> dict[str, Answer]:
        """Return the HTML responses."""
        return {address: answer for address, answer in self.answers.items() if answer.kind == "text/html"}


def crawl(server: Server) -> Crawl:
    """Visit every URL that can be reached by links on this site, each once."""
    found, waiting = Crawl(), [("/", "")]
    connection = http.client.HTTPConnection(ONE_HOST, server.port, timeout=30)
    while waiting:
        address, found_on = waiting.pop()
        if address in found.answers:
            continue
        connection.request("GET", address, headers={"Host": f"localhost:{server.port}"})
        answered = connection.getresponse()
        kind = answered.headers.get_content_type()
        raw = answered.read()
        answer = Answer(answered.status, kind, raw.decode() if kind.startswith("text/") else "", found_on)
        found.answers[address] = answer
        if kind != "text/html":
            continue
        answer.anchors = set(ANCHOR.findall(answer.body))
        for link in map(unescape, LINK.findall(answer.body)):
            whole = urlsplit(urljoin(server.url + address, link))
            if f"{whole.scheme}://{whole.netloc}" != server.url:
                continue
            target = whole.path + (f"?{whole.query}" if whole.query else "")
            if whole.fragment:
                found.parts.add((address, target, whole.fragment))
            waiting.append((target, address))
    return found
