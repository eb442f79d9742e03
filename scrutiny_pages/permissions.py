"""Who may do what: one function a question."""

from .models import Recommendation, ReviewPage


def user_can_record_step(user, recommendation: Recommendation) -> bool:
    """Say whether a person may record what happened to a recommendation."""
    return user.is_active and user.has_perm("scrutiny_pages.record_step")


def user_can_record_stage(user, review: ReviewPage) -> bool:
    """Say whether a person may record that a stage of a review is done: who publishes it may."""
    return user.is_active and review.permissions_for_user(user).can_publish()


def user_can_import(user) -> bool:
    """Say whether a person may import a tracker: it adds, publishes and records at once."""
    needed = ("add_recommendation", "publish_recommendation", "record_step")
    return user.is_active and user.has_perms([f"scrutiny_pages.{codename}" for codename in needed])
