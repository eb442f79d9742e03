"""Tests of the meanings of other trackers' statuses, known and unknown."""

import pytest

from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.importer.statuses import MEANINGS, UNCLEAR, Meaning, meaning_of, word_of
from scrutiny_pages.models import StatusMeaning
from tests.clock import TODAY
from tests.factories.records import PanelFactory

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


ROW = "SR 01,Mend the lift,10/03/2026,Accepted,02/04/2026,30/09/2026"
HEADINGS = "Ref,Recommendation,Date raised,Response,Response date,Due date"


def problems_of(headings: str, cells: str) -> list[str]:
    """Return the problems of one row of a tracker."""
    sheet = read(f"{HEADINGS},{headings}\n{ROW},{cells}\n".encode())
    columns = guess(sheet.headings)
    assert len(columns) == len(sheet.headings)
    panel = PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")
    plan = make_plan(sheet, columns, Options(TODAY, panel))
    return [str(problem) for problem in plan.problems] or [plan.new[0].history.tracking["delivery"]]


DONE_ON = "has 1 May 2026 as the day on which it was done. Correct one of them."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headings", "cells", "words"),
    [
        (
            "Status,Completed on",
            "50% complete,01/05/2026",
            "Row 2, Status: It has a day on which it was done, but its status says not.",
        ),
        ("% complete,Completed on", "50%,01/05/2026", f"Row 2, % complete: It is 50% done, but {DONE_ON}"),
        ("Progress (%),Completion date", "99,01/05/2026", f"Row 2, Progress (%): It is 99% done, but {DONE_ON}"),
        ("Status,% done,Completed on", "Complete,75%,01/05/2026", f"Row 2, % done: It is 75% done, but {DONE_ON}"),
        (
            "Status,Percentage complete",
            "Implemented,90",
            "Row 2, Percentage complete: It is 90% done, but its status says done. Correct one of them.",
        ),
        (
            "Status,% complete",
            "In progress,100",
            "Row 2, % complete: It is 100% done, but its status says not. Correct one of them.",
        ),
        ("% complete,Confirmed on", "0%,01/05/2026", f"Row 2, % complete: It is 0% done, but {DONE_ON}"),
        ("% complete", "0.5", "Row 2, % complete: “0.5” can mean a part of one, or of a hundred. Write it as 50%."),
        ("% complete", "150", "Row 2, % complete: “150” is not a percentage. Write it as 50%, or leave it empty."),
        ("% complete", "most", "Row 2, % complete: “most” is not a percentage. Write it as 50%, or leave it empty."),
    ],
)
def test_case_i18_a_percentage_that_contradicts_is_pointed_out_by_row(headings, cells, words):
    assert words in problems_of(headings, cells)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headings", "cells", "delivery"),
    [
        ("% complete", "50%", Delivery.IN_PROGRESS),
        ("% complete", "0", Delivery.NOT_STARTED),
        ("% complete", "", Delivery.NOT_STARTED),
        ("% complete,Completed on", "100,01/05/2026", Delivery.CLAIMED),
        ("Status,% complete", "Open,25%", Delivery.IN_PROGRESS),
        ("Status,% complete", "In progress,0%", Delivery.IN_PROGRESS),
        ("Status,% complete,Completed on", "Complete,100%,01/05/2026", Delivery.CLAIMED),
    ],
)
def test_case_i18_a_percentage_beside_a_status_is_read_with_it(headings, cells, delivery):
    assert problems_of(headings, cells) == [delivery]


@pytest.mark.django_db
@pytest.mark.parametrize("meaning", ["nothing", "claimed"])
def test_case_i1_a_part_is_not_all_of_it_whatever_somebody_said_that_the_words_mean(meaning):
    StatusMeaning.objects.create(words="80% - awaiting parts", meaning=meaning)
    [problem] = problems_of("Status,Completed on", "80% - awaiting parts,01/05/2026")
    assert problem == f"Row 2, Status: It is 80% done, but {DONE_ON}"
