"""Form drafts: encrypted in the database, opened by a secret in the person's cookie or in an emailed link."""

import dataclasses
import datetime
import time
import uuid
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from ..models import FormPage, FormVersion, SavedForm, Submission
from .encryption import SECRET, SealBroken, digest_of_secret, key_of_secret, new_secret, seal, unseal
from .forms import questions_in
from .uploads import keep_longer

UNTOUCHED = datetime.timedelta(days=2)
MAILED = datetime.timedelta(days=30)
REMEMBERED = datetime.timedelta(days=60)  # by the browser: longer than we keep any, so that who comes late is told
LONGEST = 1_000_000  # characters of everything that was typed


class DraftTooLarge(Exception):
    """Raised when a draft exceeds the size limit."""


@dataclasses.dataclass
class FormDraft:
    """A form draft: the values typed so far, by field, and the sections that were completed.

    For each of those sections, ``done`` has the names of the fields that it had then.
    """

    version: FormVersion
    secret: str
    typed: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    done: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    begun_at: float = dataclasses.field(default_factory=time.time)
    was_mailed: bool = False

    @property
    def key(self) -> uuid.UUID:
        """Return the idempotency key that the submission will have."""
        return key_of_secret(self.secret)

    @property
    def data(self) -> QueryDict:
        """Return the typed values as a browser would send them."""
        data = QueryDict(mutable=True)
        for name, values in self.typed.items():
            data.setlist(name, values)
        return data


def begin(version: FormVersion) -> FormDraft:
    """Return a new, empty draft; `keep` stores it."""
    return FormDraft(version=version, secret=new_secret())


def keep(begun: FormDraft) -> None:
    """Store a draft, encrypted.

    :raises DraftTooLarge: if it exceeds the size limit.
    """
    content = {"typed": begun.typed, "done": begun.done, "begun_at": begun.begun_at}
    if sum(len(value) for values in begun.typed.values() for value in values) > LONGEST:
        raise DraftTooLarge
    lasts = MAILED if begun.was_mailed else UNTOUCHED
    with transaction.atomic():
        # Sent in another window meanwhile: then there is nothing to keep any more.
        if not Submission.objects.filter(key=begun.key).exists():
            SavedForm.objects.update_or_create(
                secret_digest=digest_of_secret(begun.secret),
                defaults={
                    "version": begun.version,
                    "key": begun.key,
                    "sealed": seal(begun.secret, content),
                    "was_mailed": begun.was_mailed,
                    "expires_at": timezone.now() + lasts,
                },
            )
            keep_longer(version=begun.version, tokens=_files_named_in(begun))


def _files_named_in(begun: FormDraft) -> list[str]:
    asked = [question for question in questions_in(begun.version.definition) if question.takes_files]
    return [token for question in asked for token in begun.typed.get(question.kept_name, [])]


def find(secret: str, *, form_key: uuid.UUID | None = None) -> FormDraft | None:
    """Return the draft that a secret opens; None if there is none, or it has expired."""
    if not SECRET.fullmatch(secret):
        return None
    rows = SavedForm.objects.select_related("version__form").filter(expires_at__gt=timezone.now())
    row = rows.filter(secret_digest=digest_of_secret(secret)).first()
    if row is None or (form_key and row.version.form_key != form_key):
        return None
    try:
        content = unseal(secret, row.sealed)
    except SealBroken:
        return None
    return FormDraft(version=row.version, secret=secret, was_mailed=row.was_mailed, **content)


def sent_with(secret: str, *, form_key: uuid.UUID | None = None) -> Submission | None:
    """Return the submission of the draft that a secret opened; None if it was not sent."""
    if not SECRET.fullmatch(secret):
        return None
    sent = Submission.objects.select_related("version").filter(key=key_of_secret(secret)).first()
    return sent if sent and form_key in (None, sent.version.form_key) else None


def forget(secret: str) -> None:
    """Delete a draft."""
    SavedForm.objects.filter(secret_digest=digest_of_secret(secret)).delete()


def cookie_name(page: FormPage) -> str:
    """Return the name of the draft cookie of a form."""
    return f"form-{page.form_key.hex}"


def secret_in(request: HttpRequest, page: FormPage) -> str:
    """Return the secret in a browser's draft cookie of a form; empty if there is none."""
    return request.COOKIES.get(cookie_name(page), "")


def set_draft_cookie(response: HttpResponse, request: HttpRequest, page: FormPage, begun: FormDraft) -> HttpResponse:
    """Set the cookie with the draft's secret, for the path of this form alone, and return the response."""
    response.set_cookie(
        cookie_name(page),
        begun.secret,
        max_age=REMEMBERED,
        path=urlsplit(page.get_url(request)).path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def delete_draft_cookie(response: HttpResponse, request: HttpRequest, page: FormPage) -> HttpResponse:
    """Delete the draft cookie, and return the response."""
    response.delete_cookie(cookie_name(page), path=urlsplit(page.get_url(request)).path, samesite="Lax")
    return response
