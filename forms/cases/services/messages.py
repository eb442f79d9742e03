"""Messages to the person: they read them on their own page, and the email only says that there is one."""

import dataclasses
import datetime
import re
from typing import cast

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cms.core.dates.formatting import format_time, format_weekday
from cms.core.emails import queue
from cms.core.service_writes import service_write

from ...answers.contact import Contact, contact_in
from ...answers.emails import in_full, mail_context
from ...enums import CaseEventKind, CaseState, OtherStep
from ...models.case import WRITTEN_BY, Case, CaseMessage
from ...models.wording import MessageWording
from ...rules.case_states import status_text
from .base import add_event, lock_for_update
from .exceptions import CaseTransitionNotAllowed, require

GAPS = ("name", "reference", "form", "due", "team", "reason", "when", "where", "panel")
GAP = re.compile(r"\{(" + "|".join(GAPS) + r")\}")
BY_HAND = re.compile(r"\[[Ww]rite [^\]]*\]")
LONGEST_SUBJECT, LONGEST = 120, 5000


@dataclasses.dataclass(frozen=True)
class Notice:
    """A message to the person about a step, with placeholders, or the reason why none is sent."""

    subject: str = ""
    body: str = ""
    left_out: str = ""


def contact_of(case: Case) -> Contact:
    """Return the contact details in the answers of a case."""
    sent = case.submission
    return contact_in(sent.version.definition, sent.answers)


def filled_in(wording: MessageWording | Notice, case: Case) -> tuple[str, str]:
    """Return the subject and the body of a wording, filled in for one case.

    A placeholder whose value is not known yet stays.
    """
    sent, due, meets = case.submission, case.due_now, case.interview_at
    last = case.extensions.last()
    words = {
        "name": contact_of(case).first_name or "there",
        "reference": sent.reference,
        "form": sent.version.form_title,
        "due": format_weekday(due) if due else "the day we agree with you",
        "team": mail_context(sent.version.form)["team"],
        "reason": (case.refusal_reason or (last.reason if last else "")).rstrip("."),
        "when": format_moment(meets) if meets else "",
        "where": case.interview_place,
        "panel": case.panel.name if case.panel else "",
    }

    def fill(text: str) -> str:
        return GAP.sub(lambda gap: words[gap[1]] or gap[0], text)

    return fill(wording.subject), fill(wording.body)


def format_moment(moment: datetime.datetime) -> str:
    """Format a date and time in London: Tuesday 8 December 2026 at 6pm."""
    local = timezone.localtime(moment)
    return f"{format_weekday(local.date())} at {format_time(local)}"


def default_message(case: Case, step: str) -> Notice:
    """Return the initial message about a step: the wording for it, or else a plain message.

    :param step: the new state, or an ``OtherStep``.
    """
    made = MessageWording.objects.filter(state=step).filter(Q(kind="") | Q(kind=case.kind))
    wording = made.order_by("-kind", "name").first()
    return Notice(wording.subject, wording.body) if wording else plain_message(case.kind, step)


def plain_message(kind: str, step: str) -> Notice:
    """Return the message about a step without a wording, with the status text of the person's own page."""
    extra: dict[str, str] = {
        OtherStep.EXTENDED: "We need more time. This is why: {reason}.\n\nYou will have our answer by {due}.",
        OtherStep.HEARD: "Thank you for your answer. We are working on your request again.",
        OtherStep.MEMBER: "You have a place on the {panel}. We will help you start.",
        CaseState.INTERVIEW: "We would like to meet you and talk.\n\nWhen: {when}\nWhere: {where}",
        CaseState.REFUSED: f"{status_text(kind, CaseState.REFUSED)}\n\nThis is why: {{reason}}.",
    }
    words = extra.get(step) or status_text(kind, step)
    return Notice("News of {reference}", f"Hello {{name}}\n\n{words}\n\n{{team}}")


def notify_of_step(case: Case, step: str, notice: Notice | None, *, by: User | None) -> bool:
    """Queue the message about a step within its transaction, or record the reason why none is sent.

    :param notice: None for the default message, as for a bulk action.
    :returns: whether an email notifies the person.
    """
    if notice and notice.left_out.strip():
        text = notice.left_out.strip()
        add_event(case, CaseEventKind.NOT_TOLD, on=timezone.localdate(), by=by, text=text)
        return False
    case = Case.objects.select_related("submission__version").get(pk=case.pk)  # its pauses may have been fetched before
    subject, body = filled_in(notice or default_message(case, step), case)
    if notice is None and BY_HAND.search(body):
        subject, body = filled_in(plain_message(case.kind, step), case)
    if step == CaseState.INTERVIEW:
        body = _with_interview(body, case)
    return queue_message(case, subject=subject, body=body, by=by, is_of_step=True)


def _with_interview(body: str, case: Case) -> str:
    """Return the body with the time and the place of the interview, if staff removed them."""
    moment = cast("datetime.datetime", case.interview_at)  # an invitation has one
    facts = {"When": format_moment(moment), "Where": case.interview_place}
    missing = [f"{name}: {words}" for name, words in facts.items() if words not in body]
    return "\n\n".join(filter(None, [body, "\n".join(missing)]))


@service_write(WRITTEN_BY)
def send_message(*, case: Case, subject: str, body: str, by: User | None = None) -> bool:
    """Add a message to the person's page, and notify them by email.

    :returns: whether an email notifies them.
    """
    lock_for_update(case, compared=())
    return queue_message(case, subject=subject, body=body, by=by)


def queue_message(case: Case, *, subject: str, body: str, by: User | None, is_of_step: bool = False) -> bool:
    """Add a message and queue its email, within the current transaction.

    :param is_of_step: whether it belongs to a step, which is in the history already.
    :returns: whether there is an email address to notify.
    """
    require(subject.strip() and body.strip(), "Write the subject and the message.")
    if case.is_quarantined:
        raise CaseTransitionNotAllowed("This was set aside as spam. Take it back first.")
    subject, body = subject.strip()[:LONGEST_SUBJECT], body.strip()
    if gap := BY_HAND.search(body) or GAP.search(body):
        raise CaseTransitionNotAllowed(f"Write your own words in place of “{gap[0]}”, or take it out.")
    if len(body) > LONGEST:
        raise CaseTransitionNotAllowed(f"Make the message shorter: {LONGEST} letters at most.")
    CaseMessage.objects.create(case=case, subject=subject, body=body, by=by)
    if not is_of_step:
        add_event(case, CaseEventKind.MESSAGE, on=timezone.localdate(), by=by, text=subject, is_internal=False)
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
