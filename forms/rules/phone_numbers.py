"""Formatting of UK telephone numbers. Pure."""

import itertools
import re

ABROAD = re.compile(r"(?:\+|00)44(?:\(0\))?")
# Ofcom, National Telephone Numbering Plan: the length of the area code goes by the digits that it begins with.
AREA_CODES = ((re.compile("02"), (3, 7)), (re.compile("01[0-9]1|011|03|08|09"), (4, 7)), (re.compile("0"), (5,)))


def space_phone_number(words: str) -> str:
    """Return a UK number as 07700 900123; other text unchanged.

    A spreadsheet would read a number without a space as an integer, and remove its leading 0.
    """
    digits = ABROAD.sub("0", words.replace(" ", ""), count=1)
    if not re.fullmatch("0[0-9]{9,10}", digits):
        return words
    places = next(places for begins, places in AREA_CODES if begins.match(digits))
    edges = (0, *places, len(digits))
    return " ".join(digits[start:end] for start, end in itertools.pairwise(edges))
