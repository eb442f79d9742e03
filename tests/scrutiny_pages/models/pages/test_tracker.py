"""The tracker page: filters, chart, statuses, and the reasons and new dates of overdue recommendations."""

import datetime
import re

import pytest

from scrutiny_pages import services
from scrutiny_pages.enums import EXPLANATIONS, Answer, Standing
from scrutiny_pages.models import Recommendation
from scrutiny_pages.presenters.overdue import NO_DATE, NO_REASON, lateness_of
from scrutiny_pages.presenters.recommendations import status_chart
from tests.factories import pages, records
from tests.factories.decisions import decide

DAY = datetime.date(2026, 3, 2)
LONGEST_EXPLANATION = 60


def days(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


def html_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def words(client, url: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html_of(client, url)).split())


@pytest.fixture
def tracker(home):
    return pages.TrackerPageFactory()


@pytest.fixture
def some(tracker):
    """Create three recommendations for repairs, one of them overdue and one of 2025, and one for lettings."""
    repairs = records.ServiceAreaFactory(name="Repairs", slug="repairs")
    lettings = records.ServiceAreaFactory(name="Lettings", slug="lettings")
    records.RecommendationFactory(title="Late one", service_areas=[repairs], tracking__answer_due=DAY)
    records.RecommendationFactory(title="Waiting one", service_areas=[repairs])
    records.RecommendationFactory(title="Old one", service_areas=[repairs], asked_on=datetime.date(2025, 3, 2))
    records.RecommendationFactory(title="Other one", service_areas=[lettings], tracking__answer_due=DAY)


def test_every_state_has_one_short_line_that_explains_it():
    assert set(EXPLANATIONS) == set(Standing)
    assert all(len(words) <= LONGEST_EXPLANATION and words.endswith(".") for words in EXPLANATIONS.values())


def test_the_picture_has_every_state_in_its_table_and_parts_that_fill_the_bar():
    picture = status_chart({"late": 1, "confirmed": 2, "waiting": 300}, tracker_url="/t/", query="year=2026")
    assert [row.key for row in picture.table] == [where.value for where in Standing]
    assert [part.key for part in picture.segments] == ["confirmed", "late", "waiting"]
    assert sum(part.width for part in picture.segments) == 1000
    assert [part.share for part in picture.segments] == ["1%", "under 1%", "99%"]
    assert [part.url for part in picture.segments] == [
        "/t/?standing=confirmed&year=2026",
        "/t/?overdue=true&year=2026",
        "/t/?standing=waiting&year=2026",
    ]
    assert not status_chart({}, tracker_url="/t/").segments


@pytest.mark.django_db
def test_the_numbers_follow_the_filters_but_for_where_things_stand(some, client):
    everything = words(client, "/recommendations/")
    assert "2 late 2 waiting for an answer" in everything
    assert "4 recommendations Download these" in everything
    of_repairs = words(client, "/recommendations/?service=repairs&overdue=true")
    assert "Repairs: where 3 recommendations stand today 1 late 2 waiting for an answer" in of_repairs
    assert "1 late today Download this" in of_repairs
    assert "2 of 3 recommendations" in words(client, "/recommendations/?service=repairs&overdue=false")
    table = html_of(client, "/recommendations/?service=repairs").split("<tbody")[1].split("</tbody>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", table).split())
    assert f"Late {EXPLANATIONS[Standing.LATE]} 1 33%" in said
    assert f"Confirmed by residents {EXPLANATIONS[Standing.CONFIRMED]} 0 0%" in said
    assert 'href="/recommendations/?overdue=true&amp;service=repairs"' in table


@pytest.mark.django_db
def test_what_is_chosen_is_said_and_each_can_be_taken_away(some, client):
    html = html_of(client, "/recommendations/?overdue=true&service=repairs&year=2026")
    ways_out = dict(
        re.findall(
            r'class="app-chosen__one"\s+href="([^"]+)"><span class="govuk-visually-hidden">Remove </span>([^<]+)', html
        )
    )
    assert ways_out == {
        "/recommendations/?service=repairs&amp;year=2026": "Late",
        "/recommendations/?overdue=true&amp;year=2026": "Repairs",
        "/recommendations/?overdue=true&amp;service=repairs": "2026",
    }
    assert "<title>Recommendations: Late, Repairs, 2026 -" in client.get(
        "/recommendations/?overdue=true&service=repairs&year=2026"
    ).content.decode().replace("\n", "")
    assert re.search(r"<details[^>]*app-fold[^>]* open>", html)
    assert not re.search(r"<details[^>]*app-fold[^>]* open>", html_of(client, "/recommendations/"))


@pytest.mark.django_db
def test_every_filter_has_a_label_and_shows_what_is_chosen(some, client):
    html = html_of(client, "/recommendations/?overdue=true&service=repairs&year=1999")
    for field in ("standing", "service", "panel", "year", "overdue"):
        assert f'for="filter-{field}"' in html
        assert f'id="filter-{field}"' in html
    assert re.findall(r'<option value="([^"]*)" selected>', html) == ["", "repairs", "", "1999"]
    assert re.search(r'id="filter-overdue"[^>]* checked', html)


@pytest.mark.django_db
def test_an_empty_list_helps(tracker, client):
    assert "Nothing has been asked for yet." in words(client, "/recommendations/")
    records.RecommendationFactory()
    said = words(client, "/recommendations/?year=1999")
    assert "Nothing matches: 1999. Choose less, or show all recommendations" in said
    assert "Download" not in said


@pytest.mark.django_db
@pytest.mark.on_day("2026-11-22")
def test_each_late_promise_tells_who_since_when_why_and_by_when(tracker, client):
    item = promised(days(0))
    services.ask_for_time(recommendation=item, on=days(0), until=days(20), reason="The firm left.")
    decide(services.decide_time, recommendation=item, granted=True, on=days(0))
    said = words(client, "/recommendations/?overdue=true")
    assert "Late by" in said
    assert (
        f"Who must do it {item.owner} First date 2 March 2026 Date now 22 March 2026 Why The firm left. "
        "Said on 2 March 2026, when more time was asked for New date No new date agreed"
    ) in said
    on_its_page = words(client, item.get_absolute_url())
    assert "Late by 8 months Its date has passed" in on_its_page
    assert "First date 2 March 2026 Date now 22 March 2026 Why The firm left." in on_its_page


def promised(target: datetime.date) -> Recommendation:
    item = records.RecommendationFactory(asked_on=DAY)
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=DAY, target=target)
    return Recommendation.objects.get(pk=item.pk)


def refuse_time(item):
    services.ask_for_time(recommendation=item, on=days(1), until=days(90), reason="No staff.")
    decide(services.decide_time, recommendation=item, granted=False, on=days(2), reason="You have staff.")


def ask_for_time(item):
    services.ask_for_time(recommendation=item, on=days(1), until=days(90), reason="No staff.")


def be_sent_back(item):
    services.claim_done(recommendation=item, on=days(1), evidence="A photo.")
    decide(services.send_back, recommendation=item, on=days(2), reason="Two are missing.")


def note(item, **fields):
    services.add_note(recommendation=item, on=days(3), title="Rain", text="It rained.", **fields)


WHY = {
    "nothing said": ([], NO_REASON, None, NO_DATE),
    "time asked for": ([ask_for_time], "No staff.", None, f"{NO_DATE}. The landlord asks for 31 May 2026"),
    "time refused": (
        [refuse_time],
        "No staff.",
        None,
        f"{NO_DATE}. The landlord asked for 31 May 2026 and was told no",
    ),
    "sent back": ([be_sent_back], "Two are missing.", None, NO_DATE),
    "a note": ([note], "It rained.", "It rained.", NO_DATE),
    "a note since": (
        [refuse_time, note],
        "No staff.",
        "It rained.",
        f"{NO_DATE}. The landlord asked for 31 May 2026 and was told no",
    ),
    "a note for staff": ([lambda item: note(item, is_public=False)], NO_REASON, None, NO_DATE),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", WHY)
def test_the_last_known_reason_is_told_and_no_date_is_invented(home, case):
    happened, reason, heard, expected = WHY[case]
    item = promised(days(5))
    for step in happened:
        step(item)
    item = Recommendation.objects.get(pk=item.pk)
    assert lateness_of(item.tracking, days(5)) is None
    late = lateness_of(item.tracking, days(6))
    assert (late.days, late.first, late.due) == (1, days(5), days(5))
    assert (late.reason, late.heard and late.heard.words, late.expected) == (reason, heard, expected)


@pytest.mark.django_db
def test_a_late_answer_is_owed_since_the_day_it_was_due(home):
    item = records.RecommendationFactory(tracking__answer_due=days(5))
    late = lateness_of(item.tracking, days(6))
    assert (late.days, late.first, late.due, late.reason) == (1, days(5), days(5), NO_REASON)
