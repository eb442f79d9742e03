"""Reads the starters' data files. What each part of a file may say is at the top of ``data/README.md``."""

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
    """There is no starter of that name; the message names those that there are."""


@dataclasses.dataclass(frozen=True)
class Starter:
    """One arrangement as its file has it."""

    name: str
    data: dict

    @property
    def title(self) -> str:
        """Describe in a few words what kind of arrangement it is."""
        return self.data["title"]

    @property
    def about(self) -> str:
        """Describe how scrutiny works in it."""
        return self.data["about"]

    def rows(self, part: str) -> list[dict]:
        """Return the rows of one part, none if the file does not have it."""
        return self.data.get(part) or []


def names() -> list[str]:
    """Return the names of the starters."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def read(name: str) -> Starter:
    """Return one starter.

    :raises NoSuchStarter: for a name that is none.
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
