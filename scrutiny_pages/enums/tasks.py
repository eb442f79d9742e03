"""Kinds of task."""

from django.db.models import TextChoices

from cms.core.text.terminology import lazy_words


class TodoKind(TextChoices):
    """Categories of task."""

    MEMBER = "member", "Members"
    MEETING = "meeting", "Meetings"
    TASK = "task", "Review tasks"
    DUTY = "duty", "Regular duties"
    RECOMMENDATION = "recommendation", "Recommendations"
    REVIEW = "review", "Reviews"
    OUTCOME = "outcome", lazy_words("To tell {residents}")
    FORM = "form", "What people sent"
    SITE = "site", "The website"
