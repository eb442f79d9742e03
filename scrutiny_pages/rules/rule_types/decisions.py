"""Rule types on what makes a decision of the panel count."""

from dataclasses import dataclass

from django.utils.text import get_text_list

from cms.core.dates.formatting import format_length

from ...enums import ConsultationMethod
from .base import MEETINGS, Rule, Rules
from .facts import Names
from .parameters import Choices, declare, flag, optional_number
from .seats import Members

FRACTIONS = {25: "a quarter", 50: "half", 75: "three quarters"}


@dataclass(frozen=True, kw_only=True)
class Quorum(Rule):
    """Number of members who must be at a meeting for a decision to count (W25, K 7.2).

    With ``ratify``, what is agreed by fewer waits for the next full meeting.
    """

    kind = "quorum"
    label = "Enough to decide (quorum)"
    description = "How many members must be at a meeting for a decision to count."
    group = MEETINGS
    icon = "tick-inverse"
    summary = "{number} {percent}"
    example = {"number": None, "percent": 50, "ratify": True}
    is_single = True

    number: int | None = optional_number("Members", "How many members must be there. Or fill in a percentage.")
    percent: int | None = optional_number("Percentage", "Such as 50 for half of the members. It is rounded up.")
    ratify: bool = flag(
        "Wait for the next full meeting",
        "If too few come, what was agreed waits until enough members at a later meeting say yes to it.",
    )

    def words(self, names: Names) -> str:
        """Return the quorum in words."""
        who = format_length(self.number or 0, "member")
        if self.percent == 100:
            who = "All members"
        elif self.percent:
            who = f"{FRACTIONS.get(self.percent, f'{self.percent}%')} of the members"
        least = who if self.percent == 100 else f"At least {who}"
        words = f"{least} must be at a meeting for a decision to count."
        if not self.ratify:
            return words
        return f"{words} If fewer come, what was agreed waits until the next full meeting says yes to it."

    def problems(self) -> dict[str, str]:
        """Require one way of counting, and no more than everybody."""
        if bool(self.number) == bool(self.percent):
            return {"number": "Enter a number of members or a percentage: one of the two."}
        if self.percent and self.percent > 100:
            return {"percent": "Enter 100 or less: there are no more members than all of them."}
        return {}

    @classmethod
    def clashes(cls, rules: Rules) -> list[str]:
        """Refuse a quorum of more members than there may be."""
        quorum, most = rules.one(cls), Members.most(rules)
        if quorum and quorum.number and most and quorum.number > most:
            return [f"The quorum is {quorum.number}: this is more people than the panel may have ({most})."]
        return []

    @classmethod
    def needed(cls, rules: Rules, *, members: int) -> int | None:
        """Return how many of a number of members must be there, or None without a quorum (W25, K 7.2).

        A share is rounded up, and is at least one.
        """
        rule = rules.one(cls)
        return (rule.number or max(1, -(-members * (rule.percent or 0) // 100))) if rule else None


@dataclass(frozen=True, kw_only=True)
class BetweenMeetings(Rule):
    """Methods by which the panel may decide something between two meetings (G 8: more time, by email)."""

    kind = "between_meetings"
    label = "Decisions between meetings"
    description = "In which ways the members may decide without a meeting. Without this rule, only meetings decide."
    group = MEETINGS
    icon = "comment"
    summary = "{ways}"
    example = {"ways": [ConsultationMethod.EMAIL], "only_time": True}
    is_single = True

    ways: tuple[str, ...] = declare(
        Choices("Ways", "How the members may be asked.", choices=ConsultationMethod.choices)
    )
    only_time: bool = flag("Only about more time", "Tick if everything else waits for a meeting.")

    def words(self, names: Names) -> str:
        """Return the methods, the allowed decisions, and that the quorum of a meeting applies, as text."""
        ways = get_text_list(
            [
                str(ConsultationMethod(way).label).lower() if way in ConsultationMethod.values else way
                for way in self.ways
            ],
            "or",
        )
        what = "whether to allow more time" if self.only_time else "something"
        return f"Between meetings, the panel may decide {what} {ways}. As many members must take part as at a meeting."

    @classmethod
    def refusal(cls, rules: Rules, *, way: str, is_about_time: bool) -> str:
        """Return the reason, with the rule, why a decision cannot be made by a method, or an empty text if it can.

        Without a rule that allows it, a panel decides at its meetings only (G 8 allows more time by email).
        """
        rule = rules.one(cls)
        if rule is None:
            return "The rules of the panel allow no decision without a meeting."
        if way not in rule.ways:
            return f"{rules.quote(rule)} It does not allow a decision {str(ConsultationMethod(way).label).lower()}."
        if rule.only_time and not is_about_time:
            return f"{rules.quote(rule)} It is only for decisions about more time."
        return ""
