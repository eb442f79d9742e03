"""Emails to the chair of a panel about what was recorded in the panel's name."""

from typing import Any

from wagtail.models import Site

from cms.core.emails import queue
from cms.core.models import SiteSettings

from ..enums import MemberRole, MemberStanding
from ..models import Membership, Recommendation


def notify_chairs(recommendation: Recommendation, *, by: Any, corrected: bool = False) -> None:
    """Queue an email to the chair of the checking body about a recorded decision, with a link.

    :param by: the user who recorded it; a chair who did so gets no email.
    :param corrected: whether an earlier entry was marked as a mistake instead.
    """
    site = Site.objects.filter(is_default_site=True).first()
    settings = SiteSettings.for_site(site) if site else SiteSettings()
    context = {
        "ref": recommendation.ref,
        "link": f"{site.root_url if site else ''}{recommendation.get_absolute_url()}",
        "team": settings.team_name,
        "phone": settings.phone,
    }
    subject, template = f"A decision was recorded for {recommendation.ref}", "decision_recorded"
    if corrected:
        subject, template = f"A mistake was corrected for {recommendation.ref}", "entry_corrected"
    chairs = Membership.objects.filter(
        panel=recommendation.checking_body, review=None, role=MemberRole.CHAIR, standing=MemberStanding.ACTIVE
    )
    for email in chairs.exclude(person__email="").exclude(person__user=by).values_list("person__email", flat=True):
        queue(email, subject, template, context)
