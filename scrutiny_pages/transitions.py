"""Which steps a recommendation may take from where it is (register: G 8, C stages): pure rules, in words."""

import dataclasses

from .enums import AGREED, UNDELIVERED, UNSETTLED, Answer, Delivery, Step


@dataclasses.dataclass(frozen=True)
class Rule:
    """From which answers and deliveries a step may be taken, and what to say when it may not."""

    answers: tuple[str, ...]
    deliveries: tuple[str, ...]
    otherwise: str


_ANSWERING = Rule((Answer.AWAITED,), (Delivery.NOT_STARTED,), "It has been answered already. The first answer stays.")
_DECIDING_TIME = Rule(AGREED, UNDELIVERED, "More time can only be decided while the work is still owed.")

RULES: dict[str, Rule] = {
    Step.ANSWER_DUE: _ANSWERING,
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
        AGREED, (Delivery.CLAIMED,), "The landlord has to say it is done before residents can confirm it."
    ),
    Step.CLOSE: Rule(AGREED, UNSETTLED, "Only something accepted and not yet confirmed can be closed."),
    Step.NOTE: Rule(tuple(Answer), tuple(Delivery), ""),
    Step.WITHDRAW: Rule(
        (Answer.AWAITED,), (Delivery.NOT_STARTED,), "Only something not yet answered can be withdrawn."
    ),
}


def refusal(step: str, *, answer: str, delivery: str, time_asked: bool = False) -> str:
    """Say why a step may not be taken now; nothing if it may.

    :param time_asked: whether a request for more time is waiting for a decision.
    """
    rule = RULES[step]
    if answer not in rule.answers or delivery not in rule.deliveries:
        return rule.otherwise
    if step in (Step.GRANT_TIME, Step.REFUSE_TIME) and not time_asked:
        return "Nobody has asked for more time."
    if step == Step.ASK_FOR_TIME and time_asked:
        return "A request for more time is already waiting for a decision."
    return ""


def open_steps(*, answer: str, delivery: str, time_asked: bool = False) -> list[Step]:
    """Give the steps that may be taken now, in the order that people take them."""
    return [step for step in Step if not refusal(step, answer=answer, delivery=delivery, time_asked=time_asked)]
