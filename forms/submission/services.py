"""Taking in what somebody sent: once, however often it is sent."""

import datetime
import secrets
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..answers.emails import RECEIPT_HELD_BACK, queue_mail
from ..cases.services import note, open_case, record_acceptances
from ..enums import Channel
from ..models import FormVersion, Submission, Upload

# No vowels, so that no reference is a word; nothing that is read or heard as something else.
REFERENCE_LETTERS = "2346789BCDFGHJKMPQRTVWXY"
REFERENCE_LENGTH = 8


class KeyInUse(Exception):
    """The key came with another form before: this one has to be sent with a key of its own."""


def new_reference() -> str:
    """Give a random reference of 8 unambiguous characters: one of about 110 thousand million."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def already_sent(*, key: uuid.UUID, form_id: int | None) -> Submission | None:
    """Give what was sent with this key before, if anything was.

    :raises KeyInUse: when it was another form.
    """
    sent = Submission.objects.select_related("version").filter(key=key).first()
    if sent and sent.version.form_id != form_id:
        raise KeyInUse
    return sent


@transaction.atomic
def submit(
    *,
    version: FormVersion,
    answers: dict,
    key: uuid.UUID,
    channel: Channel = Channel.WEB,
    entered_by=None,
    received_on: datetime.date | None = None,
    uploads: Iterable[uuid.UUID] = (),
    quarantined: bool = False,
) -> Submission:
    """Take in answers once, with their case and their mail, or not at all.

    The same key gives the same submission, from twenty processes at once or a year apart.

    ``is_new`` of what is given says whether it was taken in just now.

    :param answers: by question id, as ``AnswersForm.answers`` gives them.
    :param entered_by: who typed in for somebody what came on paper or by phone.
    :param received_on: the day on which that came; today if it is not said.
    :param uploads: the tokens of the files that belong to it.
    :param quarantined: it looks like spam: it is kept apart, and nobody gets mail about it.
    :raises KeyInUse: when the key came with another form before.
    """
    # A reference is taken about once in 110 thousand million times the number stored; a key whenever
    # the same form is sent twice. Both show as an integrity error, and the second look tells which.
    for _ in range(5):
        sent = already_sent(key=key, form_id=version.form_id)
        if sent:
            return sent
        try:
            with transaction.atomic():
                sent = Submission.objects.create(
                    version=version,
                    answers=answers,
                    key=key,
                    reference=new_reference(),
                    channel=channel,
                    entered_by=entered_by,
                )
        except IntegrityError:
            continue
        form = version.form
        open_case(
            submission=sent,
            received_on=received_on or timezone.localdate(sent.submitted_at),
            regime=form.regime if form else None,
            panel=form.panel if form else None,
            quarantined=quarantined,
        )
        Upload.objects.filter(token__in=list(uploads), version__form_key=version.form_key, submission=None).update(
            submission=sent
        )
        if not quarantined:
            if not queue_mail(sent):
                note(case=sent.case, text=RECEIPT_HELD_BACK)
            record_acceptances(case=sent.case)
        sent.is_new = True
        return sent
    raise RuntimeError("No free reference was found")
