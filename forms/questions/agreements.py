"""Declarations that accept one of the arrangement's agreements: in the words of the version that is in force."""

import re

from django.utils import timezone

from scrutiny_pages.models import Agreement

HEADING = re.compile(r"<h[2-6][^>]*>(.*?)</h[2-6]>", re.S)


def agreement_choices() -> list[tuple[str, str]]:
    """Return the agreements that a declaration can accept, as an editor chooses them."""
    return list(Agreement.objects.order_by("name").values_list("slug", "name"))


def in_force(settings: dict) -> dict:
    """Return the settings of a question; those of a declaration that accepts an agreement with its words of today.

    :param settings: ``accepts`` is the agreement's slug. What comes back has its ``text``, and its ``version`` by
        number; an agreement that is gone or has no version in force leaves the editor's own words.
    """
    if not settings.get("accepts"):
        return settings
    agreement = Agreement.objects.prefetch_related("versions").filter(slug=settings["accepts"]).first()
    version = agreement.version_in_force(timezone.localdate()) if agreement else None
    if version is None:
        return {name: value for name, value in settings.items() if name != "accepts"}
    # A question's words have no headings of their own.
    return settings | {"text": HEADING.sub(r"<p><b>\1</b></p>", version.text), "version": version.number}
