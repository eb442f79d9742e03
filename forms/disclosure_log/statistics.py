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
    """Describe what a request came to, if it was late, and if it is looked at again: its answer stays an answer."""
    words = WORDS.get(entry.outcome, OPEN_WORDS)
    words = f"{words}, late" if entry.was_late else words
    return f"{words}. {entry.get_second_look_display()}" if entry.second_look else words


def _regimes_in_log(request: HttpRequest) -> QuerySet:
    shown = visible_to(Viewer.of(request), PublicEntry.objects.all())
    return Regime.objects.filter(pk__in=shown.values("regime"))


def regimes_in_use(viewer: Viewer) -> QuerySet:
    """Return the rules that a page tells of.

    Their form can be opened, by anyone or by members, or something came of one.

    A form that is a draft, or under a page that is one, promises nobody anything.
    """
    forms = FormPage.objects.filter(regime__isnull=False).exclude(audience=Audience.STAFF).defer_streamfields()
    opened = {form.regime_id for form in forms if viewer.may_be_served(form)}
    entries = visible_to(viewer, PublicEntry.objects.all()).values("regime")
    counted = Regime.objects.filter(is_counted_in_public=True).exclude(about="")
    return counted.filter(Q(pk__in=opened) | Q(pk__in=entries))


class EntryFilter(ListFilter):
    """Narrow the log by the rules that count, by what it came to, by lateness and by year."""

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
        """Keep what was late; for false, what was not."""
        return queryset.filter(was_late=value == "true")


@dataclasses.dataclass(frozen=True)
class Numbers:
    """How many requests came in one year under the rules of one kind, what they came to, and how many were late."""

    regime: Regime
    year: int
    by_ending: Counter
    late: int
    again: int = 0

    @property
    def asked(self) -> int:
        """Return how many came."""
        return sum(self.by_ending.values())

    @property
    def open(self) -> int:
        """Return how many are not answered yet. What is looked at again was answered."""
        return self.asked - sum(self.by_ending[state] for state in ENDINGS)

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Return what a table says of them, with its headings."""
        ended = [(words, self.by_ending[state]) for state, words in WORDS.items()]
        return [
            ("Asked", self.asked),
            *ended,
            (OPEN_WORDS, self.open),
            (AGAIN_WORDS, self.again),
            ("Late", self.late),
        ]


def numbers(on: datetime.date) -> list[Numbers]:
    """Count the requests of each year, latest first, those since erased too.

    :param on: the day, for what is late and still open.
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
