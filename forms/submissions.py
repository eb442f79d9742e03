"""Taking in what somebody sent: once, however often it is sent."""

import secrets
import uuid

from django.db import IntegrityError, transaction

from .models.submission import Submission
from .models.version import FormVersion

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


def submit(*, version: FormVersion, answers: dict, key: uuid.UUID) -> Submission:
    """Store answers once: the same key gives the same submission, from twenty processes at once or a year apart.

    :param answers: by question id, as ``AnswersForm.answers`` gives them.
    :raises KeyInUse: when the key came with another form before.
    """
    with transaction.atomic():
        # A reference is taken about once in 110 thousand million times the number stored; a key whenever
        # the same form is sent twice. Both show as an integrity error, and the second look tells which.
        for _ in range(5):
            sent = already_sent(key=key, form_id=version.form_id)
            if sent:
                return sent
            try:
                with transaction.atomic():
                    return Submission.objects.create(
                        version=version, answers=answers, key=key, reference=new_reference()
                    )
            except IntegrityError:
                continue
    raise RuntimeError("No free reference was found")
