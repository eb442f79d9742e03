"""Receiving a form: validated, stored once however often it is sent, opened as a case, and confirmed by email.

A form that is sent as a whole, from its page or through the API, goes through `receive` and then `submit`. One that was
filled in section by section, or entered by staff, is validated by its view and goes through `submit` alone.
"""

import dataclasses
import datetime
import enum
import secrets
import uuid
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from ..answers.emails import RECEIPT_HELD_BACK, queue_mail
from ..answers.forms import AnswersForm
from ..answers.throttling import count_of
from ..answers.uploads import attach_uploads
from ..cases.services import note, open_case, record_acceptances
from ..enums import Channel
from ..models import FormVersion, Submission
from ..questions import Question
from ..rules.spam import looks_like_spam

# No vowels, so that no reference is a word; nothing that is read or heard as something else.
REFERENCE_LETTERS = "2346789BCDFGHJKMPQRTVWXY"
REFERENCE_LENGTH = 8


class KeyInUse(Exception):
    """Raised if the idempotency key was used for another form: this one needs a key of its own."""


class Outcome(enum.Enum):
    """The outcome of receiving a whole form."""

    STORED = enum.auto()
    SENT_BEFORE = enum.auto()
    RULED_OUT = enum.auto()
    INVALID = enum.auto()
    WITHOUT_KEY = enum.auto()
    THROTTLED = enum.auto()


@dataclasses.dataclass(frozen=True)
class Receipt:
    """The outcome, with the submission if there is one, or the question whose answer rules the person out."""

    outcome: Outcome
    sent: Submission | None = None
    ruled_out_by: Question | None = None


def receive(
    *,
    form: AnswersForm,
    key: uuid.UUID | None,
    request: HttpRequest,
    channel: Channel = Channel.WEB,
    honeypot: str = "",
    seconds: float | None = None,
) -> Receipt:
    """Validate a form that was sent as a whole, and submit it if it is valid.

    :param form: bound to the data, with its version.
    :param key: None if it was sent without one: then everything is validated, and nothing is stored.
    :param request: counted against the rate limit of its address.
    :param honeypot: the content of the field that people cannot see.
    :param seconds: how long it took to fill in, if that is known.
    :raises KeyInUse: if the key was used for another form.
    """
    version = cast("FormVersion", form.version)
    if question := form.ruled_out_by():
        return Receipt(Outcome.RULED_OUT, ruled_out_by=question)
    form.keep_files()
    if not form.is_valid():
        # The first click may have been taken meanwhile, and the files with it.
        sent = already_sent(key=key, form_id=version.form_id) if key else None
        return Receipt(Outcome.SENT_BEFORE, sent) if sent else Receipt(Outcome.INVALID)
    if key is None:
        return Receipt(Outcome.WITHOUT_KEY)
    if count_of(request, "send") > settings.FORM_RATE_LIMIT:
        return Receipt(Outcome.THROTTLED)
    answers = form.answers()
    is_spam = looks_like_spam(answers, honeypot=honeypot, seconds=seconds)
    sent = submit(version=version, answers=answers, key=key, channel=channel, quarantined=is_spam)
    # Of two at once the later finds what the other sent.
    return Receipt(Outcome.STORED if sent.is_new else Outcome.SENT_BEFORE, sent)


@transaction.atomic
def submit(
    *,
    version: FormVersion,
    answers: dict,
    key: uuid.UUID,
    channel: Channel = Channel.WEB,
    entered_by: User | None = None,
    received_on: datetime.date | None = None,
    quarantined: bool = False,
) -> Submission:
    """Store answers once, with their case, their files and their emails, or not at all.

    The same key returns the same submission, from twenty processes at once or a year apart. ``is_new`` of the returned
    submission is true if it was stored by this call.

    :param answers: by question id, as ``AnswersForm.answers`` returns them.
    :param entered_by: the user who entered what came on paper or by phone.
    :param received_on: the date of receipt; today if it is not given.
    :param quarantined: it looks like spam: it is quarantined, and nobody gets emails about it.
    :raises KeyInUse: if the key was used for another form.
    """
    sent = _store(version=version, answers=answers, key=key, channel=channel, entered_by=entered_by)
    if not sent.is_new:
        return sent
    form = version.form
    open_case(
        submission=sent,
        received_on=received_on or timezone.localdate(sent.submitted_at),
        regime=form.regime if form else None,
        panel=form.panel if form else None,
        quarantined=quarantined,
    )
    attach_uploads(sent)
    if not quarantined:
        if not queue_mail(sent):
            note(case=sent.case, text=RECEIPT_HELD_BACK)
        record_acceptances(case=sent.case)
    return sent


def already_sent(*, key: uuid.UUID, form_id: int | None) -> Submission | None:
    """Return the submission with this key, if there is one.

    :raises KeyInUse: if it belongs to another form.
    """
    sent = Submission.objects.select_related("version").filter(key=key).first()
    if sent and sent.version.form_id != form_id:
        raise KeyInUse
    return sent


def new_reference() -> str:
    """Return a random reference of 8 unambiguous characters: one of about 110 thousand million."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def _store(*, version: FormVersion, key: uuid.UUID, **facts: Any) -> Submission:
    """Store a submission under a new reference, or return the one that has its key already."""
    # A reference is taken about once in 110 thousand million times the number stored; a key whenever
    # the same form is sent twice. Both show as an integrity error, and the second look tells which.
    for _ in range(5):
        if sent := already_sent(key=key, form_id=version.form_id):
            return sent
        try:
            with transaction.atomic():
                sent = Submission.objects.create(version=version, key=key, reference=new_reference(), **facts)
        except IntegrityError:
            continue
        sent.is_new = True
        return sent
    raise RuntimeError("No free reference was found")
