"""Totals of impact assessments (W51, W52, K 11.4 stage 17).

Only numbers leave an assessment. Free text, including the activity's name, may identify people, so none of it is
copied.
"""

import dataclasses
import datetime
from collections import defaultdict
from decimal import Decimal

from cms.core.dates.formatting import add_months
from scrutiny_pages.models import Panel, ReviewPage

from ..answers.forms import questions_in
from ..enums import CaseState, FormKind
from ..models import CaseTotal
from ..models.permissions import AnyUser, handled_by, user_can_handle_form
from ..privacy.services import added, counted_in

NO_PANEL = "No panel named"


@dataclasses.dataclass(frozen=True)
class Period:
    """A period of whole months, which is the granularity of the totals of erased assessments."""

    first: datetime.date
    months: int

    @property
    def end(self) -> datetime.date:
        """Return the first day after the period."""
        return add_months(self.first, self.months)

    @property
    def starts(self) -> list[datetime.date]:
        """Return the first day of each month."""
        return [add_months(self.first, number) for number in range(self.months)]


@dataclasses.dataclass
class Total:
    """The number of activities, and their sums by what they count."""

    activities: int = 0
    sums: dict[str, str] = dataclasses.field(default_factory=dict)

    def add(self, activities: int, sums: dict[str, str]) -> None:
        """Add activities and their sums."""
        self.activities += activities
        self.sums = added(self.sums, sums)

    def of(self, what: str) -> Decimal:
        """Return the sum of people, hours or pounds."""
        return Decimal(self.sums.get(what, "0"))

    @property
    def pounds_words(self) -> str:
        """Format the pounds: £1,292.10."""
        return f"£{self.of('pounds'):,.2f}"


@dataclasses.dataclass
class Activity:
    """The totals of a period: overall, by panel, by review and by month."""

    total: Total
    by_panel: dict[str, Total]
    by_review: dict[str, Total]
    by_month: dict[datetime.date, Total]


def panel_of(definition: dict, answers: dict) -> tuple[int | None, str]:
    """Return the key and title of the panel in an assessment's answers; the first, if there are several."""
    for question in questions_in(definition):
        chosen = answers.get(question.id)
        if question.case_field == "panel" and isinstance(chosen, dict) and "pk" in chosen:
            return chosen["pk"], str(chosen.get("title", ""))
    return None, NO_PANEL


def activity_in(period: Period, *, user: AnyUser, panel: Panel | None = None) -> Activity:
    """Return the totals of a period, by date of receipt, of the forms that a user handles.

    Spam and withdrawn submissions are left out. Erased ones still count, but without a panel or a review.

    :param panel: only this panel; then nothing that was erased.
    """
    found = Activity(Total(), defaultdict(Total), defaultdict(Total), {start: Total() for start in period.starts})

    def add(
        month: datetime.date, name: str, count: int, sums: dict[str, str], review: ReviewPage | None = None
    ) -> None:
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
    """Return the first days of the current month and of those before it, latest first."""
    this = on.replace(day=1)
    return [add_months(this, -number) for number in range(months + 1)]
