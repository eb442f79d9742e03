"""Regimes of law: the worked examples of each, from the data of starters."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from forms.cases import services as case_services
from forms.cases.presenters import describe_dates
from forms.cases.public_status import progress_of
from forms.cases.services.clock import stop_of
from forms.enums import Clarification, FormKind
from forms.models import Case, CasePause, FormPage, Regime
from forms.rules.case_deadlines import Stop, counted, format_deadline, last_day, latest_with_more_time
from forms.starters.loader import load_rules
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import DeadlineRule
from scrutiny_pages.starters import reader
from tests.factories.forms import RegimeFactory, case_of

D = datetime.date
day = D.fromisoformat
ST_ANDREW = "St Andrew’s Day (Scotland)"
ST_PATRICK = "St Patrick’s Day (Northern Ireland)"
BOYNE = "Battle of the Boyne (Orangemen’s Day) (substitute day, Northern Ireland)"
EASTER_MONDAY = "Easter Monday (England, Wales and Northern Ireland)"
NEW_YEAR_2027 = "New Year’s Day and 2nd January (substitute day, Scotland)"


@pytest.fixture
def laws(db) -> dict[str, Regime]:
    """Return the regimes of every starter, by slug."""
    load_rules(reader.read("council-forum"))
    return {regime.slug: regime for regime in Regime.objects.all()}


@pytest.mark.parametrize(
    ("law", "received", "due", "named"),
    [
        # The worked examples of the statutes: each was looked up on the calendars of the three nations.
        ("foi", "2026-11-09", "2026-12-08", [ST_ANDREW]),  # 1, and case F1
        ("foi", "2026-12-18", "2027-01-21", ["Christmas Day", "Boxing Day (substitute day)", NEW_YEAR_2027]),  # 2
        ("foi", "2026-02-27", "2026-03-30", [ST_PATRICK]),  # 3
        ("foi", "2026-06-27", "2026-07-27", [BOYNE]),  # 4, a Saturday
        ("foi", "2026-03-20", "2026-04-21", ["Good Friday", EASTER_MONDAY]),  # 5
        ("foi", "2026-12-25", "2027-01-27", []),  # 7, Christmas Day
        ("foi", "2027-02-26", "2027-03-31", [ST_PATRICK, "Good Friday", EASTER_MONDAY]),  # 8
        ("eir", "2026-11-09", "2026-12-08", [ST_ANDREW]),  # 9
        ("foisa", "2026-03-20", "2026-04-20", ["Good Friday"]),  # 10
        ("own-data", "2026-10-31", "2026-11-30", []),  # 11, a Saturday
        ("own-data", "2027-01-30", "2027-03-01", []),  # 12, a Saturday
        ("own-data", "2026-11-25", "2026-12-29", ["Christmas Day", "Boxing Day (substitute day)"]),  # 13
        ("stairs", "2027-04-01", "2027-05-01", []),  # 15, to a Saturday
        # Beside them: summer in Scotland, a leap day, the day before a holiday of one nation, and a year's end.
        ("foi", "2026-07-20", "2026-08-18", ["Summer bank holiday (Scotland)"]),
        ("foisa", "2026-07-20", "2026-08-18", ["Summer bank holiday"]),
        ("foi", "2028-01-31", "2028-02-28", []),
        ("foisa", "2026-11-27", "2026-12-30", ["St Andrew’s Day", "Christmas Day", "Boxing Day (substitute day)"]),
        ("own-data", "2028-01-31", "2028-02-29", []),
        ("own-data", "2027-03-26", "2027-04-26", []),  # comes on Good Friday
        ("stairs", "2027-11-25", "2027-12-25", []),  # Christmas Day and a Saturday, and not moved
        # What is not on record is not guessed: twenty days lead into a year of which the data knows nothing.
        ("foi", "2028-12-01", None, ["every part of the UK in 2029"]),
        ("foisa", "2028-12-01", None, ["Scotland in 2029"]),
        ("own-data", "2028-12-12", None, ["England and Wales in 2029"]),
    ],
)
def test_each_law_has_its_own_calendar_and_a_day_explains_itself(laws, law, received, due, named):
    """Cases F1 and F2, and the building block of issue 12: a regime's calendar is one nation or any part of the UK."""
    case = case_of(received_on=day(received), regime=laws[law])
    assert (case.first_due_on, case.due_on) == ((day(due),) * 2 if due else (None, None))
    words = " ".join(describe_dates(case, day(received)))
    for name in named:
        assert name in words


def test_a_panels_own_rule_keeps_to_the_sites_nation(db):
    """Example 16: ten working days from Christmas Eve, in England."""
    rules = RegimeFactory(answer_amount=10)
    case = case_of(received_on=D(2026, 12, 24), regime=rules)
    assert (case.due_on, case.calendar) == (D(2027, 1, 12), "england-and-wales")


def test_a_calendar_that_changes_later_moves_no_date_that_was_given(laws):
    case = case_of(received_on=D(2026, 11, 9), regime=laws["foi"])
    Regime.objects.update(calendar="england-and-wales")
    found = Case.objects.get(pk=case.pk)
    assert (found.calendar, found.due_on) == ("any-part-of-uk", D(2026, 12, 8))
    assert ST_ANDREW in " ".join(describe_dates(found, D(2026, 11, 10)))


@pytest.mark.parametrize(
    ("law", "received", "asked", "answered", "due"),
    [
        ("foi", "2026-11-02", "2026-11-05", "2026-11-16", "2026-12-15"),  # 6, and case F2
        ("foi", "2026-11-02", "2026-11-05", "2026-11-05", "2026-12-04"),  # answered at once: from that day
        ("eir", "2026-11-02", "2026-11-05", "2026-11-16", "2026-12-15"),
        ("foisa", "2026-03-02", "2026-03-05", "2026-03-20", "2026-04-20"),
        ("own-data", "2026-11-02", "2026-11-05", "2026-11-16", "2026-12-14"),  # 14: 12 days, both included
        ("own-data", "2026-10-28", "2026-11-05", "2026-11-16", "2026-12-10"),  # 28 November is a Saturday: rolled once
        ("own-data", "2026-11-25", "2026-12-01", "2026-12-01", "2026-12-29"),  # one day, within Christmas
        ("panel", "2026-11-02", "2026-11-05", "2026-11-16", "2026-11-25"),  # seven working days later
    ],
)
def test_a_question_stops_the_days_or_counts_them_anew(laws, monkeypatch, law, received, asked, answered, due):
    """Case F2: the days of freedom of information start anew; those of the law on personal data stand still."""
    case = case_of(received_on=day(received), regime=laws.get(law) or RegimeFactory(answer_amount=10))
    monkeypatch.setattr(timezone, "localdate", lambda *args: day(asked))
    case_services.ask_person(case=case, subject="A question", body="Which year?")
    waiting = " ".join(progress_of(case.submission)["sentences"])
    assert ("anew" in waiting) == (law in ("foi", "eir", "foisa"))
    monkeypatch.setattr(timezone, "localdate", lambda *args: day(answered))
    case_services.person_answered(case=Case.objects.get(pk=case.pk), on=day(answered))
    found = Case.objects.get(pk=case.pk)
    assert found.due_on == day(due)
    assert f"{found.due_on.day} {found.due_on:%B %Y}" in " ".join(describe_dates(found, day(answered)))


@pytest.mark.parametrize(
    ("law", "received", "until", "is_allowed"),
    [
        ("eir", "2026-11-09", "2027-01-11", True),  # 9: 40 working days in all
        ("eir", "2026-11-09", "2027-01-12", False),
        ("own-data", "2026-11-25", "2027-02-25", True),  # three months from receipt, not two from the day it rolled to
        ("own-data", "2026-11-25", "2027-02-26", False),
        ("own-data", "2026-10-31", "2027-02-01", True),  # 31 January is a Sunday
        ("own-data", "2026-10-31", "2027-02-02", False),
        ("stairs", "2027-04-01", "2027-05-03", False),
        ("foisa", "2026-03-20", "2026-04-21", False),
    ],
)
def test_more_time_is_within_the_law(laws, monkeypatch, law, received, until, is_allowed):
    case = case_of(received_on=day(received), regime=laws[law])
    monkeypatch.setattr(timezone, "localdate", lambda *args: day(received))
    try:
        case_services.extend(case=case, until=day(until), reason="There is much of it")
    except case_services.CaseTransitionNotAllowed:
        assert not is_allowed
    assert Case.objects.get(pk=case.pk).due_on == (day(until) if is_allowed else case.first_due_on)


MONTH, TWO_MONTHS = (DeadlineRule(DeadlineUnit.MONTHS, number, rolls=True) for number in (1, 2))
ENGLAND = "england-and-wales"


def test_a_day_that_was_told_is_kept_until_a_later_pause_moves_it():
    pause = Stop(D(2026, 11, 5), D(2026, 11, 16), in_full=True)
    saturday = D(2027, 1, 9)
    assert last_day(MONTH, D(2026, 11, 2), [pause, saturday], ENGLAND) == saturday
    later = Stop(D(2027, 1, 4), D(2027, 1, 4), in_full=True)
    assert last_day(MONTH, D(2026, 11, 2), [pause, saturday, later], ENGLAND) == D(2027, 1, 11)
    more = {"received_on": D(2026, 11, 2), "stops": [pause], "before": D(2026, 12, 14), "calendar": ENGLAND}
    assert latest_with_more_time(MONTH, TWO_MONTHS, **more) == D(2027, 2, 15), "2 February and 12 days, a Sunday"
    assert latest_with_more_time(MONTH, None, **more) is None


def test_a_withdrawal_is_no_question_whatever_the_rules_say_of_those(laws):
    case = case_of(received_on=D(2026, 11, 2), regime=laws["foi"])
    pause = CasePause(case=case, started_on=D(2026, 11, 5), ended_on=D(2026, 11, 9), is_withdrawal=True)
    assert not stop_of(case, pause).restarts
    assert laws["own-data"].clarification == Clarification.PAUSES_IN_FULL


@pytest.mark.parametrize(
    ("received", "acknowledge_by", "early"),
    [
        ("2026-11-25", "2026-12-29", "2026-12-24"),  # the Commissioner's way, and the strict one
        ("2026-11-01", "2026-12-01", "2026-11-30"),  # came on a Sunday, which changes nothing
        ("2027-02-25", "2027-03-30", "2027-03-26"),  # a Saturday, then Easter Monday
    ],
)
def test_a_complaint_about_data_is_acknowledged_in_thirty_days(laws, monkeypatch, received, acknowledge_by, early):
    """The person is promised the date that the Commissioner counts; staff see the earlier one."""
    regime = laws["data-protection-complaint"]
    case = case_of(FormKind.GENERAL, received_on=day(received), regime=regime)
    assert (case.acknowledge_by, case.acknowledge_early) == (day(acknowledge_by), day(early))
    monkeypatch.setattr(timezone, "localdate", lambda *args: day(received))
    told = " ".join(progress_of(case.submission)["sentences"])
    assert f"{case.acknowledge_by:%A} {case.acknowledge_by.day} {case.acknowledge_by:%B %Y}" in told
    staff = " ".join(describe_dates(case, day(received)))
    assert f"Better by {case.acknowledge_early:%A}" in staff
    monkeypatch.setattr(timezone, "localdate", lambda *args: day(acknowledge_by) + datetime.timedelta(1))
    assert "by" not in " ".join(progress_of(case.submission)["sentences"]), "no promise for a day that is past"


@pytest.mark.parametrize("starter", ["three-tier", "council-forum"])
def test_every_law_comes_with_a_starter_and_is_off(home, starter):
    call_command("load_starter", starter, verbosity=0)
    law = {"stairs", "foi", "eir", "foisa", "own-data"}
    assert law <= set(Regime.objects.values_list("slug", flat=True))
    assert not FormPage.objects.live().filter(regime__slug__in=law).exists()


def test_staff_see_which_rules_are_off(laws, admin_client):
    case_of(regime=laws["foi"], title="Ask the council")
    page = admin_client.get("/admin/snippets/forms/regime/").content.decode()
    assert "Ask the council" in page
    assert "Any part of the UK" in page
    assert page.count("Off: no public form") == Regime.objects.count() - 1


def test_a_rule_that_moves_off_a_weekend_says_so():
    assert format_deadline(counted(MONTH, D(2026, 11, 25), ENGLAND)) == (
        "Due Tuesday 29 December 2026: 1 month after Wednesday 25 November 2026, then on to the next working day, "
        "not counting Christmas Day and Boxing Day (substitute day)."
    )
    assert counted(MONTH, D(2027, 1, 30), ENGLAND).sentence == (
        "1 month after Saturday 30 January 2027, as February 2027 has only 28 days, then on to the next working day: "
        "Monday 1 March 2027"
    )
