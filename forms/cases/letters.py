"""Words to the person: they read them on their own page, and mail only says that there is something to read."""

import re

from django.urls import reverse
from django.utils import timezone

from cms.core.dates import say_weekday
from cms.core.emails import queue
from cms.core.service_writes import service_write

from ..contact import Contact, contact_in
from ..enums import CaseEventKind
from ..models.case import WRITTEN_BY, Case, CaseMessage
from ..models.wording import MessageWording
from ..notices import in_full, mail_context
from .refused import CaseRefused, need
from .taking import held, told

GAP = re.compile(r"\{(name|reference|form|due|team)\}")


def contact_of(case: Case) -> Contact:
    """Give who sent it and how to reach them, as far as the answers say."""
    sent = case.submission
    return contact_in(sent.version.definition, sent.answers)


def filled_in(wording: MessageWording, case: Case) -> tuple[str, str]:
    """Give the subject and the body of a wording, for one case. What is not one of its gaps stays as it is."""
    sent, due = case.submission, case.due_now
    words = {
        "name": contact_of(case).first_name or "there",
        "reference": sent.reference,
        "form": sent.version.form_title,
        "due": say_weekday(due) if due else "the day we agree with you",
        "team": mail_context(sent.version.form)["team"],
    }

    def fill(text: str) -> str:
        return GAP.sub(lambda gap: words[gap[1]], text)

    return fill(wording.subject), fill(wording.body)


@service_write(WRITTEN_BY)
def send_message(*, case: Case, subject: str, body: str, by=None) -> bool:
    """Put a message on the person's page, and tell them by email that it is there; say whether that could be told."""
    held(case, compared=())
    return send_words(case, subject=subject, body=body, by=by)


def send_words(case: Case, *, subject: str, body: str, by) -> bool:
    """Do so within the transaction at hand."""
    need(subject.strip() and body.strip(), "Write the subject and the message.")
    if case.is_quarantined:
        raise CaseRefused("This was set aside as spam. Take it back first.")
    CaseMessage.objects.create(case=case, subject=subject.strip()[:120], body=body.strip()[:5000], by=by)
    told(case, CaseEventKind.MESSAGE, on=timezone.localdate(), by=by, text=subject.strip()[:120], is_internal=False)
    address = contact_of(case).email
    if address:
        sent = case.submission
        form = sent.version.form
        context = mail_context(form) | {
            "reference": sent.reference,
            "link": in_full(form, reverse("form_received", args=[sent.token])),
        }
        queue(address, f"A message about {sent.reference}", "case_message", context)
    return bool(address)
