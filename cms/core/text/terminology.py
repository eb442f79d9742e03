"""Terminology: the landlord's words for residents, used in every sentence that the site itself writes. Pure.

A label is written as ``lazy_words("Confirmed by {residents}")`` and evaluated when it is shown, like Django's lazy
translations. ``using_terminology`` sets the landlord at the beginning of a request or a command; elsewhere, as in
migrations, the words are "resident" and "residents". Texts that editors type are unchanged.
"""

import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from typing import Protocol

from django.utils.functional import lazy
from django.utils.text import capfirst


class WordsOfLandlord(Protocol):
    """Protocol of an object with the landlord's terminology, name and contacts, such as the site settings."""

    @property
    def organisation(self) -> str:
        """Return the landlord's name."""
        ...

    @property
    def team_name(self) -> str:
        """Return the name of the team to contact."""
        ...

    @property
    def phone(self) -> str:
        """Return the phone number."""
        ...

    @property
    def email(self) -> str:
        """Return the email address."""
        ...

    @property
    def post(self) -> str:
        """Return the postal address."""
        ...

    @property
    def opening_hours(self) -> str:
        """Return the opening hours."""
        ...

    @property
    def resident(self) -> str:
        """Return the singular word for a resident."""
        ...

    @property
    def residents(self) -> str:
        """Return the plural word for residents."""
        ...


@dataclasses.dataclass(frozen=True)
class Words:
    """The default terminology, name and contacts of a site without settings."""

    resident: str = "resident"
    residents: str = "residents"
    organisation: str = "our landlord"
    team_name: str = "our team"
    phone: str = ""
    email: str = ""
    post: str = ""
    opening_hours: str = ""


DEFAULTS = Words()
_find_words: ContextVar[Callable[[], WordsOfLandlord]] = ContextVar("find_words")


def current_words() -> WordsOfLandlord:
    """Return the terminology of the current site, or the default one."""
    return _find_words.get(lambda: DEFAULTS)()


def fill_terms(template: str) -> str:
    """Return a text with the landlord's words filled in.

    The placeholders are ``{resident}`` and ``{residents}``, or ``{Residents}`` for a capital letter.
    """
    words = current_words()
    return template.format(
        resident=words.resident,
        residents=words.residents,
        Resident=capfirst(words.resident),
        Residents=capfirst(words.residents),
    )


lazy_words = lazy(fill_terms, str)


@contextlib.contextmanager
def using_terminology(find: Callable[[], WordsOfLandlord]) -> Iterator[None]:
    """Use a landlord's terminology within the block; ``find`` is called at most once, and only if a word is needed."""
    token = _find_words.set(cache(find))
    try:
        yield
    finally:
        _find_words.reset(token)


def stream_with_terminology(chunks: Iterable, find: Callable[[], WordsOfLandlord]) -> Iterator:
    """Yield the parts of a streaming response, each evaluated with a landlord's terminology."""
    parts, find = iter(chunks), cache(find)
    while True:
        with using_terminology(find):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part


def in_default_words(text: str) -> str:
    """Return a typed text with the default words in place of the landlord's, for lookups."""
    text, words = str(text), current_words()
    for typed, default in ((words.residents, DEFAULTS.residents), (words.resident, DEFAULTS.resident)):
        text = re.sub(rf"\b{re.escape(typed)}\b", default, text, flags=re.IGNORECASE)
    return text
