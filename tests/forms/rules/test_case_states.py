"""The transition table of each kind of form, and its invariants."""

import pytest

from forms.enums import CaseState, FormKind
from forms.rules.case_states import (
    CLOSED,
    MOVES,
    NEXT,
    STATUS_TEXTS,
    is_closed,
    may_follow,
    reopened_state,
    states_of,
    status_text,
)

S = CaseState
PLAIN = "received in_hand done withdrawn"
USES = {
    FormKind.APPLICATION: "received acknowledged interview offered reserve not_this_time withdrawn",
    FormKind.REQUEST: "received acknowledged clarification answered partly_answered refused not_held"
    " in_review outside_body withdrawn",
    FormKind.IMPACT: PLAIN,
    FormKind.GENERAL: PLAIN,
}


@pytest.mark.parametrize("kind", FormKind)
def test_each_kind_uses_its_own_states(kind):
    assert list(states_of(kind)) == USES[kind].split()


@pytest.mark.parametrize(
    ("kind", "state", "follow"),
    [
        ("application", S.RECEIVED, "acknowledged interview offered reserve not_this_time withdrawn"),
        ("application", S.INTERVIEW, "offered reserve not_this_time withdrawn"),
        ("application", S.RESERVE, "offered not_this_time withdrawn"),
        ("application", S.NOT_THIS_TIME, ""),
        ("request", S.ACKNOWLEDGED, "clarification answered partly_answered refused not_held withdrawn"),
        ("request", S.CLARIFICATION, "acknowledged answered partly_answered refused not_held withdrawn"),
        ("request", S.REFUSED, "in_review outside_body"),
        ("request", S.IN_REVIEW, "answered partly_answered refused not_held outside_body withdrawn"),
        ("request", S.OUTSIDE_BODY, "answered partly_answered refused not_held withdrawn"),
        ("general", S.RECEIVED, "in_hand done withdrawn"),
        ("impact", S.IN_HAND, "done withdrawn"),
        ("general", S.INTERVIEW, ""),
    ],
)
def test_what_may_follow(kind, state, follow):
    assert list(may_follow(kind, state)) == follow.split()


@pytest.mark.parametrize("kind", FormKind)
def test_nothing_leads_out_of_the_table_and_everything_in_it_is_reached(kind):
    reached, todo = set(), [S.RECEIVED]
    while todo:
        state = todo.pop()
        reached.add(state)
        todo += [each for each in may_follow(kind, state) if each not in reached]
    assert reached == set(states_of(kind)) == set(NEXT[kind])


@pytest.mark.parametrize("kind", FormKind)
def test_what_is_closed_ends_or_can_be_looked_at_again_and_nothing_else_is_a_dead_end(kind):
    assert {state for state in states_of(kind) if not may_follow(kind, state)} <= CLOSED
    assert not is_closed(reopened_state(kind))
    assert reopened_state(kind) in states_of(kind)
    assert not is_closed(S.OUTSIDE_BODY), "what the ombudsman has must not be erased"


@pytest.mark.parametrize("kind", FormKind)
def test_every_state_has_words_for_the_person_and_for_the_button(kind):
    lines = [status_text(kind, state) for state in states_of(kind)]
    assert len(set(lines)) == len(lines), "two states read the same"
    assert set(STATUS_TEXTS[kind]) == set(states_of(kind))
    assert all(line.endswith(".") and "case" not in line.lower() for line in lines)
    assert all(MOVES[state] for state in states_of(kind) if state != S.RECEIVED)
