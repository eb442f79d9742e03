"""iCalendar feeds of meetings: all meetings, the meetings of one panel, and a file for each meeting (RFC 5545).

Times are in UTC: every calendar converts them to its owner's time zone, and no bundled time-zone rule can go stale.
"""

import datetime
from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cms.core.models import SiteSettings
from cms.core.text.cleaning import clean_text
from cms.core.visibility import Viewer, visible_to

from ..models import Meeting
from ..models.pages.filters import MeetingFilter

PRODUCT = "-//Scrutineer//Meetings and events//EN"
REFRESH_INTERVAL = datetime.timedelta(hours=12)


def calendar_of(meetings: Iterable[Meeting], *, name: str, address: Callable[[Meeting], str]) -> bytes:
    """Return meetings as an iCalendar file.

    :param meetings: with their panels fetched; a cancelled meeting is included with status CANCELLED.
    :param name: the calendar's display name; line breaks are removed.
    :param address: returns the absolute URL of a meeting's page.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", clean_text(name, multiline=False))
    calendar.add("x-wr-calname", clean_text(name, multiline=False))
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(event_of(meeting, address(meeting)))
    return calendar.to_ical()


def event_of(meeting: Meeting, url: str) -> Event:
    """Return one meeting as an iCalendar event, with a permanent UID and its revision as SEQUENCE."""
    event = Event()
    event.add("uid", str(meeting.uid))
    # Without a method, both say when what is told of it last changed (3.8.7.2).
    event.add("dtstamp", meeting.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", meeting.changed_at.astimezone(datetime.UTC))
    event.add("sequence", meeting.times_changed)
    event.add("dtstart", meeting.starts_at.astimezone(datetime.UTC))
    if meeting.ends_at:
        event.add("dtend", meeting.ends_at.astimezone(datetime.UTC))
    theme = f"Called off: {meeting.theme}" if meeting.is_called_off else meeting.theme
    event.add("summary", clean_text(f"{theme} ({meeting.panel})", multiline=False))
    event.add("location", clean_text(meeting.place))
    event.add("categories", [meeting.get_kind_display()])
    event.add("status", "CANCELLED" if meeting.is_called_off else "CONFIRMED")
    told = (meeting.get_kind_display(), meeting.called_off_because or meeting.how_to_join, url)
    event.add("description", clean_text("\n\n".join(words for words in told if words)))
    event.add("url", url)
    return event


def _calendar_response(request: HttpRequest, meetings: Iterable[Meeting], name: str) -> HttpResponse:
    content = calendar_of(
        meetings, name=name, address=lambda meeting: request.build_absolute_uri(meeting.get_absolute_url())
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Return public meetings from a year ago on, of one panel with ``?panel=``, as an anonymous visitor sees them."""
    meetings = Meeting.objects.for_calendar(Viewer.anonymous())
    chosen = MeetingFilter.of(request, meetings)
    panel = chosen.form.cleaned_data["panel"]
    name = SiteSettings.for_request(request).name
    return _calendar_response(request, chosen.qs, f"{name}: {panel}" if panel else name)


@require_safe
def one_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one public meeting as an iCalendar file, as an anonymous visitor sees it."""
    meetings = visible_to(Viewer.anonymous(), Meeting.objects.select_related("panel"))
    meeting = get_object_or_404(meetings, pk=pk)
    return _calendar_response(request, [meeting], meeting.theme)
