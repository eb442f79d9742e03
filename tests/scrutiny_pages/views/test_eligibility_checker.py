"""The eligibility checker: questions from the panel's statements, results and no storage (W24, H 4.1, K 4.3)."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from cms.core.models import SiteSettings
from scrutiny_pages.models import EligibilityStatement
from scrutiny_pages.starters import reader
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

STATEMENTS = ["I rent from the landlord.", "I owe no rent."]


@pytest.fixture
def page(home):
    form = pages.StandardPageFactory(title="Apply here", slug="apply-here")
    page = pages.PanelPageFactory(panel__slug="us", panel__recruiting=True, apply_page=form)
    page.panel.eligibility = [EligibilityStatement(statement=words) for words in STATEMENTS]
    page.panel.save()
    settings = SiteSettings.for_site(home.get_site())
    settings.phone, settings.team_name = "03069 990 142", "The listening team"
    settings.save()
    return page


def sent(page, *answers: str) -> dict:
    names = [f"statement-{item.pk}" for item in page.panel.eligibility.all()]
    return {name: answer for name, answer in zip(names, answers, strict=False) if answer}


ADDRESS = "/panels/us/could-i-join/"


def test_the_panel_leads_to_it_and_it_asks_each_statement(page, client):
    assert ADDRESS in client.get(page.get_url()).content.decode()
    asked = client.get(ADDRESS).content.decode()
    assert all(words in asked for words in STATEMENTS)
    assert "There is a problem" not in asked


@pytest.mark.parametrize(
    ("answers", "said", "ruled_out_by", "may_apply"),
    [
        (("yes", "yes"), "Yes, you could join", [], True),
        (("yes", "no"), "You cannot join this panel right now", [1], False),
        (("no", "no"), "You cannot join this panel right now", [0, 1], False),
        (("unsure", "no"), "You cannot join this panel right now", [1], False),
        (("yes", "unsure"), "Let us find out together", [1], True),
    ],
)
def test_what_follows_from_the_answers(page, answers, said, ruled_out_by, may_apply):
    # A browser that checks tokens: none is needed, since nothing changes.
    client = Client(enforce_csrf_checks=True)
    answer = client.post(ADDRESS, sent(page, *answers))
    words = answer.content.decode()
    assert answer.status_code == 200
    assert said in words
    assert [place for place, words_of in enumerate(STATEMENTS) if words_of in words] == ruled_out_by
    assert ("/apply-here/" in words) == may_apply
    assert "The listening team" in words
    assert "tel:03069990142" in words


IF = "If I am not a resident, I gain nothing by it."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("yes", "yes", "not-me"), "Yes, you could join"),
        (("yes", "yes", "yes"), "Yes, you could join"),
        (("yes", "yes", "no"), "Let us find out together"),
        (("yes", "yes", "unsure"), "Let us find out together"),
        (("yes", "no", "not-me"), "You cannot join this panel right now"),
        (("no", "yes", "no"), "You cannot join this panel right now"),
    ],
)
def test_what_does_not_concern_somebody_is_not_held_against_them(page, client, answers, said):
    """Case F14: a tenant who answers no to "If I am not a resident ..." is not turned down for it."""
    page.panel.eligibility.add(EligibilityStatement(statement=IF, concerns_some=True))
    page.panel.save()
    asked = client.get(ADDRESS).content.decode()
    assert asked.count("This is not about me") == 1
    words = client.post(ADDRESS, sent(page, *answers)).content.decode()
    assert said in words
    assert (IF in words) == (said == "Let us find out together")
    assert ("/apply-here/" in words) == ("cannot" not in said)


def test_only_what_does_not_concern_everybody_can_be_answered_so(page, client):
    assert client.post(ADDRESS, sent(page, "yes", "not-me")).status_code == 400


@pytest.mark.parametrize("starter", [starter.name for starter in reader.read_all()])
def test_each_if_of_a_starter_is_one_that_does_not_concern_everybody(starter):
    """Case F14, its kind: in all five arrangements, and nowhere else."""
    for panel in reader.read(starter).rows("panels"):
        for said in panel.get("eligibility", []):
            words, some = (said["statement"], said["concerns_some"]) if isinstance(said, dict) else (said, False)
            assert words.startswith("If ") == some, (panel["slug"], words)


@pytest.mark.parametrize("recruiting", [True, False])
def test_a_panel_that_wants_nobody_now_says_so_and_when_it_meets(page, client, recruiting):
    page.panel.recruiting = recruiting
    page.panel.save()
    meeting = records.MeetingFactory(panel=page.panel, theme="Come and listen")
    words = client.post(ADDRESS, sent(page, "yes", "yes")).content.decode()
    assert ("not looking for members at the moment" in words) != recruiting
    assert ("/apply-here/" in words) == recruiting
    assert meeting.get_absolute_url() in words


def test_a_missing_answer_is_asked_for_again_and_the_others_are_kept(page, client):
    answer = client.post(ADDRESS, sent(page, "no"))
    first, second = (f"statement-{item.pk}" for item in page.panel.eligibility.all())
    assert answer.status_code == 422
    assert answer.context["errors"] == [(second, f"Say whether this is true of you: {STATEMENTS[1]}")]
    words = answer.content.decode()
    assert "<title>Error: Could I join" in words
    assert f'href="#{second}"' in words
    assert f'id="{second}"' in words
    assert [option["checked"] for option in answer.context["fields"][0]["options"]] == [False, True, False]
    assert first


@pytest.mark.parametrize("value", ["maybe", "\x00", "yes ", "é" * 9999, "<script>alert(1)</script>"])
def test_an_answer_that_no_button_sends_is_a_400(page, client, value):
    answer = client.post(ADDRESS, sent(page, "yes", value))
    assert answer.status_code == 400
    assert b"alert(1)</script>" not in answer.content


@pytest.mark.parametrize("answers", [("yes", "yes"), ("yes", "no"), ("no", "")])
def test_nothing_is_kept_anywhere(page, client, answers):
    answer = client.post(ADDRESS, sent(page, *answers))
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Location" not in answer
    assert not Session.objects.exists()
    # An answer in an address is not read, so none can be passed on in a link.
    asked = client.get(ADDRESS, sent(page, "yes", "no"))
    assert not any(option["checked"] for field in asked.context["fields"] for option in field["options"])


@pytest.mark.parametrize("hide", ["panel", "statements"])
def test_there_is_none_for_a_hidden_panel_or_one_that_asks_nothing(page, client, hide):
    if hide == "panel":
        page.panel.live = False
    else:
        page.panel.eligibility = []
    page.panel.save()
    answer = client.get(ADDRESS)
    # What asks nothing still has its way to apply, on the panel's own page.
    assert (answer.status_code, answer.get("Location")) == {
        "panel": (404, None),
        "statements": (302, f"{page.url}#could-i-join"),
    }[hide]
    assert client.post(ADDRESS, {}).status_code == answer.status_code
    assert client.put(ADDRESS).status_code == 405
