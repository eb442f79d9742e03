"""What happens to what somebody sent: each step is checked, written and recorded together, keyword-only and atomic."""

from .acceptances import record_acceptances
from .base import open_case
from .clock import ask_person, extend, person_answered
from .exceptions import CaseTransitionNotAllowed
from .membership import become_member, person_in
from .messages import Notice, filled_in, send_message, words_to_begin_with
from .past_submissions import add_past_case
from .quarantine import quarantine, release
from .transitions import Interview, acknowledge, assign, move, note, opens_as, take_up

__all__ = [
    "CaseTransitionNotAllowed",
    "Interview",
    "Notice",
    "acknowledge",
    "add_past_case",
    "ask_person",
    "assign",
    "become_member",
    "extend",
    "filled_in",
    "move",
    "note",
    "open_case",
    "opens_as",
    "person_answered",
    "person_in",
    "quarantine",
    "record_acceptances",
    "release",
    "send_message",
    "take_up",
    "words_to_begin_with",
]
