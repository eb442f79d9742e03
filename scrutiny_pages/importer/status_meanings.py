"""What people said that the statuses of other trackers mean: kept from one file to the next."""

from django.db import transaction

from ..enums import ImportedStatus
from ..models import StatusMeaning
from .statuses import CHOICES, Meaning, Word, word_of

LONGEST = StatusMeaning._meta.get_field("words").max_length


def kept_choices() -> dict[Word, StatusMeaning]:
    """Return what was chosen so far, by the word that it is about."""
    kept = StatusMeaning.objects.order_by("-pk")
    return {word_of(entry.words, entry.column, entry.heading): entry for entry in kept}


def kept_meanings() -> dict[Word, Meaning]:
    """Return what each word means that somebody explained."""
    return {word: CHOICES[ImportedStatus(entry.meaning)] for word, entry in kept_choices().items()}


@transaction.atomic
def keep_choices(chosen: dict[Word, ImportedStatus], typed: dict[Word, str]) -> None:
    """Keep what words mean, as somebody chose it; a later choice takes the place of an earlier one.

    :param typed: each word as it stands in the file.
    """
    kept = kept_choices()
    for word, meaning in chosen.items():
        entry = kept.get(word) or StatusMeaning(words=typed[word], column=word.column, heading=word.heading)
        if entry.meaning != meaning:
            entry.meaning = meaning
            entry.save()
