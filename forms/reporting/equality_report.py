"""What equality answers add up to, told so that nobody can be found in them (W32, H 8.2, K 4.4). The rule is pure."""

import dataclasses
import datetime
import uuid
from collections.abc import Sequence

from ..builder.definition import question_of
from ..models import EqualityCount, FormPage
from ..models.permissions import user_can_handle_form

FEWEST = 5
TOO_FEW = "Too few to show"
NOT_SHOWN = "Not shown"


def hidden(counts: Sequence[int]) -> set[int]:
    """Describe which of the answers to one question are too few to show, by place.

    Those under 5, none at all among them; and where one would follow from the rest and the total, the next
    smallest too, until those that are hidden are at least two, of five people or more together.
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
    """Return how many answered one question: only if nothing is hidden, which even a rounded total could give away."""
    total = sum(counts)
    if total < FEWEST:
        return TOO_FEW
    return NOT_SHOWN if hidden(counts) else str(total)


@dataclasses.dataclass(frozen=True)
class Told:
    """One question with its answers, each with its number in words."""

    question: str
    total: str
    rows: list[tuple[str, str]]


def told(question: str, counts: dict[str, int]) -> Told:
    """Describe how many gave each answer, as far as it can be said.

    :param counts: by answer, with those that nobody gave: a gap would tell as much as a nought.
    """
    numbers = list(counts.values())
    kept_back = hidden(numbers)
    rows = [
        (answer, TOO_FEW if place in kept_back else str(number))
        for place, (answer, number) in enumerate(counts.items())
    ]
    return Told(question, total_words(numbers), rows)


@dataclasses.dataclass(frozen=True)
class YearOfForm:
    """What was answered after one form in one year."""

    form_key: uuid.UUID
    title: str
    year: int
    questions: list[Told]


def report_for(user, *, on: datetime.date) -> list[YearOfForm]:
    """Return what was answered after each form that a person handles, the latest year first.

    Only years that are over: while numbers still grow, whoever knows when somebody answered could see which one grew.
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
        YearOfForm(key, titles[key], year, [told(question, answers) for question, answers in questions.items()])
        for (key, year), questions in counts.items()
    ]


def offered(form_key: uuid.UUID) -> dict[str, dict[str, int]]:
    """Return the answers that a form offers today, by question, each with nought; none for a form that is gone."""
    form = FormPage.objects.filter(form_key=form_key, equality_questions__isnull=False).first()
    if form is None:
        return {}
    return {
        question.label: dict.fromkeys(map(question.say, question.options), 0)
        for question in map(question_of, form.equality_questions.questions)
        if question.can_decide
    }
