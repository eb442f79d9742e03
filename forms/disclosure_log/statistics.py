"""The filter of the disclosure log, and statistics of information requests.

Numbers are of requests, never of people, and only of those whose regime is counted in public.
"""

import dataclasses
import datetime
from collections import Counter, defaultdict

import django_filters
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest

from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models.pages.filters import LATE, NOT_LATE, ListFilter

from ..enums import Audience, CaseState
from ..models import Case, CaseTotal, FormPage, PublicEntry, Regime
from ..models.public_entry import SECOND_LOOKS
from ..rules.case_states import OUTCOMES

# What a request can have come to, in the words of the public pages. Everything else is still open.
WORDS: dict[str, str] = {
    CaseState.ANSWERED: "Answered in full",
    CaseState.PARTLY_ANSWERED: "Answered in part",
    CaseState.REFUSED: "Refused",
    CaseState.NOT_HELD: "We do not have it",
    CaseState.WITHDRAWN: "Taken back",
}
OPEN_WORDS = "Not answered yet"
AGAIN_WORDS = "Looked at again now"
# What the name of a regime stands under.
KIND = "Kind of request"
ENDINGS = (*OUTCOMES, CaseState.WITHDRAWN)
# What is done without an answer of its own, such as a form of another kind, was answered.
SAME_AS = {CaseState.DONE: CaseState.ANSWERED}


def outcome_words(entry: PublicEntry) -> str:
    """Format the outcome of a request, with lateness and review: an outcome stands during a review."""
    words = WORDS.get(entry.outcome, OPEN_WORDS)
    words = f"{words}, late" if entry.was_late else words
    return f"{words}. {entry.get_second_look_display()}" if entry.second_look else words


def _regimes_in_log(request: HttpRequest) -> QuerySet:
    shown = visible_to(Viewer.of(request), PublicEntry.objects.all())
    return Regime.objects.filter(pk__in=shown.values("regime"))


def regimes_in_use(viewer: Viewer) -> QuerySet:
    """Return the regimes that the public page lists.

    Their form can be opened, by anyone or by members, or the log has an entry under them. A form that is a draft, or
    below one, does not count.
    """
    forms = FormPage.objects.filter(regime__isnull=False).exclude(audience=Audience.STAFF).defer_streamfields()
    opened = {form.regime_id for form in forms if viewer.may_be_served(form)}
    entries = visible_to(viewer, PublicEntry.objects.all()).values("regime")
    counted = Regime.objects.filter(is_counted_in_public=True).exclude(about="")
    return counted.filter(Q(pk__in=opened) | Q(pk__in=entries))


class EntryFilter(ListFilter):
    """A filter of the log by regime, outcome, lateness and year."""

    date_field = "received_on"
    tick_boxes = {"late": "Only what was late"}

    rules = django_filters.ModelChoiceFilter(
        label=KIND, field_name="regime", to_field_name="slug", queryset=_regimes_in_log, empty_label="All"
    )
    outcome = django_filters.ChoiceFilter(label="What it came to", choices=list(WORDS.items()), empty_label="All")
    late = django_filters.ChoiceFilter(
        label="Only what was late", choices=[("true", LATE), ("false", NOT_LATE)], method="by_lateness"
    )
    year = django_filters.NumberFilter(label="Year", field_name="received_on__year", min_value=1900, max_value=2999)

    def by_lateness(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Filter to late requests; for false, to those that were not late."""
        return queryset.filter(was_late=value == "true")


@dataclasses.dataclass(frozen=True)
class Numbers:
    """The statistics of one year and one regime: requests by outcome, late ones, and reviews."""

    regime: Regime
    year: int
    by_ending: Counter
    late: int
    again: int = 0

    @property
    def asked(self) -> int:
        """Return the number of requests."""
        return sum(self.by_ending.values())

    @property
    def open(self) -> int:
        """Return the number of requests without an answer; one that is under review was answered."""
        return self.asked - sum(self.by_ending[state] for state in ENDINGS)

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Return the columns of the table, as pairs of heading and number."""
        ended = [(words, self.by_ending[state]) for state, words in WORDS.items()]
        return [
            ("Asked", self.asked),
            *ended,
            (OPEN_WORDS, self.open),
            (AGAIN_WORDS, self.again),
            ("Late", self.late),
        ]


def numbers(on: datetime.date) -> list[Numbers]:
    """Return the statistics of each year and regime, latest year first, including erased requests.

    :param on: the date for which lateness is determined.
    """
    endings: dict[tuple[int, int], Counter] = defaultdict(Counter)
    late: Counter = Counter()
    again: Counter = Counter()
    cases = Case.objects.filter(is_quarantined=False, regime__is_counted_in_public=True).order_by()
    rows = cases.with_outcome().values_list("regime", "received_on__year", "state", "came_to").annotate(Count("pk"))
    for regime, year, state, came_to, count in rows:
        endings[regime, year][SAME_AS.get(came_to, came_to)] += count
        again[regime, year] += count if state in SECOND_LOOKS else 0
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
    found = [
        Numbers(regimes[pk], year, counts, late[pk, year], again[pk, year]) for (pk, year), counts in endings.items()
    ]
    return sorted(found, key=lambda item: (-item.year, item.regime.name))
