"""What people type to search for, made safe to search with."""

import re

LONGEST = 200


def plain_words(typed: str) -> str:
    """Give the words of what was typed, without signs: SQLite's index reads some of those as its own grammar."""
    return " ".join(re.findall(r"\w+", typed[:LONGEST]))
