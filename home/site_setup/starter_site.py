"""The pages of a starter's site: the tree, the menus, the panels' pages and the guidance."""

import datetime
from pathlib import Path
from typing import Any, NoReturn

import yaml
from wagtail.models import Page, Site

from cms.core.models import SiteSettings
from cms.core.streamfield_builder import Finder, stream
from cms.core.text.rich_text_markup import rich_text
from scrutiny_pages.models import Panel, PanelPage
from scrutiny_pages.starters.loader import site_created
from scrutiny_pages.starters.pages import add_page, await_review
from scrutiny_pages.starters.reader import Starter

from ..models import HomePage, Navigation, StandardPage
from .pages import LISTINGS, PLAIN, create_home, fill_plain_page

CONTENT = Path(__file__).parent / "starter_pages.yaml"
# Where people see what was asked for, and how we answered: a page of its own, which is in no tree.
REQUESTS = {"url": "/information-requests/", "label": "What people asked us for"}


def create_starter_site(starter: Starter, on: datetime.date, *, pages: bool, publish: bool, **kwargs: Any) -> None:
    """Create the site of a starter if it is requested; a site with a home page is left as it is."""
    if not pages or HomePage.objects.exists():
        return
    site = _Site(starter, on, publish=publish)
    site.create()
    site_created.send(sender=Starter, starter=starter, pages=site.pages, publish=publish)


class _Site:
    """One run of the creation. The pages refer to the landlord's settings, and copy none of them."""

    def __init__(self, starter: Starter, on: datetime.date, *, publish: bool):
        self.starter = starter
        self.on = on
        self.publish = publish
        self.menus: dict[str, list[dict]] = {"main": [], "footer": []}
        self.pages: dict[str, int] = {}

    def create(self) -> None:
        content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
        data = content["home"]
        home = self._create_home(data)
        for row in content["listings"]:
            self._add(home, LISTINGS[row["kind"]], row)
        for row in content["plain"]:
            self._add(home, PLAIN[row.get("kind", "plain")], row)
        for panel in Panel.objects.order_by("pk"):
            row = {"title": panel.name, "slug": panel.slug, "summary": panel.purpose}
            self._add(Page.objects.get(pk=self.pages["panels"]), PanelPage, row, panel=panel)
        self._add_guidance(Page.objects.get(pk=self.pages["about"]))
        self._set_up(home)

    def _create_home(self, data: dict) -> HomePage:
        """Create the home page. While it is a draft, visitors read one sentence that says so."""
        names = {name: data[name] for name in ("title", "slug")}
        home = create_home(**names, **data["until_ready"], show_numbers=False)
        if not self.publish:
            home.save_revision().publish()
            home = HomePage.objects.get(pk=home.pk)
        home.headline, home.summary, home.show_numbers = data["headline"], data["summary"], True
        self._fill(home, data, "home")
        revision = home.save_revision()
        if self.publish:
            revision.publish()
        else:
            await_review(home)
        return home

    def fill_in(self, text: str) -> str:
        """Return a text with the starter's own values filled in; references to settings are unchanged."""
        return text.replace("{about}", self.starter.about)

    def _add(self, parent: Page, model: type[Page], row: dict, **fields: Any) -> Page:
        page = model(title=row["title"], slug=row["slug"], summary=self.fill_in(row.get("summary", "")), **fields)
        self._fill(page, row, row["slug"])
        add_page(parent.pk, page, publish=self.publish)
        self.pages[row["slug"]] = page.pk
        if "menu" in row:
            self.menus[row["menu"]].append({"link": {"page": row["slug"], "label": row.get("label", row["title"])}})
        return page

    def _add_guidance(self, about: Page) -> None:
        """Add guidance on matters that software cannot enforce, each part with the register ids of its source."""
        for row in self.starter.rows("pages"):
            text = [{"text": row["text"]}] if "text" in row else []
            self._add(about, StandardPage, row | {"body": [*text, *row.get("blocks", [])]})

    def _fill(self, page: Page, row: dict, key: str) -> None:
        """Set the content of a page; the only date that a starter's site knows is the day of its creation."""
        fill_plain_page(page, row, f"starter-{key}", self._find(), lambda name: self.on)

    def _find(self) -> Finder:
        def missing(key: str) -> NoReturn:
            raise LookupError(f"A starter's page cannot refer to {key}")

        return Finder(
            words=self.fill_in,
            rich=lambda text: rich_text(self.fill_in(text), self.pages.__getitem__),
            page_id=self.pages.__getitem__,
            meeting_id=missing,
            picture=missing,
            document_id=missing,
        )

    def _set_up(self, home: Page) -> None:
        """Set the site's texts and menus."""
        site = Site.objects.get(is_default_site=True)
        settings = SiteSettings.for_site(site)
        for name, value in self.starter.data.get("site", {}).items():
            setattr(settings, name, value)
        settings.full_clean()
        settings.save()
        if self.starter.rows("regimes"):
            self.menus["footer"].append({"link": REQUESTS})
        menus = Navigation.for_site(site)
        for name, links in self.menus.items():
            setattr(menus, name, stream(Navigation._meta.get_field(name), links, f"starter-menu-{name}", self._find()))
        menus.full_clean()
        menus.save()
