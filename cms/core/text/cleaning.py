"""Cleaning of text that people type or paste: invisible characters, kinds of space, line ends. Pure.

Every text field calls this before validation, so that a page and the API store the same.
"""

import re
import unicodedata

# Nothing in these can be read: halves of characters, noncharacters, what stands for a picture that was not pasted,
# and control characters (but tabs and line ends).
_CONTROL = r"\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff"
# Zero-width spaces, soft hyphens, byte order marks, mathematics nobody sees; and embeddings and overrides of the
# direction of writing, which can turn round the words of a page that come after them.
_INVISIBLE = r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\U0001d173-\U0001d17a"
_DROPPED = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Also the blanks of Braille and of Korean keyboards, which look like nothing typed.
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]")
_DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")

# A flag such as that of Wales is a black flag with letters that nobody sees.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,10}\U000e007f)|[\U000e0000-\U000e007f]")

_JOINERS = "\u200c\u200d"
_VARIATIONS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_IN_WORDS = re.compile(f"[{_JOINERS}{_VARIATIONS}]+")
_VARIATION = re.compile(f"[{_VARIATIONS}]")
# Scripts whose letters a joiner can change: from Arabic to those of India and Mongolia.
_JOINED_SCRIPT = re.compile(
    "[\u0600-\u10ff\u1200-\u1cff\ua800-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
_EMOJI = re.compile("[\xa9\xae\u203c-\u3299\U0001f000-\U0001faff]")
# Letters whose shape has no variations: Latin with its accents.
_NO_VARIATION = re.compile("[\\sA-Za-z\xc0-\u036f\u1e00-\u1eff]")

MOST_MARKS = 30  # on one letter (UAX 15, stream-safe text): sorting many thousands of them would take minutes
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1},}}")
_EDGES = " \t\n" + _JOINERS


def clean_text(value: str, *, multiline: bool = True) -> str:
    """Return text in Unicode's composed form (NFC), without invisible characters and surrounding space.

    Every kind of space becomes a plain one and every kind of line end becomes a newline. Invisible characters are
    removed, except those that words or emoji need: joiners in Persian, Indic scripts and emoji, variation selectors,
    direction marks beside right-to-left letters. The function is idempotent.

    :param multiline: whether lines are kept; otherwise line ends, tabs and repeated spaces become one space.
    """
    text = _LINE_END.sub("\n", value)
    if not text.isascii():
        text = _clean_unicode(text)
    elif _DROPPED.search(text):
        text = _DROPPED.sub("", text)
    return text.strip(_EDGES) if multiline else " ".join(text.split())


def clean_identifier(value: str) -> str:
    """Return an email address, a phone number, an amount or a part of a date as one line with no invisible character.

    Dashes become hyphens, and the digits of every script become those of ASCII.
    """
    text = clean_text(value, multiline=False)
    if text.isascii():
        return text
    text = _DASH.sub("-", _DIRECTION_MARKS.sub("", _IN_WORDS.sub("", text)))
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    return clean_text(digits, multiline=False)


def _clean_unicode(text: str) -> str:
    text = _SPACE.sub(" ", _DROPPED.sub("", text))
    text = _TAGS.sub(lambda found: found[1] or "", text)
    if not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTION_MARKS.sub("", text)
    text = unicodedata.normalize("NFC", _limit_marks(text)).strip(_EDGES)
    text = _IN_WORDS.sub(_keep_meaningful, text).strip(_EDGES)
    return unicodedata.normalize("NFC", _limit_marks(text))


def _keep_meaningful(found: re.Match) -> str:
    """Return the meaningful characters of a run of joiners and variation selectors: at most one of each."""
    whole, run = found.string, found[0]
    before = whole[found.start() - 1] if found.start() else " "
    after = whole[found.end()] if found.end() < len(whole) else " "
    kept = run[0] if _VARIATION.match(run) and not _NO_VARIATION.match(before) else ""
    joiner = next((letter for letter in run if letter in _JOINERS), "")
    is_joined = bool(_JOINED_SCRIPT.match(before)) or (
        joiner == "\u200d" and bool(_EMOJI.match(before)) and bool(_EMOJI.match(after))
    )
    return kept + (joiner if is_joined else "")


def _limit_marks(text: str) -> str:
    """Return text with at most ``MOST_MARKS`` combining marks on a letter."""
    return _MAYBE_MARKS.sub(_with_few_marks, text)


def _with_few_marks(found: re.Match) -> str:
    kept, marks = [], 0
    for letter in found[0]:
        if unicodedata.combining(letter):
            marks += 1
        elif letter not in _JOINERS:
            marks = 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
