"""``make bench``: how much work each page is, against the least work a page can be, in one run.

Ratios, not seconds: the machine's mood falls out of them. Everything runs in this process, on a database
of its own, with the whole middleware. The base is ``/healthz``: one query and a line of JSON.
"""

import io
import os
import shutil
import sys
import tempfile
import time

VAR = tempfile.mkdtemp(prefix="scrutineer-bench-")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "VAR_DIR": VAR, "DEBUG": ""}
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402  (the environment comes first)

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from scrutiny_pages.models import Recommendation, ReportPage  # noqa: E402
from tests.factories.records import RecommendationFactory  # noqa: E402

ROUNDS = 15
MANY = 1000


def cost(client: Client, address: str) -> float:
    """Give the least time that a page took, in seconds, once it is warm."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = client.get(address, headers={"host": "localhost"})
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, (address, answer.status_code)
    return min(times)


def table(title: str, rows: list[tuple[str, float]]) -> None:
    """Print names and ratios."""
    print(f"\n{title}")
    for name, ratio in rows:
        print(f"  {name:<34}{ratio:7.1f}")


def main() -> None:
    """Measure and print."""
    call_command("prepare", stdout=io.StringIO())
    client = Client()
    base = cost(client, "/healthz")
    report = ReportPage.objects.filter(live=True).first().url.removeprefix("http://localhost:8000")
    promise = Recommendation.objects.filter(live=True).first().get_absolute_url()
    pages = ["/", report, "/recommendations/", promise, "/panels/", "/get-involved/apply/", "/search/?q=repairs"]
    pages += ["/api/v2/recommendations/", "/api/v2/pages/"]
    table("Times the work of /healthz:", [(address, cost(client, address) / base) for address in pages])

    lists = ["/recommendations/", "/recommendations/?standing=late", "/api/v2/recommendations/", "/"]
    few = {address: cost(client, address) for address in lists}
    like = Recommendation.objects.filter(live=True).first()
    RecommendationFactory.create_batch(MANY, series="bench", panel=like.panel, owner=like.owner)
    grown = [(address, cost(client, address) / few[address]) for address in lists]
    table(f"With {MANY} more recommendations, times what it was:", grown)


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)
    sys.exit(0)
