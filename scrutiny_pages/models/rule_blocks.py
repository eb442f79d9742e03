"""A panel's rules as an editor sets them: one block a rule, each with only what that rule needs.

A block is named after its rule in ``rule_kinds.py``, and its fields after that rule's parameters.
"""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from wagtail import blocks

from ..enums import Consequence, DeadlineUnit, HowOften, Level, MeetingKind, MemberRole, Voting, Way
from ..rules.panel_rules import read_rule
from ..rules.rule_types import Names
from .reference_data import MemberKind

NOTICE_UNITS = [(unit.value, unit.label) for unit in (DeadlineUnit.WORKING_DAYS, DeadlineUnit.CALENDAR_DAYS)]


def kind_choices() -> list[tuple[str, str]]:
    """Offer every kind of member, by slug."""
    return list(MemberKind.objects.values_list("slug", "name"))


def panel_choices() -> list[tuple[str, str]]:
    """Offer every panel, by slug."""
    return list(apps.get_model("scrutiny_pages", "Panel").objects.values_list("slug", "name"))


def _number(label: str, help_text: str, *, required: bool = True, least: int = 1, most: int = 999):
    return blocks.IntegerBlock(label=label, help_text=help_text, required=required, min_value=least, max_value=most)


def _kind(label: str, help_text: str, *, required: bool = True):
    return blocks.ChoiceBlock(choices=kind_choices, label=label, help_text=help_text, required=required)


def _panels(help_text: str):
    return blocks.MultipleChoiceBlock(
        choices=panel_choices, widget=CheckboxSelectMultiple, label="Panels", help_text=help_text
    )


def _level():
    return blocks.ChoiceBlock(
        choices=Level.choices,
        default=Level.REFUSE,
        label="How firm it is",
        help_text="What happens when staff record something that breaks the rule. An aim is said as an aim.",
    )


class RuleBlock(blocks.StructBlock):
    """A rule that checks itself, and is shown as the sentence that residents read."""

    def clean(self, value):
        """Refuse numbers that contradict each other."""
        cleaned = super().clean(value)
        rule = read_rule(self.name, self.get_prep_value(cleaned))
        if rule and not self.is_deferred_validation and (problems := rule.problems()):
            raise blocks.StructBlockValidationError(
                {name: ValidationError(problem) for name, problem in problems.items()}
            )
        return cleaned

    def get_context(self, value, parent_context=None):
        """Add the rule's words."""
        rule = read_rule(self.name, self.get_prep_value(value))
        return super().get_context(value, parent_context) | {"words": rule.words(Names()) if rule else ""}

    class Meta:
        template = "blocks/rule.html"


class MembersBlock(RuleBlock):
    """How many members the panel has."""

    at_least = _number("At least", "Fewer than this is only warned of, never refused.", required=False)
    at_most = _number("At most", "Empty if there is no limit.", required=False)
    level = _level()

    class Meta:
        icon = "group"
        label = "Number of members"
        label_format = "At most {at_most}"
        description = "The least and the most members that the panel has."
        preview_value = {"at_least": 4, "at_most": 12, "level": Level.REFUSE}


class KindLimitBlock(RuleBlock):
    """How many seats one kind of member may have."""

    member_kind = _kind("Kind of member", "Kinds of member are kept in their own list.")
    at_most = _number("At most", "How many seats they may have.", least=0)
    unfilled_to = _kind(
        "Empty seats may go to", "If too few of them come forward, who may sit there instead.", required=False
    )
    level = _level()

    class Meta:
        icon = "user"
        label = "Seats for one kind of member"
        label_format = "{member_kind}: at most {at_most}"
        description = "How many of the seats may go to one kind of member, such as leaseholders."
        preview_value = {"member_kind": "leaseholders", "at_most": 2, "unfilled_to": "", "level": Level.REFUSE}


class DeputiesBlock(RuleBlock):
    """How many deputies there may be."""

    at_most = _number("At most", "Deputies come on top of the members.", least=0)
    level = _level()

    class Meta:
        icon = "resubmit"
        label = "Deputies"
        label_format = "At most {at_most}"
        description = "How many people may stand in for members who cannot come."
        preview_value = {"at_most": 4, "level": Level.REFUSE}


class ReservesBlock(RuleBlock):
    """Whether suitable people without a seat are kept in reserve."""

    at_most = _number("At most", "Empty if there is no limit.", required=False)

    class Meta:
        icon = "list-ul"
        label = "Reserves"
        label_format = "{at_most}"
        description = "Keep suitable people who cannot have a seat yet."
        preview_value = {"at_most": None}


class CoOpteesBlock(RuleBlock):
    """Whether people may be brought in for what they know."""

    voting = blocks.ChoiceBlock(
        choices=Voting.choices,
        required=False,
        label="Voting",
        help_text="Empty if nothing is laid down: then they do not.",
    )
    consent_of = blocks.ChoiceBlock(
        choices=panel_choices, required=False, label="Who must agree", help_text="Empty if the panel decides alone."
    )

    class Meta:
        icon = "circle-plus"
        label = "People brought in"
        label_format = ""
        description = "Bring in other people for what they know (co-option)."
        preview_value = {"voting": Voting.NO, "consent_of": "tenants-forum"}


class MayNotSitOnBlock(RuleBlock):
    """Which other panels a member may not belong to."""

    panels = _panels("Somebody on any of these cannot be a member.")
    level = _level()

    class Meta:
        icon = "cross"
        label = "Not also on"
        label_format = "{panels}"
        description = "Panels whose members cannot be members here."
        preview_value = {"panels": ["tenant-auditors"], "level": Level.REFUSE}


class OneOfBlock(RuleBlock):
    """On how many of some panels one person may sit."""

    panels = _panels("The panels that are counted together.")
    at_most = _number("At most", "On how many of them one member may be.")
    level = _level()

    class Meta:
        icon = "sliders"
        label = "Not on several of"
        label_format = "At most {at_most} of {panels}"
        description = "On how many of some panels one member may be, such as not on both forums."
        preview_value = {"panels": ["tenants-forum", "silver-service-forum"], "at_most": 1, "level": Level.REFUSE}


class TrainingCommitmentBlock(RuleBlock):
    """How much of the training members promise to come to."""

    percent = _number("Percentage", "How much of the training, such as 80.")
    level = _level()

    class Meta:
        icon = "clipboard-list"
        label = "Promise to train"
        label_format = "{percent}%"
        description = "How much of the training members promise to come to before they join."
        preview_value = {"percent": 80, "level": Level.REFUSE}


class ProbationBlock(RuleBlock):
    """How long a new member is on trial."""

    months = _number("Months", "How long a new member is on trial.", most=120)

    class Meta:
        icon = "view"
        label = "Trial period"
        label_format = "{months} months"
        description = "How long a new member is on trial."
        preview_value = {"months": 6}


class SuspensionBlock(RuleBlock):
    """How long a member can be suspended, and how long they have to appeal."""

    months = _number("Months", "How long it lasts. Leave empty if there is no fixed time.", most=120, required=False)
    appeal_days = _number("Days to appeal", "Counted from the day they were told.", most=365, required=False)

    class Meta:
        icon = "lock"
        label = "Suspension and appeal"
        label_format = "{months} months, {appeal_days} days to appeal"
        description = "How long a member can be suspended, and how long they have to appeal."
        preview_value = {"months": 3, "appeal_days": 14}


class AttendingBlock(RuleBlock):
    """How many may come to one meeting."""

    at_most = _number("At most", "How many members may come to one meeting.")
    level = _level()

    class Meta:
        icon = "home"
        label = "Members at one meeting"
        label_format = "At most {at_most}"
        description = "How many members may come to one meeting, when the panel may have more."
        preview_value = {"at_most": 15, "level": Level.AIM}


class QuorumBlock(RuleBlock):
    """How many must be there for a decision to count."""

    number = _number("Members", "How many members must be there. Or fill in a percentage.", required=False)
    percent = _number("Percentage", "Such as 50 for half of the members. It is rounded up.", required=False)
    ratify = blocks.BooleanBlock(
        required=False,
        label="Wait for the next full meeting",
        help_text="If too few come, what was agreed waits until enough members at a later meeting say yes to it.",
    )

    class Meta:
        icon = "tick-inverse"
        label = "Enough to decide (quorum)"
        label_format = "{number} {percent}"
        description = "How many members must be at a meeting for a decision to count."
        preview_value = {"number": None, "percent": 50, "ratify": True}


class BetweenMeetingsBlock(RuleBlock):
    """In which ways the panel may decide between two meetings."""

    ways = blocks.MultipleChoiceBlock(
        choices=Way.choices, widget=CheckboxSelectMultiple, label="Ways", help_text="How the members may be asked."
    )
    only_time = blocks.BooleanBlock(
        required=False,
        label="Only about more time",
        help_text="Tick if everything else waits for a meeting.",
    )

    class Meta:
        icon = "comment"
        label = "Decisions between meetings"
        label_format = "{ways}"
        description = "In which ways the members may decide without a meeting. Without this rule, only meetings decide."
        preview_value = {"ways": [Way.EMAIL], "only_time": True}


class FrequencyBlock(RuleBlock):
    """How often the panel meets."""

    how = blocks.ChoiceBlock(
        choices=HowOften.choices, default=HowOften.ABOUT, label="How it is meant", help_text="How exact the number is."
    )
    times_a_year = _number("Times a year", "12 for every month, 4 for every quarter.", most=366)
    first_months = _number(
        "Only in its first months", "Such as 6, if a new panel meets more often. Empty for always.", required=False
    )

    class Meta:
        icon = "calendar-alt"
        label = "How often it meets"
        label_format = "{how} {times_a_year} a year"
        description = "How often the panel meets, perhaps only in its first months."
        preview_value = {"times_a_year": 10, "how": HowOften.AT_LEAST, "first_months": None}


class NoticeBlock(RuleBlock):
    """How long before a meeting people are told."""

    meeting_kind = blocks.ChoiceBlock(
        choices=MeetingKind.choices, default=MeetingKind.EXTRA, label="Meeting", help_text="Which kind of meeting."
    )
    amount = _number("How long before", "The number of days.")
    unit = blocks.ChoiceBlock(
        choices=NOTICE_UNITS,
        default=DeadlineUnit.WORKING_DAYS,
        label="Days",
        help_text="Working days leave out weekends and bank holidays.",
    )
    full_reviews_only = blocks.BooleanBlock(
        required=False, label="Only in full reviews", help_text="Tick if a light-touch review needs no such notice."
    )
    level = _level()

    class Meta:
        icon = "mail"
        label = "Notice of a meeting"
        label_format = "{meeting_kind}: {amount} {unit}"
        description = "How long before a kind of meeting people are told of it."
        preview_value = {
            "meeting_kind": "extra",
            "amount": 5,
            "unit": "working_days",
            "full_reviews_only": False,
            "level": Level.REFUSE,
        }


class AbsencesBlock(RuleBlock):
    """How many meetings a member may miss."""

    number = _number("Meetings missed", "After how many missed meetings.", most=60)
    within_months = _number("Within months", "Empty for meetings in a row.", required=False, most=120)
    excusable = blocks.BooleanBlock(
        required=False, label="A good reason excuses", help_text="Do not count a meeting missed for a good reason."
    )
    consequence = blocks.ChoiceBlock(
        choices=Consequence.choices,
        default=Consequence.MAY_REPLACE,
        label="What happens",
        help_text="Staff are told. Nothing happens by itself.",
    )

    class Meta:
        icon = "circle-xmark"
        label = "Missed meetings"
        label_format = "{number} missed"
        description = "How many meetings a member may miss, in a row or within some months."
        preview_value = {"number": 3, "within_months": None, "excusable": True, "consequence": "may_replace"}


class TermBlock(RuleBlock):
    """How long somebody may serve."""

    role = blocks.ChoiceBlock(choices=MemberRole.choices, default=MemberRole.CHAIR, help_text="Whose term it is.")
    years = _number("Years", "For how many years.", most=60)
    consecutive = blocks.BooleanBlock(
        required=False, label="In a row", help_text="Tick if the person may serve again after a break."
    )
    renewal = blocks.CharBlock(
        required=False,
        max_length=200,
        label="What happens then",
        help_text="A sentence for everybody, such as: The panel votes again each September.",
    )
    level = _level()

    class Meta:
        icon = "time"
        label = "How long somebody serves"
        label_format = "{role}: {years} years"
        description = "How long a member, the chair or another officer may serve."
        preview_value = {
            "role": MemberRole.CHAIR,
            "years": 3,
            "consecutive": True,
            "renewal": "",
            "level": Level.REFUSE,
        }


class NoteBlock(RuleBlock):
    """A rule that is only words."""

    text = blocks.TextBlock(rows=2, max_length=400, label="Rule", help_text="One or two plain sentences.")

    class Meta:
        icon = "pilcrow"
        label = "Another rule"
        label_format = "{text}"
        description = "A rule in your own words. It is shown, and nothing checks it."
        preview_value = {"text": "A third of the members leave each year."}


MEMBERS, MEETINGS, TIME, OTHERS = "Who sits on it", "Meetings", "How long", "Other"


class RuleBlocks(blocks.StreamBlock):
    """All the rules that a panel can have."""

    members = MembersBlock(group=MEMBERS)
    kind_limit = KindLimitBlock(group=MEMBERS)
    deputies = DeputiesBlock(group=MEMBERS)
    reserves = ReservesBlock(group=MEMBERS)
    co_optees = CoOpteesBlock(group=MEMBERS)
    may_not_sit_on = MayNotSitOnBlock(group=MEMBERS)
    one_of = OneOfBlock(group=MEMBERS)
    training_commitment = TrainingCommitmentBlock(group=MEMBERS)
    quorum = QuorumBlock(group=MEETINGS)
    between_meetings = BetweenMeetingsBlock(group=MEETINGS)
    attending = AttendingBlock(group=MEETINGS)
    frequency = FrequencyBlock(group=MEETINGS)
    notice = NoticeBlock(group=MEETINGS)
    absences = AbsencesBlock(group=MEETINGS)
    term = TermBlock(group=TIME)
    probation = ProbationBlock(group=TIME)
    suspension = SuspensionBlock(group=TIME)
    note = NoteBlock(group=OTHERS)

    class Meta:
        collapsed = True
        required = False
        block_counts = {
            name: {"max_num": 1}
            for name in (
                *("members", "deputies", "reserves", "co_optees", "quorum", "attending"),
                *("between_meetings", "training_commitment", "probation", "suspension"),
            )
        }
