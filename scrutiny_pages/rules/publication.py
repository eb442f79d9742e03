"""Publication of records with drafts: a record is public once published, until it expires."""

from django.db.models import Model, Q

from cms.core.visibility import Viewer


def published(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a record with drafts is public: published, and not expired by the clock."""
    expires = f"{prefix}expire_at"
    return Q(**{f"{prefix}live": True}) & (Q(**{f"{expires}__isnull": True}) | Q(**{f"{expires}__gt": viewer.at}))


def is_published(record: Model, viewer: Viewer) -> bool:
    """Return whether one record with drafts is public: the same as ``published``, for a record in hand."""
    return record.live and (record.expire_at is None or record.expire_at > viewer.at)
