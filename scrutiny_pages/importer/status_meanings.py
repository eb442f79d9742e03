"""The meanings that people chose for the statuses of other trackers, stored for the next file."""

from typing import Any

from django.db import transaction

from ..enums import ImportedStatus
from ..models import StatusMeaning
from .statuses import CHOICES, Meaning, Word, word_of

LONGEST: Any = StatusMeaning._meta.get_field("words").max_length


def kept_choices() -> dict[Word, StatusMeaning]:
    """Return the stored choices, by status."""
    kept = StatusMeaning.objects.order_by("-pk")
    return {word_of(entry.words, entry.column, entry.heading): entry for entry in kept}


def kept_meanings() -> dict[Word, Meaning]:
    """Return the stored meanings, by status."""
    return {word: CHOICES[ImportedStatus(entry.meaning)] for word, entry in kept_choices().items()}


@transaction.atomic
def keep_choices(chosen: dict[Word, ImportedStatus], typed: dict[Word, str]) -> None:
    """Store chosen meanings of statuses; a later choice replaces an earlier one.

    :param typed: each status as it is written in the file.
    """
    kept = kept_choices()
    for word, meaning in chosen.items():
        entry = kept.get(word) or StatusMeaning(words=typed[word], column=word.column, heading=word.heading)
        if entry.meaning != meaning:
            entry.meaning = meaning
            entry.save()
