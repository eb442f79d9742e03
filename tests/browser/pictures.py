"""``make pictures``: the README's screenshots of the demo, as small WebP files in laptop or phone size."""

import io
import tempfile
from pathlib import Path
from typing import cast

from PIL import Image
from playwright.sync_api import ViewportSize

from tests.browser.places import REPORT, at, first
from tests.browser.site import ROOT, chromium, running_demo

LAPTOP, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
PROMISE = first("/recommendations/", r"/recommendations/[\w-]+/\d+/")
PICTURES = {
    "home": (at("/"), LAPTOP),
    "report": (at(REPORT), LAPTOP),
    "tracker": (at("/recommendations/"), LAPTOP),
    "recommendation": (PROMISE, LAPTOP),
    "phone": (PROMISE, PHONE),
}
LARGEST = 150 * 1024


def main() -> None:
    """Take all screenshots."""
    (ROOT / "docs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running_demo(Path(var)) as url, chromium() as browser:
        for name, (go, viewport) in PICTURES.items():
            window = cast("ViewportSize", viewport)
            page = browser.new_page(viewport=window, base_url=url, device_scale_factor=1 if viewport == LAPTOP else 2)
            go(page)
            page.wait_for_load_state("networkidle")
            path = ROOT / "docs" / f"{name}.webp"
            Image.open(io.BytesIO(page.screenshot())).save(path, quality=82, method=6)
            page.close()
            size = path.stat().st_size
            print(f"{path.relative_to(ROOT)}: {size // 1024} KB")
            assert size <= LARGEST, "too large for a README"


if __name__ == "__main__":
    main()
