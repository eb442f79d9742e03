"""Search: one list over everything public, by kind, best first, and nothing that is private."""

import datetime

import pytest
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import PageViewRestriction

from cms.core.models import SiteSettings
from cms.core.search import marked, snippet, stem
from home.models import Navigation
from home.search import KINDS
from scrutiny_pages.enums import Answer
from tests.factories import pages, records

PAST = timezone.now() - datetime.timedelta(days=30)


@pytest.fixture
def ask(home, client):
    """Search as an anonymous user; return the page."""

    def asked(words: str, **more):
        response = client.get("/search/", {"q": words, **more})
        assert response.status_code == 200
        return response

    return asked


def titles(response) -> list[str]:
    return [str(result.title).replace("<mark>", "").replace("</mark>", "") for result in response.context["results"]]


def make_one_of_each() -> dict[str, str]:
    """Create a public object of every kind with one word in it; return each kind's title."""
    body = [("text", "<p>The lift broke.</p>")]
    came_out = datetime.datetime(2025, 8, 7, 23, 30, tzinfo=datetime.UTC)  # the 8th in London
    agreed = datetime.date(2025, 4, 20)
    report = pages.ReportPageFactory(title="A report", body=body, agreed_on=agreed, first_published_at=came_out)
    pages.NewsletterPageFactory(title="A letter", body=body)
    pages.OutcomePageFactory(title="An outcome", you_said="The lift broke.")
    pages.ReviewPageFactory(title="A review", why="The lift broke.")
    pages.PanelPageFactory(title="A panel", panel__purpose="Looks at every lift.")
    pages.StandardPageFactory(title="A page", body=body)
    records.RecommendationFactory(title="Mend it", text="The lift broke.", report=report)
    records.MeetingFactory(theme="A meeting", starts_at=PAST, minutes="<p>A lift.</p>", minutes_agreed_on=PAST.date())
    return {
        "reports": "A report",
        "recommendations": "Mend it",
        "meetings": "A meeting",
        "outcomes": "An outcome",
        "reviews": "A review",
        "panels": "A panel",
        "newsletters": "A letter",
        "pages": "A page",
    }


def test_every_kind_is_found_in_one_list_and_alone(ask):
    made = make_one_of_each()
    assert set(made) == set(KINDS)
    everything = ask("lifts")
    assert sorted(titles(everything)) == sorted(made.values())
    filters = {row["name"]: row for row in everything.context["filters"]}
    assert filters["All"]["number"] == len(made)
    assert filters["All"]["is_current"]
    for key, title in made.items():
        row = filters[KINDS[key].name]
        assert (row["number"], row["url"]) == (1, f"?q=lifts&type={key}")
        only = ask("lifts", type=key)
        assert titles(only) == [title]
        # The counts and the words stay while one kind is looked at.
        assert [row["number"] for row in only.context["filters"]] == [8, *[1] * 8]
        assert f"1 result for “lifts” in {KINDS[key].name}" in " ".join(only.content.decode().split())


def test_a_result_says_what_it_is_when_and_where_it_stands(ask):
    make_one_of_each()
    words = " ".join(ask("lift").content.decode().split())
    assert '<span class="app-found__kind">Report</span> <span>Published 8 August 2025</span>' in words
    assert '<span class="app-found__kind">Recommendation 2026-03/' in words
    assert "<span>Asked for on 10 March 2026</span>" in words
    assert "Waiting for an answer" in words
    assert "The <mark>lift</mark> broke." in words
    assert '<meta name="robots" content="noindex">' in words


def expired_page():
    pages.StandardPageFactory(title="Zebra", expire_at=PAST)


def restricted_page():
    page = pages.StandardPageFactory(title="Zebra")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def under_a_draft():
    above = pages.StandardPageFactory(live=False)
    pages.StandardPageFactory(title="Zebra", parent=above)


def minutes_withdrawn():
    meeting = records.MeetingFactory(starts_at=PAST, minutes="<p>Zebra</p>", minutes_agreed_on=PAST.date())
    meeting.minutes_agreed_on = None
    meeting.save()


def decision_before_the_minutes():
    meeting = records.MeetingFactory(starts_at=PAST)
    meeting.decisions = [meeting.decisions.model(text="Buy a zebra")]
    meeting.save()


HIDDEN = {
    "a draft page": lambda: pages.StandardPageFactory(title="Zebra", live=False),
    "an expired page": expired_page,
    "a restricted page": restricted_page,
    "a page under a draft": under_a_draft,
    "the page of a draft panel": lambda: pages.PanelPageFactory(title="Zebra", panel__live=False),
    "a draft recommendation": lambda: records.RecommendationFactory(title="Zebra", live=False),
    "an expired recommendation": lambda: records.RecommendationFactory(title="Zebra", expire_at=PAST),
    "one of a draft report": lambda: records.RecommendationFactory(
        title="Zebra", report=pages.ReportPageFactory(live=False)
    ),
    "a private meeting": lambda: records.MeetingFactory(theme="Zebra", is_public=False),
    "minutes not agreed": lambda: records.MeetingFactory(starts_at=PAST, minutes="<p>Zebra</p>"),
    "minutes no longer agreed": minutes_withdrawn,
    "a decision before the minutes": decision_before_the_minutes,
}


@pytest.mark.parametrize("made", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_public_is_not_found(ask, made):
    made()
    found = ask("zebra")
    assert not titles(found)
    assert [row["number"] for row in found.context["filters"]] == [0]


def test_a_snippet_holds_no_minutes_that_are_not_agreed(ask):
    meeting = records.MeetingFactory(theme="Zebra", starts_at=PAST, minutes="<p>Giraffe</p>")
    assert "Giraffe" not in ask("zebra").content.decode()
    meeting.minutes_agreed_on = PAST.date()
    meeting.decisions = [meeting.decisions.model(text="Buy an okapi")]
    meeting.save()
    assert "<mark>Giraffe</mark>" in ask("giraffes").content.decode()
    assert "<mark>okapi</mark>" in ask("okapi").content.decode()


def test_a_panel_is_found_by_its_new_words(ask):
    panel = pages.PanelPageFactory(title="Repairs", panel__purpose="Horses").panel
    panel.purpose = "Zebras"
    panel.save()
    assert (titles(ask("zebra")), titles(ask("horses"))) == (["Repairs"], [])


def test_a_reference_finds_its_recommendation_first(ask):
    wanted = records.RecommendationFactory(series="2026-03", number=4, title="Wanted")
    records.RecommendationFactory(series="2026-03", number=14, title="Another, of 4")
    records.RecommendationFactory(series="2026-03", number=5, title="2026 03 4, 2026 03 4, 2026 03 4", live=False)
    assert titles(ask("2026-03/4"))[0] == "Wanted"
    assert titles(ask("what about 2026-03/4?"))[0] == "Wanted"
    assert len(titles(ask("2026-03"))) == 2
    wanted.live = False
    wanted.save()
    assert "Wanted" not in titles(ask("2026-03/4"))


def test_a_word_in_a_title_weighs_more(ask):
    long = "An animal of the plains, which we saw there and told everybody about."
    pages.ReportPageFactory(title="Something else", body=[("text", f"<p>The zebra. {long}</p>")])
    pages.ReportPageFactory(title="The zebra", body=[("text", f"<p>{long}</p>")])
    assert titles(ask("zebra")) == ["The zebra", "Something else"]


def test_what_was_found_and_done_comes_before_pages_that_only_lead_to_it(ask):
    pages.ReportPageFactory(title="Zebra")
    pages.StandardPageFactory(title="Zebra")
    assert [result.what for result in ask("zebra").context["results"]] == ["Report", "Page"]


def test_an_easy_read_version_says_so(ask):
    pages.EasyReadPageFactory(title="Zebra")
    assert [result.what for result in ask("zebra").context["results"]] == ["Easy Read"]


def test_more_than_a_page_is_paged_and_keeps_what_was_asked(ask, client):
    for n in range(12):
        records.RecommendationFactory(title=f"Zebra {n}", tracking__answer=Answer.ACCEPTED)
    first, second = ask("zebra", type="recommendations"), ask("zebra", type="recommendations", page="2")
    assert (len(titles(first)), len(titles(second))) == (10, 2)
    assert not set(titles(first)) & set(titles(second))
    assert "?q=zebra&amp;type=recommendations&amp;page=2" in first.content.decode()
    assert client.get("/search/?q=zebra&page=3").status_code == 404


@pytest.mark.parametrize("kind", ["nothing", "Reports", "0", "<b>", "reports "])
def test_a_kind_that_does_not_exist_is_a_400(home, client, kind):
    assert client.get("/search/", {"q": "x", "type": kind}).status_code == 400


ODD = (
    '"; \'; "zebra; zebra AND; NOT zebra; zebra*; title:zebra; NEAR(b); (; -; _ _; the; é ß İ; 🦓; %; \\; {{ 7 }}; 1/1'
)


@pytest.mark.parametrize(
    "typed", [*ODD.split("; "), "x" * 3000, "word " * 600, "x'; DROP TABLE x; --", "\u0301 \u200d"]
)
def test_odd_words_are_words(ask, typed):
    pages.StandardPageFactory(title="Zebra")
    ask(typed)


def test_nothing_found_helps_onward(ask):
    settings = SiteSettings.for_site(pages.make_home().get_site())
    settings.phone = "01632 960 000"
    settings.save()
    pages.TrackerPageFactory()
    area = records.ServiceAreaFactory(name="Lifts", slug="lifts")
    records.ServiceAreaFactory(name="Unasked")
    records.RecommendationFactory(service_areas=[area])
    words = " ".join(ask("<i>okapi").content.decode().split())
    assert "We found nothing for “&lt;i&gt;okapi”" in words
    assert 'href="/recommendations/?service=lifts"' in words
    assert "Unasked" not in words
    assert "Or call us on 01632 960 000" in words


def test_the_box_says_search_and_there_is_something_to_look_through_before_anything_is_asked(ask):
    target = pages.TrackerPageFactory()
    navigation = Navigation.for_site(target.get_site())
    navigation.main = [("link", {"page": target, "url": "", "label": "Everything we asked for"})]
    navigation.save()
    records.RecommendationFactory(service_areas=[records.ServiceAreaFactory(name="Lifts", slug="lifts")])
    words = " ".join(ask("").content.decode().split())
    assert '<label for="page-search" class="govuk-visually-hidden">Search</label>' in words
    assert "Or look through" in words
    assert 'href="/recommendations/?service=lifts"' in words
    assert "We found nothing" not in words
    assert '<label for="page-search" class="govuk-visually-hidden">Search again</label>' in ask("x").content.decode()


def test_nothing_of_one_kind_leads_to_what_there_is(ask):
    pages.StandardPageFactory(title="Zebra")
    words = ask("zebra", type="reports").content.decode()
    assert "Nothing in Reports" in words
    assert 'href="?q=zebra">See all that we found' in words


def test_what_is_found_is_marked_and_everything_is_escaped(ask):
    title = 'Zebra <script>alert("1")</script>'
    records.RecommendationFactory(title=title, text="<b>zebras</b> & more")
    words = ask("zebra").content.decode()
    assert f"<mark>Zebra</mark>{escape(title.removeprefix('Zebra'))}" in words
    assert "&lt;b&gt;<mark>zebras</mark>&lt;/b&gt; &amp; more" in words


@pytest.mark.parametrize(
    "forms",
    [
        "repair repairs repaired repairing",
        "giraffe giraffes",
        "home homes",
        "policy policies",
        "stop stopped",
        "call calls",
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_a_snippet_is_short_and_shows_the_word():
    text = "Nothing much. " * 40 + "Then a zebra came. " + "And went. " * 40
    shown = snippet(text, "zebras")
    assert "Then a <mark>zebra</mark> came." in shown
    assert len(shown) < 250
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert snippet("A zebra.", "zebra") == "A <mark>zebra</mark>."
    assert "zebra" in snippet("x" * 300 + " zebra", "zebra")
    assert marked("A & e", "e") == "A &amp; <mark>e</mark>"


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Siân", "Sian"), ("Sian", "Siân"), ("SIÂN", "sian"), ("Café", "cafe"), ("Łódź", "Łodz"), ("Hafan-y-Môr", "mor")],
)
def test_case_p1_a_word_is_found_with_its_accents_or_without(ask, written, typed):
    pages.StandardPageFactory(title=f"A day with {written}")

    found = ask(typed)

    assert titles(found) == [f"A day with {written}"]
    assert "<mark>" in str(found.context["results"][0].title)


def test_case_p1_forms_of_a_word_with_accents_are_one():
    assert stem("résumés") == stem("resume")
    assert marked("Siân and Sian", "sian") == "<mark>Siân</mark> and <mark>Sian</mark>"
