"""Text of a panel's work programme: its facts, selection criteria and number of reviews."""

from cms.core.dates.formatting import format_date, format_length
from cms.core.text.links import linked

from ..enums import Level
from ..rules.rule_types import times
from .records import Programme, ReviewProcess


def questions_of(year: Programme) -> list[str]:
    """Return the scoring criteria of a programme, with the weight of those that count more than once."""
    return [
        f"{item.question} It counts {times(item.weight)}." if item.weight > 1 else item.question
        for item in year.criteria.all()
    ]


def count_words(number: int, process: ReviewProcess | None) -> str:
    """Return the number of reviews and the yearly limit: 2 reviews, of no more than 3 a year (H 3.1, K 11.1, G 1)."""
    reviews = format_length(number, "review")
    if process is None or process.reviews_a_year is None:
        return f"{reviews} so far" if number else ""
    aims = process.reviews_a_year_level == Level.AIM
    limit = f"We aim for {process.reviews_a_year}" if aims else f"There are no more than {process.reviews_a_year}"
    return f"{reviews} so far. {limit} a year"


def facts_of_programme(year: Programme, *, panel_url: str) -> list[tuple[str, str]]:
    """Return the panel of a programme and the body that agreed it, as pairs of label and value."""
    facts = [
        ("Panel", linked(year.panel, panel_url)),
        ("When", f"{format_date(year.starts_on)} to {format_date(year.ends_on)}"),
        ("Agreed by", str(year.agreed_by or "")),
        ("Agreed on", format_date(year.agreed_on) if year.agreed_on else ""),
        ("How", year.agreed_how),
    ]
    return [(label, value) for label, value in facts if value]
