"""Where the README says that forms here can do something, the test that it names is there."""

import ast
import re

from .reading import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
OURS = 2  # the column, counted as a row splits at its bars
LEAST_FEATURES = 25


def rows() -> list[list[str]]:
    """Give the rows of the table without its head."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("\n## Forms, beside others\n")[1].split("\n## ")[0]
    return [line.split("|") for line in table.splitlines() if line.startswith("| ") and "| Ours |" not in line]


def is_there(path: str, name: str) -> bool:
    """Say whether a file has a test of that name, in a class or not."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in name.split("::"):
        found = next((node for node in body if getattr(node, "name", None) == part), None)
        if found is None:
            return False
        body = found.body
    return True


def test_each_yes_names_a_test_that_is_there():
    listed = rows()
    assert len(listed) >= LEAST_FEATURES
    for row in listed:
        said = row[OURS].strip()
        named = NAMED.findall(said)
        assert bool(named) == said.startswith("yes"), row
        missing = [name for path, name in named if not (ROOT / path).exists() or not is_there(path, name)]
        assert not missing, row
        assert all(cell.strip() for cell in row[1:-1]), row
