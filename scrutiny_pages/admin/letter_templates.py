"""Letters to send at a stage of a review, such as a letter of intent, filled in from its template (K 11.4 stage 3)."""

from cms.core.dates.formatting import format_date

from ..models import ReviewPage, ReviewStage

PLACES = ("review", "panel", "due", "role")


def render_letter(review: ReviewPage, stage: ReviewStage) -> str:
    """Return a stage's letter with the review, the panel, the job and the date filled in.

    Only those placeholders are filled, so that any other brace in the text stays as it is.
    """
    due = review.due_dates.get(stage.key)
    known = {
        "review": review.title,
        "panel": str(review.panel or ""),
        "role": str(stage.role or ""),
        "due": format_date(due.on) if due and due.on else "a date still to be set",
    }
    words = stage.letter
    for place in PLACES:
        words = words.replace(f"{{{place}}}", known[place])
    return words
