"""``make test``: every check and test that this machine can run, and a list of those it could not.

With ``CI`` set, a missing database, cache, browser or Java is a failure: nothing is skipped there.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser import nu
from tests.browser.site import GIVEN, chromium_path, running_sites

Command = list[str | Path]

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_CACHE_URL", "redis://127.0.0.1:6379/1")
# Moments at which the machine's clock is put for a quick part of the suite: the end of a winter, a leap day, the hour
# that summer time skips, and years on (case D1).
ELSEWHERE = ["2027-02-28 12:00:00", "2028-02-29 12:00:00", "2027-03-28 01:30:00", "2031-11-30 12:00:00"]
QUICK = [
    "tests/core/security/test_outbound_http.py",
    "tests/core/dates/test_working_days.py",
    "tests/project/test_clock.py",
    "tests/scrutiny_pages/models/test_agreement_page.py",
    "tests/scrutiny_pages/rules/test_recommendation_status.py",
]


def answers(url: str, default_port: int) -> bool:
    """Return whether something listens at the host and port of a URL."""
    host, _, port = url.rsplit("@", 1)[-1].split("//")[-1].split("/")[0].partition(":")
    try:
        socket.create_connection((host or "127.0.0.1", int(port or default_port)), timeout=2).close()
    except OSError:
        return False
    return True


def step(name: str, *command: str | Path, **environment: str) -> bool:
    """Run one command; print its purpose and its duration."""
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL", "DEBUG")}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=clean | environment, check=False)
    print(f"--- {name}: {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def check() -> bool:
    """Run the linters, the import contract, the types and Django's own checks."""
    production = {
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SECRET_KEY": "x" * 25 + "only-for-the-deployment-check" + "-0123456789",
        "ALLOWED_HOSTS": "example.org",
        "BASE_URL": "https://example.org",
    }
    results = [
        step("lint", BIN / "ruff", "check", "--quiet", "."),
        step("format", BIN / "ruff", "format", "--check", "--quiet", "."),
        step("templates", BIN / "djlint", "--lint", "--quiet", "templates"),
        step("imports point down", BIN / "lint-imports", "--no-cache"),
        step("types", BIN / "mypy", "--no-error-summary"),
        step("language", BIN / "pytest", "-q", "-p", "no:cacheprovider", "tests/project/test_language.py"),
        step("deployment", sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **production),
        step("migrations", sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", **production),
    ]
    return all(results)


def with_the_clock_elsewhere(var: str) -> bool:
    """Run a quick part of the suite with the machine's own clock shifted, all on one migrated database."""
    shared = {"TEST_SCRATCH": tempfile.mkdtemp(dir=var), "VAR_DIR": var, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    pytest: Command = [BIN / "pytest", "-q", "--reuse-db", "-p", "no:cacheprovider"]
    words = "a quick part, with the machine's clock at"
    results = []
    for at, other in zip(ELSEWHERE, ELSEWHERE[1:] + ELSEWHERE[:1], strict=True):
        own = {"TEST_NOW": other.replace(" ", "T")}  # the suite's day is moved too, to another of them
        results.append(step(f"{words} {at}", "faketime", at, *pytest, *QUICK, **shared, **own))
    return all(results)


def in_browser(pytest: Command, browser: str, var: Path) -> bool:
    """Run the browser tests, every worker on the same two servers."""
    print("\n=== the demo on a server, and a site where nothing is published yet", flush=True)
    started = time.monotonic()
    with running_sites(var / "sites") as sites:
        print(f"--- serving after {time.monotonic() - started:.0f} s", flush=True)
        given = {GIVEN: f"{sites.url} {sites.empty_url} {sites.var}", "VAR_DIR": str(var), "CHROMIUM": browser}
        # Without the checker its one test is left out, which is said at the end, and fails where CI is set.
        which = "browser and not nu" if nu.missing() else "browser"
        looked = step("tests in Chromium", *pytest, "--dist", "loadgroup", "-m", f"{which} and not changes", **given)
        # One after the other, once nobody else looks: they publish, send and handle things.
        alone: Command = [BIN / "pytest", "-q"]
        return step("tests in Chromium that change the site", *alone, "-m", "browser and changes", **given) and looked


def main() -> int:
    """Run the selected steps; return 0 if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["check", "sqlite", "postgres", "browser"])
    only = parser.parse_args().only
    in_ci, skipped, passed = bool(os.environ.get("CI")), [], True
    pytest: Command = [BIN / "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    var = tempfile.mkdtemp(prefix="scrutineer-test-")

    def wanted(name: str) -> bool:
        return only in (None, name)

    if wanted("check"):
        passed &= check()
    has_postgres = answers(POSTGRES, 5432)
    if wanted("sqlite"):
        # What PostgreSQL's run shows for any database: see the markers in pyproject.toml.
        which = "not browser and not screen" if has_postgres and wanted("postgres") else "not browser"
        passed &= step("tests on SQLite", *pytest, "-m", which, VAR_DIR=var)
        if shutil.which("faketime"):
            passed &= with_the_clock_elsewhere(var)
        else:
            skipped.append("the machine's clock on other days: install faketime")
    if wanted("postgres"):
        has_redis = answers(REDIS, 6379)
        if has_postgres:
            cache = {"CACHE_URL": REDIS} if has_redis else {}
            name = f"tests on PostgreSQL{' with Redis' if has_redis else ''}"
            # What SQLite's run has shown for any database: see the markers in pyproject.toml.
            shown = " and not faults and not traffic and not pure and not repeated" if wanted("sqlite") else ""
            which = f"not browser{shown}"
            passed &= step(name, *pytest, "-m", which, VAR_DIR=var, DATABASE_URL=POSTGRES, **cache)
        else:
            skipped.append(f"tests on PostgreSQL: nothing answers at {POSTGRES}")
        if not has_redis:
            skipped.append(f"Redis as the cache: nothing answers at {REDIS}")
    if wanted("browser"):
        browser = chromium_path()
        if browser:
            passed &= in_browser(pytest, browser, Path(var))
            if lacking := nu.missing():
                skipped.append(f"the Nu HTML checker: {lacking}")
        else:
            skipped.append("tests in Chromium: none found; install chromium-headless-shell, or set CHROMIUM")

    shutil.rmtree(var, ignore_errors=True)
    for what in skipped:
        print(f"{'MISSING' if in_ci else 'Skipped'}: {what}")
    passed = passed and not (in_ci and skipped)
    print("\nEverything passed." if passed else "\nSomething failed: see above.")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
