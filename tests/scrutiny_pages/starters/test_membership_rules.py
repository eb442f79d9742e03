"""The panels' rules on who may sit, as the starters hold them, on a site where people join in any order."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.core.dates.formatting import format_date
from scrutiny_pages.enums import MemberRole, MemberStanding, ReviewState, TodoKind
from scrutiny_pages.models import MemberKind, Membership, Panel
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.services.members import save_membership
from scrutiny_pages.starters import reader
from scrutiny_pages.starters.loader import load_starter
from tests.factories import records
from tests.factories.pages import ReviewPageFactory

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 5)


@pytest.fixture
def starter(home, today):
    """Load an arrangement, without its pages."""

    def load(name: str) -> None:
        load_starter(reader.read(name), on=today, pages=False)

    return load


def join(slug: str, person=None, *, standing: str = MemberStanding.JOINING, kind: str = "", **fields) -> Membership:
    """Save somebody's seat under the panel's rules."""
    row = Membership(
        panel=Panel.objects.get(slug=slug),
        person=person or records.PersonFactory(),
        standing=standing,
        joined_on=START,
        kind=MemberKind.objects.filter(slug=kind).first(),
        **fields,
    )
    save_membership(membership=row)
    return row


def said(refused: pytest.ExceptionInfo) -> str:
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("first", ["scrutiny-panel", "repairs-panel"])
def test_case_ar3_the_scrutiny_panel_and_a_customer_panel_do_not_go_together(starter, first):  # W26
    starter("three-tier")
    other = Panel.objects.filter(kind="customer_panel").first().slug
    one, two = ("scrutiny-panel", other) if first == "scrutiny-panel" else (other, "scrutiny-panel")
    person = join(one, kind="tenant").person

    with pytest.raises(ValidationError) as refused:
        join(two, person, kind="tenant")

    assert "The rule: “A member may not also be on" in said(refused)
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("committee_first", [True, False])
def test_case_ar5_a_second_member_of_the_committee_is_one_whatever_the_box_says(starter, committee_first):  # H 4.1
    starter("task-and-finish")
    team = Panel.objects.get(kind="task_and_finish").slug
    join(team, kind="committee")
    person = records.PersonFactory()
    seats = [("assurance-committee", ""), (team, "customer")]
    first, second = seats if committee_first else seats[::-1]
    join(first[0], person, kind=first[1])

    with pytest.raises(ValidationError) as refused:
        join(second[0], person, kind=second[1])

    assert "embers of the Assurance Committee would have 2 seats" in said(refused)


@pytest.mark.parametrize("name", ["three-tier", "council-forum", "scrutiny-panel"])
def test_case_ar4_an_active_member_has_a_kind_where_the_panel_counts_kinds(starter, name):  # W24, K 4.1, C Membership
    starter(name)
    panel = next(panel for panel in Panel.objects.all() if any(b.block_type == "kind_limit" for b in panel.rules))

    with pytest.raises(ValidationError) as refused:
        join(panel.slug, standing=MemberStanding.ACTIVE)

    assert "Choose what kind of member this is." in said(refused)


def test_case_ar9_a_team_of_twelve_leaves_no_seat_open(starter, today):  # H 8.1
    starter("task-and-finish")
    panel = Panel.objects.get(kind="task_and_finish")
    review = ReviewPageFactory(panel=panel, state=ReviewState.UNDER_WAY)
    records.MembershipFactory.create_batch(11, panel=panel, review=review)
    records.MembershipFactory(panel=panel, review=review, role=MemberRole.CO_OPTEE)
    over = ReviewPageFactory(panel=panel, state=ReviewState.FINISHED)
    records.MembershipFactory.create_batch(5, panel=panel, review=over)

    def seats() -> tuple:
        found = Panel.objects.with_seats().get(pk=panel.pk)
        return found.seats_taken, found.vacancies(today)

    assert seats() == (11, 1)
    records.MembershipFactory(panel=panel, review=review)
    assert seats() == (12, 0)
    second = ReviewPageFactory(panel=panel, state=ReviewState.CHOSEN)
    records.MembershipFactory.create_batch(4, panel=panel, review=second)
    assert seats() == (16, 8)


def test_case_ar12_a_suspended_members_days_are_counted_and_told(starter, admin_user, today):  # C 14
    starter("scrutiny-panel")
    panel = next(panel for panel in Panel.objects.all() if any(b.block_type == "suspension" for b in panel.rules))
    row = records.MembershipFactory(panel=panel)
    row.standing = MemberStanding.SUSPENDED

    with pytest.raises(ValidationError) as refused:
        save_membership(membership=row)
    assert "Say on which day they were told." in said(refused)
    row.suspended_on = datetime.date(2026, 11, 16)
    save_membership(membership=row)

    def told(on: datetime.date) -> list[str]:
        return [each.words for each in todos(admin_user, on) if each.kind == TodoKind.MEMBER and "suspen" in each.words]

    assert row.suspension_dates == (datetime.date(2026, 11, 30), datetime.date(2027, 2, 16))
    assert any("can appeal until 30 November 2026" in words for words in told(datetime.date(2026, 11, 30)))
    assert told(datetime.date(2026, 12, 1)) == []
    assert any("the suspension ends on 16 February 2027" in words for words in told(datetime.date(2027, 2, 10)))
    assert any("the suspension ended on 16 February 2027" in words for words in told(datetime.date(2027, 2, 17)))


def test_case_ar14_nobody_joins_a_panel_past_its_last_day(today):  # K 5
    yesterday = today - datetime.timedelta(days=1)
    panel = records.PanelFactory(ends_on=yesterday)

    with pytest.raises(ValidationError) as refused:
        join(panel.slug)

    assert f"The last day of this panel was {format_date(yesterday)}." in said(refused)
    assert timezone.localdate() == today


@pytest.mark.parametrize(("role", "words"), [("deputy", "deputies"), ("co_optee", "people who are brought in")])
def test_case_ar14_no_deputy_and_nobody_brought_in_where_no_rule_allows_it(role, words):
    with pytest.raises(ValidationError, match=f"do not speak of {words}"):
        join(records.PanelFactory().slug, role=role)
