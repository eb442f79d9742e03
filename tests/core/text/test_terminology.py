"""The landlord's terminology: which settings apply, when it is evaluated, and that it never leaks between sites."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.migrations.writer import MigrationWriter
from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from rest_framework.utils.encoders import JSONEncoder
from wagtail.models import Site

from cms.core.commands import SiteCommand
from cms.core.middleware import WordsMiddleware
from cms.core.models import SiteSettings
from cms.core.text.terminology import (
    DEFAULTS,
    Words,
    current_words,
    fill_terms,
    in_default_words,
    lazy_words,
    stream_with_terminology,
    using_terminology,
)
from scrutiny_pages.enums import EventKind, Standing
from scrutiny_pages.importer.columns import COLUMNS, guess
from scrutiny_pages.importer.statuses import meaning_of
from scrutiny_pages.models import Event
from scrutiny_pages.models.pages.filters import RecommendationFilter

TENANTS = Words("tenant", "tenants")
CUSTOMERS = Words("customer", "customers")
LABEL = lazy_words("{Residents} say: a {resident} and {residents}, a {Resident}")


def written(*cells) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().strip()


WAYS = {
    "str": str,
    "f-string": lambda label: f"{label}",
    "join": lambda label: "".join(["", str(label)]),
    "template": lambda label: Template("{{ label }}").render(Context({"label": label})),
    "JSON": lambda label: json.loads(json.dumps({"a": label}, cls=DjangoJSONEncoder))["a"],
    "API": lambda label: json.loads(json.dumps({"a": label}, cls=JSONEncoder))["a"],
    "slice": lambda label: label[0] + label[1:],
    "CSV": written,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_label_made_once_says_the_words_of_the_moment(way):
    label = Standing.CONFIRMED.label
    assert way(label) == "Confirmed by residents"
    with using_terminology(lambda: TENANTS):
        assert way(label) == "Confirmed by tenants"
    assert way(label) == "Confirmed by residents"


def test_one_and_several_with_and_without_a_capital():
    with using_terminology(lambda: TENANTS):
        assert str(LABEL) == fill_terms("{Residents} say: a {resident} and {residents}, a {Resident}")
        assert str(LABEL) == "Tenants say: a tenant and tenants, a Tenant"


def test_choices_displays_and_filters_say_them_too():
    entry = Event(kind=EventKind.SENT_BACK)
    with using_terminology(lambda: CUSTOMERS):
        assert entry.get_kind_display() == entry.headline == str(entry) == "Not done yet, say customers"
        assert dict(Standing.choices)["confirmed"] == "Confirmed by customers"
        assert "Confirmed by customers" in str(
            RecommendationFilter.base_filters["standing"].field.widget.render("a", "")
        )
    assert entry.headline == "Not done yet, say residents"


def test_migrations_are_written_in_the_default_words():
    assert MigrationWriter.serialize(LABEL)[0] == repr("Residents say: a resident and residents, a Resident")
    assert current_words() == DEFAULTS


def test_what_people_import_is_understood_in_their_own_words():
    headings = ["Confirmed by tenants on", "Confirmed by residents on", "Signed off by Tenants on"]
    with using_terminology(lambda: TENANTS):
        assert [guess([heading]) for heading in headings] == [{"confirmed_on": 0}] * 3
        assert str(COLUMNS["confirmed_on"].label) == headings[0]
        assert meaning_of("Confirmed by tenants") == meaning_of("Confirmed by residents") != meaning_of("")
        assert in_default_words("Tenants and subtenants") == "residents and subtenants"
    assert guess(headings[:1]) == {}


def test_the_words_are_looked_up_once_and_only_if_one_is_said():
    calls = []
    with using_terminology(lambda: calls.append(1) or TENANTS):
        assert not calls
        assert str(LABEL) == str(LABEL)
        assert len(calls) == 1
    with pytest.raises(RuntimeError), using_terminology(lambda: TENANTS):
        raise RuntimeError
    assert current_words() == DEFAULTS


def test_one_inside_another_and_parts_sent_in_turns_keep_their_own():
    with using_terminology(lambda: TENANTS):
        with using_terminology(lambda: CUSTOMERS):
            assert current_words() == CUSTOMERS
        assert current_words() == TENANTS

    def parts():
        for _ in range(2):
            yield current_words().residents

    turns = zip(
        stream_with_terminology(parts(), lambda: TENANTS),
        stream_with_terminology(parts(), lambda: CUSTOMERS),
        strict=True,
    )
    for both in turns:
        assert both == ("tenants", "customers")
        assert current_words() == DEFAULTS


def test_threads_say_their_own():
    def work(words: Words) -> set[str]:
        with using_terminology(lambda: words):
            return {str(Standing.CONFIRMED.label) for _ in range(500)}

    everybody = [Words("", f"people {n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool, using_terminology(lambda: TENANTS):
        assert list(pool.map(work, everybody)) == [{f"Confirmed by {words.residents}"} for words in everybody]
        # A thread that nobody told has the default words, not those of whoever started it.
        assert pool.submit(current_words).result() == DEFAULTS


@pytest.fixture
def two_sites(home):
    """Two landlords in one process."""
    here = Site.objects.get(is_default_site=True)
    there = Site.objects.create(hostname="there.example", root_page=home)
    for site, words in ((here, TENANTS), (there, CUSTOMERS)):
        settings = SiteSettings.for_site(site)
        settings.resident, settings.residents = words.resident, words.residents
        settings.save()


def test_two_sites_in_turns_each_say_their_own(two_sites, rf):
    def answer(request):
        return HttpResponse(str(Standing.CONFIRMED.label))

    def answer_in_parts(request):
        return StreamingHttpResponse(str(Standing.CONFIRMED.label) for _ in range(2))

    hosts = {"localhost": b"Confirmed by tenants", "there.example": b"Confirmed by customers"}
    for host in [*hosts, *hosts]:
        assert WordsMiddleware(answer)(rf.get("/", headers={"host": host})).content == hosts[host]
        assert current_words() == DEFAULTS
    # Parts are made after the answer has left: those of two sites in turns.
    slow = [WordsMiddleware(answer_in_parts)(rf.get("/", headers={"host": host})) for host in hosts]
    for both in zip(*slow, strict=True):
        assert both == tuple(hosts.values())


def test_a_request_that_says_no_word_asks_for_none(two_sites, rf):
    with CaptureQueriesContext(connection) as captured:
        WordsMiddleware(lambda request: HttpResponse("x"))(rf.get("/"))
    assert len(captured) == 0


def test_a_site_that_is_not_there_has_the_default_words(db, rf):
    Site.objects.all().delete()
    answer = WordsMiddleware(lambda request: HttpResponse(str(Standing.CONFIRMED.label)))(rf.get("/"))
    assert answer.content == b"Confirmed by residents"


def test_a_command_says_the_words_of_the_default_site(two_sites):
    class Tell(SiteCommand):
        def handle(self, *args, **options):
            self.stdout.write(str(Standing.CONFIRMED.label))

    said = io.StringIO()
    call_command(Tell(), stdout=said)
    assert said.getvalue() == "Confirmed by tenants\n"
    assert current_words() == DEFAULTS
