"""Meetings for people's own calendars: one feed of all of them, or of one panel's, and a file for each (RFC 5545).

Times are in UTC: every calendar shows them in its owner's own time, and no rule for summer time can be out of date.
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
ASK_AGAIN = datetime.timedelta(hours=12)


def calendar_of(meetings: Iterable[Meeting], *, name: str, address: Callable[[Meeting], str]) -> bytes:
    """Return meetings as a calendar file.

    :param meetings: with their panels; one that is called off is in it as cancelled, so that calendars strike it out.
    :param name: what the calendar is called; it is put in one line.
    :param address: gives the whole address of a meeting's page.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", clean_text(name, multiline=False))
    calendar.add("x-wr-calname", clean_text(name, multiline=False))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(event_of(meeting, address(meeting)))
    return calendar.to_ical()


def event_of(meeting: Meeting, url: str) -> Event:
    """Return one meeting as calendars take it: known by one name for good, and by how often it changed."""
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


def _given(request: HttpRequest, meetings: Iterable[Meeting], name: str) -> HttpResponse:
    content = calendar_of(
        meetings, name=name, address=lambda meeting: request.build_absolute_uri(meeting.get_absolute_url())
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Return the public meetings of the last year and all to come, of one panel with ``?panel=``; as to a stranger."""
    meetings = Meeting.objects.for_calendar(Viewer.anonymous())
    chosen = MeetingFilter.of(request, meetings)
    panel = chosen.form.cleaned_data["panel"]
    name = SiteSettings.for_request(request).name
    return _given(request, chosen.qs, f"{name}: {panel}" if panel else name)


@require_safe
def one_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one public meeting; as to a stranger."""
    meetings = visible_to(Viewer.anonymous(), Meeting.objects.select_related("panel"))
    meeting = get_object_or_404(meetings, pk=pk)
    return _given(request, [meeting], meeting.theme)
