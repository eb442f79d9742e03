"""Tests of the emails to the chair of the checking body."""

import datetime

import pytest
from post_office.models import Email

from cms.core.models import SiteSettings
from scrutiny_pages import services
from scrutiny_pages.enums import PANEL_DECISIONS, Answer, Delivery, Step
from scrutiny_pages.forms.recommendation_forms import STEP_FIELDS
from scrutiny_pages.models import Extension
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories import pages, records
from tests.factories.decisions import decide, meeting_of
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def chair(home):
    SiteSettings.objects.update_or_create(
        site=home.get_site(), defaults={"team_name": "Involvement Team", "phone": "01234 567890"}
    )
    return records.MembershipFactory(role="chair", person__email="Chair@example.org")


def claimed(panel, **fields):
    accepted = {"tracking__answer": Answer.ACCEPTED, "tracking__answered_on": D(2026, 4, 2)}
    dates = {"tracking__first_target": D(2026, 6, 30), "tracking__current_target": D(2026, 6, 30)}
    state = {"tracking__delivery": Delivery.CLAIMED, "tracking__claimed_on": D(2026, 6, 1)}
    return records.RecommendationFactory(
        series="2026-03", number=4, panel=panel, title="Private title", **(accepted | dates | state | fields)
    )


def confirm(item, by):
    decide(services.confirm, recommendation=item, on=D(2026, 7, 2), note="Private words", by=by)


def held(chair, came: int):
    """Return a meeting with so many members of the chair's panel present, and one absent."""
    records.MembershipFactory.create_batch(came, panel=chair.panel)
    meeting = records.MeetingFactory(
        panel=chair.panel, starts_at=datetime.datetime(2026, 3, 9, 18, tzinfo=datetime.UTC)
    )
    states: dict = {row: "present" if n < came else "excused" for n, row in enumerate(services.expected_at(meeting))}
    services.record_attendance(meeting=meeting, states=states, at=meeting.starts_at)
    return meeting


def told() -> list[str]:
    return sorted(email.to[0] for email in Email.objects.all())


def test_they_get_a_reference_and_a_link_and_no_more(chair, admin_user):
    confirm(claimed(chair.panel), admin_user)
    email = Email.objects.get()
    assert (email.to, email.subject) == (["Chair@example.org"], "A decision was recorded for 2026-03/4")
    assert email.message.split("\n") == [
        "A decision was recorded for 2026-03/4.",
        "",
        "See it here: http://localhost/recommendations/2026-03/4/",
        "",
        "If you do not recognise it, call the Involvement Team on 01234 567890.",
        "",
    ]
    assert not email.html_message


GRANTING = {"tracking__delivery": Delivery.IN_PROGRESS, "tracking__claimed_on": None}
UNANSWERED = {
    "tracking__answer": Answer.AWAITED,
    "tracking__delivery": Delivery.NOT_STARTED,
    "tracking__first_target": None,
    "tracking__current_target": None,
}
DECIDED = {
    Step.GRANT_TIME: GRANTING,
    Step.REFUSE_TIME: GRANTING,
    Step.SEND_BACK: {},
    Step.CONFIRM: {},
    Step.CLOSE: {},
    Step.CHECK_IMPACT: {"tracking__delivery": Delivery.CONFIRMED, "tracking__confirmed_on": D(2026, 6, 2)},
    Step.ESCALATE: {},
    Step.REFER: {},
    Step.REWORD: UNANSWERED,
    Step.WITHDRAW: UNANSWERED,
    Step.RATIFY: UNANSWERED,
}


@pytest.mark.parametrize("step", PANEL_DECISIONS)
def test_every_decision_of_the_panel_is_told(chair, admin_user, step, home):
    pages.ReviewIndexPageFactory()
    chair.panel.usual_process = records.ReviewProcessFactory(escalation_steps=["The Board"])
    chair.panel.save()
    item = claimed(chair.panel, **DECIDED[step])
    item.refers_to = records.PanelFactory()
    item.save()
    if DECIDED[step] is GRANTING:
        arrange(
            Extension.objects.create,
            tracking=item.tracking,
            asked_on=D(2026, 6, 1),
            asked_for=D(2026, 9, 30),
            reason="x",
        )
    if step == Step.RATIFY:
        chair.panel.rules = [("quorum", {"number": 2, "ratify": True})]
        chair.panel.save()
        item.made_at = held(chair, came=1)
        item.save()
    more = {"impact": "helped"} if step == Step.CHECK_IMPACT else {}
    more |= {"meeting": meeting_of(item.checking_body, D(2026, 7, 2))}
    more |= {"date": None} if STEP_FIELDS[step].date else {}
    STEP_FIELDS[step].apply(recommendation=item, on=D(2026, 7, 2), words="So it is.", by=admin_user, **more)
    assert told() == ["Chair@example.org"]


@pytest.mark.parametrize("step", ["note", "claim", "start"])
def test_what_the_landlord_does_is_not(chair, admin_user, step):
    item = claimed(chair.panel, tracking__delivery=Delivery.NOT_STARTED, tracking__claimed_on=None)
    more = {"note": {"is_private": False}, "claim": {"link": ""}, "start": {}}[step]
    STEP_FIELDS[step].apply(recommendation=item, on=D(2026, 7, 2), words="So it is.", by=admin_user, **more)
    assert told() == []


def test_only_the_chair_of_the_checking_body_who_sits_now_and_can_be_reached(chair, admin_user, home):
    asking = records.PanelFactory()
    asking.usual_process = records.ReviewProcessFactory(checked_by=chair.panel)
    asking.save()
    records.MembershipFactory(panel=asking, role="chair", person__email="asking@example.org")
    for fields in (
        {"role": "member"},
        {"role": "vice_chair"},
        {"role": "chair", "standing": "left", "left_on": D(2026, 2, 1)},
        {"role": "chair", "standing": "stood_down"},
        {"role": "chair", "standing": "active", "person__email": ""},
    ):
        records.MembershipFactory(panel=chair.panel, **fields)
    confirm(claimed(asking), admin_user)
    assert told() == ["Chair@example.org"]


@pytest.mark.parametrize("permission", ["decide_step", "record_step"])
@pytest.mark.parametrize(("is_theirs", "mails"), [(True, 0), (False, 1)])
def test_a_chair_who_records_it_knows(chair, staff, permission, is_theirs, mails):
    user = staff(permission)
    # Anybody can change the email of their own account, so it is no proof.
    user.email = chair.person.email
    if is_theirs:
        chair.person.user = user
        chair.person.save()
    confirm(claimed(chair.panel), user)
    assert len(told()) == mails


def test_what_no_one_recorded_is_not_told(chair):
    """Such as the demo's story."""
    confirm(claimed(chair.panel), None)
    assert told() == []


def test_a_step_that_is_refused_tells_no_one(chair, admin_user):
    item = claimed(chair.panel)
    with pytest.raises(TransitionNotAllowed):
        decide(services.confirm, recommendation=item, on=D(2026, 1, 1), by=admin_user)
    assert told() == []


def test_an_address_that_cannot_be_right_does_not_stop_the_step(chair, admin_user):
    chair.person.email = "nobody at all\nBcc: x@example.org"
    chair.person.save()
    item = claimed(chair.panel)
    confirm(item, admin_user)
    item.refresh_from_db()
    assert item.tracking.delivery == Delivery.CONFIRMED
