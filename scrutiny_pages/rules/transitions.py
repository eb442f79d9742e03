"""Rules for the transitions of a recommendation between its states, with messages (register: G 8, C stages). Pure."""

import dataclasses
from typing import Any

from cms.core.text.terminology import lazy_words

from ..enums import AGREED, UNDELIVERED, UNSETTLED, WHILE_UNRATIFIED, Answer, Delivery, Step


@dataclasses.dataclass(frozen=True)
class Rule:
    """The answers and delivery states from which a step is allowed, and the message when it is not."""

    answers: tuple[str, ...]
    deliveries: tuple[str, ...]
    otherwise: str


_ANSWERED = "It has been answered already, and the answer stays. It can be taken further."
_DUE = Rule((Answer.AWAITED,), (Delivery.NOT_STARTED,), "It has been answered already. The first answer stays.")
# What was refused can be answered again once it was taken further (W47, H 5.4); the first answer stays on record.
_ANSWERING = Rule((Answer.AWAITED, Answer.NOT_ACCEPTED), (Delivery.NOT_STARTED,), _ANSWERED)
_DECIDING_TIME = Rule(AGREED, UNDELIVERED, "More time can only be decided while the work is still owed.")

RULES: dict[str, Rule] = {
    Step.ANSWER_DUE: _DUE,
    Step.ACCEPT: _ANSWERING,
    Step.ACCEPT_PARTLY: _ANSWERING,
    Step.REFUSE: _ANSWERING,
    Step.START: Rule(AGREED, (Delivery.NOT_STARTED,), "Work can only start once, on something the landlord accepted."),
    Step.ASK_FOR_TIME: Rule(AGREED, UNDELIVERED, "More time can only be asked for while the work is still owed."),
    Step.GRANT_TIME: _DECIDING_TIME,
    Step.REFUSE_TIME: _DECIDING_TIME,
    Step.CLAIM: Rule(AGREED, UNDELIVERED, "Only something accepted and still owed can be said to be done."),
    Step.SEND_BACK: Rule(AGREED, (Delivery.CLAIMED,), "Only something the landlord says is done can be sent back."),
    Step.CONFIRM: Rule(
        AGREED,
        (Delivery.CLAIMED,),
        lazy_words("The landlord has to say it is done before {residents} can confirm it."),
    ),
    Step.CLOSE: Rule(AGREED, UNSETTLED, "Only something accepted and not yet confirmed can be closed."),
    Step.CHECK_IMPACT: Rule(
        AGREED, (Delivery.CONFIRMED,), "Only something confirmed can be checked for whether it helped."
    ),
    Step.PLAN_ACTION: Rule(AGREED, UNSETTLED, "Actions are only planned for something accepted and not yet confirmed."),
    Step.FINISH_ACTION: Rule(AGREED, UNSETTLED, "Actions only belong to something accepted and not yet confirmed."),
    Step.ESCALATE: Rule(
        (Answer.AWAITED, Answer.NOT_ACCEPTED, *AGREED), UNSETTLED, "What is settled cannot be taken further."
    ),
    Step.ESCALATION_REPLY: Rule(tuple(Answer), tuple(Delivery), ""),
    Step.REFER: Rule(
        (Answer.AWAITED, Answer.NOT_ACCEPTED, *AGREED), UNSETTLED, "What is settled is referred to nobody."
    ),
    Step.REWORD: Rule(
        (Answer.AWAITED, Answer.NOT_ACCEPTED),
        (Delivery.NOT_STARTED,),
        "Only something not yet accepted can be reworded.",
    ),
    Step.RATIFY: Rule(
        tuple(answer for answer in Answer if answer != Answer.WITHDRAWN), tuple(Delivery), "It was withdrawn."
    ),
    Step.NOTE: Rule(tuple(Answer), tuple(Delivery), ""),
    Step.CORRECT: Rule(tuple(Answer), tuple(Delivery), ""),
    Step.WITHDRAW: Rule(
        (Answer.AWAITED,), (Delivery.NOT_STARTED,), "Only something not yet answered can be withdrawn."
    ),
}


def refusal(
    step: str,
    *,
    answer: str,
    delivery: str,
    time_asked: bool = False,
    escalated: bool = False,
    actions_open: bool = False,
    recorded: bool = False,
    unratified: bool | None = None,
) -> str:
    """Return the reason why a step is not allowed now; empty if it is allowed.

    :param time_asked: whether a request for more time is undecided.
    :param escalated: whether an escalation has no reply yet.
    :param actions_open: whether an action is planned and not done.
    :param recorded: whether the history has an entry that can be corrected.
    :param unratified: whether the meeting that made it had no quorum, and no full meeting ratified it since (K 7.2);
        None if the check does not apply, as for entries that are already recorded.
    """
    if unratified and step not in WHILE_UNRATIFIED:
        return "Too few members came to the meeting that made it. First a full meeting has to say yes to it."
    if step == Step.RATIFY and unratified is False:
        return "This needs no ratifying: that is for what was made at a meeting to which too few came."
    rule = RULES[step]
    if answer not in rule.answers or delivery not in rule.deliveries:
        return rule.otherwise
    match step:
        case Step.ACCEPT | Step.ACCEPT_PARTLY | Step.REFUSE if answer == Answer.NOT_ACCEPTED and not escalated:
            return _ANSWERED
        case Step.GRANT_TIME | Step.REFUSE_TIME if not time_asked:
            return "Nobody has asked for more time."
        case Step.ASK_FOR_TIME if time_asked:
            return "A request for more time is already waiting for a decision."
        case Step.ESCALATE if escalated:
            return "It has been taken further already, and the reply is awaited."
        case Step.ESCALATION_REPLY if not escalated:
            return "It has not been taken further, or the reply is recorded already."
        case Step.FINISH_ACTION if not actions_open:
            return "No action is planned that is not done already."
        case Step.CORRECT if not recorded:
            return "Nothing is recorded yet that could be a mistake."
    return ""


def open_steps(**current_state: Any) -> list[Step]:
    """Return the steps that are allowed now, in their usual order; the arguments are those of ``refusal``."""
    steps = [step for step in Step if not refusal(step, **current_state)]
    return steps if current_state.get("unratified") else [step for step in steps if step != Step.RATIFY]
