"""The bank holidays on record, nation by nation. Pure: they come with a library's release, never from the network."""

import datetime
import functools
from collections.abc import Mapping

from django.db.models import TextChoices
from govuk_bank_holidays.bank_holidays import BankHolidays

JANUARY, DECEMBER = 1, 12


class Nation(TextChoices):
    """The nations whose bank holidays differ. The values are those of GOV.UK's own list."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


@functools.cache
def holidays(nation: str) -> Mapping[datetime.date, str]:
    """Give a nation's bank holidays by date, by name: Good Friday, Christmas Day (substitute day)."""
    events = BankHolidays(use_cached_holidays=True).get_holidays(division=nation)
    return {
        event["date"]: f"{event['title']} (substitute day)" if event["notes"] == "Substitute day" else event["title"]
        for event in events
    }


@functools.cache
def known_years(nation: str) -> range:
    """Give the years that are on record from New Year to Christmas. A list that stops in the summer is no record."""
    months = {(day.year, day.month) for day in holidays(nation)}
    years = [year for year, month in months if month == JANUARY and (year, DECEMBER) in months]
    return range(min(years), max(years) + 1)
