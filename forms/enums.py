"""The kinds of form, and where a form stands towards the people who would fill it in."""

from django.db import models


class FormKind(models.TextChoices):
    """What a form is for: it decides who handles what comes in, and how."""

    APPLICATION = "application", "Application to join"
    GENERAL = "general", "General"


class YesNo(models.TextChoices):
    """The two answers to a closed question."""

    YES = "yes", "Yes"
    NO = "no", "No"


class Opening(models.TextChoices):
    """Whether a form can be sent on a given day."""

    NOT_YET = "not_yet", "Not open yet"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
