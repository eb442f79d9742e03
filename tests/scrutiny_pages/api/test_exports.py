"""Tests of the tracker's exports: filtered like the page, safe to open, and as an anonymous user sees it."""

import csv
import datetime
import io
import json
import re

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from cms.core.spreadsheets.csv import cell, cell_with_lines, words_of_cell
from scrutiny_pages import services
from scrutiny_pages.api import exports
from scrutiny_pages.enums import Answer
from scrutiny_pages.models import TrackerPage
from scrutiny_pages.selectors import tracker_rows
from tests.factories import pages, records

DAY = datetime.date(2025, 3, 3)
QUERIES = [
    "",
    "overdue=true",
    "overdue=false",
    "standing=late",
    "standing=waiting",
    "service=repairs",
    "panel=forum",
    "year=2025",
    "service=repairs&year=2025&panel=forum",
    "overdue=true&service=repairs&year=2026",
    "year=1999",
]


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def rows_of_csv(client, query: str = "") -> list[dict]:
    text = text_of(client.get(f"/recommendations.csv?{query}"))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def rows_of_xlsx(client, query: str = "") -> list[dict]:
    answer = client.get(f"/recommendations.xlsx?{query}")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, [value or "" for value in row], strict=True)) for row in rows]


def items_of_json(client, query: str = "") -> list[dict]:
    data = json.loads(text_of(client.get(f"/recommendations.json?{query}")))
    assert data["meta"]["total_count"] == len(data["items"])
    return data["items"]


def refs_on_pages(client, query: str = "") -> list[str]:
    """Return the references on all pages of the list, following its pagination."""
    url: str | None = f"/recommendations/?{query}"
    refs: list[str] = []
    while url:
        html = client.get(url).content.decode()
        refs += re.findall(r'app-record__ref">([^<]+)<', html)
        following = re.search(r'href="([^"]+)"\s+rel="next"', html)
        url = following and f"/recommendations/{following[1].replace('&amp;', '&')}"
    return refs


@pytest.fixture
def tracker(home):
    return pages.TrackerPageFactory()


@pytest.mark.django_db
def test_pages_spreadsheet_and_data_hold_the_same_in_the_same_order(tracker, client, monkeypatch):
    monkeypatch.setattr(TrackerPage, "per_page", 3)
    monkeypatch.setattr(exports, "CHUNK_SIZE", 4)
    monkeypatch.setattr(tracker_rows, "AT_A_TIME", 4)
    area = records.ServiceAreaFactory(name="Repairs", slug="repairs")
    forum, other = records.PanelFactory(slug="forum"), records.PanelFactory()
    report = pages.ReportPageFactory()
    for n in range(14):
        item = records.RecommendationFactory(
            panel=forum if n % 2 else other,
            report=report if n % 3 else None,
            service_areas=[area] if n % 4 else [],
            asked_on=datetime.date(2025 + n % 2, 3, 3),
        )
        if n % 3 == 0:
            services.set_answer_due(recommendation=item, due=item.asked_on + datetime.timedelta(days=n))
    records.RecommendationFactory(live=False)
    sizes = {}
    for query in QUERIES:
        listed = refs_on_pages(client, query)
        data = items_of_json(client, query)
        assert [row["Reference"] for row in rows_of_csv(client, query)] == listed
        assert rows_of_xlsx(client, query) == rows_of_csv(client, query)
        assert [item["ref"] for item in data] == listed
        assert len(set(listed)) == len(listed)
        sizes[query] = len(listed)
    # The filters do leave something, and leave something out.
    assert sizes[""] == 14
    assert 3 < sizes["overdue=true"] == sizes["standing=late"] == 14 - sizes["overdue=false"]
    assert 0 < sizes["service=repairs&year=2025&panel=forum"] + sizes["service=repairs"] < 14 + 14
    assert sizes["year=1999"] == 0


@pytest.mark.django_db
def test_the_page_leads_to_files_of_what_it_shows(tracker, client):
    records.RecommendationFactory(asked_on=DAY)
    html = client.get("/recommendations/?utm_source=post&page=1&year=2025&standing=waiting").content.decode()
    query = "standing=waiting&amp;year=2025"
    assert f'href="/recommendations.csv?{query}"' in html
    assert f'href="/recommendations.json?{query}"' in html
    assert f'href="/recommendations.xlsx?{query}"' in html


@pytest.mark.django_db
def test_a_spreadsheet_is_inert_dated_and_in_utf_8(tracker, client):
    item = records.RecommendationFactory(
        title="=HYPERLINK(“x”)", owner=records.RoleFactory(title="@risk"), series="2025-03", number=4, asked_on=DAY
    )
    reason = "-2+3\r\n=cmd|' /C calc'!A0"
    services.record_answer(recommendation=item, answer=Answer.PARTLY_ACCEPTED, on=DAY, reason=reason, target=DAY)
    answer = client.get("/recommendations.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"recommendations-{timezone.localdate().isoformat()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.streaming
    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b'\xef\xbb\xbf"Reference",')
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert (row["What we ask for"], row["Who must do it"]) == ("'=HYPERLINK(“x”)", "'@risk")
    # Its lines stay, since the file is read back: each is as safe as the first.
    assert row["Reason for the answer"] == "'-2+3\n'=cmd|' /C calc'!A0"
    assert (row["Asked for on"], row["First target date"]) == ("2025-03-03", "2025-03-03")
    assert row["Days late"] == str((timezone.localdate() - DAY).days)
    assert row["Address"] == "http://testserver/recommendations/2025-03/4/"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (0, "0"),
        (-5, "-5"),
        (DAY, "2025-03-03"),
        ("Mend it", "Mend it"),
        ("a = b", "a = b"),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'=1"),
        ("\r\n @x", "'@x"),
        ("\u00a0=1", "'=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("two\nlines", "two lines"),
        ("we asked; they said", "we asked; they said"),
        ("we asked;=1+1", "we asked;'=1+1"),
        ("a | @x ; +1", "a | '@x ; '+1"),
        ("'+1", "''+1"),
    ],
)
def test_no_cell_is_a_formula(value, words):
    assert cell(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("+1 lift for Oak House", "'+1 lift for Oak House"),
        ("'+1", "''+1"),
        ("''=1", "'''=1"),
        ("'Tis late", "'Tis late"),
        ("one\n=two\n\n'-3", "one\n'=two\n\n''-3"),
        ("a; =1; 'b; '=1", "a; '=1; 'b; ''=1"),
        ("a\t@b", "a\t'@b"),
        ("\N{FULLWIDTH PLUS SIGN}1", "'\N{FULLWIDTH PLUS SIGN}1"),
        ("two  spaces", "two  spaces"),
    ],
)
def test_a_cell_that_is_read_back_keeps_its_words(value, words):
    """Case I3: what makes a cell safe is undone, and nothing else is."""
    assert cell_with_lines(value) == words
    assert words_of_cell(words) == value


@given(st.text("'=+-@;| \n\ta\N{FULLWIDTH EQUALS SIGN}", max_size=12))
def test_no_words_are_lost_by_being_made_safe(text):
    """Case I3."""
    assert words_of_cell(cell_with_lines(text)) == text.strip()
    assert not cell_with_lines(text).startswith(("=", "+", "-", "@"))


def test_a_cell_that_is_read_back_has_the_line_ends_of_a_spreadsheet():
    assert cell_with_lines("one\r\n=two\rthree\x0bfour\x00") == "one\n'=two\nthree\nfour"


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
@pytest.mark.parametrize(
    "query",
    ["standing=done", "year=soon", "panel=none", "service=none", "overdue=1", "colour=red", "page=2", "yaer=2026"],
)
def test_a_file_of_a_filter_that_is_not_known_is_a_400(tracker, client, extension, query):
    answer = client.get(f"/recommendations.{extension}?{query}")
    assert answer.status_code == 400
    assert not answer.streaming


@pytest.mark.django_db
def test_a_file_is_what_a_stranger_sees_whoever_asks(tracker, admin_in):
    report = pages.ReportPageFactory()
    PageViewRestriction.objects.create(page=report, restriction_type=PageViewRestriction.LOGIN)
    hidden, shown = records.RecommendationFactory(report=report), records.RecommendationFactory()
    assert set(refs_on_pages(admin_in)) == {hidden.ref, shown.ref}
    assert [row["Reference"] for row in rows_of_csv(admin_in)] == [shown.ref]
    assert [row["Reference"] for row in rows_of_xlsx(admin_in)] == [shown.ref]
    assert [item["ref"] for item in items_of_json(admin_in)] == [shown.ref]


@pytest.mark.django_db
def test_the_data_is_what_the_api_gives(tracker, client):
    report = pages.ReportPageFactory()
    records.RecommendationFactory(report=report, tracking__answer_due=DAY)
    records.RecommendationFactory()
    assert items_of_json(client) == client.get("/api/v2/recommendations/").json()["items"]
