"""What the public may know of information requests: the log that staff write, and how many there were.

Numbers are of requests, never of people, and only of those whose rules say that they are counted in public.
"""

import dataclasses
import datetime
from collections import Counter, defaultdict

import django_filters
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest

from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.filters import ListFilter

from .case_states import OUTCOMES
from .enums import CaseState
from .models import Case, CaseTotal, PublicEntry, Regime

# What a request can have come to, in the words of the public pages. Everything else is still open.
WORDS: dict[str, str] = {
    CaseState.ANSWERED: "Answered in full",
    CaseState.PARTLY_ANSWERED: "Answered in part",
    CaseState.REFUSED: "Refused",
    CaseState.NOT_HELD: "We do not have it",
    CaseState.WITHDRAWN: "Taken back",
}
OPEN_WORDS = "Not answered yet"
ENDINGS = (*OUTCOMES, CaseState.WITHDRAWN)
# What is done without an answer of its own, such as a form of another kind, was answered.
SAME_AS = {CaseState.DONE: CaseState.ANSWERED}


def outcome_words(entry: PublicEntry) -> str:
    """Say what a request came to, and if it was late."""
    words = WORDS.get(entry.outcome, OPEN_WORDS)
    return f"{words}, late" if entry.was_late else words


def _regimes_in_log(request: HttpRequest) -> QuerySet:
    shown = visible_to(Viewer.of(request), PublicEntry.objects.all())
    return Regime.objects.filter(pk__in=shown.values("regime"))


class EntryFilter(ListFilter):
    """Narrow the log by the rules that count, by what it came to, and by year."""

    date_field = "received_on"

    rules = django_filters.ModelChoiceFilter(
        label="Who may ask", field_name="regime", to_field_name="slug", queryset=_regimes_in_log, empty_label="All"
    )
    outcome = django_filters.ChoiceFilter(label="What it came to", choices=list(WORDS.items()), empty_label="All")
    year = django_filters.NumberFilter(label="Year", field_name="received_on__year", min_value=1900, max_value=2999)


@dataclasses.dataclass(frozen=True)
class Numbers:
    """How many requests came in one year under the rules of one kind, what they came to, and how many were late."""

    regime: Regime
    year: int
    by_ending: Counter
    late: int

    @property
    def asked(self) -> int:
        """Give how many came."""
        return sum(self.by_ending.values())

    @property
    def open(self) -> int:
        """Give how many are not answered yet, or are looked at again."""
        return self.asked - sum(self.by_ending[state] for state in ENDINGS)

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Give what a table says of them, with its headings."""
        ended = [(words, self.by_ending[state]) for state, words in WORDS.items()]
        return [("Asked", self.asked), *ended, (OPEN_WORDS, self.open), ("Late", self.late)]


def numbers(on: datetime.date) -> list[Numbers]:
    """Count the requests of each year, latest first, those since erased too.

    :param on: the day, for what is late and still open.
    """
    endings: dict[tuple[int, int], Counter] = defaultdict(Counter)
    late: Counter = Counter()
    cases = Case.objects.filter(is_quarantined=False, regime__is_counted_in_public=True).order_by()
    for regime, year, state, count in cases.values_list("regime", "received_on__year", "state").annotate(Count("pk")):
        endings[regime, year][SAME_AS.get(state, state)] += count
    # Late is late for good: answered after the last day, though perhaps long ago, or owed still.
    slow = cases.filter(Q(pk__in=Case.objects.late(on).values("pk")) | Q(answered_on__gt=F("due_on")))
    for regime, year, count in slow.values_list("regime", "received_on__year").annotate(Count("pk")):
        late[regime, year] += count
    erased = CaseTotal.objects.filter(regime__is_counted_in_public=True).order_by()
    rows = erased.values_list("regime", "month__year", "state", "was_late").annotate(Sum("count"))
    for regime, year, state, was_late, count in rows:
        endings[regime, year][SAME_AS.get(state, state)] += count
        late[regime, year] += count if was_late else 0
    regimes = Regime.objects.in_bulk({regime for regime, _ in endings})
    found = [Numbers(regimes[pk], year, counts, late[pk, year]) for (pk, year), counts in endings.items()]
    return sorted(found, key=lambda item: (-item.year, item.regime.name))
