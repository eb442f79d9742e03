"""Eligibility and terms of members: the real arrangements' own cases, on the days around each limit."""

import datetime
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny_pages.enums import (
    SEATED,
    WITHOUT_SEAT,
    AttendanceState,
    Level,
    MemberRole,
    MemberStanding,
)
from scrutiny_pages.rules.membership import SeatElsewhere, absence_breaches, breaches, breaches_elsewhere, kind_by_seats
from scrutiny_pages.rules.rule_types import Attended, Members, Probation, Quorum, Seat, Suspension, Term
from tests.scrutiny_pages.rules.test_panel_rules import rules

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 22)

W = rules(
    ("members", {"at_most": 12}),
    ("kind_limit", {"member_kind": "leaseholder", "at_most": 2}),
    ("reserves", {}),
    ("may_not_sit_on", {"panels": ["auditors", "repairs"]}),
    ("quorum", {"number": 6}),
    ("term", {"role": "chair", "years": 2}),
    ("term", {"role": "vice_chair", "years": 2}),
    ("absences", {"number": 3, "excusable": True}),
)
H = rules(
    ("members", {"at_least": 4, "at_most": 12}),
    ("kind_limit", {"member_kind": "stac", "at_most": 1}),
    ("co_optees", {"voting": "yes"}),
)
K = rules(
    ("members", {"at_most": 8}),
    ("kind_limit", {"member_kind": "forum", "at_most": 4}),
    ("kind_limit", {"member_kind": "silver", "at_most": 1}),
    ("kind_limit", {"member_kind": "general", "at_most": 3, "unfilled_to": "forum"}),
    ("deputies", {"at_most": 4}),
    ("co_optees", {"voting": False}),
    ("one_of", {"panels": ["forum", "silver"], "at_most": 1}),
    ("training_commitment", {"percent": 80}),
    ("quorum", {"percent": 50, "ratify": True}),
    ("absences", {"number": 3, "excusable": True, "consequence": "lapses"}),
    ("absences", {"number": 5, "within_months": 12, "excusable": True, "consequence": "lapses"}),
    ("term", {"role": "chair", "years": 3, "consecutive": True}),
    ("term", {"role": "member", "years": 3}),
)
C = rules(("probation", {"months": 6}), ("suspension", {"months": 3, "appeal_days": 14}))


def seat(**fields) -> Seat:
    return Seat(**{"person": "new", "panel": "panel", "standing": MemberStanding.JOINING} | fields)


def seats(number: int, **fields) -> list[Seat]:
    return [seat(person=f"p{n}", **fields) for n in range(number)]


def of_kinds(**numbers: int) -> list[Seat]:
    return [seat(person=f"{kind}{n}", kind=kind) for kind, number in numbers.items() for n in range(number)]


def problems(candidate: Seat, **given) -> list[str]:
    return [breach.problem for breach in breaches(candidate, **{"on": TODAY} | given)]


# --- seats -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "others", "fits"),
    [
        pytest.param(W, seats(11), True, id="W24 the twelfth"),
        pytest.param(W, seats(12), False, id="W24 the thirteenth"),
        pytest.param(H, seats(12), False, id="H 8.1"),
        pytest.param(K, seats(8), False, id="K 4.1"),
        pytest.param(C, seats(40), True, id="C has no number"),
        pytest.param(W, seats(11) + seats(3, standing=MemberStanding.SUSPENDED), False, id="suspended keep seats"),
        pytest.param(W, seats(11) + seats(3, standing=MemberStanding.STOOD_DOWN), True, id="H 11 stood down does not"),
        pytest.param(W, seats(11) + seats(9, standing=MemberStanding.RESERVE), True, id="W24 reserves do not"),
        pytest.param(W, seats(11) + seats(9, standing=MemberStanding.LEFT), True, id="nor who left"),
        pytest.param(K, seats(7) + seats(4, role=MemberRole.DEPUTY), True, id="K 4.1 deputies do not"),
        pytest.param(H, seats(11) + seats(4, role=MemberRole.CO_OPTEE), True, id="H 8.6 co-optees do not"),
    ],
)
def test_a_seat_needs_room(rule, others, fits):
    found = breaches(seat(), rules=rule, others=others, on=TODAY)
    assert [breach.rule for breach in found] == ([] if fits else [rule.words()[0]])


@pytest.mark.parametrize("role", WITHOUT_SEAT)
def test_a_full_panel_has_room_for_those_without_a_seat(role):
    assert problems(seat(role=role), rules=K, others=seats(8)) == []


@pytest.mark.parametrize("level", Level)
def test_a_breach_is_as_hard_as_its_rule(level):
    found = breaches(seat(), rules=rules(("members", {"at_most": 1, "level": level})), others=seats(1), on=TODAY)
    assert [breach.level for breach in found] == [level]


@pytest.mark.parametrize(("left", "warned"), [(5, False), (4, False), (3, True)])
@pytest.mark.parametrize("standing", [MemberStanding.LEFT, MemberStanding.STOOD_DOWN])
def test_too_few_is_only_ever_warned_of(standing, left, warned):  # H 8.1
    found = breaches(seat(standing=standing), rules=H, others=seats(left), on=TODAY)
    assert [breach.level for breach in found] == ([Level.WARN] if warned else [])


KINDS = {
    "W24 second leaseholder": (W, of_kinds(leaseholder=1), "leaseholder", True),
    "W24 third leaseholder": (W, of_kinds(leaseholder=2), "leaseholder", False),
    "W24 a tenant beside them": (W, of_kinds(leaseholder=2), "tenant", True),
    "H 4.1 one from STAC": (H, of_kinds(stac=0), "stac", True),
    "H 4.1 two from STAC": (H, of_kinds(stac=1), "stac", False),
    "K 4.1 fourth general": (K, of_kinds(general=3), "general", False),
    "K 4.1 second Silver Service": (K, of_kinds(silver=1), "silver", False),
    "K 4.3 Forum fills an empty general seat": (K, of_kinds(forum=4, silver=1, general=2), "forum", True),
    "K 4.3 Forum fills all of them": (K, of_kinds(forum=6, silver=1), "forum", True),
    "K 4.3 but not those that are taken": (K, of_kinds(forum=4, general=3), "forum", False),
    "K 4.3 nor the Silver Service seat": (K, of_kinds(forum=7), "forum", False),
    "K 4.3 a filled seat is filled": (K, of_kinds(forum=6, general=1), "general", False),
    "K 4.3 Silver Service fills nothing": (K, of_kinds(silver=1), "silver", False),
}


@pytest.mark.parametrize(("rule", "others", "kind", "fits"), KINDS.values(), ids=KINDS.keys())
def test_a_kind_of_member_has_its_seats(rule, others, kind, fits):
    found = breaches(seat(kind=kind), rules=rule, others=others, on=TODAY)
    assert [breach.field for breach in found] == ([] if fits else ["kind"])


def test_the_rule_is_quoted_and_nobody_is_named():
    others = [seat(person="1", name="Robin Example", kind="leaseholder"), seat(person="2", kind="leaseholder")]
    (found,) = breaches(seat(kind="leaseholder", name="Sam Example"), rules=W, others=others, on=TODAY)
    assert found.rule == "No more than 2 of the seats may go to leaseholders."
    assert found.problem == "Leaseholders would have 3 seats."
    assert "Example" not in repr(found)


@pytest.mark.parametrize(("there", "fits"), [(3, True), (4, False)])
def test_deputies_are_counted_apart(there, fits):  # K 4.1
    others = seats(there, role=MemberRole.DEPUTY)
    assert (problems(seat(role=MemberRole.DEPUTY), rules=K, others=others) == []) is fits


@pytest.mark.parametrize(("rule", "fits"), [(W, False), (H, True), (K, True), (C, False)])
def test_case_ar14_people_are_brought_in_only_where_a_rule_allows_it(rule, fits):  # H 8.6, K 6
    found = breaches(seat(role=MemberRole.CO_OPTEE), rules=rule, on=TODAY)
    assert [(breach.level, breach.field) for breach in found] == ([] if fits else [(Level.REFUSE, "role")])


@pytest.mark.parametrize(("rule", "fits"), [(W, False), (H, False), (K, True), (C, False)])
def test_case_ar14_there_are_deputies_only_where_a_rule_allows_them(rule, fits):  # K 4.1
    found = breaches(seat(role=MemberRole.DEPUTY), rules=rule, on=TODAY)
    assert [(breach.level, breach.field) for breach in found] == ([] if fits else [(Level.REFUSE, "role")])


@pytest.mark.parametrize(("days", "fits"), [(1, True), (0, True), (-1, False)])
@pytest.mark.parametrize("standing", [MemberStanding.JOINING, MemberStanding.ACTIVE])
def test_case_ar14_a_panel_takes_nobody_after_its_last_day(standing, days, fits):  # K 5
    found = breaches(seat(standing=standing), rules=C, last_day=TODAY + days * DAY, on=TODAY)
    assert [breach.field for breach in found] == ([] if fits else ["panel"])


def test_whoever_leaves_a_panel_that_is_over_may():
    assert breaches(seat(standing=MemberStanding.LEFT), rules=C, last_day=TODAY - DAY, on=TODAY) == []


AIMED = rules(("kind_limit", {"member_kind": "leaseholder", "at_most": 2, "level": "aim"}))
UNKNOWN_KIND = {
    "case AR4 W active": (W, {"standing": "active"}, Level.REFUSE),
    "case AR4 K active": (K, {"standing": "active", "training_commitment": 80}, Level.REFUSE),
    "case AR4 only aimed at": (AIMED, {"standing": "active"}, Level.AIM),
    "joining, it may not be known yet": (W, {"standing": "joining"}, None),
    "a deputy takes no seat": (K, {"standing": "active", "role": "deputy", "training_commitment": 80}, None),
    "C here counts no kinds": (C, {"standing": "active"}, None),
}


@pytest.mark.parametrize(("rule", "fields", "level"), UNKNOWN_KIND.values(), ids=UNKNOWN_KIND.keys())
def test_an_active_member_is_of_some_kind_where_kinds_are_counted(rule, fields, level):
    found = breaches(seat(**fields), rules=rule, on=TODAY)
    assert [(breach.level, breach.field) for breach in found] == ([(level, "kind")] if level else [])


RESERVES = {
    "W24 the panel is full": (W, 12, 5, []),
    "W24 there is a seat": (W, 11, 0, [Level.WARN]),
    "reserves are not spoken of": (K, 8, 0, [Level.REFUSE]),
    "one may wait": (rules(("members", {"at_most": 2}), ("reserves", {"at_most": 1})), 2, 0, []),
    "two may not": (rules(("members", {"at_most": 2}), ("reserves", {"at_most": 1})), 2, 1, [Level.REFUSE]),
}


@pytest.mark.parametrize(("rule", "taken", "waiting", "levels"), RESERVES.values(), ids=RESERVES.keys())
def test_reserves_wait_for_a_seat(rule, taken, waiting, levels):
    others = seats(taken) + seats(waiting, standing=MemberStanding.RESERVE)
    found = breaches(seat(standing=MemberStanding.RESERVE), rules=rule, others=others, on=TODAY)
    assert [breach.level for breach in found] == levels


@pytest.mark.parametrize("role", [MemberRole.CHAIR, MemberRole.VICE_CHAIR])
@pytest.mark.parametrize(
    ("standing", "fits"), [(MemberStanding.ACTIVE, False), (MemberStanding.SUSPENDED, False), ("left", True)]
)
def test_a_panel_has_one_chair_at_a_time(role, standing, fits):  # W27, K 8
    found = breaches(seat(role=role), rules=W, others=[seat(role=role, standing=standing, person="1")], on=TODAY)
    assert [breach.field for breach in found] == ([] if fits else ["role"])


def test_a_chair_and_a_vice_chair_sit_together():
    assert problems(seat(role=MemberRole.CHAIR), rules=W, others=seats(1, role=MemberRole.VICE_CHAIR)) == []


# --- other bodies ------------------------------------------------------------------------------------

BODIES = {
    "W26 an auditor": (W, "scrutiny", ["auditors"], False),
    "W26 another panel": (W, "scrutiny", ["garden"], True),
    "K 4.2 on one Forum": (K, "overview", ["forum"], True),
    "K 4.2 on both Forums": (K, "overview", ["forum", "silver"], False),
    "K 4.2 joining the second": (K, "silver", ["forum"], False),
}


@pytest.mark.parametrize(("rule", "panel", "sits_on", "fits"), BODIES.values(), ids=BODIES.keys())
def test_some_bodies_do_not_go_together(rule, panel, sits_on, fits):
    elsewhere = [seat(panel=slug) for slug in sits_on]
    found = breaches(seat(panel=panel), rules=rule, elsewhere=elsewhere, on=TODAY)
    assert [breach.field for breach in found] == ([] if fits else ["panel"])


def test_who_has_left_the_other_body_may_join():
    assert problems(seat(), rules=W, elsewhere=[seat(panel="auditors", standing=MemberStanding.LEFT)]) == []


# The seat held already, by whose rules it is judged, and the body that is joined then.
SAVED_LAST = {
    "case AR3 W26 a panel member joins a customer panel": (W, "scrutiny", "repairs", False),
    "case AR3 W26 a panel member joins the auditors": (W, "scrutiny", "auditors", False),
    "case AR3 W26 a panel member joins another body": (W, "scrutiny", "garden", True),
    "case AR3 H has no such rule": (H, "team", "committee", True),
}


@pytest.mark.parametrize(("rule", "held", "joined", "fits"), SAVED_LAST.values(), ids=SAVED_LAST.keys())
def test_bodies_that_do_not_go_together_are_told_apart_whichever_seat_is_saved_last(rule, held, joined, fits):
    found = breaches_elsewhere(seat(panel=joined), [SeatElsewhere(seat(panel=held), rule)], names=rule.names)

    assert [breach.problem for breach in found] == ([] if fits else [f"This person is on the {held}."])
    assert all(f"(A rule of the {held}.)" in breach.sentence and breach.field == "panel" for breach in found)


def test_case_ar3_joining_the_second_forum_is_refused_by_the_panel_that_names_both():  # K 4.2
    held = [SeatElsewhere(seat(panel="overview"), K), SeatElsewhere(seat(panel="forum"), rules())]

    found = breaches_elsewhere(seat(panel="silver"), held, names=K.names)

    assert [breach.problem for breach in found] == ["This person would be on the Tenants' Forum and the SSF."]


@pytest.mark.parametrize("standing", [MemberStanding.LEFT, MemberStanding.STOOD_DOWN, MemberStanding.RESERVE])
def test_who_sits_on_one_of_the_two_no_more_may_join_the_other(standing):
    left = SeatElsewhere(seat(panel="scrutiny", standing=standing), W)
    assert breaches_elsewhere(seat(panel="repairs"), [left], names=W.names) == []
    assert breaches_elsewhere(seat(panel="repairs", standing=standing), [SeatElsewhere(seat(), W)], names=W.names) == []


AS_CUSTOMER = seat(panel="team", person="robin", kind="customer")


@pytest.mark.parametrize(("others", "fits"), [(of_kinds(stac=1), False), (of_kinds(customer=3), True)])
def test_case_ar5_joining_the_committee_later_counts_on_the_team_too(others, fits):  # H 4.1
    held = [SeatElsewhere(AS_CUSTOMER, H, others)]

    found = breaches_elsewhere(seat(panel="committee"), held, kind_of_body="stac", names=H.names)

    assert [breach.level for breach in found] == ([] if fits else [Level.REFUSE])


@pytest.mark.parametrize(
    ("chosen", "held", "counts_as"),
    [
        ("customer", {"stac"}, "stac"),
        ("", {"stac"}, "stac"),
        ("general", {"silver"}, "silver"),
        ("silver", {"silver", "forum"}, "silver"),
        ("customer", (), "customer"),
        ("", (), ""),
    ],
)
def test_case_ar5_what_somebody_is_follows_from_the_seats_they_hold(chosen, held, counts_as):
    assert kind_by_seats(chosen, held) == counts_as


# --- before somebody is active -----------------------------------------------------------------------

READY = {
    "standing": MemberStanding.ACTIVE,
    "agreements": frozenset({"code", "confidentiality"}),
    "trainings": frozenset({"equality"}),
    "eligibility_checked_on": TODAY,
    "training_commitment": 80,
    "kind": "general",
}
ASKED = {
    "required_agreements": {"code": "Code of Conduct", "confidentiality": "Confidentiality Agreement"},
    "required_trainings": {"equality": "Equality and Diversity"},
    "eligibility": ["I am a tenant."],
}


@pytest.mark.parametrize(
    ("lacking", "fields"),
    [
        pytest.param({}, [], id="W31 everything is there"),
        pytest.param({"agreements": frozenset({"code"})}, ["agreements"], id="W31 Confidentiality not signed"),
        pytest.param({"trainings": frozenset()}, ["trainings"], id="H 4.2 not trained"),
        pytest.param({"eligibility_checked_on": None}, ["eligibility_checked_on"], id="K 4.2 not checked"),
        pytest.param({"eligibility_checked_on": TODAY + DAY}, ["eligibility_checked_on"], id="checked tomorrow"),
        pytest.param({"training_commitment": None}, ["training_commitment"], id="K 4.5 no promise"),
        pytest.param({"training_commitment": 79}, ["training_commitment"], id="K 4.5 too little"),
        pytest.param({"training_commitment": 81}, [], id="K 4.5 more"),
    ],
)
def test_nobody_is_active_before_they_are_ready(lacking, fields):
    found = breaches(seat(**READY | lacking), rules=K, on=TODAY, **ASKED)
    assert [breach.field for breach in found] == fields
    assert all(breach.level == Level.REFUSE for breach in found)


def test_who_is_still_joining_has_time():
    assert problems(seat(), rules=K, **ASKED) == []


def test_what_is_missing_is_named():
    found = problems(seat(**READY | {"agreements": frozenset()}), rules=K, **ASKED)
    assert found == ["Not accepted yet: Code of Conduct and Confidentiality Agreement."]


# --- terms, trial periods, absence -------------------------------------------------------------------

SINCE = datetime.date(2024, 2, 29)
TERMS = {
    "W27 chair": (W, MemberRole.CHAIR, datetime.date(2026, 2, 28)),
    "W27 vice chair": (W, MemberRole.VICE_CHAIR, datetime.date(2026, 2, 28)),
    "W28 member": (W, MemberRole.MEMBER, None),
    "K 8 chair": (K, MemberRole.CHAIR, datetime.date(2027, 2, 28)),
    "K 15 member": (K, MemberRole.MEMBER, datetime.date(2027, 2, 28)),
}


@pytest.mark.parametrize(("rule", "role", "ends"), TERMS.values(), ids=TERMS.keys())
def test_a_term_is_over_the_day_after_it_ends(rule, role, ends):
    assert Term.last_day(rule, role=role, since=SINCE) == ends
    held = seat(role=role, role_since=SINCE, joined_on=SINCE if role == MemberRole.MEMBER else None)
    if ends is None:
        assert problems(held, rules=rule, on=datetime.date(2099, 1, 1)) == []
        return
    for day, over in ((ends - DAY, False), (ends, False), (ends + DAY, True)):
        found = breaches(held, rules=rule, on=day)
        assert [breach.field for breach in found] == (
            ["joined_on" if role == MemberRole.MEMBER else "role_since"] if over else []
        )


def test_a_chair_is_a_member_too():  # K 15
    held = seat(role=MemberRole.CHAIR, role_since=TODAY - DAY, joined_on=datetime.date(2020, 1, 1))
    assert problems(held, rules=K) == ["This term ended on 1 January 2023."]


def test_a_term_without_a_first_day_has_no_end():
    assert Term.last_day(K, role=MemberRole.CHAIR, since=None) is None
    assert problems(seat(role=MemberRole.CHAIR), rules=K) == []


@pytest.mark.parametrize(
    ("rule", "joined", "ends"),
    [
        (C, datetime.date(2026, 1, 5), datetime.date(2026, 7, 5)),
        (C, datetime.date(2025, 8, 31), datetime.date(2026, 2, 28)),
        (C, None, None),
        (W, datetime.date(2026, 1, 5), None),
    ],
)
def test_a_trial_period_ends_on_the_same_day_of_a_later_month(rule, joined, ends):  # C Membership
    assert Probation.last_day(rule, joined_on=joined) == ends


@pytest.mark.parametrize(
    ("rule", "told_on", "dates"),
    [
        (C, datetime.date(2026, 11, 16), (datetime.date(2026, 11, 30), datetime.date(2027, 2, 16))),
        (C, datetime.date(2026, 11, 30), (datetime.date(2026, 12, 14), datetime.date(2027, 2, 28))),
        (C, None, (None, None)),
        (W, datetime.date(2026, 11, 16), (None, None)),
    ],
)
def test_case_ar12_an_appeal_and_a_suspension_end_on_their_days(rule, told_on, dates):  # C 14
    assert Suspension.dates(rule, told_on=told_on) == dates


def attended(letters: str, *, last: datetime.date = TODAY, days: int = 30) -> list[Attended]:
    """Return attendance records from letters, a month apart, oldest first: came, excused, absent."""
    states = {"c": AttendanceState.PRESENT, "e": AttendanceState.EXCUSED, "a": AttendanceState.ABSENT}
    return [Attended(last - (len(letters) - 1 - n) * days * DAY, states[each]) for n, each in enumerate(letters)]


ABSENCES = {
    "W41 two": (W, "caa", 0),
    "W41 three": (W, "caaa", 1),
    "W41 three and back": (W, "aaac", 0),
    "W41 one with a reason": (W, "aea", 0),
    "W41 never came": (W, "aaa", 1),
    "nothing yet": (K, "", 0),
    "K 4.3b three in a row": (K, "caaa", 1),
    "K 4.3b five in twelve months": (K, "aacaacac", 1),
    "K 4.3b four in twelve months": (K, "aacaacc", 0),
    "K 10.4 a reason excuses": (K, "aecaacac", 0),
    "K 4.3b both": (K, "aacaaa", 2),
    "a reason may not excuse": (rules(("absences", {"number": 3})), "eee", 1),
    "no rule": (H, "aaaaaaaa", 0),
}


@pytest.mark.parametrize(("rule", "letters", "broken"), ABSENCES.values(), ids=ABSENCES.keys())
def test_missed_meetings_are_counted(rule, letters, broken):
    found = absence_breaches(attended(letters), rules=rule, on=TODAY)
    assert len(found) == broken
    assert {breach.level for breach in found} <= {Level.WARN}
    assert all(breach.rule in rule.words() for breach in found)


def test_a_meeting_leaves_the_twelve_months_on_its_anniversary():  # K 4.3b
    within = rules(("absences", {"number": 1, "within_months": 12}))
    missed = [Attended(datetime.date(2025, 11, 22), AttendanceState.ABSENT)]
    for day, counted in ((TODAY - DAY, 1), (TODAY, 0), (TODAY + DAY, 0)):
        assert len(absence_breaches(missed, rules=within, on=day)) == counted


def test_a_meeting_to_come_is_not_missed():
    future = [Attended(TODAY + DAY, AttendanceState.ABSENT)]
    once = rules(("absences", {"number": 1}))
    assert absence_breaches(future, rules=once, on=TODAY) == []
    assert len(absence_breaches(future, rules=once, on=TODAY + DAY)) == 1


# --- quorum ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "members", "needed"),
    [(W, 12, 6), (W, 4, 6), (K, 8, 4), (K, 7, 4), (K, 1, 1), (K, 0, 1), (H, 8, None), (C, 8, None)],
)
def test_a_quorum_is_a_number_or_a_share_rounded_up(rule, members, needed):  # W25, K 7.2
    assert Quorum.needed(rule, members=members) == needed


# --- what is always so -------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "taken", "left"), [(W, 10, 2), (W, 12, 0), (W, 13, 0), (K, 0, 8), (C, 40, None)])
def test_seats_left_are_what_the_limit_leaves(rule, taken, left):
    assert Members.open_seats(rule, seats(taken)) == left


SEATS = st.builds(
    Seat,
    person=st.uuids().map(str),
    panel=st.just("panel"),
    kind=st.sampled_from(["", "forum", "silver", "general", "leaseholder", "stac"]),
    role=st.sampled_from(MemberRole.values),
    standing=st.sampled_from(MemberStanding.values),
)
LISTS = st.lists(SEATS, max_size=14)
RULES = st.sampled_from([W, H, K, C])


@given(RULES, LISTS)
def test_seats_left_are_never_fewer_than_none(rule, held):
    left = Members.open_seats(rule, held)
    assert left is None if Members.most(rule) is None else 0 <= left <= Members.most(rule)


@given(RULES, LISTS, SEATS)
def test_a_person_more_never_opens_a_seat(rule, held, more):
    if Members.most(rule) is not None:
        assert Members.open_seats(rule, [*held, more]) <= Members.open_seats(rule, held)


@given(RULES, LISTS, SEATS, SEATS)
def test_a_person_more_never_lifts_a_refusal(rule, held, more, candidate):
    def refused(others) -> Counter:
        found = breaches(candidate, rules=rule, others=others, on=TODAY)
        return Counter(breach.rule for breach in found if breach.level == Level.REFUSE)

    assert refused(held) <= refused([*held, more])


@given(RULES, LISTS, SEATS)
def test_a_full_panel_refuses_exactly_whoever_needs_a_seat(rule, held, candidate):
    found = breaches(candidate, rules=rule, others=held, on=TODAY)
    no_room = any("no room" in breach.problem for breach in found)
    needs_a_seat = candidate.standing in SEATED and candidate.role not in WITHOUT_SEAT
    assert no_room == (needs_a_seat and Members.open_seats(rule, held) == 0)


@given(st.integers(0, 200), st.integers(1, 100))
def test_a_share_is_the_fewest_who_make_it_up(members, percent):
    needed = Quorum.needed(rules(("quorum", {"percent": percent})), members=members)
    assert needed * 100 >= members * percent
    assert needed == 1 or (needed - 1) * 100 < members * percent
