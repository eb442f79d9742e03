"""``make lighthouse``: Lighthouse's marks for the pages that matter most, from the demo as ``make run`` serves it.

It needs no network. The reports are left in ``var/lighthouse/``, for a person to read.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.places import APPLY, REPORT, first
from tests.browser.site import ROOT, chromium, chromium_path, running_demo

LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
PAGES = {"home": "/", "report": REPORT, "tracker": "/recommendations/", "form": APPLY}
PROGRAM = Path(__file__).resolve().parent / "node_modules" / "lighthouse" / "cli" / "index.js"
REPORTS = ROOT / "var" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-background-networking --disable-component-update --disable-sync"


def promise(url: str) -> str:
    """Return the address of one recommendation: the first that the tracker lists."""
    with chromium() as browser:
        page = browser.new_page(base_url=url)
        first("/recommendations/", r"/recommendations/[\w-]+/\d+/")(page)
        return page.url.removeprefix(url)


def marks(name: str, url: str) -> dict[str, int]:
    """Run Lighthouse on one page, keep its report, and give its marks out of 100, with what lost any."""
    said = REPORTS / name
    command = ["node", str(PROGRAM), url, "--quiet", "--no-enable-error-reporting", f"--chrome-flags={FLAGS}"]
    wanted = ["--output=json", "--output=html", f"--output-path={said}", f"--only-categories={','.join(LEAST)}"]
    browser = chromium_path() or ""
    subprocess.run([*command, *wanted], check=True, env=os.environ | {"CHROME_PATH": browser})
    report = json.loads(Path(f"{said}.report.json").read_text())
    for kind, category in report["categories"].items():
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"  {name}, {kind}: {audit['title']} ({audit.get('displayValue', audit['score'])})", flush=True)
    return {kind: round(100 * category["score"]) for kind, category in report["categories"].items()}


def main() -> int:
    """Mark every page, print the table, and give 0 if none is below what is asked."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running_demo(Path(var)) as url:
        table = {name: marks(name, url + at) for name, at in (PAGES | {"recommendation": promise(url)}).items()}
    print(f"\n{'':16}" + "".join(f"{kind:>16}" for kind in LEAST))
    for name, row in table.items():
        print(f"{name:16}" + "".join(f"{row[kind]:>16}" for kind in LEAST))
    low = [f"{name}: {kind}" for name, row in table.items() for kind in LEAST if row[kind] < LEAST[kind]]
    print(f"\nThe reports are in {REPORTS}.")
    print(f"Too low: {', '.join(low)}" if low else "Every mark is high enough.")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
