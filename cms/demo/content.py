"""Reader of the demo's data files in ``content/``."""

from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "content"


@cache
def read(name: str) -> dict:
    """Return one file of the content, such as ``read("panels")``. It is cached and shared, so never change it."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def read_reports() -> list[dict]:
    """Return the reports, each from its own file."""
    return [read(f"reports/{path.stem}") for path in sorted((FOLDER / "reports").glob("*.yaml"))]
