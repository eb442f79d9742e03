"""The OpenAPI document: valid, complete, and readable."""

import gzip

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import validate

from cms.api import urlpatterns

from .api_routes import SENT_TO, addresses
from .api_table import document

STEPS = "/api/v2/recommendations/{series}/{number}/steps/"


@pytest.fixture(scope="module")
def told() -> dict:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        return document()


def operations(told: dict) -> list[tuple[str, str, dict]]:
    return [(path, method, one) for path, methods in told["paths"].items() for method, one in methods.items()]


def test_the_document_is_valid_and_its_making_gives_no_warning(told):
    validate(told)
    assert told["openapi"] == "3.1.0"
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_the_document_names_every_address(told):
    assert set(told["paths"]) == set(addresses(urlpatterns))
    sent_to = {(path, method) for path, method, _ in operations(told) if method != "get"}
    assert sent_to == {(path, "post") for path in (STEPS, *SENT_TO)}


def test_everything_in_it_is_described(told):
    for path, method, one in operations(told):
        assert one["summary"], path
        assert one["description"], path
        assert all(parameter.get("description") for parameter in one.get("parameters", ())), path
        assert {"400", "405"} <= set(one["responses"]), path
        for code, response in one["responses"].items():
            assert response["description"], (path, method, code)
            body = response.get("content", {}).get("application/json")
            assert body is None or "example" in body, (path, code)


@pytest.mark.django_db
def test_people_read_the_same_on_a_page_of_ours(home, client, told):
    answer = client.get("/api/")
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    for path, method, one in operations(told):
        assert f"{method.upper()} {path}</code>" in page
        assert one["summary"] in page
        for parameter in one.get("parameters", ()):
            assert f">{parameter['name']}</code>" in page
    assert len(gzip.compress(answer.content)) < 12_000
