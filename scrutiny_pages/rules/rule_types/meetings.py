"""Rule types on the panel's meetings: how often, how they are announced, and who comes."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cms.core.dates.formatting import add_months, format_date, format_length, format_weekday
from cms.core.dates.working_days import count_weekdays

from ...enums import AttendanceState, Consequence, DeadlineUnit, HowOften, Level, MeetingKind
from ..deadlines import Deadline, DeadlineRule, deadline
from .base import MEETINGS, Rule, Rules, times
from .facts import Activity, Attended, Breach, Names, PlannedMeeting
from .parameters import Choice, declare, firmness, flag, optional_number, whole_number

DAYS_IN_YEAR = 365
NOTICE_UNITS = [(unit.value, unit.label) for unit in (DeadlineUnit.WORKING_DAYS, DeadlineUnit.CALENDAR_DAYS)]
WEEKDAYS = "Mondays to Fridays"


@dataclass(frozen=True, kw_only=True)
class Attending(Rule):
    """Limit of the number of members at one meeting (W14, W24)."""

    kind = "attending"
    label = "Members at one meeting"
    description = "How many members may come to one meeting, when the panel may have more."
    group = MEETINGS
    icon = "home"
    summary = "At most {at_most}"
    example = {"at_most": 15, "level": Level.AIM}
    is_single = True

    at_most: int = whole_number("At most", "How many members may come to one meeting.")
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the limit in words."""
        if self.level == Level.AIM:
            return f"The panel aims to have no more than {format_length(self.at_most, 'member')} at one meeting."
        return f"No more than {format_length(self.at_most, 'member')} may come to one meeting."

    @classmethod
    def check_turnout(cls, came: int, rules: Rules) -> Iterator[Breach]:
        """Report that more came than may."""
        for rule in rules.all(cls):
            if came > rule.at_most:
                yield Breach(rules.sentence(rule), Level(rule.level), f"{came} people came.")


@dataclass(frozen=True, kw_only=True)
class Frequency(Rule):
    """Number of meetings in a year (W7, W15, W33, H 10, K 7.1, C Meetings); perhaps only in the first months."""

    kind = "frequency"
    label = "How often it meets"
    description = "How often the panel meets, perhaps only in its first months."
    group = MEETINGS
    icon = "calendar-alt"
    summary = "{how} {times_a_year} a year"
    example = {"times_a_year": 10, "how": HowOften.AT_LEAST, "first_months": None}

    how: str = declare(
        Choice("How it is meant", "How exact the number is.", initial=HowOften.ABOUT, choices=HowOften.choices),
        HowOften.ABOUT,
    )
    times_a_year: int = whole_number("Times a year", "12 for every month, 4 for every quarter.", most=366)
    first_months: int | None = optional_number(
        "Only in its first months", "Such as 6, if a new panel meets more often. Empty for always."
    )

    def words(self, names: Names) -> str:
        """Return in words how often the panel meets."""
        how = HowOften(self.how).label.lower() if self.how in HowOften.values else "about"
        meets = f"t meets {how} {times(self.times_a_year)} a year"
        if self.first_months:
            return f"For the panel's first {format_length(self.first_months, 'month')}, i{meets}."
        return f"I{meets}."

    @classmethod
    def in_force(
        cls, rules: Rules, *, first_day: datetime.date, on: datetime.date
    ) -> tuple["Frequency", datetime.date] | None:
        """Return the rule in force on a day, and since when; one for the first months comes first.

        :param first_day: the day on which the panel began.
        """
        found = rules.all(cls)
        early = next((rule for rule in found if rule.first_months), None)
        later = next((rule for rule in found if not rule.first_months), None)
        changes_on = add_months(first_day, early.first_months) if early and early.first_months else first_day
        if early and on < changes_on:
            return early, first_day
        return (later, changes_on) if later else None

    @classmethod
    def check_activity(cls, activity: Activity, rules: Rules) -> Iterator[Breach]:
        """Report a panel that meets more seldom or more often than its rule allows.

        The last twelve months are counted, or the time since the rule began to count: then its share of the year's
        number is due. “About” so many may be one short.
        """
        known = cls.in_force(rules, first_day=activity.first_day, on=activity.on)
        if known is None:
            return
        rule, counts_from = known
        since = max(counts_from, add_months(activity.on, -12))
        held = sum(since <= day <= activity.on for day in activity.met_on)
        span = f"It met {format_length(held, 'time')} since {format_date(since)}"
        if rule.how == HowOften.AT_MOST:
            if held > rule.times_a_year:
                yield Breach(rules.sentence(rule), Level.WARN, f"{span}.")
            return
        due = rule.times_a_year * min((activity.on - since).days, DAYS_IN_YEAR) // DAYS_IN_YEAR
        if held < (due - 1 if rule.how == HowOften.ABOUT else due):
            yield Breach(rules.sentence(rule), Level.WARN, f"{span}, and {due} were due by now.")


@dataclass(frozen=True, kw_only=True)
class Notice(Rule):
    """Time before a kind of meeting by which people are told of it (H 6.1, K 7.1)."""

    kind = "notice"
    label = "Notice of a meeting"
    description = "How long before a kind of meeting people are told of it."
    group = MEETINGS
    icon = "mail"
    summary = "{meeting_kind}: {amount} {unit}"
    example = {
        "meeting_kind": "extra",
        "amount": 5,
        "unit": "working_days",
        "full_reviews_only": False,
        "level": Level.REFUSE,
    }

    meeting_kind: str = declare(
        Choice("Meeting", "Which kind of meeting.", initial=MeetingKind.EXTRA, choices=MeetingKind.choices)
    )
    amount: int = whole_number("How long before", "The number of days.")
    unit: str = declare(
        Choice(
            "Days",
            "Working days leave out weekends and bank holidays.",
            initial=DeadlineUnit.WORKING_DAYS,
            choices=NOTICE_UNITS,
        ),
        DeadlineUnit.WORKING_DAYS,
    )
    full_reviews_only: bool = flag("Only in full reviews", "Tick if a light-touch review needs no such notice.")
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the notice in words."""
        known = self.meeting_kind in MeetingKind.values
        what = MeetingKind(self.meeting_kind).label.lower() if known else "meeting"
        what = f"{'an' if what[0] in 'aeio' else 'a'} {what}"
        before = format_length(self.amount, "working day" if self.unit == DeadlineUnit.WORKING_DAYS else "day")
        what = f"{what} in a full review" if self.full_reviews_only else what
        if self.level == Level.AIM:
            return f"The panel aims to tell people of {what} at least {before} before."
        return f"People are told of {what} at least {before} before."

    @classmethod
    def check_meeting(cls, meeting: PlannedMeeting, rules: Rules) -> Iterator[Breach]:
        """Refuse a meeting that is announced too late; report the earliest day on which it may be (K 7.1, H 6.1).

        Where no bank holidays are on record yet, notice in working days is counted in weekdays. Holidays only make it
        longer, so a meeting that is too early even then is refused, and a later one is not. A meeting of a light-touch
        review may be spared the notice (H 6.1).
        """
        rule = next((rule for rule in rules.all(cls) if rule.meeting_kind == meeting.kind), None)
        if rule is None or (meeting.light_touch and rule.full_reviews_only):
            return
        quoted, level = rules.sentence(rule), Level(rule.level)
        if meeting.told_on is None:
            yield Breach(quoted, level, "Say on which day people were told of it.", "notice_given_on")
            return
        earliest = rule.earliest_day(meeting.told_on, meeting.nation)
        if earliest.on and meeting.day < earliest.on:
            problem = f"It can be on {format_date(earliest.on)} at the earliest. {earliest.sentence}"
            yield Breach(quoted, level, problem, "notice_given_on")

    def earliest_day(self, told_on: datetime.date, nation: str) -> Deadline:
        """Return the first day on which a meeting may be that people were told of on a day."""
        length = DeadlineRule(unit=self.unit, amount=self.amount)
        earliest = deadline(length, start=told_on, event="the notice", nation=nation)
        if earliest.on or self.unit != DeadlineUnit.WORKING_DAYS:
            return earliest
        on = count_weekdays(told_on, self.amount)
        return Deadline(on, f"Bank holidays are not known yet, so this counts {WEEKDAYS} only: {format_weekday(on)}")


@dataclass(frozen=True, kw_only=True)
class Absences(Rule):
    """Number of meetings that a member may miss (W41, K 4.3b, K 10.4): in a row, or within some months."""

    kind = "absences"
    label = "Missed meetings"
    description = "How many meetings a member may miss, in a row or within some months."
    group = MEETINGS
    icon = "circle-xmark"
    summary = "{number} missed"
    example = {"number": 3, "within_months": None, "excusable": True, "consequence": "may_replace"}

    number: int = whole_number("Meetings missed", "After how many missed meetings.", most=60)
    within_months: int | None = optional_number("Within months", "Empty for meetings in a row.", most=120)
    excusable: bool = flag("A good reason excuses", "Do not count a meeting missed for a good reason.")
    consequence: str = declare(
        Choice(
            "What happens",
            "Staff are told. Nothing happens by itself.",
            initial=Consequence.MAY_REPLACE,
            choices=Consequence.choices,
        ),
        Consequence.MAY_REPLACE,
    )

    def words(self, names: Names) -> str:
        """Return in words what happens to a member who does not come."""
        span = f"in {format_length(self.within_months, 'month')}" if self.within_months else "in a row"
        reason = " without a good reason" if self.excusable else ""
        then = "loses their seat" if self.consequence == Consequence.LAPSES else "may be asked to give up their seat"
        return f"A member who misses {format_length(self.number, 'meeting')} {span}{reason} {then}."

    @classmethod
    def check_attendance(cls, attended: Sequence[Attended], rules: Rules, on: datetime.date) -> Iterator[Breach]:
        """Report a member who missed too many meetings.

        Absences in a row are the last ones: who comes again starts afresh. Within months, the day itself is counted
        and the same day those months before is not.
        """
        for rule in rules.all(cls):
            missed = rule.missed(attended, on)
            if rule.number and len(missed) >= rule.number:
                problem = f"{format_length(len(missed), 'meeting')} missed, the last on {format_date(missed[-1].on)}."
                yield Breach(rules.sentence(rule), Level.WARN, problem)

    def missed(self, attended: Sequence[Attended], on: datetime.date) -> list[Attended]:
        """Return the meetings that count as missed on a day."""
        if self.within_months:
            since = add_months(on, -self.within_months)
            return [each for each in attended if self.counts(each) and each.on > since]
        came = max((index for index, each in enumerate(attended) if not self.counts(each)), default=-1)
        return list(attended[came + 1 :])

    def counts(self, each: Attended) -> bool:
        """Return whether one meeting was missed without a reason that excuses it."""
        return each.state == AttendanceState.ABSENT or (each.state == AttendanceState.EXCUSED and not self.excusable)
