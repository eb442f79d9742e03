"""``make pictures``: the README's pictures, taken from the demo."""

import tempfile
from pathlib import Path

from tests.browser.site import ROOT, chromium, running_demo

PICTURES = {"home": "/"}


def main() -> None:
    """Take them all, at the width of a laptop."""
    (ROOT / "docs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running_demo(Path(var)) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        for name, address in PICTURES.items():
            page.goto(server.url + address)
            page.screenshot(path=ROOT / "docs" / f"{name}.png")


if __name__ == "__main__":
    main()
