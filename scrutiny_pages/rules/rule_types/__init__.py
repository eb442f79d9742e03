"""The rule types of panels.

To add one, write its class in a module here and list it below. The class has its parameters, its words and its
enforcement (see ``base.Rule``); the editor's block, the public page and the API follow from them.
"""

from .base import Rule, Rules, times
from .decisions import BetweenMeetings, Quorum
from .facts import Activity, Attended, Breach, Names, PlannedMeeting, Seat, Seating
from .meetings import Absences, Attending, Frequency, Notice
from .notes import Note
from .other_panels import MayNotSitOn, OneOf
from .parameters import parameters_of
from .seats import CoOptees, Deputies, KindLimit, Members, Reserves
from .terms import Probation, Suspension, Term, TrainingCommitment

# In the order of the editor's list.
RULES: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        *(Members, KindLimit, Deputies, Reserves, CoOptees, MayNotSitOn, OneOf, TrainingCommitment),
        *(Quorum, BetweenMeetings, Attending, Frequency, Notice, Absences),
        *(Term, Probation, Suspension),
        Note,
    )
}

__all__ = [
    "RULES",
    "Absences",
    "Activity",
    "Attended",
    "Attending",
    "BetweenMeetings",
    "Breach",
    "CoOptees",
    "Deputies",
    "Frequency",
    "KindLimit",
    "MayNotSitOn",
    "Members",
    "Names",
    "Note",
    "Notice",
    "OneOf",
    "PlannedMeeting",
    "Probation",
    "Quorum",
    "Reserves",
    "Rule",
    "Rules",
    "Seat",
    "Seating",
    "Suspension",
    "Term",
    "TrainingCommitment",
    "parameters_of",
    "times",
]
