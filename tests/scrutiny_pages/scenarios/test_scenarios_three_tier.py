"""A whole review across three kinds of group, from a customer panel's referral to the check whether it helped."""

import datetime

import pytest
from django.urls import reverse

from scrutiny_pages.enums import Impact, MemberStanding, StageStep, Step
from scrutiny_pages.models import Panel, RegularDuty, ReviewProcess, Role, Trigger
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read
from tests.factories.pages import ReviewIndexPageFactory

from .walkthrough import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("three-tier"), on=datetime.date(2024, 1, 1), pages=False)
    return Staff(admin_in)


def day(month: int, day: int, year: int = 2025) -> datetime.date:
    return datetime.date(year, month, day)


def test_a_matter_goes_from_a_customer_panel_to_the_board_and_back(staff):
    scrutiny, auditors, repairs, board = (
        Panel.objects.get(slug=slug) for slug in ("scrutiny-panel", "tenant-auditors", "repairs-panel", "board")
    )
    managers, reviews = Role.objects.get(title="Senior Manager"), ReviewIndexPageFactory()
    people = [staff.add_member(scrutiny, name=f"Member {n}", joined_on=day(1, 6)) for n in range(7)]

    # The repairs panel refers what touches more than one service (W13); the scrutiny panel takes it up (W19).
    heard = staff.add_meeting(repairs, on=day(1, 13), theme="Damp")
    referred = staff.add_recommendation(
        panel=repairs, title="Look into damp", made_at=heard, refers_to=scrutiny, asked_on=day(1, 13)
    )
    assert list(scrutiny.referred.all()) == [referred]
    review = staff.add_review(
        parent=reviews,
        title="Reporting damp",
        panel=scrutiny,
        trigger=Trigger.objects.get(name="Referred by a customer panel"),
        commissioned_by="The Repairs Customer Panel",
    )
    review = staff.start_review(review, process=scrutiny.usual_process, on=day(2, 3))
    for name, on in (
        ("Hearing what others found", day(2, 3)),
        ("Agreeing what to look at", day(2, 10)),
        ("Asking for information", day(2, 24)),
    ):
        staff.stage(review, name, on=on)

    # It has the auditors test it (W37); nothing of theirs is public before they agree (W9).
    audit = staff.add_review(
        parent=reviews,
        title="Audit of call-backs",
        panel=auditors,
        trigger=Trigger.objects.get(name="Audit asked for by the scrutiny panel"),
        part_of=review.pk,
    )
    audit = staff.start_review(audit, process=ReviewProcess.objects.get(name="Tenant audit"), on=day(2, 17))
    for name in ("Agreeing the audit", "Asking for information", "Looking and testing", "Writing the report"):
        staff.stage(audit, name, on=day(3, 3))
    audited = staff.add_report(audit, title="What the auditors found")
    staff.publish_report(audited, refused="The auditors agree the report")
    staff.stage(audit, "The auditors agree the report", on=day(3, 10))
    staff.publish_report(audited, agreed_on=day(3, 10))
    staff.stage(audit, "Handing it over", on=day(3, 11))
    staff.stage(review, "An audit or mystery shopping", on=day(3, 11))
    staff.stage(review, "Finding out", on=day(3, 24))

    # Every recommendation says what it is worth (W18).
    report = staff.add_report(review, title="What we found about damp")
    staff.stage(review, "Writing our report", on=day(3, 31))
    asks = {"panel": scrutiny, "report": report, "owner": managers, "asked_on": day(3, 31)}
    one_name = staff.add_recommendation(title="Give each report one name", number=2, **asks)
    asks |= {"title": "Pay for a dehumidifier", "number": 3, "value_for_money": "It is cheaper than a decant."}
    second = staff.add_recommendation(**asks)

    # Six have to be there to agree the report (W25).
    staff.publish_report(report, refused="The panel agrees the report")
    agreed = staff.add_meeting(scrutiny, on=day(4, 7), theme="Damp", decisions=["We agree our report."])
    agreed = staff.who_came(agreed, dict.fromkeys(people[:5], "present") | dict.fromkeys(people[5:], "absent"))
    assert agreed.turnout.sentence == "5 members came. 6 were needed, so nothing could be decided."
    agreed = staff.add_meeting(scrutiny, on=day(4, 14), theme="Damp, again", decisions=["We agree our report."])
    agreed = staff.who_came(agreed, dict.fromkeys(people[:6], "present") | dict.fromkeys(people[6:], "excused"))
    assert agreed.turnout.enough
    staff.stage(review, "The panel agrees the report", on=day(4, 14), meeting=None, refused="Choose the meeting.")
    staff.stage(review, "The panel agrees the report", on=day(4, 14))
    staff.publish_report(report, agreed_on=day(4, 14))
    staff.publish_recommendation(one_name, refused="“Value for money” is empty")
    staff.publish_recommendation(one_name, value_for_money="Fewer calls are made twice.")
    staff.publish_recommendation(second)

    # Managers answer in a time that is agreed (W20).
    assert staff.due(review, "Senior managers answer") is None
    by_june = {"on": day(4, 22), "words": "Agreed with the managers.", "to": day(6, 2)}
    staff.stage(review, "Senior managers answer", StageStep.MOVE, **by_june)
    assert staff.due(review, "Senior managers answer") == day(6, 2)
    one_name.tracking.refresh_from_db()
    assert one_name.tracking.answer_due == day(6, 2)
    staff.record(one_name, Step.ACCEPT, on=day(5, 19), date=day(9, 30))
    staff.stage(review, "Senior managers answer", on=day(5, 20), refused="no answer yet: 2025-01/3")
    second = staff.record(second, Step.REFUSE, on=day(5, 26), words="There is no money this year.")
    staff.stage(review, "Senior managers answer", on=day(5, 26))

    # What is not agreed goes to the Board, rung by rung, and the third time to its next meeting (W20, W47).
    staff.add_meeting(board, on=day(7, 15), theme="Board meeting")
    for on, due in ((day(6, 9), None), (day(6, 23), None), (day(7, 7), day(7, 15))):
        second = staff.record(second, Step.ESCALATE, on=on, words="It is not enough.")
        rung = second.tracking.open_escalation
        assert (rung.to_whom, rung.reply_due) == ("the Board", due)
        if due is None:
            second = staff.record(second, Step.ESCALATION_REPLY, on=on, words="They have read it.")
    second = staff.record(second, Step.ACCEPT, on=day(7, 15), date=day(10, 31))
    assert (second.tracking.first_answer, second.tracking.answer) == ("not_accepted", "accepted")
    assert second.tracking.open_escalation is None
    staff.stage(review, "Taking to the Board what was not agreed", on=day(7, 15))
    staff.stage(review, "Telling customers", on=day(7, 21), words="In the newsletter and at the summer event.")

    # What was agreed is followed until it is known to help (W21). A quorate meeting confirms it.
    for item in (one_name, second):
        item = staff.record(item, Step.CLAIM, on=day(10, 6), words="It is in place.")
    confirmed = staff.add_meeting(scrutiny, on=day(10, 13), theme="What became of it")
    refused = {"meeting": confirmed, "refused": "First record who came to this meeting"}
    staff.record(one_name, Step.CONFIRM, on=day(10, 13), **refused)
    confirmed = staff.who_came(confirmed, dict.fromkeys(people, "present"))
    for item in (one_name, second):
        item = staff.record(item, Step.CONFIRM, on=day(10, 13), meeting=confirmed, date=day(4, 13, 2026))
        assert item.tracking.impact_check_on == day(4, 13, 2026)
    staff.stage(review, "Following what was agreed", on=day(10, 13))
    for item, impact in ((one_name, Impact.HELPED), (second, Impact.PARTLY)):
        given = {"impact": impact, "words": "We asked those who called.", "how": "By email to all"}
        item = staff.record(item, Step.CHECK_IMPACT, on=day(4, 13, 2026), **given)
        assert (item.tracking.impact, item.tracking.impact_checked_on) == (impact, day(4, 13, 2026))
    staff.stage(review, "Asking whether it helped", on=day(4, 13, 2026))
    review.refresh_from_db()
    assert review.progress.sentence == "All 12 stages are done."
    assert list(review.parts.all()) == [audit]


def test_the_board_asks_once_a_year_and_the_panel_has_twelve_seats(staff):
    scrutiny, reviews = Panel.objects.get(slug="scrutiny-panel"), ReviewIndexPageFactory()
    by_board = {
        "parent": reviews,
        "panel": scrutiny,
        "trigger": Trigger.objects.get(name="Asked for by the Board"),
        "programme": scrutiny.programmes.get().pk,
    }
    staff.add_review(title="Rents", **by_board)
    staff.add_review(title="Lifts", refused="Asked for by the Board", **by_board)
    for number in range(12):
        staff.add_member(scrutiny, name=f"Member {number}", joined_on=day(1, 6))
    staff.add_member(scrutiny, name="Robin", joined_on=day(1, 6), refused="The panel has up to 12 members.")
    waits = staff.add_member(scrutiny, name="Robin", joined_on=day(1, 6), standing=MemberStanding.RESERVE.value)
    assert waits.standing == MemberStanding.RESERVE


def test_what_comes_back_is_marked_as_done(staff):  # W52
    duty = RegularDuty.objects.get(name="Activity report")
    address = reverse("wagtailsnippets_scrutiny_pages_regularduty:done", args=[duty.pk])
    assert "every 6 months" in staff.client.get(address).content.decode()
    assert staff.client.post(address, {"done_on": day(6, 30), "note": ""}).status_code == 302
    assert duty.next_due(duty.times.get().done_on) == day(12, 30)


def test_who_came_is_asked_of_each_member(staff):
    scrutiny = Panel.objects.get(slug="scrutiny-panel")
    member = staff.add_member(scrutiny, name="Robin", joined_on=day(1, 6))
    meeting = staff.add_meeting(scrutiny, on=day(4, 7))
    address = reverse("wagtailsnippets_scrutiny_pages_meeting:attendance", args=[meeting.pk])
    assert "Robin" in staff.client.get(address).content.decode()
    staff.who_came(meeting, {}, refused="Say whether Robin came.")
    assert staff.who_came(meeting, {member: "present"}).turnout.present == 1
