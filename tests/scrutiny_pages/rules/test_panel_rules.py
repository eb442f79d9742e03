"""A panel's rules: plain text, validation, and rules that refer to deleted records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny_pages.rules.panel_rules import read_rule, read_rules
from scrutiny_pages.rules.rule_types import RULES, Members, Names, Probation, Quorum, Rules

NAMES = Names(
    kinds={
        "leaseholder": "leaseholders",
        "stac": "committee members",
        "forum": "Tenants' Forum members",
        "silver": "Silver Service Forum members",
        "general": "other tenants",
    },
    panels={"auditors": "Tenant Auditors", "repairs": "Repairs Panel", "forum": "Tenants' Forum", "silver": "SSF"},
)


def rules(*given) -> Rules:
    """Return stored rules from pairs of kind and parameters."""
    return read_rules([{"type": kind, "value": value} for kind, value in given], NAMES)


WORDS = {
    # The size of a panel.
    "W24": ("members", {"at_most": 12}, "The panel has up to 12 members."),
    "H 8.1": ("members", {"at_least": 4, "at_most": 12}, "The panel has between 4 and 12 members."),
    "H 2.1": ("members", {"at_least": 4}, "The panel has at least 4 members."),
    "K 4.1": ("members", {"at_least": 8, "at_most": 8}, "The panel has 8 members."),
    "one member": ("members", {"at_most": 1}, "The panel has up to 1 member."),
    "an aim": ("members", {"at_most": 15, "level": "aim"}, "The panel aims to have up to 15 members."),
    # Who may have its seats.
    "W24 leaseholders": (
        "kind_limit",
        {"member_kind": "leaseholder", "at_most": 2},
        "No more than 2 of the seats may go to leaseholders.",
    ),
    "H 4.1": (
        "kind_limit",
        {"member_kind": "stac", "at_most": 1},
        "No more than 1 of the seats may go to committee members.",
    ),
    "K 4.3": (
        "kind_limit",
        {"member_kind": "general", "at_most": 3, "unfilled_to": "forum"},
        "No more than 3 of the seats may go to other tenants. "
        "If too few come forward, Tenants' Forum members may stand for the seats that are left.",
    ),
    "K 4.1 deputies": ("deputies", {"at_most": 4}, "As well as its members, the panel may have up to 4 deputies."),
    "W24 reserves": (
        "reserves",
        {},
        "When every seat is taken, the panel may keep a list of people who can join later.",
    ),
    "K 6": (
        "co_optees",
        {"voting": "no", "consent_of": "forum"},
        "The panel may bring in other people for what they know, if the Tenants' Forum agrees. They cannot vote.",
    ),
    "H 8.6": (
        "co_optees",
        {},
        "The panel may bring in other people for what they know.",  # the document says nothing of a vote
    ),
    "co-optees who vote": (
        "co_optees",
        {"voting": "yes"},
        "The panel may bring in other people for what they know. They can vote.",
    ),
    "W26": (
        "may_not_sit_on",
        {"panels": ["auditors", "repairs"]},
        "A member may not also be on the Tenant Auditors or the Repairs Panel.",
    ),
    "K 4.2": (
        "one_of",
        {"panels": ["forum", "silver"], "at_most": 1},
        "A member may be on no more than one of these: the Tenants' Forum and the SSF.",
    ),
    "K 4.5": (
        "training_commitment",
        {"percent": 80},
        "Before they join, members promise to come to at least 80% of the training.",
    ),
    "C Appeal": (
        "suspension",
        {"months": 3, "appeal_days": 14},
        "A member who breaks the code of conduct can be suspended for 3 months. They have 14 days from being told to "
        "appeal.",
    ),
    "C Membership": ("probation", {"months": 6}, "New members have a trial period of 6 months."),
    # Its meetings.
    "W14": (
        "attending",
        {"at_most": 15, "level": "aim"},
        "The panel aims to have no more than 15 members at one meeting.",
    ),
    "W24 attending": ("attending", {"at_most": 12}, "No more than 12 members may come to one meeting."),
    "W25": ("quorum", {"number": 6}, "At least 6 members must be at a meeting for a decision to count."),
    "one": ("quorum", {"number": 1}, "At least 1 member must be at a meeting for a decision to count."),
    "K 7.2": (
        "quorum",
        {"percent": 50, "ratify": True},
        "At least half of the members must be at a meeting for a decision to count. If fewer come, what was agreed "
        "waits until the next full meeting says yes to it.",
    ),
    "a third": ("quorum", {"percent": 33}, "At least 33% of the members must be at a meeting for a decision to count."),
    "all": ("quorum", {"percent": 100}, "All members must be at a meeting for a decision to count."),
    "G 8": (
        "between_meetings",
        {"ways": ["email"], "only_time": True},
        "Between meetings, the panel may decide whether to allow more time by email. As many members must take part as "
        "at a meeting.",
    ),
    "in several ways": (
        "between_meetings",
        {"ways": ["email", "phone", "post"]},
        "Between meetings, the panel may decide something by email, by phone or by letter. As many members must take "
        "part as at a meeting.",
    ),
    "W33 at first": (
        "frequency",
        {"times_a_year": 12, "first_months": 6},
        "For the panel's first 6 months, it meets about 12 times a year.",
    ),
    "W33": ("frequency", {"times_a_year": 4}, "It meets about 4 times a year."),
    "K 7.1": ("frequency", {"times_a_year": 10, "how": "at_least"}, "It meets at least 10 times a year."),
    "C Meetings": ("frequency", {"times_a_year": 12, "how": "at_most"}, "It meets no more than 12 times a year."),
    "yearly": ("frequency", {"times_a_year": 1}, "It meets about once a year."),
    "K 7.1 notice": (
        "notice",
        {"meeting_kind": "extra", "amount": 5, "unit": "working_days"},
        "People are told of an extra meeting at least 5 working days before.",
    ),
    "H 6.1": (
        "notice",
        {"meeting_kind": "interview", "amount": 10, "unit": "working_days", "level": "aim"},
        "The panel aims to tell people of an interview with staff at least 10 working days before.",
    ),
    "H 6.1 full reviews": (
        "notice",
        {"meeting_kind": "interview", "amount": 10, "unit": "working_days", "full_reviews_only": True},
        "People are told of an interview with staff in a full review at least 10 working days before.",
    ),
    "W41": (
        "absences",
        {"number": 3, "excusable": True, "consequence": "may_replace"},
        "A member who misses 3 meetings in a row without a good reason may be asked to give up their seat.",
    ),
    "K 4.3b": (
        "absences",
        {"number": 5, "within_months": 12, "consequence": "lapses"},
        "A member who misses 5 meetings in 12 months loses their seat.",
    ),
    # How long somebody serves.
    "W27": ("term", {"role": "chair", "years": 2}, "The chair serves for up to 2 years."),
    "K 8": ("term", {"role": "chair", "years": 3, "consecutive": True}, "The chair serves for up to 3 years in a row."),
    "K 15": (
        "term",
        {"role": "member", "years": 3, "renewal": "A third of the members leave each year."},
        "A member serves for up to 3 years. A third of the members leave each year.",
    ),
    "K 15 rotation": ("note", {"text": "General members change in the second year."}, None),
}


@pytest.mark.parametrize(("kind", "given", "sentence"), WORDS.values(), ids=WORDS.keys())
def test_a_rule_is_said_as_residents_read_it(kind, given, sentence):
    assert rules((kind, given)).words() == [sentence or given["text"]]


def test_every_kind_of_rule_is_in_the_table():
    assert {kind for kind, *_ in WORDS.values()} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_an_aim_is_said_as_an_aim(rule):
    given = next(given for kind, given, _ in WORDS.values() if kind == rule.kind)
    said = read_rule(rule.kind, given | {"level": "aim"}).words(NAMES)
    assert ("aims" in said) == hasattr(rule, "level")
    if hasattr(rule, "level"):
        assert "aims" not in read_rule(rule.kind, given | {"level": "warn"}).words(NAMES)


@pytest.mark.parametrize(
    "stored",
    [
        {"type": "gone", "value": {"at_most": 3}},
        {"type": "term", "value": {"role": "chair", "years": None}},
        {"type": "may_not_sit_on", "value": {"panels": []}},
        {"type": "quorum", "value": None},
        {"type": "note", "value": {"text": ""}},
        {"value": {}},
        {},
    ],
)
def test_a_rule_that_is_not_filled_in_says_nothing(stored):
    assert read_rules([stored]).words() == []


def test_a_name_that_is_gone_is_said_as_its_slug():
    gone = read_rules(
        [
            {"type": "kind_limit", "value": {"member_kind": "shared-owners", "at_most": 2}},
            {"type": "may_not_sit_on", "value": {"panels": ["old-panel"]}},
        ]
    )
    assert gone.words() == [
        "No more than 2 of the seats may go to shared owners.",
        "A member may not also be on the old panel.",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "parameter"),
    [
        ("members", {}, "at_most"),
        ("members", {"at_least": 13, "at_most": 12}, "at_most"),
        ("quorum", {}, "number"),
        ("quorum", {"number": 6, "percent": 50}, "number"),
        ("quorum", {"percent": 101}, "percent"),
        ("training_commitment", {"percent": 101}, "percent"),
        ("one_of", {"panels": ["forum"], "at_most": 1}, "panels"),
        ("kind_limit", {"member_kind": "forum", "at_most": 1, "unfilled_to": "forum"}, "unfilled_to"),
    ],
)
def test_a_rule_that_makes_no_sense_says_where(kind, given, parameter):
    assert set(read_rule(kind, given).problems()) == {parameter}


@pytest.mark.parametrize(("kind", "given", "sentence"), WORDS.values(), ids=WORDS.keys())
def test_a_real_rule_has_no_problem(kind, given, sentence):
    assert read_rule(kind, given).problems() == {}


TWO_TERMS = [("term", {"role": "chair", "years": 2}), ("term", {"role": "chair", "years": 3})]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([("members", {"at_most": 5}), ("quorum", {"number": 6})], "more people than the panel may have (5)"),
        ([("members", {"at_most": 6}), ("quorum", {"number": 6})], ""),
        ([("members", {"at_least": 5}), ("quorum", {"number": 6})], ""),
        ([("kind_limit", {"member_kind": "forum", "at_most": n}) for n in (1, 2)], "two limits for Tenants' Forum"),
        ([("kind_limit", {"member_kind": kind, "at_most": 1}) for kind in ("forum", "silver")], ""),
        (TWO_TERMS, "two rules for how long somebody serves as chair"),
        ([("absences", {"number": 3}), ("absences", {"number": 5, "within_months": 12})], ""),
    ],
)
def test_rules_that_contradict_each_other_are_named(given, words):
    clashes = rules(*given).clashes()
    assert [words in clash for clash in clashes] == ([True] if words else [])


def test_rules_of_another_panel_are_said_as_that_panels():
    shared = read_rules(
        [{"type": "frequency", "value": {"times_a_year": 4}}, {"type": "members", "value": {"at_most": 15}}],
        source="Repairs Panel",
    )
    mine = rules(("members", {"at_most": 9})).with_others(shared)
    assert mine.words_by_source() == {
        "": ["The panel has up to 9 members."],
        "Repairs Panel": ["It meets about 4 times a year."],
    }
    assert mine.words() == [
        "The panel has up to 9 members.",
        "It meets about 4 times a year. (A rule of the Repairs Panel.)",
    ]
    assert [rule["taken_from"] for rule in mine.as_data()] == [None, "Repairs Panel"]


def test_what_programs_read_has_every_parameter():
    assert rules(("quorum", {"percent": 50, "ratify": True})).as_data() == [
        {
            "kind": "quorum",
            "words": rules(("quorum", {"percent": 50, "ratify": True})).words()[0],
            "taken_from": None,
            "number": None,
            "percent": 50,
            "ratify": True,
        }
    ]


NUMBERS = st.none() | st.integers(1, 200)


@given(NUMBERS, NUMBERS)
def test_only_limits_in_order_are_sound(low, high):
    sound = bool(low or high) and not (low and high and low > high)
    assert (not Members(at_least=low, at_most=high).problems()) == sound


@given(NUMBERS, NUMBERS)
def test_a_quorum_is_counted_in_one_way(number, percent):
    sound = (number is None) != (percent is None) and (percent or 0) <= 100
    assert (not Quorum(number=number, percent=percent).problems()) == sound


def test_a_rule_is_found_by_its_kind():
    found = rules(("members", {"at_most": 12}), ("quorum", {"number": 6}))
    assert found.one(Quorum).number == 6
    assert found.one(Probation) is None
    assert (Members.least(found), Members.most(found)) == (None, 12)
