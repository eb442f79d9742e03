"""All of the product's own texts have a reading age of at most twelve."""

import pytest

from .reading import ROOT, reading_age, sources, words_of

OLDEST = 12  # years, for each source as a whole
OLDEST_FOR_ONE = 16  # years, for one sentence: a single long word weighs much there
LONGEST = 25  # words in a sentence
JUDGED_ALONE = 8  # words: the formula makes no sense of fewer
SOURCES = sources()
AWFUL = (
    "Notwithstanding the aforementioned considerations, the organisation endeavours to operationalise improvement "
    "methodologies in accordance with regulatory expectations."
)


def too_hard(sentences: list[str]) -> list[str]:
    """Return the sentences that are too long or too hard, with their reading age."""
    judged = [sentence for sentence in sentences if len(words_of(sentence)) >= JUDGED_ALONE and sentence[-1] in ".!?"]
    return [
        f"{reading_age([sentence]):.0f} years, {len(words_of(sentence))} words: {sentence}"
        for sentence in judged
        if reading_age([sentence]) > OLDEST_FOR_ONE or len(words_of(sentence)) > LONGEST
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_of_words_reads_at_twelve(name):
    age = reading_age(SOURCES[name])
    assert age <= OLDEST, f"{name} reads at {age:.1f} years. Hardest first: {_hardest(SOURCES[name])}"
    assert not too_hard(SOURCES[name]), f"{name}: say this more plainly"


def _hardest(sentences: list[str]) -> list[str]:
    return sorted(sentences, key=lambda sentence: -reading_age([sentence]))[:3]


def test_every_place_of_words_is_read():
    """A source without text has moved, and would not be judged."""
    everything = " ".join(part for sentences in SOURCES.values() for part in sentences)
    for words in (
        "Confirmed by residents",  # a label
        "Residents saw the evidence",  # an explanation
        "The date was moved",  # a sentence made of a record
        "The panel has it",  # a rule
        "We found nothing for",  # a template
        "Our reports.",  # a starter's page
        "must be a real date",  # a form's mistake
        "A decision was recorded for it",  # a mail
        "Nine customer panels each watch one service",  # an arrangement
    ):
        assert words in everything
    assert any((ROOT / name).exists() for name in SOURCES)


def test_one_awful_sentence_is_told_where_it_is():
    assert reading_age([AWFUL]) > 2 * OLDEST
    assert len(too_hard([*SOURCES["explanations"], AWFUL])) == 1
    assert reading_age(["We look at one service at a time.", "Then we say what should change."]) < 8
    assert too_hard(["word " * 26 + "."])
