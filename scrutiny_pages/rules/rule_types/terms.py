"""Rule types on how a member starts, serves and stops."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cms.core.dates.formatting import add_months, format_date, format_length

from ...enums import WITHOUT_SEAT, Level, MemberRole, MemberStanding
from .base import MEMBERS, TIME, Rule, Rules
from .facts import Breach, Names, Seat, Seating
from .parameters import Choice, Text, declare, firmness, flag, optional_number, whole_number

TERM_SOON = datetime.timedelta(days=60)  # time enough to find somebody (W27, K 8)


@dataclass(frozen=True, kw_only=True)
class TrainingCommitment(Rule):
    """Share of the training that members promise to come to (K 4.5)."""

    kind = "training_commitment"
    label = "Promise to train"
    description = "How much of the training members promise to come to before they join."
    group = MEMBERS
    icon = "clipboard-list"
    summary = "{percent}%"
    example = {"percent": 80, "level": Level.REFUSE}
    is_single = True

    percent: int = whole_number("Percentage", "How much of the training, such as 80.")
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return in words how much they promise."""
        if self.level == Level.AIM:
            return f"The panel aims for members to come to at least {self.percent}% of the training."
        return f"Before they join, members promise to come to at least {self.percent}% of the training."

    def problems(self) -> dict[str, str]:
        """Refuse more than all of it."""
        return {"percent": "Enter 100 or less: there is no more training than all of it."} if self.percent > 100 else {}

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse a promise that is too small, or none from an active member."""
        promised = seating.candidate.training_commitment
        for rule in rules.all(cls) if seating.candidate.is_on_panel else []:
            if promised is None and seating.candidate.standing == MemberStanding.ACTIVE:
                yield Breach(
                    rules.sentence(rule), Level(rule.level), "They have not said how much.", "training_commitment"
                )
            elif promised is not None and promised < rule.percent:
                yield Breach(
                    rules.sentence(rule), Level(rule.level), f"They promised {promised}%.", "training_commitment"
                )


@dataclass(frozen=True, kw_only=True)
class Term(Rule):
    """Time for which somebody may serve in a role (W27, K 8, K 15)."""

    kind = "term"
    label = "How long somebody serves"
    description = "How long a member, the chair or another officer may serve."
    group = TIME
    icon = "time"
    summary = "{role}: {years} years"
    example = {"role": MemberRole.CHAIR, "years": 3, "consecutive": True, "renewal": "", "level": Level.REFUSE}

    role: str = declare(Choice("", "Whose term it is.", initial=MemberRole.CHAIR, choices=MemberRole.choices))
    years: int = whole_number("Years", "For how many years.", most=60)
    consecutive: bool = flag("In a row", "Tick if the person may serve again after a break.")
    renewal: str = declare(
        Text(
            "What happens then",
            "A sentence for everybody, such as: The panel votes again each September.",
            required=False,
            max_length=200,
        ),
        "",
    )
    level: str = firmness()

    @property
    def role_words(self) -> str:
        """Return the role in words."""
        return MemberRole(self.role).label.lower() if self.role in MemberRole.values else self.role

    def words(self, names: Names) -> str:
        """Return the term in words."""
        who = f"{'The' if self.role in (MemberRole.CHAIR, MemberRole.VICE_CHAIR) else 'A'} {self.role_words}"
        term = f"{format_length(self.years, 'year')}{' in a row' if self.consecutive else ''}"
        if self.level == Level.AIM:
            words = f"The panel aims to have {who[0].lower()}{who[1:]} serve for no more than {term}."
        else:
            words = f"{who} serves for up to {term}."
        return f"{words} {self.renewal}".strip()

    @classmethod
    def clashes(cls, rules: Rules) -> list[str]:
        """Refuse two terms for one role."""
        named = [rule.role_words for rule in rules.all(cls)]
        repeated = [role for role in dict.fromkeys(named) if named.count(role) > 1]
        return [f"There are two rules for how long somebody serves as {role}. Keep one." for role in repeated]

    @classmethod
    def last_day(cls, rules: Rules, *, role: str, since: datetime.date | None) -> datetime.date | None:
        """Return the last day of somebody's term in a role (W27, K 8, K 15), or None without one (W28)."""
        ends = [rule.ends(since) for rule in rules.all(cls) if since and rule.role == role]
        return min(ends, default=None)

    def ends(self, since: datetime.date) -> datetime.date:
        """Return the last day of a term that began on a day."""
        return add_months(since, 12 * self.years)

    @classmethod
    def running(cls, seat: Seat, rules: Rules) -> Iterator[tuple["Term", datetime.date]]:
        """Yield the rules on the terms of a seat, with the last day of each. A chair is a member too (K 15)."""
        since = {seat.role: seat.role_since or seat.joined_on}
        if seat.role not in WITHOUT_SEAT:
            since[MemberRole.MEMBER] = seat.joined_on
        for rule in rules.all(cls):
            if began := since.get(rule.role):
                yield rule, rule.ends(began)

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse a seat whose term is over."""
        for rule, ends in cls.running(seating.candidate, rules) if seating.candidate.is_on_panel else []:
            if seating.on > ends:
                where = "joined_on" if rule.role == MemberRole.MEMBER else "role_since"
                yield Breach(rules.sentence(rule), Level(rule.level), f"This term ended on {format_date(ends)}.", where)

    @classmethod
    def reminders(
        cls, seat: Seat, rules: Rules, *, on: datetime.date, soon: datetime.date
    ) -> Iterator[tuple[str, datetime.date]]:
        """Remind of terms that end, in time to find somebody (W27, K 8, K 15)."""
        for rule, ends in cls.running(seat, rules):
            if ends <= on + TERM_SOON:
                ended = "ended" if ends < on else "ends"
                yield f"the term as {rule.role_words} {ended} on {format_date(ends)}. {rules.quote(rule)}", ends


@dataclass(frozen=True, kw_only=True)
class Probation(Rule):
    """Trial period of a new member (C Membership)."""

    kind = "probation"
    label = "Trial period"
    description = "How long a new member is on trial."
    group = TIME
    icon = "view"
    summary = "{months} months"
    example = {"months": 6}
    is_single = True

    months: int = whole_number("Months", "How long a new member is on trial.", most=120)

    def words(self, names: Names) -> str:
        """Return the trial period in words."""
        return f"New members have a trial period of {format_length(self.months, 'month')}."

    @classmethod
    def last_day(cls, rules: Rules, *, joined_on: datetime.date | None) -> datetime.date | None:
        """Return the last day of a new member's trial period, or None without one."""
        rule = rules.one(cls)
        return add_months(joined_on, rule.months) if rule and joined_on else None

    @classmethod
    def reminders(
        cls, seat: Seat, rules: Rules, *, on: datetime.date, soon: datetime.date
    ) -> Iterator[tuple[str, datetime.date]]:
        """Remind of a trial period that ends; a suspended member's waits."""
        ends, rule = cls.last_day(rules, joined_on=seat.joined_on), rules.one(cls)
        is_open = not seat.trial_ended_on and seat.standing != MemberStanding.SUSPENDED
        if rule and ends and is_open and ends <= soon:
            yield f"the trial period ends on {format_date(ends)}. {rules.quote(rule)}", ends


@dataclass(frozen=True, kw_only=True)
class Suspension(Rule):
    """Length of a suspension, and time to appeal (C Outcomes, C Appeal)."""

    kind = "suspension"
    label = "Suspension and appeal"
    description = "How long a member can be suspended, and how long they have to appeal."
    group = TIME
    icon = "lock"
    summary = "{months} months, {appeal_days} days to appeal"
    example = {"months": 3, "appeal_days": 14}
    is_single = True

    months: int | None = optional_number(
        "Months", "How long it lasts. Leave empty if there is no fixed time.", most=120
    )
    appeal_days: int | None = optional_number("Days to appeal", "Counted from the day they were told.", most=365)

    def words(self, names: Names) -> str:
        """Return the suspension in words."""
        length = f" for {format_length(self.months, 'month')}" if self.months else ""
        words = f"A member who breaks the code of conduct can be suspended{length}."
        if not self.appeal_days:
            return words
        return f"{words} They have {format_length(self.appeal_days, 'day')} from being told to appeal."

    def problems(self) -> dict[str, str]:
        """Refuse a rule without a number."""
        return {} if self.months or self.appeal_days else {"months": "Enter the months, the days to appeal, or both."}

    @classmethod
    def dates(cls, rules: Rules, *, told_on: datetime.date | None) -> tuple[datetime.date | None, datetime.date | None]:
        """Return the last day of an appeal and that of a suspension, counted from the day of being told (C 14)."""
        rule = rules.one(cls)
        if rule is None or told_on is None:
            return None, None
        appeal = told_on + datetime.timedelta(days=rule.appeal_days) if rule.appeal_days else None
        return appeal, add_months(told_on, rule.months) if rule.months else None

    @classmethod
    def reminders(
        cls, seat: Seat, rules: Rules, *, on: datetime.date, soon: datetime.date
    ) -> Iterator[tuple[str, datetime.date]]:
        """Remind of the last day of an appeal, and of a suspension, on which somebody decides what follows (C 14)."""
        rule = rules.one(cls)
        if rule is None or seat.standing != MemberStanding.SUSPENDED:
            return
        appeal, ends = cls.dates(rules, told_on=seat.suspended_on)
        if appeal and on <= appeal:
            yield f"suspended, and can appeal until {format_date(appeal)}. {rules.quote(rule)}", appeal
        if ends and ends <= soon:
            ended = "ended" if ends < on else "ends"
            yield f"the suspension {ended} on {format_date(ends)}: say what follows. {rules.quote(rule)}", ends
