"""Tests of the reader of rows: every understood value, and every message."""

import datetime

import pytest
from django.utils.text import slugify

from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.non_records import find_non_records
from scrutiny_pages.importer.problems import ImportProblem, format_problems
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.models import StatusMeaning
from tests.clock import TODAY
from tests.factories.pages import ReportPageFactory
from tests.factories.records import PanelFactory, RecommendationFactory, ServiceAreaFactory
from tests.scrutiny_pages.importer.test_readers import workbook

pytestmark = pytest.mark.django_db

GOOD = {
    "Reference": "2026-03/1",
    "Title": "Mend the gate",
    "Panel": "Scrutiny Panel",
    "Asked on": "10/03/2026",
    "Answer": "Accepted",
    "Answered on": "2 April 2026",
    "Status": "In progress",
    "First target": "30 June 2026",
}


@pytest.fixture(autouse=True)
def panel():
    return PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")


def plan_of(*rows: dict, **options):
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    lines = ["\t".join(headings), *("\t".join(row.get(heading, "") for heading in headings) for row in rows)]
    sheet = read("\n".join(lines).encode())
    columns = guess(sheet.headings)
    assert len(columns) == len(headings)
    return make_plan(sheet, columns, Options(TODAY, **options))


def test_a_good_row_has_no_problem_and_says_what_it_took_for_granted(panel):
    plan = plan_of(GOOD)
    assert plan.problems == []
    [planned] = plan.new
    assert (planned.ref, planned.draft.panel, planned.draft.asked_on) == (
        "2026-03/1",
        panel,
        datetime.date(2026, 3, 10),
    )
    assert plan.notices == ["Asked on: 1 date, 10/03/2026, is read as day/month/year."]


PROBLEMS = [
    ({"Title": ""}, "Row 2, Title: Say what was asked for."),
    (
        {"Who benefits": "a" * 161},
        "Row 2, Who benefits: Ensure this value has at most 160 characters (it has 161).",
    ),
    ({"Panel": "Nobody"}, "Row 2, Panel: There is no panel called “Nobody” here. Add it first, or correct the name."),
    ({"Panel": ""}, "Row 2, Panel: Say which panel asked for it, or choose one panel for the whole file."),
    ({"Report": "Damp"}, "Row 2, Report: There is no report called “Damp” here."),
    ({"Owner": "jo@example.org"}, "Row 2, Owner: Write the job, such as Head of Repairs, and no address."),
    ({"Owner": "a" * 81}, "Row 2, Owner: This is too long for a job. Write the job only."),
    ({"Services": "Repairs; ???"}, "Row 2, Services: “???” is not the name of a service."),
    ({"Asked on": ""}, "Row 2, Asked on: Say on which day it was asked for."),
    ({"Asked on": "TBC"}, "Row 2, Asked on: “TBC” is not a date. Write it as 3 April 2026, or leave it empty."),
    (
        {"Asked on": "10 March 2027"},
        "Row 2, Answered on: This is before 10 March 2027, the day of what came before it.",
    ),
    (
        {"Answered on": "1 March 2026"},
        "Row 2, Answered on: This is before 10 March 2026, the day of what came before it.",
    ),
    ({"Answered on": "1 March 2097", "First target": "1 June 2097"}, "Row 2, Answered on: This day has not come yet."),
    ({"Answered on": ""}, "Row 2, Answered on: Say on which day the landlord answered."),
    ({"First target": ""}, "Row 2, First target: Say by when it was to be done."),
    ({"First target": "1 April 2026"}, "Row 2, First target: This is before the day of the answer."),
    ({"Revised date": "1 June 2026"}, "Row 2, Revised date: This is before the first target date."),
    ({"Answer due": "1 March 2026"}, "Row 2, Answer due: This is before it was asked for."),
    ({"Reference": "2026-03/0"}, "Row 2, Reference: Ensure this value is greater than or equal to 1."),
    ({"Reference": "2026-03/10000"}, "Row 2, Reference: Ensure this value is less than or equal to 9999."),
    (
        {"Answer": "Agreed in principle"},
        "Row 2, Answer: “Agreed in principle” is not an answer here. Write Accepted, Partly accepted or Not accepted.",
    ),
    ({"Answer": "Partially accepted"}, "Row 2, Reason for the answer: Say why it was not accepted, or only in part."),
    ({"Answer": "Not accepted"}, "Row 2, First target: Something not accepted has no target date."),
    ({"Answer": "Not accepted"}, "Row 2, Status: Only something that the landlord accepted can be under way or done."),
    ({"Answer": "Pending"}, "Row 2, Answer: There is a day for the answer, but no answer."),
    ({"Answer": "Withdrawn", "Status": ""}, "Row 2, Reason for closing: Say why it was withdrawn."),
    ({"Status": "Rejected"}, "Row 2, Status: The answer and the status say different things."),
    (
        {"Status": "Closed"},
        "Row 2, Status: “Closed” can mean done or given up. Write Complete, or Closed, not delivered.",
    ),
    (
        {"Status": "Overdue"},
        "Row 2, Status: “Overdue” is worked out here from the dates. Write Not started or In progress.",
    ),
    ({"Status": "Complete"}, "Row 2, Landlord says done on: Say on which day the landlord said that it was done."),
    ({"Status": "Cancelled"}, "Row 2, Reason for closing: Say why it was closed without being done."),
    ({"Completed on": "1 May 2026"}, "Row 2, Status: It has a day on which it was done, but its status says not."),
    ({"Status": "Open", "Started on": "1 May 2026"}, "Row 2, Status: It has a start, but says not started."),
    ({"Closed on": "1 May 2026"}, "Row 2, Closed on: It has a day of closing but is not closed."),
]


@pytest.mark.parametrize(("change", "words"), PROBLEMS)
def test_what_is_wrong_is_said_by_row_and_column(change, words):
    plan = plan_of(GOOD | change)
    assert words in [str(problem) for problem in plan.problems]
    assert plan.new == []


def test_every_problem_of_every_row_is_said_at_once():
    second = GOOD | {"Reference": "2026-03/2"}
    plan = plan_of(GOOD | {"Title": "", "Asked on": "soon"}, second, second | {"Answered on": "n/a"})
    assert [(problem.row, problem.column) for problem in plan.problems] == [
        (2, "Asked on"),
        (2, "Title"),
        (4, "Answered on"),
        (4, "Reference"),
    ]


def test_case_i7_problems_of_every_kind_come_at_once():
    row = {"Ref": "R01", "Title": "Mend lifts", "Date": "", "Response": "Agree", "Status": "Partially"}
    twin = GOOD | {"Reference": "", "Answered on": ""}
    plan = plan_of(row, row | {"Title": "", "Status": "Done"})
    assert [(problem.row, problem.column) for problem in plan.problems if problem.column != "Ref"] == [
        (2, "Asked by"),
        (2, "Status"),
        (2, "Date"),
        (2, "Answered on"),
        (2, "First target date"),
        (3, "Title"),
        (3, "Asked by"),
        (3, "Date"),
        (3, "Answered on"),
        (3, "First target date"),
        (3, "Landlord says done on"),
    ]
    assert [(word.words, word.column, word.rows) for word in plan.unknown] == [("Partially", "Status", [2])]
    assert {(problem.row, problem.column) for problem in plan_of(twin, twin).problems} == {
        (2, "Answered on"),
        (3, "Answered on"),
        (3, "Title"),
    }


def test_a_problem_that_many_rows_share_is_one_line():
    problems = [ImportProblem(row, "Status", "Unknown.") for row in range(2, 20)] + [
        ImportProblem(3, "", "Odd."),
        ImportProblem(0, "A", "B."),
    ]
    assert format_problems(problems) == [
        "Rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 6 more, Status: Unknown.",
        "Row 3: Odd.",
        "A: B.",
    ]


def test_case_i1_a_part_that_is_done_is_not_done(panel):
    percent = GOOD | {"Status": "50% complete"}
    [planned] = plan_of(percent).new
    assert planned.history.tracking["delivery"] == Delivery.IN_PROGRESS
    assert planned.draft.doubts == ["“50% complete” is read as “In progress”."]
    [problem] = plan_of(percent | {"Completed on": "1 May 2026"}).problems
    assert str(problem) == "Row 2, Status: It has a day on which it was done, but its status says not."


def test_case_i10_a_column_of_dates_has_one_notice_with_its_count(panel):
    rows = [GOOD | {"Reference": f"2026-03/{n}", "Answered on": "2/4/2026"} for n in range(1, 31)]
    assert plan_of(*rows).notices == [
        "Asked on: 30 dates such as 10/03/2026 are read as day/month/year.",
        "Answered on: 30 dates such as 2/4/2026 are read as day/month/year.",
    ]


def asked_on(*days: str, **more) -> list[dict]:
    return [{"Title": f"Mend gate {n}", "Panel": "Scrutiny panel", "Date": day} | more for n, day in enumerate(days)]


def test_case_i14_a_column_that_proves_month_first_is_read_so_as_a_whole(panel):
    plan = plan_of(*asked_on("03/13/2025", "03/04/2025", "12/31/2025 10:00", "5 April 2025"))
    assert plan.problems == []
    assert [planned.draft.asked_on for planned in plan.new] == [
        datetime.date(2025, 3, 13),
        datetime.date(2025, 3, 4),
        datetime.date(2025, 12, 31),
        datetime.date(2025, 4, 5),
    ]
    assert "Date: 3 dates such as 03/13/2025 are read as month/day/year, because of “03/13/2025”." in plan.notices


def test_case_i14_another_column_of_that_file_that_proves_nothing_is_read_the_same(panel):
    rows = asked_on("03/13/2025", "03/04/2025", **{"Answer due": "05/06/2025"})
    due = [planned.history.tracking["answer_due"] for planned in plan_of(*rows).new]
    assert due == [datetime.date(2025, 5, 6)] * 2
    rows[0]["Closed on"] = "13/04/2025"
    words = [str(problem) for problem in plan_of(*rows).problems if not problem.row]
    assert words == [
        "Answer due: “05/06/2025” can be read two ways, and other columns of this file give the month first. "
        "Write all of the column as 3 April 2026."
    ]


def test_case_i14_a_column_that_proves_both_orders_is_refused_as_a_whole(panel):
    plan = plan_of(*asked_on("03/13/2025", "03/04/2025", "31/12/2025"))
    assert [str(problem) for problem in plan.problems] == [
        "Date: “31/12/2025” has its day first and “03/13/2025” its month first, so nobody can tell how the others "
        "are meant. Write all of the column as 3 April 2026."
    ]
    assert plan.new == []


def test_case_i14_text_with_the_month_first_beside_real_dates_is_refused(panel):
    swapped = datetime.date(2025, 4, 3)  # what a spreadsheet made of 04/03/2025
    sheet = read(workbook(["Title", "Date"], ["Mend the gate", "03/13/2025"], ["Plant a hedge", swapped]))
    plan = make_plan(sheet, guess(sheet.headings), Options(TODAY, panel))
    [problem] = plan.problems
    assert str(problem).startswith("Date: “03/13/2025” has its month first and is text, while other cells are dates")


@pytest.mark.parametrize(
    ("services", "areas"),
    [
        (
            ["Damp, mould and condensation", "Repairs; Lettings"],
            [["Damp, mould and condensation"], ["Repairs", "Lettings"]],
        ),
        (["Damp, mould and condensation"], [["Damp, mould and condensation"]]),
        (["Repairs, Lettings"], [["Repairs", "Lettings"]]),
        (["Repairs, Parks, gardens, Lettings"], [["Repairs", "Parks, gardens", "Lettings"]]),
        (["Planned works, voids; Lettings"], [["Planned works, voids", "Lettings"]]),
        (["Repairs, Lettings", "Repairs; Voids"], [["Repairs", "Lettings"], ["Repairs", "Voids"]]),
    ],
)
def test_case_i17_a_comma_parts_services_only_where_it_can_be_nothing_else(services, areas):
    for name in ("Repairs", "Lettings", "Parks, gardens"):
        ServiceAreaFactory(name=name, slug=slugify(name))
    rows = [GOOD | {"Reference": f"2026-03/{n}", "Services": text} for n, text in enumerate(services, 1)]
    assert [planned.draft.areas for planned in plan_of(*rows).new] == areas


def test_case_i17_a_comma_parts_nothing_in_a_file_whose_cells_are_parted_by_semicolons(panel):
    sheet = read(b"Title;Services;Date\nMend the gate;Damp, mould;3 April 2026\n")
    [planned] = make_plan(sheet, guess(sheet.headings), Options(TODAY, panel)).new
    assert planned.draft.areas == ["Damp, mould"]


def test_rows_that_would_be_one_recommendation_are_told_apart():
    unnumbered = GOOD | {"Reference": ""}
    words = [str(problem) for problem in plan_of(GOOD, GOOD | {"Title": "Other"}, unnumbered, unnumbered).problems]
    assert words == [
        "Row 3, Reference: Row 2 has this reference too.",
        "Row 4, Title: Row 2 asks for the same on the same day. Give each a reference, or delete one.",
        "Row 5, Title: Row 2 asks for the same on the same day. Give each a reference, or delete one.",
    ]


def test_a_row_without_a_reference_that_could_be_two_is_a_problem(panel):
    for number in (1, 2):
        RecommendationFactory(panel=panel, number=number, title="Mend the gate")
    [problem] = plan_of(GOOD | {"Reference": ""}).problems
    assert str(problem) == (
        "Row 2, Reference: 2026-03/1, 2026-03/2 ask for the same on the same day. Say which one this is."
    )


def test_what_the_whole_file_says_stands_in_for_what_a_row_does_not(home, panel):
    report = ReportPageFactory(title="Damp", agreed_on=datetime.date(2026, 3, 1))
    row = {"Title": "Mend the gate", "Reference": "4"}
    [planned] = plan_of(row, panel=panel, report=report).new
    assert (planned.ref, planned.draft.report.pk, planned.draft.asked_on) == ("2026-03/4", report.pk, report.agreed_on)
    [planned] = plan_of(row | {"Report": "DAMP"}, panel=panel, series="damp").new
    assert planned.ref == "damp/4"


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({"Answer": "", "Status": "In progress"}, (Answer.ACCEPTED, Delivery.IN_PROGRESS)),
        ({"Answer": "", "Status": "Implemented", "Completed on": "1 May 2026"}, (Answer.ACCEPTED, Delivery.CLAIMED)),
        ({"Status": "", "Completed on": "1 May 2026"}, (Answer.ACCEPTED, Delivery.CLAIMED)),
        ({"Status": "Confirmed by residents", "Completed on": "1 May 2026"}, (Answer.ACCEPTED, Delivery.CLAIMED)),
        (
            {"Status": "Complete", "Completed on": "1 May 2026", "Confirmed on": "2 May 2026"},
            (Answer.ACCEPTED, Delivery.CONFIRMED),
        ),
        ({"Status": "", "Started on": "1 May 2026"}, (Answer.ACCEPTED, Delivery.IN_PROGRESS)),
        ({"Status": "Accepted"}, (Answer.ACCEPTED, Delivery.NOT_STARTED)),
        (
            {"Answer": "No", "Status": "Closed", "First target": "", "Answer reason": "Cost."},
            (Answer.NOT_ACCEPTED, Delivery.NOT_STARTED),
        ),
    ],
)
def test_two_columns_and_the_dates_say_together_where_it_stands(change, stands):
    plan = plan_of(GOOD | change)
    assert [str(problem) for problem in plan.problems] == []
    assert (plan.new[0].history.tracking["answer"], plan.new[0].history.tracking["delivery"]) == stands


def test_a_row_with_more_cells_than_headings_is_a_problem():
    sheet = read(b"Title,Asked on\nMend the gate,2026-03-10,and more\n")
    plan = make_plan(sheet, guess(sheet.headings), Options(TODAY))
    assert "Row 2: This row has more cells than there are headings." in [str(problem) for problem in plan.problems]


FULL = {"Reference": "2026-03/9", "Title": "Plant a hedge", "Asked on": "10 March 2026", "Owner": "Head of Grounds"}
NON_RECORDS = {
    "a total": ({"Title": "Total: 1"}, "It looks like a total."),
    "a grand total": ({"Reference": "Grand total", "Owner": "12"}, "It looks like a total."),
    "a count in words": ({"Title": "Total number of recommendations: 1"}, "It looks like a total."),
    "a sum": ({"Title": "Plant", "Owner": "Sum = 12"}, "It looks like a total."),
    "a key": ({"Title": "Key: red is late"}, "It looks like a note."),
    "the headings again": ({key: key for key in FULL}, "It holds the headings again."),
    "a title within": ({"Title": "Repairs"}, "It has one cell only, like a title within the table."),
    "only figures": ({"Reference": "2", "Owner": "14"}, "It has figures and no words."),
}


@pytest.mark.parametrize("name", NON_RECORDS)
def test_case_i6_rows_that_are_no_records_are_pointed_out_and_left_out_unless_chosen(panel, name):
    row, why = NON_RECORDS[name]
    rows = [FULL | {"Reference": f"2026-03/{n}", "Title": f"Plant hedge {n}"} for n in (1, 2)]
    plan = plan_of(rows[0], row, rows[1], panel=panel)
    assert [(left.row, left.why, left.is_wanted) for left in plan.non_records] == [(3, why, False)]
    assert ([planned.draft.row for planned in plan.new], plan.problems) == ([2, 4], [])
    chosen = plan_of(rows[0], row, rows[1], panel=panel, wanted_rows=frozenset({3}))
    assert chosen.non_records[0].is_wanted
    assert {3} <= {*(planned.draft.row for planned in chosen.new), *(problem.row for problem in chosen.problems)}


def test_case_i6_notes_below_the_table_are_left_out(panel):
    content = "Ref,Title,Date,Owner\n1,Mend it,3 April 2026,Head\n2,Plant it,3 April 2026,Head\n3,Wait,,\n\n"
    content += "Agreed by all who came to the meeting,,,\nSeen by,The Board,,\n"
    sheet = read(content.encode())
    assert set(find_non_records(sheet, guess(sheet.headings))) == {6, 7}


@pytest.mark.parametrize(
    "content",
    [
        "Title\nMend it\nPlant it\n",
        "Ref,Title,Date\n1,Count the empty homes,3 April 2026\n2,Source new lifts,\n3,Total clarity on rents,\n",
        "Ref,Title,Date\n1,Mend it,\n,Plant it,\n,Paint it,\n",
        "Title,Owner\nMend it,Head\nWrite to all who live there about the damp,\n",
    ],
)
def test_wishes_with_few_cells_are_records(content):
    sheet = read(content.encode())
    assert find_non_records(sheet, guess(sheet.headings)) == {}


def test_a_word_that_somebody_explained_is_read_so_and_is_the_reason_where_none_is_given(panel):
    StatusMeaning.objects.create(words="Superseded", meaning="not_delivered")
    StatusMeaning.objects.create(words="on hold", meaning="nothing")
    plan = plan_of(GOOD | {"Status": "SUPERSEDED"}, GOOD | {"Reference": "2026-03/2", "Status": "On hold"})
    assert plan.problems == []
    closed, held = plan.new
    assert (closed.history.tracking["delivery"], held.history.tracking["delivery"]) == (
        Delivery.NOT_DELIVERED,
        Delivery.NOT_STARTED,
    )
    assert closed.doubts(TODAY) == ["The only reason that the file gives is “SUPERSEDED”."]
    assert held.doubts(TODAY) == ["It comes in as late: Due 30 June 2026."]
    assert [(word.words, word.is_known) for word in plan.statuses.values()] == [("SUPERSEDED", True), ("On hold", True)]
