"""What happens to what somebody sent: each step is checked, written and recorded together, keyword-only and atomic."""

from .acceptances import record_acceptances
from .dates import ask_person, extend, person_answered
from .letters import Notice, filled_in, send_message, words_to_begin_with
from .members import become_member, person_in
from .past import add_past_case
from .refused import CaseRefused
from .spam import quarantine, release
from .steps import Interview, acknowledge, assign, move, note, opens_as, take_up
from .taking import open_case

__all__ = [
    "CaseRefused",
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
