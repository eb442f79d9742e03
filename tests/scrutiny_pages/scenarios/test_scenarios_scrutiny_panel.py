"""A whole review of one standing scrutiny panel, from the landlord's wish to the check whether it helped."""

import datetime

import pytest

from scrutiny_pages.enums import Impact, Step
from scrutiny_pages.models import DutyDone, MemberKind, Panel, RegularDuty, Role, RuleOverride, Trigger
from scrutiny_pages.rules.rule_types import Probation
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read
from tests.factories.pages import ReviewIndexPageFactory

from .walkthrough import Staff

pytestmark = pytest.mark.django_db


def day(month: int, day: int, year: int = 2024) -> datetime.date:
    return datetime.date(year, month, day)


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("scrutiny-panel"), on=day(1, 1), pages=False)
    return Staff(admin_in)


def test_a_review_goes_from_its_trigger_to_the_check_whether_it_helped(staff):
    panel, leaders = (Panel.objects.get(slug=slug) for slug in ("resident-scrutiny-panel", "senior-leadership-team"))
    manager = Role.objects.get(title="Housing Services Manager")
    kinds = {kind.slug: kind for kind in MemberKind.objects.all()}

    # Who joins has accepted the codes. Somebody who is not a resident needs the members to agree, which is kept.
    member = staff.add_member(panel, name="Sam Example", joined_on=day(1, 3), kind=kinds["leaseholder"])
    assert Probation.last_day(panel.rules_in_force, joined_on=member.joined_on) == day(7, 3)
    outsider = {"name": "Kim Example", "joined_on": day(1, 3), "kind": kinds["non-resident"]}
    staff.add_member(panel, refused="The seats are not for people who are not residents.", **outsider)
    outsider = staff.add_member(panel, override="on", reason="Agreed by the members on 3 January.", **outsider)
    assert RuleOverride.objects.get().membership == outsider

    # The landlord asks, and the panel decides: it says no to one wish, with its reason, and yes to another.
    asks = Trigger.objects.get(name="Outside the plan, asked for by the landlord")
    wish = {"parent": ReviewIndexPageFactory(), "panel": panel, "trigger": asks, "commissioned_by": "The landlord"}
    no = {"title": "Parking", "state": "not_chosen"}
    staff.add_review(**wish, **no, refused="Say why this review was not chosen.")
    staff.add_review(**wish, **no, not_chosen_because="Few residents are touched by it.")
    review = staff.add_review(**wish, title="Shared areas")
    review = staff.start_review(review, process=panel.usual_process, on=day(2, 5))

    staff.stage(review, "Scoping meeting", on=day(2, 12))
    staff.stage(review, "First findings", on=day(4, 9), words="The manager put two dates right.")
    assert staff.due(review, "The report goes to the manager") == day(6, 5)

    # The report rests on evidence. It goes to the manager, then to the senior leaders before they meet.
    report = staff.add_report(review, title="What we found in shared areas")
    item = staff.add_recommendation(
        panel=panel, title="Show the cleaning dates in each hall", report=report, owner=manager, asked_on=day(5, 20)
    )
    staff.stage(review, "The report goes to the manager", on=day(5, 20))
    leaders_meet = staff.add_meeting(leaders, on=day(6, 18), theme="The panel's report").day
    staff.stage(review, "The report goes to the senior leaders", on=day(6, 3))
    assert staff.due(review, "Presenting it to the senior leaders") == leaders_meet
    staff.stage(review, "Presenting it to the senior leaders", on=leaders_meet)
    staff.publish_report(report)
    staff.publish_recommendation(item, refused="“Evidence” is empty. The process asks for it.")
    item = staff.publish_recommendation(item, evidence="We visited twelve halls.")

    # The action plan answers each recommendation; what was agreed is followed.
    staff.stage(review, "Action plan", on=day(7, 2), refused=f"no answer yet: {item.ref}")
    staff.record(item, Step.ACCEPT_PARTLY, on=day(7, 1), date=day(9, 2), words="In halls, not on stairs.")
    item = staff.record(item, Step.PLAN_ACTION, on=day(7, 1), date=day(8, 30), words="Put up the boards", owner=manager)
    staff.stage(review, "Action plan", on=day(7, 2))
    staff.record(item, Step.NOTE, on=day(8, 6), words="Half of the boards are up.")
    staff.record(item, Step.FINISH_ACTION, on=day(8, 28), action=item.tracking.actions.get())
    staff.record(item, Step.CLAIM, on=day(9, 2), words="All boards are up.")
    held = staff.add_meeting(panel, on=day(9, 10), theme="Shared areas")
    item = staff.record(item, Step.CONFIRM, on=held.day, meeting=held, date=day(3, 10, 2025))
    staff.stage(review, "Following what was agreed", on=held.day)
    staff.stage(review, "Back to the work plan", on=held.day)
    assert item.tracking.impact_check_on == day(3, 10, 2025)
    later = staff.add_meeting(panel, on=day(3, 11, 2025), theme="Did it help?")
    checked = {"on": later.day, "meeting": later, "words": "We asked in six halls."}
    item = staff.record(item, Step.CHECK_IMPACT, impact=Impact.PARTLY, **checked)
    assert (item.tracking.impact, item.tracking.impact_checked_on) == (Impact.PARTLY, later.day)
    review.refresh_from_db()
    assert review.progress.sentence == "All 8 stages are done."

    # Each member has a talk every six months; that it took place is recorded on its screen.
    talk = RegularDuty.objects.get(name="One-to-one with each member")
    assert talk.next_due_with(member, None) == day(7, 3)
    staff.mark_done(talk, on=day(7, 1), membership=member)
    assert talk.next_due_with(member, DutyDone.objects.get().done_on) == day(1, 1, 2025)
