"""What activities took, added up from impact assessments (W51, W52, K 11.4 stage 17).

Only numbers leave an assessment. What somebody typed into one, the activity's name too, may tell who was there,
so no word of it is copied anywhere.
"""

import dataclasses
import datetime
from collections import defaultdict
from decimal import Decimal

from cms.core.dates.formatting import add_months

from ..answers.forms import questions_in
from ..enums import CaseState, FormKind
from ..models import CaseTotal
from ..models.permissions import handled_by, user_can_handle_form
from ..privacy.services import added, counted_in

NO_PANEL = "No panel named"


@dataclasses.dataclass(frozen=True)
class Period:
    """Whole months, since that is how finely erased assessments are still known."""

    first: datetime.date
    months: int

    @property
    def end(self) -> datetime.date:
        """Return the day after the last one."""
        return add_months(self.first, self.months)

    @property
    def starts(self) -> list[datetime.date]:
        """Return the first day of each month."""
        return [add_months(self.first, number) for number in range(self.months)]


@dataclasses.dataclass
class Total:
    """How many activities there were, and their numbers added up by what they count."""

    activities: int = 0
    sums: dict[str, str] = dataclasses.field(default_factory=dict)

    def add(self, activities: int, sums: dict[str, str]) -> None:
        """Add some more."""
        self.activities += activities
        self.sums = added(self.sums, sums)

    def of(self, what: str) -> Decimal:
        """Return how many people, hours or pounds."""
        return Decimal(self.sums.get(what, "0"))

    @property
    def pounds_words(self) -> str:
        """Describe what was spent: £1,292.10."""
        return f"£{self.of('pounds'):,.2f}"


@dataclasses.dataclass
class Activity:
    """All of a period: in all, by panel, by the review that it was for, and by month."""

    total: Total
    by_panel: dict[str, Total]
    by_review: dict[str, Total]
    by_month: dict[datetime.date, Total]


def panel_of(definition: dict, answers: dict) -> tuple[int | None, str]:
    """Return the panel that an assessment names, by its key and title; the first, if it asks twice."""
    for question in questions_in(definition):
        chosen = answers.get(question.id)
        if question.case_field == "panel" and isinstance(chosen, dict) and "pk" in chosen:
            return chosen["pk"], str(chosen.get("title", ""))
    return None, NO_PANEL


def activity_in(period: Period, *, user, panel=None) -> Activity:
    """Add up what came in a period, by the day it came: of the forms that a person handles, and no others.

    What was set aside as spam or taken back is left out. What was erased since still counts, but no longer says which
    panel it was of, or which review it was for.

    :param panel: only of one panel; then nothing that was erased.
    """
    found = Activity(Total(), defaultdict(Total), defaultdict(Total), {start: Total() for start in period.starts})

    def add(month: datetime.date, name: str, count: int, sums: dict[str, str], review=None) -> None:
        reviews = [found.by_review[review.title]] if review else []
        for total in (found.total, found.by_panel[name], found.by_month[month], *reviews):
            total.add(count, sums)

    sent = handled_by(user).filter(
        version__kind=FormKind.IMPACT,
        case__is_quarantined=False,
        case__received_on__gte=period.first,
        case__received_on__lt=period.end,
    )
    sent = sent.exclude(case__state=CaseState.WITHDRAWN).select_related("version", "case__review")
    for item in sent.iterator(chunk_size=200):
        pk, name = panel_of(item.version.definition, item.answers)
        if panel is None or pk == panel.pk:
            month = item.case.received_on.replace(day=1)
            add(month, name, 1, counted_in(item.version.definition, item.answers), item.case.review)
    if panel is None:
        erased = CaseTotal.objects.filter(kind=FormKind.IMPACT, month__gte=period.first, month__lt=period.end)
        for row in erased.exclude(state=CaseState.WITHDRAWN):
            if user_can_handle_form(user, row.form_key):
                add(row.month, NO_PANEL, row.count, row.sums)
    found.by_panel = dict(sorted(found.by_panel.items()))
    found.by_review = dict(sorted(found.by_review.items()))
    return found


def years_of_months(on: datetime.date, *, months: int = 24) -> list[datetime.date]:
    """Return the first days of the months before a day's own, and of its own, the latest first."""
    this = on.replace(day=1)
    return [add_months(this, -number) for number in range(months + 1)]
