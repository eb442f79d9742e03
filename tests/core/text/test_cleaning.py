"""Cleaning of pasted text (cases F4, F5 and F6)."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.core.text.cleaning import clean_identifier, clean_text

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
HEART = "\u2764\ufe0f"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"

# what was typed, what is kept of several lines, what is kept of one
TEXTS = [
    ("plain", "plain", "plain"),
    ("  Mill \t Court ", "Mill \t Court", "Mill Court"),
    ("One\r\nTwo\rThree", "One\nTwo\nThree", "One Two Three"),
    # case F6: Word writes a vertical tab for a line end within a paragraph
    ("No heating\vfor a week", "No heating\nfor a week", "No heating for a week"),
    ("page\fnext", "page\nnext", "page next"),
    ("a\x1cb\x1dc\x1ed", "a\nb\nc\nd", "a b c d"),
    ("a\x85b\u2028c\u2029d", "a\nb\nc\nd", "a b c d"),
    ("a\x00b\x1bc\x07d\x7fe\x9ff", "abcdef", "abcdef"),
    ("half \ud83d of it \udc00", "half  of it", "half of it"),
    ("no\ufffetchar\ufdd0acter\uffff", "notcharacter", "notcharacter"),
    ("\ufeffstart \ufffcend", "start end", "start end"),
    # case F4
    ("pat\u200b", "pat", "pat"),
    ("\u200e\u202apat\u202c\u2069", "pat", "pat"),
    ("pat\u2060ri\u00adcia", "patricia", "patricia"),
    ("evil\u202egnp.exe", "evilgnp.exe", "evilgnp.exe"),
    ("\u200b \u00a0\ufeff", "", ""),
    ("\u3164", "", ""),
    ("\u2800\u2800", "", ""),
    # case F5
    ("07700\u00a0900\u202f123", "07700 900 123", "07700 900 123"),
    ("1\u2007000\u3000\u2009m", "1 000  m", "1 000 m"),
    ("e\u0301te\u0301", "\u00e9t\u00e9", "\u00e9t\u00e9"),
    ("Sia\u200c\u0302n", "Si\u00e2n", "Si\u00e2n"),
    ("\u212b", "\u00c5", "\u00c5"),
    # What carries something stays: a Persian verb, a Hindi half letter, a family, a heart, a keycap, a flag.
    ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 3,
    ("\u0915\u094d\u200d\u0937",) * 3,
    (FAMILY,) * 3,
    (f"with {HEART} to all",) * 3,
    (HEART,) * 3,
    ("1\ufe0f\u20e3",) * 3,
    (f"Cymru {WALES} am byth",) * 3,
    ("\u845b\U000e0100",) * 3,
    ("\u05d0\u05d1\u200e (1)",) * 3,
    # The same characters where they carry nothing.
    ("my\u200cname\u200d", "myname", "myname"),
    ("\u0645\u06cc\u200c", "\u0645\u06cc", "\u0645\u06cc"),
    ("\u0645\u200c\u200c\u200d\u06cc", "\u0645\u200c\u06cc", "\u0645\u200c\u06cc"),
    ("plain\ufe0f text\ufe0f", "plain text", "plain text"),
    ("a\U000e0041b", "ab", "ab"),
    ("left\u200e to right", "left to right", "left to right"),
]

IDENTIFIERS = [
    ("pat@example.org\u200b", "pat@example.org"),
    ("\u2068pat@\u00adexample.\u200dorg\u2069", "pat@example.org"),
    ("07700\u00a0900123", "07700 900123"),
    ("\u202a+44 7700\u2011900\u2013123\u202c", "+44 7700-900-123"),
    ("\u22125", "-5"),
    ("\u0660\u0667\u0667", "077"),
    ("\uff10\uff17", "07"),
    ("12\ufe0f", "12"),
    ("5\u00b2", "5\u00b2"),
    ("CB7\v4AA\n", "CB7 4AA"),
]


@pytest.mark.parametrize(("typed", "lines", "line"), TEXTS)
def test_what_is_kept_of_a_text(typed, lines, line):
    assert clean_text(typed) == lines
    assert clean_text(typed, multiline=False) == line


@pytest.mark.parametrize(("typed", "kept"), IDENTIFIERS)
def test_nothing_unseen_is_left_in_what_is_compared(typed, kept):
    assert clean_identifier(typed) == kept


PARTS = "aZ1 \n\t\r\v\xa0\xad\u0301\u0316\u0338\u0344\u094d\u0915\u0645\u0654\u05d0\u1100\u1161\u200b\u200c\u200d\u200e"
PARTS += (
    "\u202e\u2028\u2329\u2adc\u20e3\u3164\ufe0f\ufe0e\ufeff\ud800\U0001f469\U0001f3f4\U000e0067\U000e007f\u3099\u304b"
)
ANYTHING = st.one_of(st.text(PARTS, max_size=40), st.text(st.characters(exclude_categories=()), max_size=40))


@given(ANYTHING)
@example("\u0344" * 50)
@example("a" + "\u0316\u200c" * 80)
def test_cleaning_twice_changes_nothing_more(typed):
    for clean in (clean_text, lambda text: clean_text(text, multiline=False), clean_identifier):
        once = clean(typed)
        assert clean(once) == once
        once.encode()  # no halves of characters


@given(ANYTHING)
def test_every_letter_and_number_is_kept(typed):
    def letters(text):
        apart = unicodedata.normalize("NFD", text)
        return [letter for letter in apart if letter.isalnum() and letter not in "\u3164\uffa0\u115f\u1160"]

    assert letters(clean_text(typed)) == letters(typed)


def test_a_million_marks_on_a_letter_take_no_time():
    started = time.process_time()
    assert len(clean_text("a" + "\u0301\u0316" * 500_000)) < 60
    assert time.process_time() - started < 5
