"""Regular duties: due dates, and records of completion."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from scrutiny_pages.models import DutyDone
from scrutiny_pages.rules.duties import next_due
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.services.members import mark_done
from tests.factories import records

D = datetime.date


@pytest.mark.parametrize(
    ("every", "unit", "first", "last", "due"),
    [
        (3, "months", D(2026, 12, 31), None, D(2026, 12, 31)),
        (3, "months", D(2026, 12, 31), D(2026, 11, 30), D(2027, 2, 28)),
        (12, "months", D(2024, 2, 29), D(2024, 2, 29), D(2025, 2, 28)),
        (6, "months", None, D(2026, 1, 5), D(2026, 7, 5)),
        (2, "weeks", None, D(2026, 12, 24), D(2027, 1, 7)),
        (6, "months", None, None, None),
    ],
    ids=["first time", "W22", "W32, K 15", "C one-to-one", "weeks", "no date to count from"],
)
def test_when_it_is_due_next(every, unit, first, last, due):
    assert next_due(every=every, unit=unit, first_due=first, last_done=last) == due


@pytest.mark.django_db
@pytest.mark.on_day("2026-11-22")
class TestDone:
    """Records of completion, and the tasks that follow."""

    def waiting(self, user, today) -> list[str]:
        return [f"{todo.words} {todo.due}" for todo in todos(user, today) if todo.kind == "duty"]

    def test_what_is_due_waits_until_it_is_done(self, admin_in, admin_user, today):
        duty = records.RegularDutyFactory(name="Board report", first_due=D(2026, 11, 1))
        assert self.waiting(admin_user, today) == ["Board report, every 6 months 2026-11-01"]
        address = f"/admin/snippets/scrutiny_pages/regularduty/done/{duty.pk}/"
        assert b"not come yet" in admin_in.post(address, {"done_on": "2100-01-01"}).content
        assert admin_in.post(address, {"done_on": "2026-11-02", "note": "Sent."}).status_code == 302
        assert "Sent." in admin_in.get(address).content.decode()
        assert self.waiting(admin_user, today) == []
        assert DutyDone.objects.get().recorded_by == admin_user

    def test_one_with_each_member_counts_from_joining(self, admin_in, admin_user, today):
        """C: one-to-one every six months."""
        early = records.MembershipFactory(joined_on=D(2026, 1, 5), person__name="Robin Example")
        late = records.MembershipFactory(joined_on=D(2026, 10, 1))
        duty = records.RegularDutyFactory(name="One-to-one", for_each_member=True, first_due=None)
        assert self.waiting(admin_user, today) == ["One-to-one: Robin Example 2026-07-05"]
        with pytest.raises(ValidationError, match="Choose the member"):
            mark_done(duty=duty, done_on=D(2026, 7, 1))
        mark_done(duty=duty, done_on=D(2026, 7, 1), membership=early)
        assert self.waiting(admin_user, today) == []
        duty.panel = late.panel
        with pytest.raises(ValidationError, match="another panel"):
            mark_done(duty=duty, done_on=D(2026, 7, 1), membership=early)

    @pytest.mark.parametrize("asked", ["abc", "999", "99999999999999999999", ""])
    def test_a_wrong_member_in_the_address_chooses_nobody(self, admin_in, asked):
        duty = records.RegularDutyFactory(for_each_member=True)
        address = f"/admin/snippets/scrutiny_pages/regularduty/done/{duty.pk}/?member={asked}"
        assert admin_in.get(address).status_code == 200

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_one_with_members_is_closed_to_who_does_not_keep_them(self, staff, client, method):
        duty = records.RegularDutyFactory(for_each_member=True)
        staff("change_regularduty")
        answer = getattr(client, method)(f"/admin/snippets/scrutiny_pages/regularduty/done/{duty.pk}/")
        assert (answer.status_code, answer.url) == (302, "/admin/")

    def test_it_has_a_first_date_or_members(self):
        duty = records.RegularDutyFactory.build(role=records.RoleFactory(), first_due=None)
        with pytest.raises(ValidationError, match="for the first time"):
            duty.full_clean()
