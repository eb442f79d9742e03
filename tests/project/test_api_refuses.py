"""Every endpoint refuses unknown parameters and values, and lists the known ones: every route of ``cms/api.py``."""

import pytest

from cms.api import urlpatterns
from tests.factories.pages import make_home
from tests.shared_rows import shared_rows

from .api_routes import ONES_OWN, SENT_TO, addresses, filled
from .conftest import make_one_of_each

pytestmark = pytest.mark.django_db

EVERYTHING = sorted(addresses(urlpatterns))
ALL = [address for address in EVERYTHING if address not in SENT_TO | ONES_OWN]
NEEDED = {"/api/v2/search/": "q=repairs", "/api/v2/pages/find/": "html_path=/"}
FOR_STAFF = "/api/v2/recommendations/{series}/{number}/steps/"
LISTS = [address for address in ALL if address.count("/") == 4 and address.startswith("/api/v2/")]
PAGED = [address for address in LISTS if address.split("/")[3] not in ("menus", "settings", "statistics", "preview")]


def ask(client, address: str, query: str = "", **headers):
    given = "&".join(filter(None, [NEEDED.get(address, ""), query]))
    return client.get(f"{filled(client, address)}?{given}", headers=headers)


@pytest.fixture(scope="module", autouse=True)
def one_of_each(request):
    """A site with one of everything, created once for all of these tests."""
    with shared_rows(request):
        make_home()
        make_one_of_each()
        yield


@pytest.fixture
def asker(client, admin_in):
    """A client that every endpoint answers."""
    return admin_in


@pytest.mark.parametrize("address", ALL)
def test_every_endpoint_answers_in_json_whatever_is_accepted(asker, address):
    for accepted in ("text/html", "application/xml", "nonsense"):
        answer = ask(asker, address, accept=accepted)
        assert answer.status_code in (200, 302), answer.content
        assert answer.status_code == 302 or answer["Content-Type"].endswith("json")


@pytest.mark.parametrize("address", ALL)
def test_a_parameter_that_is_not_known_is_refused_and_the_others_named(asker, address):
    answer = ask(asker, address, "colour=red")
    assert answer.status_code == 400
    words = answer.json()["message"]
    assert "colour" in words
    known = words.partition("Known: ")[2].rstrip(".").split(", ")
    assert known != [""] or "There are none here" in words
    for name in filter(None, known):
        assert b"Unknown parameter" not in ask(asker, address, f"{name}=1").content


@pytest.mark.parametrize("address", PAGED)
def test_pages_of_results_have_an_end(client, address):
    for wrong in ("limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=", "limit=٣", "limit=99999999999999999999"):
        answer = ask(client, address, wrong)
        assert (answer.status_code, "from 1 to 100" in answer.json()["message"]) == (400, True), wrong
    for wrong in ("offset=-1", "offset=x", "offset=100001", "offset=99999999999999999999"):
        assert ask(client, address, wrong).status_code == 400, wrong
    assert ask(client, address, "limit=1&limit=2").status_code == 400
    past = ask(client, address, "offset=100000").json()
    assert (past["items"], past["meta"]["next"]) == ([], None)
    assert past["meta"]["previous"].endswith("limit=20&offset=99980")


@pytest.mark.parametrize("address", ALL)
def test_a_value_that_no_database_could_hold_is_refused(asker, address):
    for value in ("%00", "a%00b", "x" * 501):
        for name in ("limit", "type", "panel", "q", "slug", "fields", "html_path"):
            answer = ask(asker, address, f"{name}={value}")
            assert (answer.status_code, bool(answer.json()["message"])) in ((400, True), (414, True)), (name, value)


@pytest.mark.parametrize("address", sorted(SENT_TO | ONES_OWN))
def test_a_parameter_is_refused_where_none_is_taken(client, address):
    here = f"{filled(client, address)}?colour=red"
    answer = client.post(here, {}, "application/json") if address in SENT_TO else client.get(here)
    assert answer.status_code == 400
    assert "colour. There are none here" in answer.json()["message"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", EVERYTHING)
def test_another_method_is_refused_in_json(asker, address):
    here = filled(asker, address)
    allowed = {"GET", "HEAD", "POST"} if address == FOR_STAFF else {"GET", "HEAD"}
    allowed = {"POST"} if address in SENT_TO else allowed
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FROB"):
        if method not in allowed:
            answer = asker.generic(method, here)
            assert (answer.status_code, bool(answer.json()["message"])) == (405, True), method
            assert set(answer["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("recommendations/?standing=done", "confirmed"),
        ("recommendations/?panel=none", "panel-"),
        ("recommendations/?order=title", "due"),
        ("recommendations/?service=none", "repairs"),
        ("reviews/?panel=none", "panel-"),
        ("search/?q=a&type=none", "outcomes"),
        ("pages/?type=none", "scrutiny_pages.ReportPage"),
        ("pages/?order=colour", "first_published_at"),
        ("pages/?fields=colour", "html_url"),
        ("pages/?search_operator=xor", "and"),
    ],
)
def test_a_value_that_is_not_known_is_refused_and_the_others_named(client, query, named):
    answer = client.get(f"/api/v2/{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["nothing/", "v2/", "v2/nothing/", "v2/panels/nobody/", "v2/meetings/999999999/", "v1/"]
)
def test_what_is_not_there_is_a_404_in_json(client, path):
    answer = client.get(f"/api/{path}")
    assert answer.status_code == 404
    assert answer.json()["message"]
