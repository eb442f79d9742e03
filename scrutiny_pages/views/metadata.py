"""Metadata for search engines and link previews, of records that are not pages."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator

from cms.core.models.metadata import Metadata

from ..models import Agreement, Meeting, Recommendation, WorkProgramme

LONGEST_DESCRIPTION = 30  # words


def metadata_of_recommendation(
    request: HttpRequest, recommendation: Recommendation, standing: str, crumbs: list[dict]
) -> Metadata:
    """Return the metadata of a recommendation: its text and its status.

    :param standing: the label of its status today.
    """
    more = Truncator(recommendation.text or recommendation.reason).words(LONGEST_DESCRIPTION)
    return Metadata(
        request=request,
        title=f"{recommendation.ref} {recommendation.title}",
        address=recommendation.get_absolute_url(),
        description=f"{standing}. {more}".strip(),
        crumbs=crumbs,
        published=recommendation.first_published_at,
        updated=recommendation.last_published_at,
        facts={"headline": recommendation.title, "datePublished": recommendation.asked_on},
    )


def metadata_of_meeting(request: HttpRequest, meeting: Meeting, crumbs: list[dict]) -> Metadata:
    """Return the metadata of a meeting: its date, place and panel."""
    status = "EventCancelled" if meeting.is_called_off else "EventScheduled"
    facts = {
        "startDate": timezone.localtime(meeting.starts_at),
        "location": {"@type": "Place", "name": meeting.place, "address": meeting.place},
        "organizer": {"@type": "Organization", "name": str(meeting.panel)},
        "eventStatus": f"https://schema.org/{status}",
    }
    if meeting.ends_at:
        facts["endDate"] = timezone.localtime(meeting.ends_at)
    return Metadata(
        request=request,
        title=meeting.theme,
        address=meeting.get_absolute_url(),
        description=f"{meeting.get_kind_display()}, {meeting.panel}. {meeting.when_words}, {meeting.place}.",
        crumbs=crumbs,
        kind="Event",
        facts=facts,
    )


def metadata_of_agreement(request: HttpRequest, agreement: Agreement, crumbs: list[dict]) -> Metadata:
    """Return the metadata of an agreement."""
    return Metadata(
        request=request,
        title=agreement.name,
        address=agreement.get_absolute_url(),
        description=f"{agreement.name}: what members agree to before they start.",
        crumbs=crumbs,
    )


def metadata_of_programme(request: HttpRequest, programme: WorkProgramme, crumbs: list[dict]) -> Metadata:
    """Return the metadata of a work programme."""
    return Metadata(
        request=request,
        title=f"What we look at, {programme.title}: {programme.panel}",
        address=programme.get_absolute_url(),
        description=f"What was put forward to the {programme.panel} for {programme.title}, what was chosen, and why.",
        crumbs=crumbs,
    )
