"""Tests of permissions: a chair's right belongs to a panel, through the person's membership (case AR6)."""

import pytest

from scrutiny_pages.enums import MemberRole, MemberStanding, Step
from scrutiny_pages.services.permissions import user_can_apply_step, user_can_record_step
from tests.factories import records

pytestmark = pytest.mark.django_db

SEATS = {
    "the chair": ({"role": MemberRole.CHAIR}, True),
    "the vice chair": ({"role": MemberRole.VICE_CHAIR}, True),
    "a member": ({"role": MemberRole.MEMBER}, False),
    "a chair who has left": ({"role": MemberRole.CHAIR, "standing": MemberStanding.LEFT}, False),
    "a chair who is suspended": ({"role": MemberRole.CHAIR, "standing": MemberStanding.SUSPENDED}, False),
    "a chair of another panel": ({"role": MemberRole.CHAIR, "panel": None}, False),
}


@pytest.mark.parametrize(("seat", "may"), SEATS.values(), ids=SEATS.keys())
def test_case_ar6_only_the_chair_of_the_panel_that_checks_records_its_decisions(staff, seat, may):
    item = records.RecommendationFactory()
    user = staff("decide_step")
    panel = records.PanelFactory() if "panel" in seat else item.checking_body
    records.MembershipFactory(**{"panel": panel, "person__user": user} | {k: v for k, v in seat.items() if v})

    assert user_can_record_step(user, item) is may
    assert user_can_apply_step(user, item, Step.CONFIRM) is may
    assert not user_can_apply_step(user, item, Step.ACCEPT)


def test_case_ar6_the_chair_of_the_panel_that_asked_decides_only_what_is_its_own_to_decide(staff):
    asking, checking = records.PanelFactory(), records.PanelFactory()
    asking.usual_process = records.ReviewProcessFactory(checked_by=checking)
    asking.save()
    item = records.RecommendationFactory(panel=asking)
    user = staff("decide_step")
    records.MembershipFactory(panel=asking, role=MemberRole.CHAIR, person__user=user)

    assert user_can_apply_step(user, item, Step.WITHDRAW)
    assert not user_can_apply_step(user, item, Step.CONFIRM)


def test_a_sign_in_without_a_seat_records_nothing_and_staff_record_all(staff):
    item = records.RecommendationFactory()

    assert not user_can_record_step(staff("decide_step"), item)
    assert user_can_apply_step(staff("record_step", "decide_step"), item, Step.ACCEPT)
