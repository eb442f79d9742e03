"""Documents are consistent: their links work, files that they name exist, and each claim has its test."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from .reading import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README_LINES = 150
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)|(?:src|href)=\"([^\"]+)\"")
# A path in backquotes. What has a blank, a placeholder or an address in it is none.
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|yaml|html|scss|js|toml))(?:::[\w:]+)?`")
NAMES_ONLY = {"scrutiny_pages/models/pages/NAME.py", "templates/scrutiny_pages/NAME_page.html"}

NAMED = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
OURS = 2  # the column, counted as a row splits at its bars
LEAST_FEATURES = 25


def rows() -> list[list[str]]:
    """Return the rows of the comparison without its header."""
    table = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    return [line.split("|") for line in table.splitlines() if line.startswith("| ") and "| Ours |" not in line]


def is_there(path: str, name: str) -> bool:
    """Return whether a file has a test of that name, in a class or not."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in name.split("::"):
        named = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
        found = next((node for node in named if node.name == part), None)
        if found is None:
            return False
        body = cast("Any", found).body
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


def test_the_readme_can_be_read_in_one_sitting():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_to_a_file_that_is_there(path):
    links = [first or second for first, second in LINK.findall(path.read_text(encoding="utf-8"))]
    dead = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert not dead


@cache
def known_files() -> list[str]:
    folders = ("cms", "home", "forms", "scrutiny_pages", "templates", "tests", "docs")
    paths = [*ROOT.glob("*.*"), *(path for name in folders for path in (ROOT / name).rglob("*.*"))]
    return [str(path.relative_to(ROOT)) for path in paths if "node_modules" not in path.parts]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_that_is_named_is_there(path: Path):
    named = set(FILE.findall(path.read_text(encoding="utf-8"))) - NAMES_ONLY
    missing = [name for name in named if not any(f"/{known}".endswith(f"/{name}") for known in known_files())]
    assert not missing


def test_every_document_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [
        path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md" and path.name not in index
    ] == []
    decisions = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    records = [path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")]
    assert records
    assert [name for name in records if name not in decisions] == []
