"""Mail about something that came: a receipt to the person, a notice to the team. A reference and a link, no more."""

from django.conf import settings
from django.urls import reverse
from wagtail.models import Site

from cms.core.emails import queue
from cms.core.models import SiteSettings

from .answers import questions_in
from .models import FormPage, Submission
from .questions import Email


def queue_mail(sent: Submission) -> None:
    """Put the receipt and the team's notice in the outbox, in the transaction at hand, if the form has them sent."""
    form = sent.version.form
    if form is None:
        return
    address = address_given(sent.version.definition, sent.answers) if form.sends_receipt else ""
    if address:
        context = mail_context(form) | {
            "reference": sent.reference,
            "link": in_full(form, reverse("form_received", args=[sent.token])),
        }
        queue(address, f"We have your form: {sent.reference}", "form_receipt", context)
    if form.team_mailbox:
        context = {"reference": sent.reference, "link": in_full(form, reverse("form_open", args=[sent.reference]))}
        queue(form.team_mailbox, f"A form came: {sent.reference}", "form_notice", context)


def address_given(definition: dict, answers: dict) -> str:
    """Give the email address that was answered first; empty when there is none."""
    asked = (question for question in questions_in(definition) if isinstance(question, Email))
    return next((answers[question.id] for question in asked if answers.get(question.id)), "")


def mail_context(form: FormPage | None) -> dict:
    """Give what every mail to a person says of who it is from."""
    site = _site_of(form)
    landlord = SiteSettings.for_site(site) if site else SiteSettings()
    return {"team": landlord.team_name, "phone": landlord.phone, "organisation": landlord.organisation}


def in_full(form: FormPage | None, path: str) -> str:
    """Give a path of this site as it is opened from a mail.

    Never from the request: its host is what the sender says it is.
    """
    site = _site_of(form)
    return f"{settings.PUBLIC_ADDRESS.rstrip('/') or (site.root_url if site else '')}{path}"


def _site_of(form: FormPage | None) -> Site | None:
    return (form.get_site() if form else None) or Site.objects.filter(is_default_site=True).first()
