"""The status of a review on a day, in the words shared by lists of reviews and its own page. Pure."""

import datetime
from dataclasses import dataclass

from cms.core.dates.formatting import format_date

from ..enums import REVIEW_GROUPS, ReviewState
from .review_progress import Progress, Track


@dataclass(frozen=True)
class ReviewStatus:
    """Status of a review: its heading in lists, its description, and its progress diagram if there is one."""

    group: str
    summary: str
    outlook: str
    is_late: bool = False
    track: Track | None = None

    @property
    def is_drawn(self) -> bool:
        """Return whether the progress diagram is shown, which needs a review that has started."""
        return self.track is not None


def review_status(
    *,
    state: str,
    not_chosen_because: str,
    started_on: datetime.date | None,
    is_to_come: bool,
    progress: Progress,
    on: datetime.date,
) -> ReviewStatus:
    """Return the status of a review: Stage 4 of 10: testing what we read. Report due 30 June 2026.

    :param is_to_come: whether it has not started.
    :param progress: its progress on the same day.
    """
    group = next(title for title, states in REVIEW_GROUPS.items() if state in states)
    if state == ReviewState.NOT_CHOSEN:
        return ReviewStatus(group, f"Not chosen, because: {not_chosen_because}", "")
    if state == ReviewState.PROPOSED:
        return ReviewStatus(group, "Proposed. It is not decided yet.", "")
    if is_to_come:
        starts = f"Starts on {format_date(started_on)}." if started_on else "Not started yet."
        outlook = f"Report due {format_date(progress.report_due)}." if progress.report_due else ""
        return ReviewStatus(group, starts, outlook)
    outlook = "" if state == ReviewState.FINISHED else progress.next_words
    return ReviewStatus(group, progress.sentence, outlook, bool(outlook) and progress.is_late, progress.track)
