"""Problems in a file, by row and column, and their wording if many rows share one. Pure."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.utils.text import capfirst

MOST_NAMED = 12  # rows of one problem


@dataclasses.dataclass
class ImportProblem:
    """A problem: the row's number (0 for a whole column), the column's name ("" for a whole row), the message."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        places = [f"Row {self.row}" if self.row else "", self.column]
        return f"{', '.join(filter(None, places))}: {self.words}"


def format_rows(rows: list[int], most: int = MOST_NAMED) -> str:
    """Format the numbers of rows: row 3; rows 3, 4, 7 and 1,200 more."""
    shown = ", ".join(map(str, rows[:most]))
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


def format_problems(problems: Iterable[ImportProblem]) -> list[str]:
    """Return one line for each problem, with all rows that share it, in the order of their first rows."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for problem in problems:
        rows[problem.column, problem.words].append(problem.row)
    return [
        str(ImportProblem(numbers[0], column, words))
        if len(numbers) == 1
        else f"{', '.join(filter(None, [capfirst(format_rows(numbers)), column]))}: {words}"
        for (column, words), numbers in rows.items()
    ]
