"""What the landlord calls the people who live in its homes, in every sentence that the site makes by itself. Pure.

A label is written as ``lazy_words("Confirmed by {residents}")`` and says its words when it is shown, like Django's lazy
translations. Whose words they are is known where a request or a command begins (``speaking``); elsewhere, as in
migrations, the words are "resident" and "residents". Texts that editors type stay theirs.
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
    """Whatever knows the landlord's words, name and contacts: the site's settings do."""

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
        """Return its phone number."""
        ...

    @property
    def email(self) -> str:
        """Return its email address."""
        ...

    @property
    def post(self) -> str:
        """Return its address for letters."""
        ...

    @property
    def opening_hours(self) -> str:
        """Return when it can be reached."""
        ...

    @property
    def resident(self) -> str:
        """Return the word for one."""
        ...

    @property
    def residents(self) -> str:
        """Return the word for several."""
        ...


@dataclasses.dataclass(frozen=True)
class Words:
    """The words for people who live in the landlord's homes, and who the landlord is; those of an unset site."""

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
    """Return the words of the site that is being answered for, or the default ones."""
    return _find_words.get(lambda: DEFAULTS)()


def say(template: str) -> str:
    """Put the landlord's words into a text now: ``{resident}``, ``{residents}``, or with a capital ``{Residents}``."""
    words = current_words()
    return template.format(
        resident=words.resident,
        residents=words.residents,
        Resident=capfirst(words.resident),
        Residents=capfirst(words.residents),
    )


lazy_words = lazy(say, str)


@contextlib.contextmanager
def speaking(find: Callable[[], WordsOfLandlord]) -> Iterator[None]:
    """Use a landlord's words until this ends; ``find`` is called once at most, and only if a word is needed."""
    token = _find_words.set(cache(find))
    try:
        yield
    finally:
        _find_words.reset(token)


def spoken(chunks: Iterable, find: Callable[[], WordsOfLandlord]) -> Iterator:
    """Yield the parts of an answer that is sent bit by bit, each made with a landlord's words."""
    parts, find = iter(chunks), cache(find)
    while True:
        with speaking(find):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part


def in_default_words(text: str) -> str:
    """Return what somebody typed with the default words in the place of the landlord's, to look it up by."""
    text, words = str(text), current_words()
    for typed, default in ((words.residents, DEFAULTS.residents), (words.resident, DEFAULTS.resident)):
        text = re.sub(rf"\b{re.escape(typed)}\b", default, text, flags=re.IGNORECASE)
    return text
