"""Steps that are possible for a case at present, for its page."""

import dataclasses
from collections.abc import Iterator

from ..enums import CaseState, FormKind
from ..models.case import Case
from ..rules.case_states import MOVES, OUTCOMES, is_closed, may_follow

MOVE = "to-"  # begins the name of a step that moves it to a state


@dataclasses.dataclass(frozen=True)
class CaseStep:
    """A step: its name in the URL, its label, and a description of one or two sentences."""

    name: str
    label: str
    about: str


ASSIGN = CaseStep("assign", "Give it to somebody", "Whoever has it is asked about it. Others can still open it.")
NOTE = CaseStep(
    "note", "Add a note for staff", "Only those who handle this form read it. It is not on the person's page."
)
MESSAGE = CaseStep(
    "message",
    "Send a message",
    "The person reads it on their own page. An email tells them that it is there; the email does not hold the message.",
)
ASK = CaseStep(
    "ask",
    MOVES[CaseState.CLARIFICATION],
    "Ask what you need to know before you can answer. The person reads it on their own page.",
)
ANSWERED = CaseStep(
    "answered",
    "The person has answered",
    "Record the day on which their answer came. The clock runs again, and they are told.",
)
EXTEND = CaseStep(
    "extend", "Take more time", "The first date stays on record. The person is told the new date and the reason."
)
REOPEN = CaseStep(
    "take-up",
    "Take it up again",
    "It is open again from today. Days on which it lay withdrawn do not count. Say why, for other staff.",
)
MEMBER = CaseStep(
    "member",
    "Make them a member",
    "They join the list of members as “joining”, and are told. The rules of the panel are checked first.",
)
SPAM = CaseStep(
    "spam", "Set aside as spam", "It leaves this list and waits under Set aside. Nobody is told. You can take it back."
)
RELEASE = CaseStep(
    "release",
    "Take back: this is not spam",
    "It goes back to its own list. If nobody was told when it came, their emails go out now.",
)
ABOUT_MOVE = {
    CaseState.INTERVIEW: "The person is told the day, the time and the place in this step. You see the words first.",
    CaseState.REFUSED: "The person is told in the same step, with the reason that you choose. You see the words first.",
    CaseState.PARTLY_ANSWERED: "Write the answer below, and what is left out and why. It is sent in the same step.",
    CaseState.ANSWERED: "Write the answer below, or where it is. It is sent in the same step.",
    CaseState.IN_REVIEW: "Somebody who did not answer it the first time should look at it now. The person is told.",
}
ABOUT_ANY_MOVE = "The person is told in the same step. You see the words first, and can change them or leave them out."


def possible(case: Case) -> Iterator[CaseStep]:
    """Yield the steps that are possible now, most likely first."""
    if case.is_quarantined:
        yield RELEASE
        return
    if case.state == CaseState.CLARIFICATION:
        yield ANSWERED
    for state in may_follow(case.kind, case.state):
        if state == CaseState.CLARIFICATION:
            yield ASK
        elif not (case.state == CaseState.CLARIFICATION and state == CaseState.ACKNOWLEDGED):
            yield CaseStep(f"{MOVE}{state}", MOVES[state], ABOUT_MOVE.get(state, ABOUT_ANY_MOVE))
    if case.state == CaseState.OFFERED and case.membership_id is None:
        yield MEMBER
    if is_closed(case.state) and not (case.kind == FormKind.REQUEST and case.state in OUTCOMES):
        yield REOPEN
    if case.regime and case.regime.may_extend and case.due_now and case.state != CaseState.IN_REVIEW:
        yield EXTEND
    yield MESSAGE
    yield ASSIGN
    yield NOTE
    if case.state == CaseState.RECEIVED:
        yield SPAM


def find_step(case: Case, name: str) -> CaseStep | None:
    """Return the step with a name; None if it is not possible now."""
    return next((step for step in possible(case) if step.name == name), None)
