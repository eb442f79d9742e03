"""Services of the disclosure log: one entry for one request, written under the request's lock."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cms.core.service_writes import lock_rows, service_write

from ..enums import AccessAction
from ..models import Case, PublicEntry, Submission
from ..models.permissions import record
from ..models.public_entry import WRITTEN_BY

# What staff write; the rest follows from the request, and from when it was published.
FIELDS = ("subject", "received_on", "answered_on", "outcome", "reason", "was_late", "second_look", "answer")


class EntryErased(Exception):
    """Raised if the request of an entry was erased before it had an entry."""


class EntryChanged(Exception):
    """Raised if another user has changed the entry since the caller read it.

    :param now: the entry as it is stored.
    :param fields: the names of the fields in which it differs from what was to be saved.
    """

    def __init__(self, now: PublicEntry | None, fields: Sequence[str]):
        super().__init__("Somebody else has changed this entry.")
        self.now, self.fields = now, fields


def version_of(entry: PublicEntry | None) -> str:
    """Return a stamp of an entry, which changes with each save; empty for a new one."""
    return entry.changed_at.isoformat() if entry and entry.pk else ""


@service_write(WRITTEN_BY)
def save_entry(*, entry: PublicEntry, seen: str, publish: bool | None = None, by: User | None = None) -> PublicEntry:
    """Save the fields of an entry, and record in the same transaction who changed it.

    Nothing is written if the entry is unchanged, as after a second click.

    :param entry: the entry with its new values.
    :param seen: the stamp from `version_of` of the entry that the caller read.
    :param publish: whether it is public; None leaves that as it is.
    :raises EntryChanged: if the entry was saved by somebody else since then.
    :raises EntryErased: if the request was erased before it had an entry.
    """
    now, case = _locked(entry)
    if now is None and entry.pk:
        raise EntryErased
    is_public = bool(now and now.published_at) if publish is None else publish
    changed = [name for name in FIELDS if getattr(now, name) != getattr(entry, name)] if now else []
    if now and not changed and is_public == bool(now.published_at):
        return now
    if now is None and case is None:
        raise EntryErased
    if seen != version_of(now):
        raise EntryChanged(now, changed)
    kept = now or entry
    for name in FIELDS:
        setattr(kept, name, getattr(entry, name))
    kept.published_at = (kept.published_at or timezone.now()) if is_public else None
    kept.save()
    if kept.case:
        record(by, AccessAction.CHANGED, submission=kept.case.submission)
    return kept


def _locked(entry: PublicEntry) -> tuple[PublicEntry | None, Case | None]:
    """Lock the request until the transaction ends, as its erasure does; return its entry and the case.

    Two concurrent first saves therefore do not create two entries.
    """
    case = entry.case
    if case and not lock_rows(Submission.objects.filter(pk=case.submission_id)):
        case = None
    rows = PublicEntry.objects.filter(pk=entry.pk) if entry.pk else PublicEntry.objects.filter(case=entry.case_id)
    return next(iter(lock_rows(rows)), None), case


@service_write(WRITTEN_BY)
def add_past_entry(**facts: Any) -> PublicEntry:
    """Add an entry about a request that was answered before this site existed."""
    return PublicEntry.objects.create(**facts)
