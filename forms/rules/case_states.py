"""States of cases, the transitions between them, and the status texts for the person. Pure.

Applications (C Applying, W30), information requests (W44, H 7, K 12, C Requests) and all other forms each have a table
of their own. Closing a case starts its retention period; nothing is ever closed for good.
"""

from collections.abc import Iterable, Mapping

from ..enums import CaseState, FormKind

S = CaseState
Table = Mapping[str, tuple[CaseState, ...]]

# How an information request can be answered.
OUTCOMES = (S.ANSWERED, S.PARTLY_ANSWERED, S.REFUSED, S.NOT_HELD)
_ENDINGS = (*OUTCOMES, S.WITHDRAWN)
_PLACES = (S.OFFERED, S.RESERVE, S.NOT_THIS_TIME, S.WITHDRAWN)
_PLAIN: Table = {
    S.RECEIVED: (S.IN_HAND, S.DONE, S.WITHDRAWN),
    S.IN_HAND: (S.DONE, S.WITHDRAWN),
    S.DONE: (),
    S.WITHDRAWN: (),
}

# For each kind of form: its states, and the states that may follow each.
NEXT: dict[str, Table] = {
    FormKind.APPLICATION: {
        S.RECEIVED: (S.ACKNOWLEDGED, S.INTERVIEW, *_PLACES),
        S.ACKNOWLEDGED: (S.INTERVIEW, *_PLACES),
        S.INTERVIEW: _PLACES,
        S.OFFERED: (S.RESERVE, S.NOT_THIS_TIME, S.WITHDRAWN),
        S.RESERVE: (S.OFFERED, S.NOT_THIS_TIME, S.WITHDRAWN),
        S.NOT_THIS_TIME: (),
        S.WITHDRAWN: (),
    },
    FormKind.REQUEST: {
        S.RECEIVED: (S.ACKNOWLEDGED, S.CLARIFICATION, *_ENDINGS),
        S.ACKNOWLEDGED: (S.CLARIFICATION, *_ENDINGS),
        S.CLARIFICATION: (S.ACKNOWLEDGED, *_ENDINGS),
        **dict.fromkeys(OUTCOMES, (S.IN_REVIEW, S.OUTSIDE_BODY)),
        S.IN_REVIEW: (*OUTCOMES, S.OUTSIDE_BODY, S.WITHDRAWN),
        S.OUTSIDE_BODY: (*OUTCOMES, S.WITHDRAWN),
        S.WITHDRAWN: (),
    },
    FormKind.IMPACT: _PLAIN,
    FormKind.GENERAL: _PLAIN,
}

# Nothing more is to be done in these, and the time for which it is kept runs.
CLOSED = frozenset({S.OFFERED, S.RESERVE, S.NOT_THIS_TIME, S.DONE, S.WITHDRAWN, *OUTCOMES})

# What staff press to move it there.
MOVES: dict[str, str] = {
    S.ACKNOWLEDGED: "Mark as acknowledged",
    S.IN_HAND: "Take it in hand",
    S.INTERVIEW: "Invite to an interview",
    S.OFFERED: "Offer a place",
    S.RESERVE: "Put on the reserve list",
    S.NOT_THIS_TIME: "Not this time",
    S.CLARIFICATION: "Ask the person a question",
    S.ANSWERED: "Answered in full",
    S.PARTLY_ANSWERED: "Answered in part",
    S.REFUSED: "Refuse",
    S.NOT_HELD: "We do not hold it",
    S.IN_REVIEW: "Look at it again",
    S.OUTSIDE_BODY: "It went to an outside body",
    S.DONE: "Done",
    S.WITHDRAWN: "The person took it back",
}

# What the person reads about each state.
_DEFAULT_TEXTS: dict[str, str] = {
    S.RECEIVED: "We have your form.",
    S.IN_HAND: "Somebody is dealing with it.",
    S.DONE: "We have done all we can with this.",
    S.WITHDRAWN: "You took this back.",
}
STATUS_TEXTS: dict[str, dict[str, str]] = {
    FormKind.APPLICATION: {
        S.RECEIVED: "We have your application.",
        S.ACKNOWLEDGED: "We are looking at your application.",
        S.INTERVIEW: "We would like to meet you and talk.",
        S.OFFERED: "We have offered you a place.",
        S.RESERVE: "You are on our reserve list. We will tell you if a place comes free.",
        S.NOT_THIS_TIME: "We cannot offer you a place this time.",
        S.WITHDRAWN: "You took your application back.",
    },
    FormKind.REQUEST: {
        S.RECEIVED: "We have your request.",
        S.ACKNOWLEDGED: "We are working on your request.",
        S.CLARIFICATION: "We asked you a question. Please answer it, so that we can go on.",
        S.ANSWERED: "We have answered your request.",
        S.PARTLY_ANSWERED: "We have answered part of your request.",
        S.REFUSED: "We cannot give you what you asked for.",
        S.NOT_HELD: "We do not have what you asked for.",
        S.IN_REVIEW: "We are looking at your request again.",
        S.OUTSIDE_BODY: "Somebody outside is looking at how we answered you.",
        S.WITHDRAWN: "You took your request back.",
    },
    FormKind.IMPACT: _DEFAULT_TEXTS,
    FormKind.GENERAL: _DEFAULT_TEXTS,
}


def states_of(kind: str) -> tuple[CaseState, ...]:
    """Return the states that a kind of form uses, in order."""
    return tuple(CaseState(state) for state in NEXT[kind])


def may_follow(kind: str, state: str) -> tuple[CaseState, ...]:
    """Return the states that may follow a state; none for a state that the kind does not use."""
    return NEXT[kind].get(state, ())


def is_closed(state: str) -> bool:
    """Return whether a state is closed."""
    return state in CLOSED


def outcome_of(state: str, been: Iterable[str]) -> str:
    """Return the outcome of a request: its last answer, which stands during a review and after it.

    :param been: the states that it moved to, in chronological order.
    :returns: the current state if it has no answer yet.
    """
    return state if state in OUTCOMES else next((each for each in reversed(list(been)) if each in OUTCOMES), state)


def reopened_state(kind: str) -> CaseState:
    """Return the state of a closed case that is reopened, which is also the first state that a handler sets."""
    return S.IN_HAND if S.IN_HAND in NEXT[kind] else S.ACKNOWLEDGED


def status_text(kind: str, state: str) -> str:
    """Return the text about a state that the person reads, in one line."""
    return STATUS_TEXTS[kind].get(state) or _DEFAULT_TEXTS[S.RECEIVED]
