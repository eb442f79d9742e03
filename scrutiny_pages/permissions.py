"""Who may do what: one function a question."""

from .models import Recommendation


def user_can_record_step(user, recommendation: Recommendation) -> bool:
    """Say whether a person may record what happened to a recommendation."""
    return user.is_active and user.has_perm("scrutiny_pages.record_step")
