"""iCalendar feeds: permanent event ids, current content, public meetings only."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from icalendar import Calendar

from cms.core.models import SiteSettings
from scrutiny_pages.models import Meeting
from tests import clock
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

FEED = "/meetings/calendar.ics"
NEXT_YEAR = clock.TODAY.year + 1
WINTER = datetime.datetime(NEXT_YEAR, 1, 12, 18, 30, tzinfo=timezone.get_default_timezone())
SUMMER = datetime.datetime(NEXT_YEAR, 7, 13, 18, 30, tzinfo=timezone.get_default_timezone())


def events(client, address: str = FEED) -> list:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_what_a_calendar_is_given(home, client):
    meeting = records.MeetingFactory(
        theme="Bins; lifts, and “keys”\\",
        place="Room 1,\nthe hall\x07",
        starts_at=SUMMER,
        ends_at=SUMMER + datetime.timedelta(hours=2),
        how_to_join="Just come.",
    )
    [event] = events(client)
    assert event["SUMMARY"] == f"Bins; lifts, and “keys”\\ ({meeting.panel})"
    assert event["LOCATION"] == "Room 1,\nthe hall"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(meeting.uid), 0, "CONFIRMED")
    assert event.decoded("DTSTART") == SUMMER == datetime.datetime(NEXT_YEAR, 7, 13, 17, 30, tzinfo=datetime.UTC)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(hours=2)
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == meeting.changed_at.replace(microsecond=0)
    assert urlsplit(event["URL"])[1:3] == ("testserver", meeting.get_absolute_url())
    assert "Just come." in event["DESCRIPTION"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b"])
def test_a_line_end_that_was_pasted_stays_out_of_what_is_one_line(home, client, end):
    settings = SiteSettings.for_site(home.get_site())
    settings.name = f"Scrutiny{end}X-BAD:1"
    settings.save()
    meeting = records.MeetingFactory(
        theme=f"Bins{end}X-BAD:1", place=f"Room{end}X-BAD:1", how_to_join=f"Come{end}X-BAD:1", panel__slug="us"
    )
    for address in (FEED, f"{FEED}?panel=us", f"/meetings/{meeting.pk}.ics"):
        [event] = events(client, address)
        assert event["SUMMARY"] == f"Bins X-BAD:1 ({meeting.panel})"
        written = client.get(address).content.replace(b"\r\n", b"")
        assert b"\r" not in written
        assert b"\n" not in written
        assert b"X-WR-CALNAME:" in written
    assert b"NAME:Scrutiny X-BAD:1" in client.get(FEED).content


def test_winter_is_winter(home, client):
    records.MeetingFactory(starts_at=WINTER)
    assert events(client)[0].decoded("DTSTART").hour == 18


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"starts_at": WINTER}, 1),
        ({"place": "Elsewhere"}, 1),
        ({"called_off_because": "Snow."}, 1),
        ({"minutes": "<p>We met.</p>"}, 0),
        ({}, 0),
    ],
)
def test_a_calendar_can_tell_what_is_newer(home, client, change, counts):
    meeting = Meeting.objects.get(pk=records.MeetingFactory(starts_at=SUMMER).pk)
    before = events(client)[0]
    for name, value in change.items():
        setattr(meeting, name, value)
    meeting.save()
    after = events(client)[0]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] - before["SEQUENCE"] == counts
    assert after.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")


def test_a_meeting_that_is_called_off_is_struck_out_and_one_that_is_hidden_is_gone(home, admin_in):
    off = records.MeetingFactory(theme="Walk", called_off_because="Snow. We go in May.")
    hidden = records.MeetingFactory(is_public=False)
    [event] = events(admin_in)  # staff are given what a stranger is
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", str(off.uid))
    assert event["SUMMARY"].startswith("Called off: Walk")
    assert "Snow. We go in May." in event["DESCRIPTION"]
    assert len(events(admin_in, f"/meetings/{off.pk}.ics")) == 1
    assert admin_in.get(f"/meetings/{hidden.pk}.ics").status_code == 404


@pytest.mark.parametrize(("days", "given"), [(-367, False), (-365, True), (0, True), (900, True)])
def test_how_far_back_it_goes(home, client, days, given):
    records.MeetingFactory(starts_at=timezone.now() + datetime.timedelta(days=days))
    assert bool(events(client)) == given


def test_one_panels_dates(home, client):
    meeting = records.MeetingFactory(panel__slug="us", panel__name="Our Panel")
    records.MeetingFactory()
    assert [event["UID"] for event in events(client, f"{FEED}?panel=us")] == [str(meeting.uid)]
    assert b"Our Panel" in client.get(f"{FEED}?panel=us").content
    for value in ("nobody", "%00", "9" * 20, "%ED%A0%80"):
        assert client.get(f"{FEED}?panel={value}").status_code == 400
    assert client.post(FEED).status_code == 405


def test_the_pages_lead_to_it(home, client):
    page = pages.PanelPageFactory(panel__slug="us")
    meeting = records.MeetingFactory(panel=page.panel)
    assert f"http://testserver{FEED}" in client.get(pages.MeetingIndexPageFactory().get_url()).content.decode()
    assert f"http://testserver{FEED}?panel=us" in client.get(page.get_url()).content.decode()
    assert f"/meetings/{meeting.pk}.ics" in client.get(meeting.get_absolute_url()).content.decode()
