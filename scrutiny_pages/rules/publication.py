"""Publication of records with drafts: a record is public from its publication until it expires."""

from typing import Any

from django.db.models import Q

from cms.core.visibility import Viewer


def published(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a record with drafts is public: published, and not past its expiry time."""
    expires = f"{prefix}expire_at"
    return Q(**{f"{prefix}live": True}) & (Q(**{f"{expires}__isnull": True}) | Q(**{f"{expires}__gt": viewer.at}))


def is_published(record: Any, viewer: Viewer) -> bool:
    """Return whether one record with drafts is public; agrees with ``published``."""
    return record.live and (record.expire_at is None or record.expire_at > viewer.at)
