"""References from an older tracker: displayed, searched, exported and matched (case I8)."""

import io

import openpyxl
import pytest

from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.loader import run_import
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from tests.clock import TODAY
from tests.factories import pages, records

pytestmark = pytest.mark.django_db
EARLIER = ["SR (25/26) 01", "22 P 02", "60.10"]


@pytest.fixture
def tracker(home):
    return pages.TrackerPageFactory()


@pytest.mark.parametrize("earlier", EARLIER)
def test_it_is_shown_beside_ours_and_found(tracker, client, earlier):
    """Case I8."""
    item = records.RecommendationFactory(earlier_reference=earlier, title="Mend the lift")
    records.RecommendationFactory(title="Paint the lift")
    html = client.get(item.get_absolute_url()).content.decode()
    assert "Earlier reference" in html
    assert earlier in html
    assert f"Recommendation {item.ref}" in html
    found = client.get("/search/", {"q": earlier}).context["results"]
    assert [result.url for result in found] == [item.get_absolute_url()]


def test_programs_read_it_and_look_one_up_by_it(tracker, client):
    """Case I8."""
    item = records.RecommendationFactory(earlier_reference="SR (25/26) 01")
    records.RecommendationFactory()
    answer = client.get("/api/v2/recommendations/", {"earlier_reference": "sr (25/26) 01"}).json()
    assert [(found["ref"], found["earlier_reference"]) for found in answer["items"]] == [(item.ref, "SR (25/26) 01")]


def test_one_without_it_says_nothing_of_it(tracker, client):
    item = records.RecommendationFactory()
    assert "Earlier reference" not in client.get(item.get_absolute_url()).content.decode()


def test_where_it_was_asked_for_is_said_only_when_it_is_known(tracker, client):
    """Case I19: neither a report nor a meeting is on record."""
    unknown, at_a_meeting = records.RecommendationFactory(), records.RecommendationFactory()
    at_a_meeting.made_at = records.MeetingFactory(panel=at_a_meeting.panel)
    at_a_meeting.save()
    in_a_report = records.RecommendationFactory(report=pages.ReportPageFactory(title="Damp"))
    said = [item.public_history()[-1].text for item in (unknown, at_a_meeting, in_a_report)]
    assert said == ["", "At a meeting of the panel.", "In our report: Damp."]
    assert "At a meeting of the panel" not in client.get(unknown.get_absolute_url()).content.decode()


FOREIGN = "Reference,Recommendation,Asked on\n{},Mend the lift,10/03/2026\n{},Paint the lift,10/03/2026\n"


def plan_of(content: str | bytes, panel, **more):
    sheet = read(content.encode() if isinstance(content, str) else content)
    return make_plan(sheet, guess(sheet.headings), Options(TODAY, panel, file_name="tracker.csv", **more))


def load(content: str | bytes, panel) -> None:
    sheet = read(content.encode() if isinstance(content, str) else content)
    list(run_import(sheet, guess(sheet.headings), Options(TODAY, panel, file_name="tracker.csv")))


@pytest.mark.parametrize("refs", [("SR (25/26) 01", "22 P 02"), ("60.10", "60.1"), ("REC-12", "R1")])
def test_a_reference_of_another_system_is_kept_and_matched_on_the_next_import(refs):
    """Case I8."""
    panel = records.PanelFactory()
    content = FOREIGN.format(*refs)
    plan = plan_of(content, panel)
    assert plan.problems == []
    assert [planned.refs for planned in plan.new] == [
        f"2026-03/{number} (earlier: {ref})" for number, ref in enumerate(refs, 1)
    ]
    load(content, panel)
    plan = plan_of(content, panel)
    assert (plan.new, plan.changed, plan.same) == ([], [], 2)
    # Known by it although the title is another now.
    [changed] = plan_of(content.replace("Mend the lift", "Mend both lifts"), panel).changed
    assert (changed.ref, changed.changes) == ("2026-03/1", ["title"])


def test_a_number_in_a_workbook_is_the_reference_that_its_owner_sees():
    """Case I8: 60.10 is no 60.1."""
    book = openpyxl.Workbook()
    book.active.append(["Ref", "Recommendation", "Asked on"])
    for number, (value, shown) in enumerate([(60.1, "0.00"), (60.1, "General"), ("60.20", "@")], 2):
        book.active.append([value, f"Mend lift {number}", "2026-03-10"])
        book.active.cell(number, 1).number_format = shown
    content = io.BytesIO()
    book.save(content)
    plan = plan_of(content.getvalue(), records.PanelFactory())
    assert [planned.draft.earlier for planned in plan.new] == ["60.10", "60.1", "60.20"]


def test_trackers_that_count_from_one_again_are_told_apart():
    """Case I8: R1 of another report is another recommendation; R1 of another panel too."""
    panel = records.PanelFactory()
    load(FOREIGN.format("R1", "R2"), panel)
    later = FOREIGN.format("R1", "R2").replace("10/03/2026", "10/06/2026").replace("lift", "stairs")
    assert [planned.ref for planned in plan_of(later, panel).new] == ["2026-06/1", "2026-06/2"]
    assert len(plan_of(FOREIGN.format("R1", "R2"), records.PanelFactory()).new) == 2


def test_one_that_had_none_is_given_the_one_of_the_file():
    """Case I8."""
    panel = records.PanelFactory()
    item = records.RecommendationFactory(panel=panel, title="Mend the lift")
    [changed] = plan_of(FOREIGN.format("SR 1", "SR 2"), panel).changed
    assert (changed.recommendation, changed.changes) == (item, ["earlier_reference"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FOREIGN.format("SR 1", "SR 1"), "Row 3, Reference: Row 2 has this reference too."),
        (
            FOREIGN.format("S" * 61, "R2"),
            "Row 2, Reference: This is too long for a reference: it has more than 60 letters.",
        ),
        (
            "Reference,Old reference,Recommendation,Asked on\nSR 1,SR 2,Mend it,10/03/2026\n",
            "Row 2, Reference: “SR 1” is no reference of this site, and the row has another earlier reference. "
            "Keep one.",
        ),
    ],
)
def test_references_that_cannot_be_kept_are_told_by_row(content, words):
    """Case I8."""
    assert [str(problem) for problem in plan_of(content, records.PanelFactory()).problems] == [words]
