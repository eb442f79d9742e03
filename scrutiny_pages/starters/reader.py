"""Reads the starters' data files. The format of each part is described at the top of ``data/README.md``."""

import dataclasses
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "data"
PARTS = {
    "title",
    "about",
    "site",
    "service_areas",
    "roles",
    "member_kinds",
    "review_kinds",
    "methods",
    "triggers",
    "standards",
    "agreements",
    "trainings",
    "panels",
    "routes",
    "processes",
    "programmes",
    "duties",
    "pages",
    "regimes",
    "forms",
    "example",
}


class NoSuchStarter(Exception):
    """No starter has that name; the message names those that exist."""


@dataclasses.dataclass(frozen=True)
class Starter:
    """A starter, as its file describes it."""

    name: str
    data: dict

    @property
    def title(self) -> str:
        """Return the kind of arrangement in a few words."""
        return self.data["title"]

    @property
    def about(self) -> str:
        """Return how scrutiny works in it."""
        return self.data["about"]

    def rows(self, part: str) -> list[dict]:
        """Return the rows of one part, empty if the file does not have it."""
        return self.data.get(part) or []


def names() -> list[str]:
    """Return the names of the starters."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def read(name: str) -> Starter:
    """Return the starter with that name.

    :raises NoSuchStarter: if no starter has that name.
    :raises ValueError: if its file has a part that nothing would load.
    """
    if name not in names():
        raise NoSuchStarter(f"There is no starter “{name}”. There are: {', '.join(names())}.")
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if unknown := set(data) - PARTS:
        raise ValueError(f"{name}.yaml has parts that are not known: {', '.join(sorted(unknown))}")
    return Starter(name, data)


def read_all() -> list[Starter]:
    """Return every starter."""
    return [read(name) for name in names()]
