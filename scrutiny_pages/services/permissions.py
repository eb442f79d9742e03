"""Permissions of users, one function each."""

from typing import Any

from wagtail.permissions import page_permission_policy

from ..enums import ONE_AT_A_TIME, PANEL_DECISIONS, STEP_OF, MemberStanding, Step
from ..models import Event, Membership, Recommendation, RegularDuty, ReviewPage
from ..models.tracking import EventQuerySet

CHAIR_STEPS = {*PANEL_DECISIONS, Step.NOTE, Step.CORRECT}


def panels_chaired_by(user: Any) -> set[int]:
    """Return the primary keys of the panels that a user chairs: the user belongs to the person of an active chair.

    The right ends with the membership or the role (case AR6). It is queried once per user object and request.
    """
    if not hasattr(user, "_panels_chaired"):
        seats = Membership.objects.filter(
            person__user=user, review=None, role__in=ONE_AT_A_TIME, standing=MemberStanding.ACTIVE
        )
        user._panels_chaired = set(seats.values_list("panel_id", flat=True))
    return user._panels_chaired


def user_can_record_step(user: Any, recommendation: Recommendation) -> bool:
    """Return whether a user may record any step of a recommendation."""
    if user.is_active and user.has_perm("scrutiny_pages.record_step"):
        return True
    return any(user_can_apply_step(user, recommendation, step) for step in CHAIR_STEPS)


def user_can_apply_step(user: Any, recommendation: Recommendation, step: Step) -> bool:
    """Return whether a user may record one step: staff any, a chair the decisions of the panel that they chair."""
    if user.is_active and user.has_perm("scrutiny_pages.record_step"):
        return True
    if not user.is_active or step not in CHAIR_STEPS or not user.has_perm("scrutiny_pages.decide_step"):
        return False
    bodies = recommendation.bodies_that_decide(step)
    return any(body.pk in panels_chaired_by(user) for body in bodies if body)


def entries_to_correct(user: Any, recommendation: Recommendation) -> EventQuerySet:
    """Return the entries that a user may correct, which are those that the user may record, latest first."""
    if user is None:
        return Event.objects.none()
    kinds = [kind for kind, step in STEP_OF.items() if user_can_apply_step(user, recommendation, step)]
    return recommendation.tracking.events.correctable().filter(kind__in=kinds)


def user_can_record_stage(user: Any, review: ReviewPage) -> bool:
    """Return whether a user may record stages of a review, which those who may publish it can."""
    return user.is_active and review.permissions_for_user(user).can_publish()


def user_can_manage_members(user: Any) -> bool:
    """Return whether a user may see and change members and attendance."""
    return user.is_active and user.has_perm("scrutiny_pages.handle_membership")


def user_can_mark_duty(user: Any, duty: RegularDuty) -> bool:
    """Return whether a user may record that a regular duty was done; one with each member reveals their names."""
    may = user.is_active and user.has_perm("scrutiny_pages.change_regularduty")
    return may and (not duty.for_each_member or user_can_manage_members(user))


def user_can_start_outcome(user: Any) -> bool:
    """Return whether a user may start an outcome, which those who may add pages can."""
    return user.is_active and page_permission_policy.user_has_permission(user, "add")


def user_can_import(user: Any) -> bool:
    """Return whether a user may import a tracker: it adds, publishes and records at once."""
    needed = ("add_recommendation", "publish_recommendation", "record_step")
    return user.is_active and user.has_perms([f"scrutiny_pages.{codename}" for codename in needed])
