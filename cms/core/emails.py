"""Outbox of emails, written in the transaction that they report. ``manage.py run_scheduled_tasks`` sends them."""

import dataclasses
import datetime
import time
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from post_office.mail import get_queued, send_queued
from post_office.models import PRIORITY, STATUS, Email, Log

SENDING_TIME = 45  # seconds: what is left then is sent a minute later


def queue(to: str, subject: str, template: str, context: dict) -> None:
    """Add one email to the outbox, in the current transaction, so that it is sent only if that is committed.

    An email contains only references and links, never what people submitted.

    :param template: the name of a plain text below ``templates/emails``, without its ending.
    """
    plain = cast("Any", get_template(f"emails/{template}.txt")).template  # of Django's own engine
    text = plain.render(Context(context, autoescape=False))
    email = Email(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        subject=" ".join(subject.split()),
        message=text,
        status=STATUS.queued,
        priority=PRIORITY.medium,
    )
    # Not ``mail.send()``: it reads the text as a template once more, and a wrong address would undo the
    # transaction at hand. One that cannot be reached is told to staff like any other mail that is stuck.
    Email.objects.bulk_create([email])


@dataclasses.dataclass(frozen=True)
class Sent:
    """The result of one round of sending."""

    sent: int = 0
    again: int = 0
    given_up: int = 0
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = ((self.sent, "sent"), (self.again, "to be tried again"), (self.given_up, "given up"))
        words = ", ".join(f"{number} {what}" for number, what in counts if number)
        why = f" ({', '.join(self.reasons)})" if self.reasons else ""
        return f"Mail: {words}{why}." if words else ""


def send_waiting() -> Sent:
    """Send the emails of the outbox, each on its own; one process at a time may do this."""
    started, ends = timezone.now(), time.monotonic() + SENDING_TIME
    totals = (0, 0, 0)
    while time.monotonic() < ends and get_queued().exists():
        sent, failed, again = send_queued()
        totals = (totals[0] + sent, totals[1] + again, totals[2] + failed)
    reasons = Log.objects.filter(date__gte=started, status=STATUS.failed).values_list("exception_type", flat=True)
    return Sent(*totals, tuple(sorted(set(reasons))))


def stuck(before: datetime.datetime) -> QuerySet[Email]:
    """Return the emails that are unsent although they were queued before a moment."""
    return Email.objects.filter(status__in=[STATUS.requeued, STATUS.failed], created__lt=before)
