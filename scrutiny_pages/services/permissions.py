"""Who may do what: one function a question."""

from wagtail.permissions import page_permission_policy

from ..enums import ONE_AT_A_TIME, PANEL_DECISIONS, STEP_OF, MemberStanding, Step
from ..models import Event, Membership, Recommendation, RegularDuty, ReviewPage
from ..models.tracking import EventQuerySet

CHAIR_STEPS = {*PANEL_DECISIONS, Step.NOTE, Step.CORRECT}


def panels_chaired_by(user) -> set[int]:
    """Return the keys of the panels that somebody chairs now: their sign-in belongs to an active chair's person.

    Who leaves the panel, or the role, has the right no longer (case AR6). Asked once for each request's user.
    """
    if not hasattr(user, "_panels_chaired"):
        seats = Membership.objects.filter(
            person__user=user, review=None, role__in=ONE_AT_A_TIME, standing=MemberStanding.ACTIVE
        )
        user._panels_chaired = set(seats.values_list("panel_id", flat=True))
    return user._panels_chaired


def user_can_record_step(user, recommendation: Recommendation) -> bool:
    """Return whether a person may record anything at all of what happened to a recommendation."""
    if user.is_active and user.has_perm("scrutiny_pages.record_step"):
        return True
    return any(user_can_take_step(user, recommendation, step) for step in CHAIR_STEPS)


def user_can_take_step(user, recommendation: Recommendation, step: Step) -> bool:
    """Return whether a person may record one step: staff any, a chair the decisions of the panel that they chair."""
    if user.is_active and user.has_perm("scrutiny_pages.record_step"):
        return True
    if not user.is_active or step not in CHAIR_STEPS or not user.has_perm("scrutiny_pages.decide_step"):
        return False
    bodies = recommendation.bodies_that_decide(step)
    return any(body.pk in panels_chaired_by(user) for body in bodies if body)


def entries_to_correct(user, recommendation: Recommendation) -> EventQuerySet:
    """Return the entries that a person may say were recorded by mistake: those that they may record, newest first."""
    if user is None:
        return Event.objects.none()
    kinds = [kind for kind, step in STEP_OF.items() if user_can_take_step(user, recommendation, step)]
    return recommendation.tracking.events.correctable().filter(kind__in=kinds)


def user_can_record_stage(user, review: ReviewPage) -> bool:
    """Return whether a person may record that a stage of a review is done: who publishes it may."""
    return user.is_active and review.permissions_for_user(user).can_publish()


def user_keeps_members(user) -> bool:
    """Return whether a person may see and change who sits on which panel, and who came to a meeting."""
    return user.is_active and user.has_perm("scrutiny_pages.handle_membership")


def user_can_mark_duty(user, duty: RegularDuty) -> bool:
    """Return whether a person may record that a regular duty was done; one with each member shows their names."""
    may = user.is_active and user.has_perm("scrutiny_pages.change_regularduty")
    return may and (not duty.for_each_member or user_keeps_members(user))


def user_can_start_outcome(user) -> bool:
    """Return whether a person may start an outcome from what was confirmed: who adds pages may."""
    return user.is_active and page_permission_policy.user_has_permission(user, "add")


def user_can_import(user) -> bool:
    """Return whether a person may import a tracker: it adds, publishes and records at once."""
    needed = ("add_recommendation", "publish_recommendation", "record_step")
    return user.is_active and user.has_perms([f"scrutiny_pages.{codename}" for codename in needed])
