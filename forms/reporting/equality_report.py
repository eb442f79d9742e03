"""Equality statistics, with small numbers suppressed so that nobody can be identified (W32, H 8.2, K 4.4)."""

import dataclasses
import datetime
import uuid
from collections.abc import Sequence

from ..builder.definition import question_of
from ..models import EqualityCount, FormPage
from ..models.permissions import AnyUser, user_can_handle_form

FEWEST = 5
TOO_FEW = "Too few to show"
NOT_SHOWN = "Not shown"


def hidden(counts: Sequence[int]) -> set[int]:
    """Return the positions of the answers to one question whose counts are suppressed. Pure.

    Counts under 5, including 0; and where one would follow from the rest and the total, the next smallest too, until at
    least two are suppressed, of five people or more together.
    """
    found = {place for place, count in enumerate(counts) if count < FEWEST}
    if not found:
        return found
    others = sorted((count, place) for place, count in enumerate(counts) if place not in found)
    for _, place in others:
        if len(found) > 1 and sum(counts[place] for place in found) >= FEWEST:
            break
        found.add(place)
    return found


def total_words(counts: Sequence[int]) -> str:
    """Format how many answered one question: suppressed with any count, which even a rounded total could reveal."""
    total = sum(counts)
    if total < FEWEST:
        return TOO_FEW
    return NOT_SHOWN if hidden(counts) else str(total)


@dataclasses.dataclass(frozen=True)
class AnswerCounts:
    """The answers to one question, each with its count as text."""

    question: str
    total: str
    rows: list[tuple[str, str]]


def published_counts(question: str, counts: dict[str, int]) -> AnswerCounts:
    """Return the counts of one question for publication, with small ones suppressed.

    :param counts: by answer, including those without a count: an omission would reveal as much as a 0.
    """
    numbers = list(counts.values())
    kept_back = hidden(numbers)
    rows = [
        (answer, TOO_FEW if place in kept_back else str(number))
        for place, (answer, number) in enumerate(counts.items())
    ]
    return AnswerCounts(question, total_words(numbers), rows)


@dataclasses.dataclass(frozen=True)
class YearOfForm:
    """The equality answers of one form in one year."""

    form_key: uuid.UUID
    title: str
    year: int
    questions: list[AnswerCounts]


def report_for(user: AnyUser, *, on: datetime.date) -> list[YearOfForm]:
    """Return the equality answers of the forms that a user handles, latest year first.

    Only for past years: while counts still grow, whoever knows when somebody answered could see which one grew.
    """
    counts: dict[tuple, dict[str, dict[str, int]]] = {}
    titles: dict[uuid.UUID, str] = {}
    may: dict[uuid.UUID, bool] = {}
    blank: dict[uuid.UUID, dict[str, dict[str, int]]] = {}
    for row in EqualityCount.objects.filter(year__lt=on.year).order_by("-year", "form_title", "pk"):
        if row.form_key not in may:
            may[row.form_key] = user_can_handle_form(user, row.form_key)
            blank[row.form_key] = offered(row.form_key)
        if may[row.form_key]:
            titles.setdefault(row.form_key, row.form_title)
            questions = counts.setdefault((row.form_key, row.year), {})
            answers = questions.setdefault(row.question, blank[row.form_key].get(row.question, {}).copy())
            answers[row.answer] = row.count
    return [
        YearOfForm(
            key, titles[key], year, [published_counts(question, answers) for question, answers in questions.items()]
        )
        for (key, year), questions in counts.items()
    ]


def offered(form_key: uuid.UUID) -> dict[str, dict[str, int]]:
    """Return the current options of a form by question, each with 0; empty if the form is gone."""
    form = FormPage.objects.filter(form_key=form_key, equality_questions__isnull=False).first()
    if form is None or form.equality_questions is None:
        return {}
    return {
        question.label: dict.fromkeys(map(question.format_option, question.options), 0)
        for question in map(question_of, form.equality_questions.questions)
        if question.can_decide
    }
