"""A rule in the editor's own words."""

from dataclasses import dataclass

from .base import Rule
from .facts import Names
from .parameters import Text, declare


@dataclass(frozen=True, kw_only=True)
class Note(Rule):
    """A rule that is only words, shown as it is (K 15's rotation). Nothing checks it."""

    kind = "note"
    label = "Another rule"
    description = "A rule in your own words. It is shown, and nothing checks it."
    icon = "pilcrow"
    summary = "{text}"
    example = {"text": "A third of the members leave each year."}

    text: str = declare(Text("Rule", "One or two plain sentences.", max_length=400, rows=2))

    def words(self, names: Names) -> str:
        """Return the words."""
        return self.text
