"""Invalid paths, parameters and methods get a plain answer, never a 5xx."""

import json
from urllib.parse import quote

import pytest

from tests.factories import pages, records
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db

NASTY = {
    "NUL": "\x00",
    "NUL inside": "rep\x00airs",
    "control characters": "\x01\x1b[31m",
    "twenty digits": "9" * 20,
    "minus": "-1",
    "float": "1.5",
    "exponent": "1e400",
    "not a number": "nan",
    "unicode digits": "٣",
    "right to left": "\u202egnirts",
    "emoji": "\U0001f600" * 50,
    "quotes": "'\"; DROP TABLE x; --",
    "markup": "<script>alert(1)</script>",
    "search operators": '"unclosed AND (NOT *:',
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "path": "../../etc/passwd",
    "format": "%s%n%(x)s",
    "empty": "",
}
RAW = {"lone surrogate": "%ED%A0%80", "broken UTF-8": "%FF%FE", "half an escape": "%", "overlong": "%C0%80"}
VALUES = {name: quote(value) for name, value in NASTY.items()} | RAW


@pytest.fixture(scope="module", autouse=True)
def full_site(request):
    with shared_rows(request):
        pages.make_home()
        pages.ReportPageFactory(title="Repairs")
        for factory in (
            pages.TrackerPageFactory,
            pages.ReportIndexPageFactory,
            pages.MeetingIndexPageFactory,
            pages.OutcomePageFactory,
            pages.NewsletterPageFactory,
            pages.PanelPageFactory,
        ):
            factory()
        records.RecommendationFactory(series="2026-03", number=1)
        records.MeetingFactory()
        yield


ADDRESSES = [
    "/?x={}",
    "/{}",
    "/{}/",
    "/search/?q={}",
    "/newsletters/?year={}",
    "/newsletters/?year=2026&page={}",
    "/search/?q=repairs&page={}",
    "/recommendations/?standing={}",
    "/recommendations/?panel={}",
    "/recommendations/?service={}",
    "/recommendations/?year={}",
    "/recommendations/?overdue={}",
    "/recommendations/?page={}",
    "/recommendations.csv?year={}",
    "/recommendations.xlsx?year={}",
    "/recommendations.json?panel={}",
    "/you-said-we-did/?year={}",
    "/you-said-we-did/?service={}",
    "/recommendations/{}/1/",
    "/recommendations/2026-03/{}/",
    "/what-we-found/?page={}",
    "/meetings/{}/",
    "/meetings/?page={}",
    "/meetings/?panel={}",
    "/meetings/?year={}",
    "/meetings/calendar.ics?panel={}",
    "/meetings/{}.ics",
    "/programmes/{}/",
    "/reviews/?panel={}",
    "/panels/{}/could-i-join/",
    "/brand/{}.css",
    "/media/{}",
    "/documents/{}/",
    "/api/v2/panels/?limit={}",
    "/api/v2/panels/{}/",
    "/api/v2/recommendations/?offset={}",
    "/api/v2/recommendations/?standing={}",
    "/api/v2/recommendations/?year={}",
    "/api/v2/recommendations/2026-03/{}/",
    "/api/v2/recommendations/2026-03/1/steps/?step={}",
    "/api/v2/recommendations/{}/1/steps/",
    "/api/v2/pages/?search={}",
    "/api/v2/pages/?search=a&search_operator={}",
    "/api/v2/pages/?offset={}",
    "/api/v2/pages/?limit={}",
    "/api/v2/pages/?child_of={}",
    "/api/v2/pages/?descendant_of={}",
    "/api/v2/pages/?ancestor_of={}",
    "/api/v2/pages/?type={}",
    "/api/v2/pages/?fields={}",
    "/api/v2/pages/?order={}",
    "/api/v2/pages/?id={}",
    "/api/v2/pages/?slug={}",
    "/api/v2/pages/?site={}",
    "/api/v2/pages/?locale={}",
    "/api/v2/pages/?type=scrutiny_pages.OutcomePage&you_said={}",
    "/api/v2/pages/?type=scrutiny_pages.ReportPage&agreed_on={}",
    "/api/v2/pages/?type=scrutiny_pages.PanelPage&panel={}",
    "/api/v2/pages/?first_published_at={}",
    "/api/v2/pages/?rich_text_format={}",
    "/api/v2/pages/find/?html_path={}",
    "/api/v2/pages/find/?id={}",
    "/api/v2/pages/{}/",
    "/api/schema/?format={}",
    "/api/schema/?version={}",
    "/api/{}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_value_breaks_an_address(client, address):
    client.raise_request_exception = False
    answers = {name: client.get(address.format(value)) for name, value in VALUES.items()}
    broken = {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500}
    assert not broken
    for name, answer in answers.items():
        if answer.status_code >= 400 and address.startswith("/api/"):
            assert json.loads(answer.content)["message"], name
        if answer["Content-Type"].startswith("text/html"):
            assert b"alert(1)</script>" not in answer.content, name


@pytest.mark.parametrize(
    "address",
    [
        "/recommendations/?standing=done",
        "/recommendations/?panel=none",
        "/recommendations/?service=none",
        "/recommendations/?year=soon",
        "/recommendations/?year=3000",
        "/recommendations/?year=2026.5",
        "/api/v2/recommendations/?standing=done",
        "/api/v2/recommendations/?colour=red",
        "/api/v2/panels/?name=x",
        "/api/v2/pages/?colour=red",
        "/api/v2/pages/?limit=1000",
    ],
)
def test_an_unknown_filter_is_a_400_in_words(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    words = answer.json()["message"] if address.startswith("/api/") else answer.content.decode()
    assert "must be" in words or "not" in words or "Unknown" in words or "cannot" in words or "could not" in words


@pytest.mark.parametrize(
    "address", ["/recommendations/", "/what-we-found/", "/meetings/", "/you-said-we-did/", "/search/?q=x", "/reviews/"]
)
@pytest.mark.parametrize("page", ["0", "2", "99999999999999999999", "last", "-1"])
def test_a_page_out_of_range_is_a_404(client, address, page):
    assert client.get(f"{address}{'&' if '?' in address else '?'}page={page}").status_code == 404


@pytest.mark.parametrize("address", ["/", "/search/", "/recommendations/", "/api/v2/pages/", "/admin/", "/healthz"])
def test_a_query_of_ten_kilobytes_is_refused(client, address):
    answer = client.get(f"{address}?q={'x' * 10_000}")
    assert answer.status_code == 414
    assert b"too long" in answer.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "generic"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/recommendations/",
        "/recommendations/2026-03/1/",
        "/recommendations.csv",
        "/recommendations.xlsx",
        "/recommendations.json",
        "/search/",
        "/healthz",
        "/brand/0b4f5c.css",
        "/api/v2/pages/",
        "/api/v2/panels/",
        "/api/v2/recommendations/",
        "/api/v2/recommendations/2026-03/1/",
        "/api/schema/",
    ],
)
def test_a_wrong_method_is_a_405(client, address, method):
    answer = client.generic("FROB", address) if method == "generic" else getattr(client, method)(address)
    assert answer.status_code == 405


@pytest.mark.parametrize("address", ["/nothing-here/", "/api/v2/nothing/"])
def test_what_is_not_there_says_so_and_helps(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    if address.startswith("/api/"):
        assert answer.json() == {"message": "There is nothing at this address."}
    else:
        assert b"Page not found" in answer.content
        assert b'name="q"' in answer.content


def test_an_error_of_ours_is_a_page_that_needs_nothing(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("home.views.visible_to", lambda *_: 1 / 0)
    answer = client.get("/search/?q=x")
    assert answer.status_code == 500
    assert b"<h1" in answer.content
