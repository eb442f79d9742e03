"""Kinds of panel, and the choices in their rules."""

from django.db.models import TextChoices

from cms.core.text.terminology import lazy_words


class PanelKind(TextChoices):
    """Kinds of body. The members of a deciding body are not stored."""

    SCRUTINY_PANEL = "scrutiny_panel", "Scrutiny panel"
    CUSTOMER_PANEL = "customer_panel", lazy_words("{Resident} panel")
    AUDITORS = "auditors", lazy_words("{Resident} auditors")
    COMMITTEE = "committee", "Assurance committee"
    FORUM = "forum", "Forum"
    SUB_PANEL = "sub_panel", "Sub-panel"
    TASK_AND_FINISH = "task_and_finish", "Task-and-finish group"
    DECIDING_BODY = "deciding_body", "Deciding body"


class Level(TextChoices):
    """Strictness of a panel's rule."""

    REFUSE = "refuse", "Stop whoever breaks it"
    WARN = "warn", "Warn, but allow it"
    AIM = "aim", "Something to aim for"


class Consequence(TextChoices):
    """Consequences for the seat of a member who misses too many meetings."""

    MAY_REPLACE = "may_replace", "The panel may give the seat to somebody else"
    LAPSES = "lapses", "The member loses the seat"


class Voting(TextChoices):
    """Voting rights of co-opted people, for panels whose rules define them."""

    YES = "yes", "They can vote"
    NO = "no", "They cannot vote"


class HowOften(TextChoices):
    """Meanings of a number of meetings a year: a minimum, a maximum or a guide."""

    AT_LEAST = "at_least", "At least"
    ABOUT = "about", "About"
    AT_MOST = "at_most", "No more than"
