"""Permissions on submissions, checked for each form, and recording of access."""

import uuid
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, Group, User
from django.db.models import QuerySet

from ..enums import AccessAction
from .access import AccessRecord
from .handling import FormHandling
from .submission import Submission

PERMISSION = "forms.handle_submission"
AnyUser = User | AnonymousUser  # what a request has


def handled_by(user: AnyUser) -> QuerySet[Submission]:
    """Return the submissions that a user may read and handle, without those of forms kept to other groups."""
    if not user.is_active or not user.has_perm(PERMISSION):
        return Submission.objects.none()
    return Submission.objects.exclude(version__form_key__in=closed_to(user))


def closed_to(user: AnyUser) -> QuerySet[FormHandling, Any]:
    """Return the keys of the forms that are kept to groups of which the user is not a member."""
    if user.is_superuser:
        return FormHandling.objects.none().values("form_key")
    # A row without groups is one whose groups were deleted: that opens it to nobody.
    ours = FormHandling.objects.filter(groups__in=Group.objects.filter(user=user.pk))
    return FormHandling.objects.exclude(pk__in=ours.values("pk")).values("form_key")


def user_can_handle(user: AnyUser, submission: Submission) -> bool:
    """Return whether a user may read and handle a submission."""
    return handled_by(user).filter(pk=submission.pk).exists()


def user_can_handle_form(user: AnyUser, form_key: uuid.UUID) -> bool:
    """Return whether a user may read and handle the submissions of a form."""
    if not user.is_active or not user.has_perm(PERMISSION):
        return False
    return not closed_to(user).filter(form_key=form_key).exists()


def record(
    user: AnyUser | None,
    action: AccessAction,
    *,
    submission: Submission | None = None,
    form_key: uuid.UUID | None = None,
    rows: int = 1,
    key: uuid.UUID | None = None,
) -> None:
    """Record an access to a submission, or an action on it.

    :param rows: how many submissions a list or an export contained.
    :param key: the key of the page from which a step was sent: a second step with the same key is an
        ``IntegrityError``.
    """
    by = cast("User | None", user)  # whoever may look is signed in
    AccessRecord.objects.create(submission=submission, form_key=form_key, action=action, rows=rows, by=by, key=key)
