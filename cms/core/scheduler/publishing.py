"""Scheduled publishing and expiry. Each object on its own: one that is refused does not stop the others."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import DraftStateMixin, Page, Revision


def publish_and_expire(at: datetime.datetime) -> Iterator[str]:
    """Publish and expire what was scheduled before a moment; yield each failure with its reason.

    A refused object stays scheduled, and is published as soon as its problems are solved.
    """
    drafted = (model for model in apps.get_models() if issubclass(model, DraftStateMixin))
    for model in [Page, *(model for model in drafted if not issubclass(model, Page))]:
        for item in model.objects.filter(live=True, expire_at__lt=at).order_by("expire_at"):
            yield from _tried(item, item.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in waiting(at):
        yield from _tried(revision, revision.publish, log_action="wagtail.publish.scheduled")


def waiting(at: datetime.datetime) -> QuerySet[Revision]:
    """Return the drafts that were scheduled for before a moment and are not published."""
    return Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at", "pk")


def _tried(item: Any, act: Callable, **how: Any) -> Iterator[str]:
    try:
        # Publishing writes step by step, and a receiver may refuse after the first.
        with transaction.atomic():
            act(**how)
    except ValidationError as refused:
        yield f"Refused: {_name(item)}. {' '.join(refused.messages)}"
    except Exception as failure:
        # One broken page must not keep the others from their hour, whatever is wrong with it.
        yield f"Failed: {_name(item)}. {type(failure).__name__}"


def _name(item: Any) -> str:
    return item.object_str if isinstance(item, Revision) else str(item)
