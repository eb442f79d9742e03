"""Shared state of the loaders: the dates, and everything loaded so far, by its key in the content."""

import datetime
import zoneinfo
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page, Revision

from cms.core.streamfield_builder import Finder
from cms.core.text.rich_text_markup import rich_text

from .dates import Calendar

LONDON = zoneinfo.ZoneInfo("Europe/London")
PUBLISHED_AT = datetime.time(10, 0)


@dataclass
class Story:
    """One run of the loaders."""

    dates: Calendar
    images: dict = field(default_factory=dict)
    documents: dict = field(default_factory=dict)
    areas: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)
    panels: dict = field(default_factory=dict)
    agreements: dict = field(default_factory=dict)
    trainings: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    meetings: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    recommendations: dict = field(default_factory=dict)

    def rich(self, text: str) -> str:
        """Return a text as rich text, with its dates and links."""
        return rich_text(self.dates.fill_in(text), self._page_id) if text else ""

    @property
    def find(self) -> Finder:
        """Return the lookups for the StreamField builder."""
        return Finder(
            words=self.dates.fill_in,
            rich=self.rich,
            page_id=self._page_id,
            meeting_id=lambda key: self.meetings[key].pk,
            picture=self._picture,
            document_id=lambda key: self.documents[key].pk,
        )

    def publish(self, thing: Any, published: str, updated: str = "") -> None:
        """Publish through a revision, as an editor does, with the dates of the demo.

        The draft, the live row and the revision then agree, so the editor opens on what is live.
        """
        revision = thing.save_revision()
        revision.publish()
        first, last = (self._moment(name) for name in (published, updated or published))
        rows = Page.objects if isinstance(thing, Page) else type(thing).objects
        dated = {"first_published_at": first, "last_published_at": last}
        if isinstance(thing, Page):
            dated["latest_revision_created_at"] = last
        rows.filter(pk=thing.pk).update(**dated)
        Revision.objects.filter(pk=revision.pk).update(created_at=last)

    def _moment(self, name: str) -> datetime.datetime:
        return datetime.datetime.combine(self.dates[name], PUBLISHED_AT, LONDON)

    def _page_id(self, key: str) -> int:
        return self.pages[key].pk

    def _picture(self, key: str) -> dict:
        image = self.images[key]
        return {"image": image.pk, "alt_text": image.description, "decorative": False}
