"""What search engines, and people with whom a page is shared, are told of it: made here for every page and record.

Only what the page shows anyhow goes in. The facts are schema.org's, written as data that no browser runs.
"""

import dataclasses
import datetime
import json
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
    """Return an address of this site in full: below BASE_URL where that is set, else where the request came in."""
    return urljoin(settings.BASE_URL or f"{request.scheme}://{request.get_host()}", address)


def as_data(facts: dict) -> SafeString:
    """Return facts as JSON that is inert inside a script element, whatever people typed."""
    # Escaped first, so that nothing of the text can be markup.
    return mark_safe(json.dumps(facts, cls=DjangoJSONEncoder).translate(INERT))


@dataclasses.dataclass(frozen=True)
class SharedPicture:
    """The picture shown when somebody shares a page."""

    url: str
    words: str
    width: int = SHARED_SIZE[0]
    height: int = SHARED_SIZE[1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Metadata:
    """What is told of one page or record; all that is given here is public.

    :param address: where it is, from the root of the site.
    :param crumbs: the pages above it, as titles and addresses.
    :param kind: its type in schema.org.
    :param facts: more of what schema.org can say of it.
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
        """Return the one address under which it is to be known."""
        return full_address(self.request, self.address)

    @property
    def is_article(self) -> bool:
        """Return whether it is something that was published on a day."""
        return self.kind in ARTICLES

    @property
    def may_be_indexed(self) -> bool:
        """Return whether search engines may list it: never a preview, or a developer's machine."""
        return self.is_indexed and settings.ALLOW_INDEXING and not getattr(self.request, "is_preview", False)

    @property
    def shared_picture(self) -> SharedPicture | None:
        """Return the page's own picture, else the landlord's logo; a picture whose file is gone is none."""
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
        """Return what schema.org can say: the thing itself, who publishes it, and the way back up."""
        site = SiteSettings.for_request(self.request)
        home = full_address(self.request, "/")
        publisher = {"@type": "Organization", "@id": f"{home}#organisation", "name": site.organisation, "url": home}
        if site.logo_id:
            publisher["logo"] = full_address(self.request, reverse("icon", args=[512]))
        thing = {
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
    """Return what schema.org calls the site itself: its name, how to search it, and how to reach its people."""
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
    """Leave out what is not known."""
    return {name: value for name, value in facts.items() if value not in (None, "")}
