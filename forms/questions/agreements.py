"""Declarations that accept an agreement, in the wording of the version in force."""

import re

from django.utils import timezone

from scrutiny_pages.models import Agreement

HEADING = re.compile(r"<h[2-6][^>]*>(.*?)</h[2-6]>", re.S)


def agreement_choices() -> list[tuple[str, str]]:
    """Return the agreements that a declaration can accept, as choices of slug and name."""
    return list(Agreement.objects.order_by("name").values_list("slug", "name"))


def in_force(settings: dict) -> dict:
    """Return the settings of a question; those of a declaration that accepts an agreement with its current text.

    :param settings: ``accepts`` is the slug of the agreement.
    :returns: the settings with the ``text`` of the version in force and its number as ``version``. If the agreement was
        deleted or has no version in force, the editor's own text stays.
    """
    if not settings.get("accepts"):
        return settings
    agreement = Agreement.objects.prefetch_related("versions").filter(slug=settings["accepts"]).first()
    version = agreement.version_in_force(timezone.localdate()) if agreement else None
    if version is None:
        return {name: value for name, value in settings.items() if name != "accepts"}
    # A question's words have no headings of their own.
    return settings | {"text": HEADING.sub(r"<p><b>\1</b></p>", version.text), "version": version.number}
