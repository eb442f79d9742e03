"""Units of deadlines, and the events that deadlines are counted from."""

from django.db.models import TextChoices

from .reviews import Product


class CountsFrom(TextChoices):
    """Events that a stage's date can be counted from, besides the products of other stages."""

    REVIEW = "review", "The day the review starts"
    PREVIOUS = "previous", "The day the stage before is done"
    STAGE = "stage", "The day this stage is started"


COUNTS_FROM = [*CountsFrom.choices, *((product.value, f"{product.label} is done") for product in Product)]


class DeadlineUnit(TextChoices):
    """Units of a deadline, or the kind of day on which it falls."""

    WORKING_DAYS = "working_days", "Working days"
    CALENDAR_DAYS = "calendar_days", "Days, weekends included"
    WEEKS = "weeks", "Weeks"
    MONTHS = "months", "Months"
    QUARTER_START = "quarter_start", "The start of a quarter"
    QUARTER_END = "quarter_end", "The end of a quarter"
    NEXT_MEETING = "next_meeting", "The next meeting of a panel"
    FIXED_DATE = "fixed_date", "A fixed date"


class DutyUnit(TextChoices):
    """Units of the interval of a regular duty."""

    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"
