"""Tasks about submissions for the staff's task list."""

import datetime
from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Prefetch, Q

from scrutiny_pages.enums import TodoKind
from scrutiny_pages.selectors.tasks import SOON, SOURCES, Todo

from ..cases.urls import place_of
from ..models import Case, CasePause
from ..models.permissions import PERMISSION, handled_by
from ..privacy.services import erased_soon
from ..rules.retention import erased_on


def case_todos(on: datetime.date, user: User) -> Iterator[Todo]:
    """Yield tasks for cases that are late, due soon or unassigned, among those that the user may handle."""
    rows = Case.objects.open().filter(submission__in=handled_by(user))
    pauses = Prefetch("pauses", CasePause.objects.filter(ended_on=None))
    soon = Q(due_on__lte=on + SOON) | Q(review_due_on__lte=on + SOON)
    waiting = rows.filter(soon | Q(handler=None) | Q(acknowledged_on=None, acknowledge_by__isnull=False))
    for case in waiting.select_related("submission__version", "regime").prefetch_related(pauses):
        first = None if case.acknowledged_on else case.acknowledge_early
        due = min((day for day in (case.due_now, first) if day), default=None)
        is_soon = due is not None and due <= on + SOON
        if case.handler_id not in (None, user.pk) and not case.is_late(on):
            continue
        if is_soon or case.handler_id is None:
            what = "acknowledge it" if first and due == first else "answer it" if is_soon else "nobody has it yet"
            words = f"{case.submission.reference}, {case.submission.version.form_title}: {what}"
            yield Todo(TodoKind.FORM, words, place_of(case.submission), due if is_soon else None)


def keeping_todos(on: datetime.date, user: User) -> Iterator[Todo]:
    """Yield tasks for open cases that are erased soon, for every user who may handle them."""
    for sent in erased_soon(on).filter(pk__in=handled_by(user).values("pk")).select_related("version"):
        words = f"{sent.reference}, {sent.version.form_title}: close it, or it is erased on this day"
        open_since = cast("Any", sent).open_since  # annotated by `erased_soon`
        yield Todo(TodoKind.FORM, words, place_of(sent), erased_on(sent.version.keep_months, open_since))


SOURCES.append((lambda user: user.has_perm(PERMISSION), keeping_todos))
SOURCES.append((lambda user: user.has_perm(PERMISSION), case_todos))
