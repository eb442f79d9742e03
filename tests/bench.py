"""``make bench``: the cost of each page relative to the least possible cost, in one run.

It measures ratios, not seconds, which are independent of the machine's load. The Makefile sets a folder, and so a
database, of its own; every page goes through the whole middleware, in this process. The base is ``/healthz``: one query
and a line of JSON.
"""

import csv
import datetime
import gc
import io
import itertools
import os
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.search.backends import get_search_backend

from cms.core.visibility import Viewer
from cms.demo.recommendations import WORDS
from forms.answers.versions import ensure_version
from forms.enums import FormKind
from forms.models import Case, Submission
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.loader import run_import
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.models import Recommendation, ReportPage, ServiceArea, Tracking
from scrutiny_pages.models.pages.tracker import public_recommendations
from scrutiny_pages.models.recommendation import HIGHEST_NUMBER
from scrutiny_pages.selectors.tracker_rows import FIELDS as ROW_FIELDS
from tests.factories.forms import FormPageFactory, question
from tests.factories.pages import ReportPageFactory
from tests.factories.records import RecommendationFactory
from tests.factories.state import arrange
from tests.scrutiny_pages.rules.test_recommendation_status import CASES

ROUNDS = 15
MANY = 1000
FEWEST, MOST, REPORTS, PASSES = 100, 10_000, 200, 3
RECORDS = ("panels", "service-areas", "reviews", "reports", "outcomes", "meetings", "newsletters", "programmes")
NARROWED = ("standing=late", "overdue=false", "year=2026", "service=repairs", "order=due")
LISTS = [f"/api/v2/{name}/" for name in ("recommendations", *RECORDS, "pages", "forms", "redirects")]
# These look at every one there is, to choose, to count or to rank.
LISTS += [f"/api/v2/recommendations/?{query}" for query in NARROWED]
LISTS += ["/api/v2/statistics/", "/api/v2/search/?q=repairs", "/api/v2/search/?q=gate"]
SENT, ANSWERS, MEGABYTES = 10_000, 20, 30


def cost(client: Client, address: str) -> float:
    """Return the minimum time of a page in seconds, once it is warm."""
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
        print(f"  {name:<42}{ratio:7.2f}")


def main() -> None:
    """Measure and print."""
    call_command("setup_site", stdout=io.StringIO())
    client = Client()
    base = cost(client, "/healthz")
    report = ReportPage.objects.filter(live=True).first().url.removeprefix("http://localhost:8000")
    like = Recommendation.objects.filter(live=True).first()
    assert like
    promise = like.get_absolute_url()
    pages = ["/", report, "/recommendations/", promise, "/panels/", "/get-involved/apply/", "/search/?q=repairs"]
    pages += ["/api/v2/recommendations/", "/api/v2/pages/"]
    table("Times the work of /healthz:", [(address, cost(client, address) / base) for address in pages])

    lists = ["/recommendations/", "/recommendations/?standing=late", "/api/v2/recommendations/", "/"]
    few = {address: cost(client, address) for address in lists}
    # With all that the panel's process asks for.
    words = {name: getattr(like, name) or "Said." for name in WORDS}
    RecommendationFactory.create_batch(MANY, **words | {"series": "bench", "panel": like.panel, "owner": like.owner})
    grown = [(address, cost(client, address) / few[address]) for address in lists]
    table(f"With {MANY} more recommendations, times what it was:", grown)

    lists_of_many(client, like)

    one, many = seconds_to_import(like, 1), seconds_to_import(like, 2 * MANY)
    table(f"Importing {2 * MANY} rows, times what importing one takes:", [("run_import()", many / one)])
    print(f"  {many:.1f} seconds, of the 30 that it may take")

    exporting()


def lists_of_many(client: Client, like: Recommendation) -> None:
    """Print the cost of the API's lists with ten thousand recommendations, relative to a hundred.

    A tenth of the recommendations are drafts, and a tenth of the reports are restricted.
    """
    Recommendation.objects.filter(series__startswith="bench").delete()
    # The demo's own have more to tell. They come last, so that they are not on the first page of a hundred.
    Recommendation.objects.update(asked_on=datetime.date(2001, 1, 1))
    assert like.report
    reports = [ReportPageFactory(parent=like.report.get_parent(), live=n % 20 != 0) for n in range(REPORTS)]
    for report in reports[1::20]:
        PageViewRestriction.objects.create(page=report, restriction_type=PageViewRestriction.LOGIN)
    costs = {}
    for number in (FEWEST, MOST):
        recommend(like, reports, range(Recommendation.objects.count(), number))
        # Several times over, one after the other: what else the machine does comes and goes.
        passes = [{address: cost(client, address) for address in LISTS} for _ in range(PASSES)]
        costs[number] = {address: min(times[address] for times in passes) for address in LISTS}
    rows = [(address, costs[MOST][address] / costs[FEWEST][address]) for address in LISTS]
    table(f"With {MOST} recommendations, times what it is with {FEWEST}:", rows)
    download_tracker(client)


def download_tracker(client: Client) -> None:
    """Print the cost of downloading ten thousand recommendations, relative to fetching and writing bare rows."""
    keys = list(public_recommendations(Viewer.anonymous()).values_list("pk", flat=True))

    def bare_rows() -> None:
        found = Recommendation.objects.filter(pk__in=keys).values_list(*ROW_FIELDS)
        writer = csv.writer(io.StringIO(), quoting=csv.QUOTE_ALL)
        for row in found.iterator(chunk_size=1000):
            writer.writerow(row)

    def download(address: str) -> None:
        deque(parts_of(client, address), 0)

    def cpu_of(work: Callable, *args) -> float:
        started = time.process_time()
        work(*args)
        return time.process_time() - started

    def first_byte(address: str) -> float:
        started = time.perf_counter()
        next(parts_of(client, address))
        return time.perf_counter() - started

    bare = min(cpu_of(bare_rows) for _ in range(PASSES))
    print(f"\nDownloading {len(keys)} recommendations, times the processor's time of bare rows ({bare:.2f} s):")
    for ending in ("csv", "xlsx", "json"):
        address = f"/recommendations.{ending}"
        download(address)  # warm
        spent = min(cpu_of(download, address) for _ in range(PASSES))
        print(f"  {ending:<6}{spent / bare:7.2f}  {spent:.2f} s, the first byte after {first_byte(address):.3f} s")


def parts_of(client: Client, address: str) -> Iterator[bytes]:
    """Request a file that is made as it is sent, and return its parts."""
    return iter(cast("Any", client.get(address, headers={"host": "localhost"})).streaming_content)


def recommend(like: Recommendation, reports: list[ReportPage], numbers: range) -> None:
    """Create recommendations: in many reports, made on many days, in every state, and indexed for search."""
    today, backend = timezone.localdate(), get_search_backend()
    rows = [
        Recommendation(
            series=f"bench-{number // HIGHEST_NUMBER}",
            number=number % HIGHEST_NUMBER + 1,
            title=f"Mend gate {number}",
            text="Nobody knows who is to mend it, and it has been open for a long time. " * 5,
            panel=like.panel,
            owner=like.owner,
            report=reports[number % len(reports)],
            asked_on=today - datetime.timedelta(days=number * 7 % 2000),
            live=number % 10 != 0,
        )
        for number in numbers
    ]
    made = Recommendation.objects.bulk_create(rows, batch_size=500)
    states = itertools.cycle(cast("dict[str, Any]", recorded) for recorded, *_ in CASES.values())
    tracked = [Tracking(recommendation=item, **next(states)) for item in made]
    arrange(Tracking.objects.bulk_create, tracked, batch_size=500)
    about, services = Recommendation.service_areas.through, itertools.cycle(ServiceArea.objects.all())
    about.objects.bulk_create([about(recommendation=item, servicearea=next(services)) for item in made], batch_size=500)
    backend.add_bulk(Recommendation, made)
    # As databases do by themselves, soon after so many new rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def exporting() -> None:
    """Export ten thousand submissions, and print the added memory and the time to the first byte."""
    asked = [question(f"q{number}", label=f"Question {number}", required=False) for number in range(ANSWERS)]
    form = FormPageFactory(kind=FormKind.GENERAL, questions=asked)
    version = ensure_version(form)
    answers = {f"q{number}": f"What somebody said about {number}" for number in range(ANSWERS)}
    rows = [
        Submission(version=version, answers=answers, key=uuid.uuid4(), reference=f"B{number:07}")
        for number in range(SENT)
    ]
    Submission.objects.bulk_create(rows, batch_size=500)
    today = timezone.localdate()
    opened = [
        Case(submission=sent, received_on=today) for sent in Submission.objects.filter(version=version).only("pk")
    ]
    arrange(Case.objects.bulk_create, opened, batch_size=500)
    del rows, opened
    client = Client()
    administrator = get_user_model().objects.filter(is_superuser=True).first()
    assert administrator
    client.force_login(administrator)
    # Warm, like the pages above.
    list(client.get(f"/admin/received-files/{form.form_key}/version-1.csv", headers={"host": "localhost"}))
    print(f"\nExporting {SENT} forms of {ANSWERS} answers, of the {MEGABYTES} MB and the second that it may take:")
    for ending in ("csv", "xlsx"):
        gc.collect()
        before, started, size = resident(), time.perf_counter(), 0
        parts = parts_of(client, f"/admin/received-files/{form.form_key}/all.{ending}")
        size += len(next(parts))
        first = time.perf_counter() - started
        most = resident()
        for part in parts:
            size += len(part)
            most = max(most, resident())
        added, took = (most - before) / 2**20, time.perf_counter() - started
        print(
            f"  {ending:<6}{added:7.1f} MB more, first byte after {first:.2f} s, {size / 2**20:.1f} MB in {took:.1f} s"
        )
        assert added < MEGABYTES, (ending, added)
        assert first < 1, (ending, first)


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def seconds_to_import(like: Recommendation, number: int) -> float:
    """Return the time in seconds to import a file of this many new rows."""
    rows = [
        f"import-{number}/{row},Mend gate {row},2026-03-10,Accepted,2026-04-02,2026-06-30"
        for row in range(1, number + 1)
    ]
    sheet = read("\n".join(["Reference,Title,Asked on,Answer,Answered on,First target", *rows]).encode())
    started = time.perf_counter()
    *_, last = run_import(sheet, guess(sheet.headings), Options(timezone.localdate(), like.panel))
    assert last.done == number, last
    return time.perf_counter() - started
