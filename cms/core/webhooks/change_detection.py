"""Detection of public changes by comparison with the public state that was last seen.

No signal is used. A page stops being public for many reasons: unpublished, expired by the clock, restricted, moved, or
below a page of which one of these is true; and bulk writes send no signals. Wagtail also publishes in several steps, so
what is written beside them may be lost with a killed process. A comparison misses nothing: every difference is found at
the next run, whatever its cause, and its messages are written in the transaction that updates the snapshot.
"""

import dataclasses
import datetime
import hashlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page, Site

from cms.core.models import PublishedSnapshot
from cms.core.public_registry import ChangeSource, change_sources
from cms.core.visibility import Viewer, visible_to

AT_ONCE = 200  # things told in one transaction


@dataclasses.dataclass(frozen=True)
class Change:
    """A public change: the event, and the public data that is sent with it."""

    event: str
    facts: dict


def event_labels() -> dict[str, str]:
    """Return the label for staff of each webhook event, by event."""
    return {event: label for source in change_sources() for event, label in (source.changed, source.gone)}


def mark_of(*parts: object) -> str:
    """Return a short digest that differs if one of the parts does."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def public_base() -> str:
    """Return the base of every URL of the public site."""
    site = Site.objects.filter(is_default_site=True).first()
    return settings.BASE_URL.rstrip("/") or (site.root_url if site else "")


def detect_changes(at: datetime.datetime, tell: Callable[[Iterable[Change]], None]) -> None:
    """Find public changes and handle them in batches, each in one transaction with the update of the snapshot."""
    viewer = Viewer.anonymous(at)
    for source in change_sources():
        now = source.marks(viewer)
        if now is None:
            continue
        known = dict(PublishedSnapshot.objects.filter(kind=source.kind).values_list("key", "mark"))
        differing = [key for key, mark in now.items() if known.get(key) != mark]
        differing += [key for key in known if key not in now]
        for keys in _batches(differing):
            facts = source.facts(viewer, [key for key in keys if key in now])
            with transaction.atomic():
                tell(_noted(source, keys, now, facts))


def _noted(
    source: ChangeSource, keys: Collection[int], now: dict[int, str], facts: dict[int, dict]
) -> Iterator[Change]:
    """Update the snapshots of some rows that differ, and return a change for each.

    A row that another run has already updated is skipped.
    """
    rows = PublishedSnapshot.objects.select_for_update().filter(kind=source.kind, key__in=keys)
    known = {row.key: row for row in rows}
    for key in keys:
        row, mark = known.get(key), now.get(key)
        if mark is None:
            if row and row.delete()[0]:
                yield Change(source.gone[0], row.facts)
        elif key in facts and (row is None or row.mark != mark):
            noted = {"mark": mark, "facts": facts[key]}
            PublishedSnapshot.objects.update_or_create(kind=source.kind, key=key, defaults=noted)
            yield Change(source.changed[0], facts[key])


def _batches(keys: list[int]) -> Iterator[list[int]]:
    each = iter(keys)
    while batch := list(itertools.islice(each, AT_ONCE)):
        yield batch


def _page_marks(viewer: Viewer) -> dict[int, str] | None:
    """Return the marks of the public pages of the default site; they change when a page is moved or published.

    There is briefly no default site while another is made so: that withdraws no page.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return None
    pages = visible_to(viewer, Page.objects.descendant_of(site.root_page, inclusive=True))
    rows = pages.order_by().values_list("pk", "last_published_at", "url_path")
    return {pk: mark_of(published_at, path) for pk, published_at, path in rows}


def _page_facts(viewer: Viewer, keys: Collection[int]) -> dict[int, dict]:
    base, found = public_base(), {}
    for page in Page.objects.filter(pk__in=keys):
        _site, _root, path = page.get_url_parts() or (None, None, None)
        if path is not None and page.specific_class:
            found[page.pk] = {
                "id": page.pk,
                "type": page.specific_class._meta.label,
                "url": base + path,
                "api_url": base + reverse("pages_api:pages:detail", args=[page.pk]),
            }
    return found


PAGES = ChangeSource(
    kind="page",
    changed=("page.published", "A page is published, changed or moved"),
    gone=("page.unpublished", "A page is no longer public"),
    marks=_page_marks,
    facts=_page_facts,
)
