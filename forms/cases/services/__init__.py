"""Services of cases. Each step is validated, written and recorded together.

All are atomic, with keyword-only arguments.
"""

from .acceptances import record_acceptances
from .base import open_case
from .clock import ask_person, extend, person_answered
from .exceptions import CaseTransitionNotAllowed
from .membership import become_member, person_in
from .messages import Notice, default_message, filled_in, send_message
from .past_submissions import add_past_case
from .quarantine import quarantine, release
from .transitions import Interview, acknowledge, assign, move, note, reopen, state_when_reopened

__all__ = [
    "CaseTransitionNotAllowed",
    "Interview",
    "Notice",
    "acknowledge",
    "add_past_case",
    "ask_person",
    "assign",
    "become_member",
    "default_message",
    "extend",
    "filled_in",
    "move",
    "note",
    "open_case",
    "person_answered",
    "person_in",
    "quarantine",
    "record_acceptances",
    "release",
    "reopen",
    "send_message",
    "state_when_reopened",
]
