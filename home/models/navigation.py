"""The menus in the header and the footer of every page."""

import dataclasses

from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from cms.core.blocks import LinkBlock
from cms.core.visibility import Viewer


@dataclasses.dataclass(frozen=True)
class MenuItem:
    """One link of a menu, and whether the current page is there or below it."""

    label: str
    url: str
    is_current: bool


@register_setting(icon="list-ul", order=2)
class Navigation(BaseSiteSetting):
    """The main menu and the footer menu."""

    main = StreamField(
        [("link", LinkBlock())],
        blank=True,
        max_num=8,
        help_text="At the top of every page. Seven is plenty. The last stays in sight on a phone.",
    )
    footer = StreamField(
        [("link", LinkBlock())],
        blank=True,
        max_num=12,
        help_text="At the foot. Contact, accessibility, privacy and complaints about data are there by themselves.",
    )

    panels = [FieldPanel("main"), FieldPanel("footer")]

    class Meta:
        verbose_name = "menus"

    def __str__(self) -> str:
        return "Menus"

    def items(self, menu: StreamField, request: HttpRequest) -> list[MenuItem]:
        """Return a menu's links, without those to pages that this visitor may not see."""
        viewer, items = Viewer.of(request), []
        for block in menu:
            page, url, label = block.value["page"], block.value["url"], block.value["label"]
            if page:
                if not viewer.sees_page(page):
                    continue
                url, label = page.get_url(request), label or page.title
            if url:
                items.append(MenuItem(label, url, url != "/" and request.path.startswith(url)))
        return items
