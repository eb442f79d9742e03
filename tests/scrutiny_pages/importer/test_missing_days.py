"""Tests of rows that lack a required day: it is requested once for all of them, and never invented (case I18)."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command

from scrutiny_pages.enums import Answer, Delivery, EventKind
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.history import GIVEN, GIVEN_TARGET, NOT_KEPT
from scrutiny_pages.importer.loader import run_import
from scrutiny_pages.importer.missing_days import Remedy
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.models import Event, ImportJob, Recommendation, StatusMeaning
from tests.clock import TODAY
from tests.factories.pages import ReportPageFactory
from tests.factories.records import PanelFactory
from tests.scrutiny_pages.importer.test_views import UPLOAD, answers, preview, streamed, upload

pytestmark = pytest.mark.django_db

HEADINGS = "Ref,Recommendation,Date raised,Response,Response date,Due date,Status,Completed on,Closed reason"
DAY = datetime.date(2026, 4, 2)
LATER = datetime.date(2026, 9, 30)
# As officers keep them: the state is there, the day is not.
NO_ANSWER_DAY = "SR 0{n},Mend lift {n},10/03/2026,Accepted,,30/09/2026,In progress,,"
NO_TARGET = "SR 0{n},Answer phone {n},10/03/2026,Agreed,02/04/2026,,Open,,"
NO_DONE_DAY = "SR 0{n},Light path {n},10/03/2026,Accepted,02/04/2026,30/09/2026,Complete,,"
NO_DAY_OF_ASKING = "SR 0{n},Paint wall {n},,,,,,,"


@pytest.fixture(autouse=True)
def panel():
    return PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")


def rows(row: str, count: int = 4) -> str:
    return "\n".join([HEADINGS, *(row.format(n=n) for n in range(1, count + 1))])


def plan_of(content: str, panel, days=None, **more):
    sheet = read(content.encode())
    return make_plan(sheet, guess(sheet.headings), Options(TODAY, panel, days=days or {}, file_name="t.csv", **more))


def load(content: str, panel, days=None, **more) -> list[Recommendation]:
    sheet = read(content.encode())
    list(run_import(sheet, guess(sheet.headings), Options(TODAY, panel, days=days or {}, file_name="t.csv", **more)))
    return list(Recommendation.objects.select_related("tracking").order_by("number"))


KINDS = {
    "answered_on": (NO_ANSWER_DAY, DAY, "4 rows have no day of the answer", GIVEN),
    "first_target": (NO_TARGET, LATER, "4 rows have no target date", GIVEN_TARGET),
    "claimed_on": (
        NO_DONE_DAY,
        DAY,
        "4 rows have no day on which the landlord said that it was done",
        GIVEN,
    ),
}


@pytest.mark.parametrize("key", KINDS)
def test_case_i18_one_day_stands_in_for_all_rows_that_lack_it_and_the_history_says_so(panel, key):
    row, day, counted, words = KINDS[key]
    plan = plan_of(rows(row), panel)
    assert [(found.counted, found.rows, found.is_open) for found in plan.days.values()] == [
        (counted, [2, 3, 4, 5], True)
    ]
    assert {(problem.row, problem.column) for problem in plan.problems} == {
        (n, problem.column) for n in (2, 3, 4, 5) for problem in plan.problems
    }
    plan = plan_of(rows(row), panel, {key: day})
    assert (plan.problems, len(plan.new)) == ([], 4)
    assert any(notice.startswith(f"{counted}. You gave ") for notice in plan.notices)
    for item in load(rows(row), panel, {key: day}):
        assert getattr(item.tracking, key) == day
        assert any(words in event.text for event in item.tracking.events.all())


def test_case_i18_the_day_of_asking_is_given_once_too(panel):
    plan = plan_of(rows(NO_DAY_OF_ASKING), panel)
    assert [day.counted for day in plan.open_days] == ["4 rows have no day on which it was asked for"]
    items = load(rows(NO_DAY_OF_ASKING), panel, {"asked_on": DAY})
    assert {(item.series, item.asked_on) for item in items} == {("2026-04", DAY)}


def test_case_i18_with_a_report_the_day_of_asking_is_the_reports_and_nobody_is_asked(panel, home):
    report = ReportPageFactory(title="Lifts", agreed_on=DAY)
    assert plan_of(rows(NO_DAY_OF_ASKING), panel, report=report).days == {}
    undated = ReportPageFactory(title="Paths", agreed_on=None)
    assert "asked_on" in plan_of(rows(NO_DAY_OF_ASKING), panel, report=undated).days


@pytest.mark.parametrize("words", ["TBC", "n/a", "not known", "ongoing", "-"])
def test_case_i18_words_in_the_place_of_a_day_are_no_day(panel, words):
    content = rows(NO_TARGET.replace("02/04/2026,,", f"02/04/2026,{words},"))
    plan = plan_of(content, panel)
    assert plan.days["first_target"].rows == [2, 3, 4, 5]
    assert {str(problem).partition(": ")[2][: len(words) + 2] for problem in plan.problems} == {f"“{words}”"}
    plan = plan_of(content, panel, {"first_target": LATER})
    assert (plan.problems, len(plan.new)) == ([], 4)


@pytest.mark.parametrize("words", ["2026", "31/02/2026", "Q3 26", "45000"])
def test_a_day_that_was_given_never_takes_the_place_of_one_that_cannot_be_read(panel, words):
    plan = plan_of(rows(NO_TARGET.replace("02/04/2026,,", f"02/04/2026,{words},")), panel, {"first_target": LATER})
    assert len(plan.problems) == 4
    assert plan.days == {}


@pytest.mark.parametrize("key", [*KINDS, "asked_on"])
def test_case_i18_rows_that_lack_a_day_can_be_left_out(panel, key):
    row = KINDS[key][0] if key in KINDS else NO_DAY_OF_ASKING
    content = f"{rows(row)}\nSR 09,Plant a hedge,10/03/2026,,,,,,"
    plan = plan_of(content, panel, {key: Remedy.LEAVE_OUT})
    assert ([planned.draft.row for planned in plan.new], plan.problems) == ([6], [])
    assert any("You leave them out: rows 2, 3, 4, 5." in notice for notice in plan.notices)


def test_case_i18_each_can_be_dated_the_latest_day_that_it_can_have_been(panel):
    content = "\n".join(
        [
            HEADINGS,
            "1,Mend the lift,10/03/2026,Accepted,,30/09/2026,Complete,01/05/2026,",
            "2,Light the path,10/03/2026,Accepted,,30/09/2026,In progress,,",
            "3,Plant a hedge,10/03/2026,Accepted,,31/12/2097,Complete,,",
        ]
    )
    items = load(content, panel, {"answered_on": Remedy.LATEST, "claimed_on": Remedy.LATEST})
    assert [item.tracking.answered_on for item in items] == [datetime.date(2026, 5, 1), LATER, TODAY]
    assert [item.tracking.claimed_on for item in items] == [datetime.date(2026, 5, 1), None, TODAY]
    assert Event.objects.filter(kind=EventKind.ACCEPTED, text__contains=NOT_KEPT).count() == 3
    assert Event.objects.filter(kind=EventKind.CLAIMED, text__contains=NOT_KEPT).count() == 1


def test_a_day_that_does_not_fit_a_row_is_a_problem_of_that_row_and_says_which_day_was_given(panel):
    content = f"{rows(NO_ANSWER_DAY, 2)}\nSR 09,Plant a hedge,10/05/2026,Accepted,,30/09/2026,Open,,"
    plan = plan_of(content, panel, {"answered_on": DAY})
    assert [str(problem) for problem in plan.problems] == [
        "Row 4, Response date: This is before 10 May 2026, the day of what came before it. "
        "For rows without one you gave 2 April 2026 as the day of the answer."
    ]


def test_a_day_is_not_given_to_rows_that_have_one_or_need_none(panel):
    content = (
        f"{rows(NO_ANSWER_DAY, 1)}\n"
        "SR 08,Plant a hedge,10/03/2026,Accepted,05/04/2026,30/09/2026,Open,,\n"
        "SR 09,Paint the wall,10/03/2026,,,,,,\n"
    )
    items = load(content, panel, {"answered_on": DAY, "claimed_on": DAY, "first_target": LATER})
    stands = [(item.tracking.answered_on, item.tracking.answer, item.tracking.delivery) for item in items]
    assert stands == [
        (DAY, Answer.ACCEPTED, Delivery.IN_PROGRESS),
        (datetime.date(2026, 4, 5), Answer.ACCEPTED, Delivery.NOT_STARTED),
        (None, Answer.AWAITED, Delivery.NOT_STARTED),
    ]


@pytest.mark.parametrize("row", [NO_ANSWER_DAY, NO_TARGET, NO_DONE_DAY, NO_DAY_OF_ASKING])
def test_the_same_file_again_asks_nothing_and_changes_nothing(panel, row):
    key = next((key for key, kind in KINDS.items() if kind[0] == row), "asked_on")
    load(rows(row), panel, {key: LATER if key == "first_target" else DAY})
    again = plan_of(rows(row), panel)
    assert (again.days, again.problems, again.work, again.same, again.kept) == ({}, [], 0, 4, [])
    other_day = plan_of(rows(row), panel, {key: DAY - datetime.timedelta(days=1)})
    assert (other_day.work, other_day.kept) == (0, [])


def test_a_row_without_reference_or_day_is_known_again_by_its_words(panel):
    content = "Recommendation,Date raised\nMend the lift,\nPlant a hedge,\n"
    load(content, panel, {"asked_on": DAY})
    again = plan_of(content, panel)
    assert (again.days, again.work, again.same) == ({}, 0, 2)


MATCHED = ["reference", "title", "asked_on", "answer", "answered_on", "first_target", "delivery", "claimed_on"]


def answers_page(admin_in, panel, content: str, **more):
    """Go to the view of missing answers, and return its job and its response."""
    upload(admin_in, content, "Tracker 2026.csv", panel=panel.pk, **more)
    job = ImportJob.objects.get()
    answer = admin_in.post(f"{UPLOAD}{job.pk}/", {str(place): key for place, key in enumerate(MATCHED)})
    assert answer.url == answers(job)
    return job, admin_in.get(answer.url)


@pytest.mark.parametrize("with_report", [True, False])
def test_case_i18_forty_rows_are_one_question_beside_the_statuses(admin_in, panel, home, with_report):
    content = rows(NO_ANSWER_DAY, 40) + "\nSR 50,Plant a hedge,10/03/2026,Accepted,02/04/2026,30/09/2026,On hold,,"
    more = {"report": ReportPageFactory(title="Lifts", agreed_on=DAY).pk} if with_report else {}
    job, page = answers_page(admin_in, panel, content, **more)
    labels = [field.label for field in page.context["form"]]
    assert labels[:3] == [
        "“On hold” means",
        "40 rows have no day of the answer",
        "The day of the answer, for all of these rows",
    ]
    assert "Rows 2, 3, 4, 5, 6 and 35 more." in page.content.decode()
    assert page.context["others"] == 0

    page = admin_in.post(answers(job), {"w0": "not_started"})
    assert page.context["form"].errors == {"how_answered_on": ["Choose what to do with these rows."]}
    given = {"w0": "not_started", "day_answered_on": "2 April 2026"}
    assert admin_in.post(answers(job), given).url == preview(job)
    page = admin_in.get(preview(job), {"show": "given"})
    assert "With a day that you gave (40)" in page.content.decode()
    assert page.context["lines"][0].given == ["Day of the answer, as you said: 2 April 2026"]
    assert "40 rows have no day of the answer. You gave 2 April 2026 for the whole file: rows" in page.content.decode()
    streamed(admin_in.post(preview(job), {"how": "publish"}))
    assert Recommendation.objects.filter(tracking__answered_on=DAY).count() == 41


def test_case_i18_a_day_that_depends_on_a_status_is_asked_in_the_same_pass(admin_in, panel):
    content = rows(NO_DONE_DAY.replace("Complete", "Sorted"))
    job, page = answers_page(admin_in, panel, content)
    labels = [field.label for field in page.context["form"]]
    assert labels[:2] == ["“Sorted” means", "4 rows may need a day on which the landlord said that it was done"]
    assert "That depends on what their statuses mean." in page.content.decode()
    # Who answers it goes on; who does not is asked once more if it turns out to be needed.
    assert admin_in.post(answers(job), {"w0": "in_progress"}).url == preview(job)
    assert admin_in.post(answers(job), {"w0": "claimed"}).url == answers(job)
    page = admin_in.get(answers(job))
    assert "Now that their statuses are known, more rows lack a day." in page.content.decode()
    assert "4 rows have no day on which" in page.content.decode()
    StatusMeaning.objects.all().delete()
    given = {"w0": "claimed", "how_claimed_on": "day", "day_claimed_on": "02/04/2026"}
    assert admin_in.post(answers(job), given).url == preview(job)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"how_claimed_on": "day"}, {"day_claimed_on": ["Give the day, or choose another answer above."]}),
        ({"how_claimed_on": "leave_out", "day_claimed_on": "1 May 2026"}, {"day_claimed_on"}),
        ({"day_claimed_on": "1 May 2099"}, {"day_claimed_on": ["This day has not come yet."]}),
        ({"day_claimed_on": "soon"}, {"day_claimed_on"}),
        ({"how_claimed_on": "never"}, {"how_claimed_on"}),
        ({"how_claimed_on": "\x00"}, {"how_claimed_on"}),
        ({}, {"how_claimed_on": ["Choose what to do with these rows."]}),
    ],
)
def test_answers_that_do_not_fit_are_said_beside_the_question(admin_in, panel, given, errors):
    job, _ = answers_page(admin_in, panel, rows(NO_DONE_DAY))
    page = admin_in.post(answers(job), given)
    found = page.context["form"].errors
    assert found == errors if isinstance(errors, dict) else set(found) == errors


def test_what_was_said_of_days_stays_said_and_can_be_changed(admin_in, panel):
    job, _ = answers_page(admin_in, panel, rows(NO_DONE_DAY))
    admin_in.post(answers(job), {"how_claimed_on": "leave_out", "back": "1"})
    assert admin_in.get(answers(job)).context["form"]["how_claimed_on"].initial == "leave_out"
    assert answers(job) in admin_in.get(preview(job)).content.decode()
    admin_in.post(answers(job), {"day_claimed_on": "2 April 2026"})
    form = admin_in.get(answers(job)).context["form"]
    assert (form["how_claimed_on"].initial, form["day_claimed_on"].initial) == ("day", DAY)
    # Another file may lack other days.
    upload_again = {"panel": panel.pk, "file": io.BytesIO(rows(NO_TARGET).encode())}
    upload_again["file"].name = "other.csv"
    admin_in.post(f"{UPLOAD}{job.pk}/file/", upload_again)
    assert ImportJob.objects.get().days == {}


def test_the_command_line_gives_days_too(tmp_path, panel):
    path = tmp_path / "tracker.csv"
    path.write_text(rows(NO_ANSWER_DAY))

    def command(*more: str) -> str:
        out = io.StringIO()
        call_command("import_recommendations", str(path), "--panel", "scrutiny-panel", *more, stdout=out, stderr=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="4 to put right"):
        command()
    for wrong in ("answered_on=soon", "title=2026-04-02", "first_target=latest", "answered_on"):
        with pytest.raises(CommandError, match="names no column that needs a day"):
            command("--day", wrong)
    assert "You leave them out" in command("--day", "answered_on=leave_out", "--dry-run")
    assert "You gave 2 April 2026 for the whole file" in command("--day", "answered_on=2026-04-02")
    assert Recommendation.objects.filter(tracking__answered_on=DAY).count() == 4
