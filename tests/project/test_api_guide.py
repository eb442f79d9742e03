"""The guide to the API is correct: each of its examples is sent, and what it shows is in the response."""

import argparse
import json
import re
import shlex
from pathlib import Path

import pytest

from forms.models import FormPage
from home.models import Navigation
from scrutiny_pages.enums import Answer
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
HERE = "http://localhost:8000"
EXAMPLES = re.findall(r"```sh\n(curl .+?)\n```\n\n```json\n(.+?)\n```", GUIDE.read_text(), re.DOTALL)
REFUSED = ("colour=red", "standing=done")


@pytest.fixture
def site(one_of_each, today):
    """A site in which every example has a result."""
    pages.StandardPageFactory(title="About", slug="about", body=[("text", "<p>Words.</p>")])
    pages.ContactPageFactory()
    navigation = Navigation.for_site(one_of_each.get_site())
    navigation.main = [("link", {"page": None, "url": "/about/", "label": "About"})]
    navigation.save()
    records.RecommendationFactory(
        tracking__answer=Answer.ACCEPTED, tracking__first_target="2026-03-11", tracking__current_target="2026-03-11"
    )


def missing(shown, given, where: str = "") -> list[str]:
    """Return the names that an example shows and the response lacks."""
    if isinstance(shown, dict) and isinstance(given, dict):
        lacking = [f"{where}{name}" for name in shown if name not in given]
        return lacking + [
            lost for name in shown if name in given for lost in missing(shown[name], given[name], f"{where}{name}.")
        ]
    if isinstance(shown, list) and shown and isinstance(given, list):
        return missing(shown[0], given[0], where) if given else [f"{where}: nothing is listed"]
    return []


def test_the_guide_has_an_example_for_each_of_its_topics():
    topics = GUIDE.read_text().split("\n## ")[1:]
    assert len(EXAMPLES) >= 10
    assert all("```sh\ncurl" in topic for topic in topics)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=lambda part: part[:60])
def test_an_example_of_the_guide_is_answered_as_it_shows(site, client, command, shown):
    curl, *options, address = shlex.split(command)
    assert (curl, address.startswith(HERE)) == ("curl", True)
    told = argparse.ArgumentParser()
    told.add_argument("-L", action="store_true")
    told.add_argument("-X", default="GET")
    told.add_argument("-H", action="append", default=[])
    told.add_argument("-d", default="")
    given = told.parse_args(options)
    headers = dict(header.split(": ", 1) for header in given.H)
    kind = headers.pop("Content-Type", "")
    path = address.removeprefix(HERE).replace("/forms/12/", f"/forms/{FormPage.objects.get().pk}/")
    answer = client.generic(given.X, path, given.d, kind, headers=headers)
    answer = client.get(answer["Location"]) if given.L else answer
    expected = 400 if address.endswith(REFUSED) else 200 if given.X == "GET" else 201 if "why" in given.d else 422
    assert answer.status_code == expected, answer.content
    assert missing(json.loads(shown), answer.json()) == []


def test_a_name_that_an_answer_has_not_is_seen():
    assert missing({"a": [{"b": 1}]}, {"a": [{"c": 1}]}) == ["a.b"]
    assert missing({"a": [1]}, {"a": []}) == ["a.: nothing is listed"]
