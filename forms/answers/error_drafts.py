"""Drafts of answers with errors, stored so that Back and Reload show them again.

After an error the browser is redirected to a page that can be reloaded. No address contains what was typed: it is
encrypted as form drafts are, the browser has the secret until it is closed, and it is erased after a day. Answers to
eligibility questions are never stored in the database: only the browser has them, encrypted likewise. Where a draft
cannot be stored, the form is rendered at once as the response to the POST.
"""

import dataclasses
import datetime
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from ..models import FormPage, FormVersion, SavedForm
from .drafts import LONGEST
from .encryption import SECRET, SealBroken, digest_of_secret, key_of_secret, new_secret, seal, secret_for, unseal
from .forms import AnswersForm, questions_in
from .responses import see_other
from .throttling import count_of

LASTS = datetime.timedelta(days=1)
AGAIN = "again"  # the parameter of an address at which a draft is shown


@dataclasses.dataclass(frozen=True)
class ErrorDraft:
    """A form, or one section of it, that was sent with errors."""

    version: FormVersion
    typed: dict[str, list[str]]
    key: str = ""  # the key that the submission will carry, of a form on one page
    # By box: without the files, nobody could find out again what is wrong with them.
    file_problems: dict[str, str] = dataclasses.field(default_factory=dict)
    is_judged: bool = True  # whether what is wrong with the other answers is reported

    @classmethod
    def of(cls, form: AnswersForm, version: FormVersion, **more: Any) -> "ErrorDraft":
        """Return the draft of a form that was sent."""
        typed: dict[str, list[str]] = {}
        for name, value in form.typed():
            typed.setdefault(name, []).append(value)
        return cls(version=version, typed=typed, file_problems=form.file_problems, **more)

    @property
    def data(self) -> QueryDict:
        """Return the typed values as a browser would send them."""
        data = QueryDict(mutable=True)
        for name, values in self.typed.items():
            data.setlist(name, values)
        return data

    def seal(self, secret: str) -> bytes:
        """Return the draft, encrypted."""
        return seal(secret, {name: value for name, value in vars(self).items() if name != "version"})

    def apply_to(self, form: AnswersForm) -> None:
        """Restore the errors of the draft in a form that has its values."""
        form.full_clean()
        if not self.is_judged:
            form.set_aside_problems()
        form.add_problems(self.file_problems)


def redirect_to_draft(
    page: FormPage, request: HttpRequest, draft: ErrorDraft, *, sheet: str, address: str
) -> HttpResponse | None:
    """Store a draft and return a redirect to the page that shows it; None if it cannot be stored.

    :param sheet: the name of the draft within its form: the same name replaces the earlier draft.
    """
    length = sum(len(value) for values in draft.typed.values() for value in values)
    if length > LONGEST or count_of(request, "mistake") > settings.FORM_RATE_LIMIT:
        return None
    secret = _secret_in(request, page) or new_secret()
    own = secret_for(secret, sheet)
    unstored = {name: draft.typed[name] for name in _unstored_boxes(draft.version) if name in draft.typed}
    stored = {name: values for name, values in draft.typed.items() if name not in unstored}
    try:
        with transaction.atomic():
            SavedForm.objects.update_or_create(
                secret_digest=digest_of_secret(own),
                defaults={
                    "version": draft.version,
                    "key": key_of_secret(own),
                    "sealed": dataclasses.replace(draft, typed=stored).seal(own),
                    "expires_at": timezone.now() + LASTS,
                },
            )
    except OperationalError:  # no room
        return None
    response = see_other(address)
    path, secure = urlsplit(page.get_url(request)).path, request.is_secure()
    cookies = {_cookie_name(page): secret} | ({_unstored_name(page): seal(own, unstored).decode()} if unstored else {})
    for name, value in cookies.items():
        response.set_cookie(name, value, path=path, secure=secure, httponly=True, samesite="Lax")
    return response


def find_draft(page: FormPage, request: HttpRequest, sheet: str) -> ErrorDraft | None:
    """Return the draft that the browser's secret opens; None if there is none, or it has expired."""
    secret = _secret_in(request, page)
    if not secret:
        return None
    own = secret_for(secret, sheet)
    rows = SavedForm.objects.select_related("version__form").filter(expires_at__gt=timezone.now())
    row = rows.filter(secret_digest=digest_of_secret(own), version__form_key=page.form_key).first()
    if row is None:
        return None
    try:
        draft = ErrorDraft(version=row.version, **unseal(own, row.sealed))
    except SealBroken:
        return None
    try:
        return dataclasses.replace(
            draft, typed=draft.typed | unseal(own, request.COOKIES[_unstored_name(page)].encode())
        )
    except (KeyError, SealBroken):  # none, or those of another window
        return draft


def forget_draft(page: FormPage, request: HttpRequest, sheet: str) -> None:
    """Delete a draft whose errors were corrected."""
    if secret := _secret_in(request, page):
        SavedForm.objects.filter(secret_digest=digest_of_secret(secret_for(secret, sheet))).delete()


def hide_drafts(response: HttpResponse, request: HttpRequest, page: FormPage) -> HttpResponse:
    """Delete the cookies of error drafts, so that a new form starts empty, and return the response."""
    if _secret_in(request, page):
        path = urlsplit(page.get_url(request)).path
        for name in (_cookie_name(page), _unstored_name(page)):
            response.delete_cookie(name, path=path, samesite="Lax")
    return response


def empty_draft(page: FormPage, request: HttpRequest, sheet: str) -> None:
    """Erase the values of a draft once it was sent.

    The row that is left redirects whoever goes back to the confirmation page.
    """
    draft, own = find_draft(page, request, sheet), secret_for(_secret_in(request, page), sheet)
    if draft:
        rows = SavedForm.objects.filter(secret_digest=digest_of_secret(own))
        rows.update(sealed=ErrorDraft(version=draft.version, typed={}, key=draft.key).seal(own))


def sheet_of_key(key: uuid.UUID) -> str:
    """Return the draft name of a form on one page; the key itself identifies the submission, so it stays secret."""
    return digest_of_secret(key.hex)[:16]


def _unstored_boxes(version: FormVersion) -> list[str]:
    asked = [question for question in questions_in(version.definition) if not question.is_answered]
    return [name for question in asked for name in question.fields()]


def _unstored_name(page: FormPage) -> str:
    return f"{_cookie_name(page)}-who"


def _cookie_name(page: FormPage) -> str:
    return f"draft-{page.form_key.hex}"


def _secret_in(request: HttpRequest, page: FormPage) -> str:
    secret = request.COOKIES.get(_cookie_name(page), "")
    return secret if SECRET.fullmatch(secret) else ""
