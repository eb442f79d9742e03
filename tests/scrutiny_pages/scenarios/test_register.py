"""Every rule and every piece of workflow in the five real arrangements, each by the id of its row.

The starters hold them as data. What each row asks for is checked as behaviour, in ``register/``; what only people
can do is documented by a page of the starter.
"""

import importlib

import pytest

from scrutiny_pages.starters import reader
from scrutiny_pages.starters.loader import load_starter
from tests.factories.pages import make_home
from tests.shared_rows import shared_rows

from .register.rows import CHECKS, HUMAN, LOADED

MODULES = {
    "three-tier": "three_tier",
    "task-and-finish": "task_and_finish",
    "council-forum": "council_forum",
    "customer-review": "customer_review",
    "scrutiny-panel": "scrutiny_panel",
}
for module in MODULES.values():
    importlib.import_module(f"tests.scrutiny_pages.scenarios.register.{module}")


def _w(*numbers: int) -> list[str]:
    return [f"W{number}" for number in numbers]


# The rows that the register tags as a rule or as workflow.
ROWS = {
    "three-tier": _w(
        *(3, 4, 5, 7, 9, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 30, 31, 33, 37, 38, 40, 41, 47, 52)
    ),
    "task-and-finish": [
        "H 2.1",
        "H 3.1-3.2",
        "H 3.3",
        "H 4.1",
        "H 4.2",
        "H 4.3",
        "H 4.4",
        "H 5.1-5.2",
        "H 5.4",
        "H 6.1 Staff attendance",
        "H 6.1 Information",
        "H 6.2 Response",
        "H 6.2 Sign-off",
        "H 8.1-8.3",
        "H 8.6",
        "H 9",
        "H 10",
        "H 11 Tenancy action",
    ],
    "council-forum": [
        "K 3",
        "K 4.1",
        "K 4.2",
        "K 4.3",
        "K 4.5",
        "K 4.3b/10.4",
        "K 5",
        "K 6",
        "K 7.1",
        "K 7.2",
        "K 8",
        "K 11.1",
        "K 11.2",
        "K 11.3",
        "K 11.4",
        "K 14",
        "K 15",
    ],
    "customer-review": [
        "G Reviews a year",
        "G 1 Topic selection",
        "G 2, 7 Board",
        "G 3 12-week plan",
        "G 5",
        "G 7",
        "G 8 Tracking",
        "G 8 Tracking meetings",
        "G 8 Extensions",
        "G 8 Completion",
    ],
    "scrutiny-panel": [
        "C Reviews a year",
        "C Joining",
        "C Confidentiality",
        "C Landlord's duties",
        "C Membership",
        "C Meetings",
        "C Conflicts",
        "C Programme",
        "C Stages",
    ],
}
# The rows that are acts of people: interviews, consensus, votes, sanctions.
HUMAN_ROWS = {
    "three-tier": _w(17, 35, 39, 44, 46),
    "task-and-finish": ["H 8.5", "H 11 Conduct"],
    "council-forum": ["K 4.2b", "K 7.3-7.7", "K 8", "K 9", "K 13"],
    "customer-review": ["G 9 Conduct", "G 9 Officer's tasks"],
    "scrutiny-panel": ["C Voting", "C Breaches", "C Outcomes", "C Appeal"],
}


def _cases(rows: dict[str, list[str]]) -> list:
    return [pytest.param(starter, each, id=each) for starter, ids in rows.items() for each in ids]


def pytest_generate_tests(metafunc):
    """Parametrise each class with the rows of its arrangement."""
    if metafunc.cls:
        metafunc.parametrize("row", ROWS[metafunc.cls.starter])


class Rows:
    """The rows of one arrangement, which is loaded once for all; the changes of a check are rolled back."""

    starter = ""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def loaded(cls, request):
        with shared_rows(request):
            make_home()
            load_starter(reader.read(cls.starter), on=LOADED, pages=False)
            yield

    @pytest.mark.django_db
    def test_the_row_holds(self, row):
        CHECKS[self.starter][row]()


class TestThreeTier(Rows):
    starter = "three-tier"


class TestTaskAndFinish(Rows):
    starter = "task-and-finish"


class TestCouncilForum(Rows):
    starter = "council-forum"


class TestCustomerReview(Rows):
    starter = "customer-review"


class TestScrutinyPanel(Rows):
    starter = "scrutiny-panel"


def test_each_row_has_its_check_and_no_check_is_of_another():
    assert {starter: set(checks) for starter, checks in CHECKS.items()} == {
        starter: set(rows) for starter, rows in ROWS.items()
    }
    assert set(ROWS) == set(reader.names())


@pytest.mark.parametrize(("starter", "row"), _cases(HUMAN_ROWS))
def test_what_people_do_is_documented(starter, row):
    pages = {page["slug"]: page for page in reader.read(starter).rows("pages")}
    documented = pages[HUMAN[starter][row]]
    assert row in documented["items"]
    assert documented["text"].strip()


def test_each_human_row_names_its_page_and_nothing_else_does():
    assert {starter: set(pages) for starter, pages in HUMAN.items()} == {
        starter: set(rows) for starter, rows in HUMAN_ROWS.items()
    }
