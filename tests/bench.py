"""``make bench``: how much work each page is, against the least work a page can be, in one run.

Ratios, not seconds: the machine's mood falls out of them. The Makefile gives it a folder, and so a database,
of its own; every page goes through the whole middleware, in this process. The base is ``/healthz``: one query
and a line of JSON.
"""

import io
import time

from django.core.management import call_command
from django.test import Client

from scrutiny_pages.models import Recommendation, ReportPage
from tests.factories.records import RecommendationFactory

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
