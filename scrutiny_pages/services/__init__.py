"""Services: operations that write several rows, among them the steps of recommendations and reviews."""

from .base import current_state, steps_before
from .corrections import correct_entry
from .delivery import check_impact, finish_action, plan_action, reword
from .escalation import escalate, next_escalation, record_reply
from .exceptions import TransitionNotAllowed
from .histories import add_histories
from .meetings import (
    DecisionsDepend,
    decide_between_meetings,
    expected_at,
    has_vote,
    record_attendance,
)
from .outcomes import start_outcome
from .programme import choose_topic, refer, score_topics
from .recommendations import (
    add_note,
    ask_for_time,
    claim_done,
    close_undelivered,
    confirm,
    decide_time,
    ratify,
    record_answer,
    send_back,
    set_answer_due,
    start_work,
    withdraw,
)
from .stages import leave_out_stage, move_stage, record_stage, send_back_stage, start_review, start_stage

__all__ = [
    "DecisionsDepend",
    "TransitionNotAllowed",
    "add_histories",
    "add_note",
    "ask_for_time",
    "check_impact",
    "choose_topic",
    "claim_done",
    "close_undelivered",
    "confirm",
    "correct_entry",
    "current_state",
    "decide_between_meetings",
    "decide_time",
    "escalate",
    "expected_at",
    "finish_action",
    "has_vote",
    "leave_out_stage",
    "move_stage",
    "next_escalation",
    "plan_action",
    "ratify",
    "record_answer",
    "record_attendance",
    "record_reply",
    "record_stage",
    "refer",
    "reword",
    "score_topics",
    "send_back",
    "send_back_stage",
    "set_answer_due",
    "start_outcome",
    "start_review",
    "start_stage",
    "start_work",
    "steps_before",
    "withdraw",
]
