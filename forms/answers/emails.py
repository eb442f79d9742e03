"""Emails about a submission: a receipt to the person, and a notice to the team.

They contain a reference and a link, and nothing of the answers.
"""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from wagtail.models import Site

from cms.core.emails import queue
from cms.core.models import SiteSettings

from ..models import FormPage, Submission
from .contact import contact_in

MOST_RECEIPTS_AN_HOUR, MOST_RECEIPTS_A_DAY = 5, 10  # to one address
RECEIPT = "We have your form: "
RECEIPT_HELD_BACK = (
    "No receipt was mailed: many were sent to this address already. If the person did send this, write to them."
)


def queue_mail(sent: Submission) -> bool:
    """Queue the receipt and the team's notice in the current transaction, if the form sends them.

    Anybody can enter anybody's address, so the number of receipts to one address is limited.

    :returns: False if the receipt was held back, which staff should know.
    """
    form = sent.version.form
    if form is None:
        return True
    address = contact_in(sent.version.definition, sent.answers).email if form.sends_receipt else ""
    is_held_back = bool(address) and _had_enough(address)
    if address and not is_held_back:
        context = mail_context(form) | {
            "reference": sent.reference,
            "link": in_full(form, reverse("form_received", args=[sent.token])),
        }
        queue(address, f"{RECEIPT}{sent.reference}", "form_receipt", context)
    if form.team_mailbox:
        context = {"reference": sent.reference, "link": in_full(form, reverse("form_open", args=[sent.reference]))}
        queue(form.team_mailbox, f"A form came: {sent.reference}", "form_notice", context)
    return not is_held_back


def _had_enough(address: str) -> bool:
    """Return whether an address has reached its limit of receipts; counted in the outbox, which all processes share."""
    now = timezone.now()
    receipts = Email.objects.filter(to__iexact=address, subject__startswith=RECEIPT)
    within = ((MOST_RECEIPTS_AN_HOUR, datetime.timedelta(hours=1)), (MOST_RECEIPTS_A_DAY, datetime.timedelta(days=1)))
    return any(receipts.filter(created__gt=now - time).count() >= most for most, time in within)


def mail_context(form: FormPage | None) -> dict:
    """Return the sender's details for the context of an email."""
    site = _site_of(form)
    landlord = SiteSettings.for_site(site) if site else SiteSettings()
    return {"team": landlord.team_name, "phone": landlord.phone, "organisation": landlord.organisation}


def in_full(form: FormPage | None, path: str) -> str:
    """Return the absolute URL of a path of this site.

    It is never built from the request: the client controls the host header.
    """
    site = _site_of(form)
    return f"{settings.BASE_URL.rstrip('/') or (site.root_url if site else '')}{path}"


def _site_of(form: FormPage | None) -> Site | None:
    return (form.get_site() if form else None) or Site.objects.filter(is_default_site=True).first()
