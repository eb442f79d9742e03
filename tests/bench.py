"""``make bench``: how much work each page is, against the least work a page can be, in one run.

Ratios, not seconds: the machine's mood falls out of them. The Makefile gives it a folder, and so a database,
of its own; every page goes through the whole middleware, in this process. The base is ``/healthz``: one query
and a line of JSON.
"""

import io
import time

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from scrutiny_pages.imports.columns import guess
from scrutiny_pages.imports.loading import bring_in
from scrutiny_pages.imports.reading import read
from scrutiny_pages.imports.rows import Options
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

    one, many = seconds_to_import(like, 1), seconds_to_import(like, 2 * MANY)
    table(f"Importing {2 * MANY} rows, times what importing one takes:", [("bring_in()", many / one)])
    print(f"  {many:.1f} seconds, of the 30 that it may take")


def seconds_to_import(like: Recommendation, number: int) -> float:
    """Give the seconds that importing a file of so many new rows takes."""
    rows = [
        f"import-{number}/{row},Mend gate {row},2026-03-10,Accepted,2026-04-02,2026-06-30"
        for row in range(1, number + 1)
    ]
    sheet = read("\n".join(["Reference,Title,Asked on,Answer,Answered on,First target", *rows]).encode())
    started = time.perf_counter()
    *_, last = bring_in(sheet, guess(sheet.headings), Options(timezone.localdate(), like.panel))
    assert last.done == number, last
    return time.perf_counter() - started
