"""What the statuses of other trackers mean here, and which are asked about."""

import pytest

from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.imports.statuses import MEANINGS, UNCLEAR, Meaning, meaning_of, word_of

NOT_STARTED, IN_PROGRESS = Meaning(delivery=Delivery.NOT_STARTED), Meaning(delivery=Delivery.IN_PROGRESS)
CLAIMED, NOT_DELIVERED = Meaning(delivery=Delivery.CLAIMED), Meaning(delivery=Delivery.NOT_DELIVERED)
ACCEPTED, PARTLY = Meaning(Answer.ACCEPTED), Meaning(Answer.PARTLY_ACCEPTED)


def test_every_status_has_one_meaning_or_one_reason_against_it():
    assert not set(MEANINGS) & set(UNCLEAR)
    for words in (*MEANINGS, *UNCLEAR):
        assert meaning_of(words.upper())[1] == "" if words in MEANINGS else meaning_of(words)[1]
    assert "not an answer here" in meaning_of("Accepted in principle")[1]
    assert "not a status that we know" in meaning_of("Amber")[1]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Agree", ACCEPTED),
        ("Agreed in full", ACCEPTED),
        ("Partially approved", PARTLY),
        ("Agreed in part", PARTLY),
        ("Disagree", Meaning(Answer.NOT_ACCEPTED)),
        ("Fully implemented", CLAIMED),
        ("Closed - Implemented", CLAIMED),
        ("CLOSED (complete)", CLAIMED),
        ("Closed \u2013 not implemented", NOT_DELIVERED),
        ("Closed, not delivered", NOT_DELIVERED),
        ("Work in progress", IN_PROGRESS),
        # Part of it, case I1.
        ("50% complete", IN_PROGRESS),
        ("Complete: 75 %", IN_PROGRESS),
        ("In progress (12.5%)", IN_PROGRESS),
        ("99 per cent done", IN_PROGRESS),
        ("0%", NOT_STARTED),
        ("100% complete", CLAIMED),
    ],
)
def test_case_i18_plain_statuses_are_known(words, meaning):
    assert meaning_of(words) == (meaning, "")


@pytest.mark.parametrize(
    "words",
    [
        "Complete?",
        "Complete (2 of 5)",
        "Phase 1 complete",
        "Not complete",
        "Partly complete",
        "Nearly complete",
        "about 50% complete",
        "150% complete",
        "50%-75% complete",
        "In progress 100%",
        "Complete / not complete",
        "Complete*",
        "\u00bd complete",
        "2",
        "?",
        "-",
        "Superseded",
        "On hold",
        "Deferred",
        "Extended",
        "Partially",
    ],
)
def test_case_i1_nothing_is_thrown_away_before_a_word_has_its_meaning(words):
    meaning, problem = meaning_of(words)
    assert meaning == Meaning()
    assert words in problem


@pytest.mark.parametrize("words", ["Yes", "No", "Y", "n", "TRUE", "\u2713"])
def test_case_i5_yes_and_no_are_no_status_of_the_work(words):
    assert meaning_of(words, "delivery", "Completed?")[0] == Meaning()
    assert "does not say what is done" in meaning_of(words, "delivery", "Completed?")[1]
    assert meaning_of(words, "answer", "Accepted")[0].answer in (Answer.ACCEPTED, Answer.NOT_ACCEPTED)
    assert meaning_of(words, "answer", "Rejected?")[0] == Meaning()


def test_what_somebody_chose_counts_and_for_yes_and_no_only_under_that_heading():
    chosen = {word_of("On  HOLD", "delivery"): NOT_STARTED, word_of("Yes", "delivery", "Completed?"): CLAIMED}
    assert meaning_of("on hold", "delivery", "Status", chosen) == (NOT_STARTED, "")
    assert meaning_of("YES", "delivery", "Completed", chosen)[1]
    assert meaning_of("YES", "delivery", "completed?", chosen) == (CLAIMED, "")
