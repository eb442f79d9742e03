"""Metadata of pages and records for search engines and link previews.

It contains only what the page shows anyhow. Facts are in the vocabulary of schema.org, embedded as JSON-LD.
"""

import dataclasses
import datetime
import json
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import AbstractImage, SourceImageIOError

from cms.core.models.settings import SiteSettings

LANGUAGE = "en-GB"
SHARED_SIZE = (1200, 630)  # what networks crop pictures to
ARTICLES = ("Article", "PublicationIssue", "Report")
# What could end the script element, or be read as markup before it ends.
INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def full_address(request: HttpRequest, address: str) -> str:
    """Return an absolute URL of this site: below BASE_URL where that is set, else below the request's host."""
    return urljoin(settings.BASE_URL or f"{request.scheme}://{request.get_host()}", address)


def as_data(facts: dict) -> SafeString:
    """Return facts as JSON that is inert inside a script element, whatever text it contains."""
    # Escaped first, so that nothing of the text can be markup.
    return mark_safe(json.dumps(facts, cls=DjangoJSONEncoder).translate(INERT))


@dataclasses.dataclass(frozen=True)
class SharedPicture:
    """The image of a link preview."""

    url: str
    words: str
    width: int = SHARED_SIZE[0]
    height: int = SHARED_SIZE[1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Metadata:
    """The metadata of one page or record; all of it is public.

    :param address: its path, from the root of the site.
    :param crumbs: its ancestors, as titles and URLs.
    :param kind: its type in schema.org.
    :param facts: additional properties of schema.org.
    :param is_indexed: whether search engines may list it.
    """

    request: HttpRequest
    title: str
    address: str
    description: str = ""
    picture: AbstractImage | None = None
    published: datetime.datetime | None = None
    updated: datetime.datetime | None = None
    crumbs: list[dict] = dataclasses.field(default_factory=list)
    kind: str = "WebPage"
    facts: dict = dataclasses.field(default_factory=dict)
    is_indexed: bool = True

    @property
    def url(self) -> str:
        """Return the canonical URL."""
        return full_address(self.request, self.address)

    @property
    def is_article(self) -> bool:
        """Return whether it has a date of publication."""
        return self.kind in ARTICLES

    @property
    def may_be_indexed(self) -> bool:
        """Return whether search engines may list it: never a preview, nor a development site."""
        return self.is_indexed and settings.ALLOW_INDEXING and not getattr(self.request, "is_preview", False)

    @property
    def shared_picture(self) -> SharedPicture | None:
        """Return the page's own image, else the landlord's logo, else None; skip one whose file is missing."""
        site = SiteSettings.for_request(self.request)
        if self.picture:
            try:
                rendition = self.picture.get_rendition("fill-1200x630|format-jpeg")
            except SourceImageIOError:
                return None
            url = full_address(self.request, rendition.url)
            return SharedPicture(url, self.picture.description, rendition.width, rendition.height)
        if site.logo_id:
            return SharedPicture(full_address(self.request, reverse("share_picture")), f"Logo of {site.organisation}")
        return None

    @property
    def structured_data(self) -> SafeString:
        """Return the JSON-LD graph: the page itself, its publisher, and its breadcrumbs."""
        site = SiteSettings.for_request(self.request)
        home = full_address(self.request, "/")
        publisher: dict[str, Any] = {
            "@type": "Organization",
            "@id": f"{home}#organisation",
            "name": site.organisation,
            "url": home,
        }
        if site.logo_id:
            publisher["logo"] = full_address(self.request, reverse("icon", args=[512]))
        thing: dict[str, Any] = {
            "@type": self.kind,
            "@id": self.url,
            "name": self.title,
            "url": self.url,
            "description": self.description,
            "inLanguage": LANGUAGE,
        }
        if self.kind != "Event":
            thing["publisher"] = {"@id": publisher["@id"]}
        if self.is_article:
            picture = self.shared_picture
            thing |= {
                "headline": self.title,
                "author": {"@type": "Organization", "name": site.name},
                "datePublished": self.published,
                "dateModified": self.updated,
                "image": picture.url if picture else None,
            }
        graph = [_known(thing | self.facts), publisher]
        if self.crumbs:
            graph.append(self._way_back())
        return as_data({"@context": "https://schema.org", "@graph": graph})

    def _way_back(self) -> dict:
        steps = [*self.crumbs, {"title": self.title, "url": self.address}]
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": step["title"],
                    "item": full_address(self.request, step["url"]),
                }
                for position, step in enumerate(steps, start=1)
            ],
        }


def facts_of_website(request: HttpRequest) -> dict:
    """Return the schema.org properties of the site: its name, its search and its contact points."""
    site = SiteSettings.for_request(request)
    search = full_address(request, reverse("search"))
    contact = _known(
        {
            "@type": "ContactPoint",
            "contactType": site.team_name,
            "telephone": site.phone,
            "email": site.email,
            "areaServed": "GB",
        }
    )
    return {
        "name": site.name,
        "about": {"@type": "Organization", "name": site.organisation, "contactPoint": contact},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{words}}"},
            "query-input": "required name=words",
        },
    }


def _known(facts: dict) -> dict:
    """Return the facts without empty values."""
    return {name: value for name, value in facts.items() if value not in (None, "")}
