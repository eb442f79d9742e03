"""Bank holidays by nation. Pure: they come with a library's release, never from the network."""

import datetime
import functools
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.text import get_text_list
from govuk_bank_holidays.bank_holidays import BankHolidays

JANUARY, DECEMBER = 1, 12
SUBSTITUTE = "substitute day"


class Nation(TextChoices):
    """The nations whose bank holidays differ. The values are those of GOV.UK's own list."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


# The calendar of laws that exclude the bank holidays of every nation (FOIA 2000 s.10(6), EIR 2004).
ANY_PART_OF_UK = "any-part-of-uk"
CALENDARS = {**{nation.value: str(nation.label) for nation in Nation}, ANY_PART_OF_UK: "Any part of the UK"}
# The values of ``Nation``, each with the places it is said by.
_PLACES: dict[str, tuple[str, ...]] = {
    "england-and-wales": ("England", "Wales"),
    "scotland": ("Scotland",),
    "northern-ireland": ("Northern Ireland",),
}


@functools.cache
def holidays(calendar: str) -> Mapping[datetime.date, str]:
    """Return the bank holidays of a calendar by date, each with its name: Christmas Day (substitute day).

    For any part of the UK, a day that is no holiday everywhere names its nations: St Andrew’s Day (Scotland).
    """
    if calendar == ANY_PART_OF_UK:
        return _holidays_anywhere()
    return {day: _name(title, SUBSTITUTE if moved else "") for day, (title, moved) in _listed(calendar).items()}


@functools.cache
def _listed(nation: str) -> Mapping[datetime.date, tuple[str, bool]]:
    events = BankHolidays(use_cached_holidays=True).get_holidays(division=nation)
    return {event["date"]: (event["title"], event["notes"] == "Substitute day") for event in events}


def _holidays_anywhere() -> Mapping[datetime.date, str]:
    found: dict[datetime.date, dict[tuple[str, bool], list[str]]] = defaultdict(lambda: defaultdict(list))
    for nation, places in _PLACES.items():
        for day, named in _listed(nation).items():
            found[day][named].extend(places)
    everywhere = sum(len(places) for places in _PLACES.values())

    def name(title: str, moved: bool, places: list[str]) -> str:
        where = get_text_list(places, "and") if len(places) < everywhere else ""
        return _name(title, SUBSTITUTE if moved else "", where)

    return {
        day: get_text_list([name(*named, places) for named, places in names.items()], "and")
        for day, names in sorted(found.items())
    }


def _name(title: str, *notes: str) -> str:
    told = ", ".join(filter(None, notes))
    return f"{title} ({told})" if told else title


@functools.cache
def known_years(calendar: str) -> range:
    """Return the years that are recorded completely, from New Year to Christmas.

    For any part of the UK, only years that are recorded for every nation.
    """
    if calendar == ANY_PART_OF_UK:
        each = [known_years(nation) for nation in _PLACES]
        return range(max(years.start for years in each), min(years.stop for years in each))
    months = {(day.year, day.month) for day in holidays(calendar)}
    years = [year for year, month in months if month == JANUARY and (year, DECEMBER) in months]
    return range(min(years), max(years) + 1)
