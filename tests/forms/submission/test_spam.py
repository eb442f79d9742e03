"""Spam is quarantined and floods are throttled; neither loses anything."""

import time

import pytest
from django.test import RequestFactory
from post_office.models import Email

from forms.answers.throttling import address_of
from forms.models import Submission
from forms.rules.spam import HONEYPOT, looks_like_spam
from forms.submission.views import opened
from tests.factories.forms import FormPageFactory, question, section


@pytest.mark.parametrize(
    ("answers", "honeypot", "seconds", "is_spam"),
    [
        ({"a": "To help"}, "", 60, False),
        ({"a": "To help"}, "", 0, False),
        ({"a": "To help"}, "", None, False),
        ({"a": "To help"}, "x", 60, True),
        ({"a": "See https://example.org"}, "", 60, False),
        ({"a": "See https://example.org"}, "", 1, True),
        ({"a": "See https://example.org"}, "", None, False),
        ({"a": "http://a http://b www.c"}, "", 60, False),
        ({"a": "http://a http://b", "b": {"details": "www.c"}, "c": ["[url=d]"]}, "", 60, True),
        ({"a": True, "b": None, "c": 3}, "", 60, False),
    ],
)
def test_what_looks_like_spam(answers, honeypot, seconds, is_spam):
    assert looks_like_spam(answers, honeypot=honeypot, seconds=seconds) is is_spam


@pytest.mark.django_db
def test_spam_gets_a_reference_and_is_set_aside(form_page, post, client):
    form_page.team_mailbox = "team@example.org"
    form_page.save()
    done = post(form_page, {"q-why": "Buy now", HONEYPOT: "x"})
    assert done.status_code == 303
    sent = Submission.objects.get()
    assert sent.case.is_quarantined
    assert not Email.objects.exists()
    assert sent.reference in client.get(done["Location"]).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "is_spam"), [(0, True), (60, False)])
def test_a_quick_one_with_a_link_is_set_aside(form_page, post, age, is_spam):
    post(form_page, {"q-why": "http://a.example", "opened": opened.sign(str(int(time.time()) - age))})
    assert Submission.objects.get().case.is_quarantined is is_spam


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "x", "0", "99999999999", "\x00", "1:x", "é:é"])
def test_an_hour_that_is_forged_counts_for_nothing(form_page, post, forged):
    assert post(form_page, {"q-why": "http://a.example", "opened": forged}).status_code == 303
    assert not Submission.objects.get().case.is_quarantined


@pytest.mark.django_db
def test_the_box_for_machines_is_on_every_page_that_sends(client, form_page):
    assert f'name="{HONEYPOT}"' in client.get(form_page.get_url()).content.decode()
    form = FormPageFactory(sections=[section(question("a"), section_id="x"), section(question("b"), section_id="y")])
    client.post(f"{form.get_url()}?section=x", {"q-a": "A"})
    client.post(f"{form.get_url()}?section=y", {"q-b": "B"})
    assert f'name="{HONEYPOT}"' in client.get(f"{form.get_url()}?page=check").content.decode()
    client.post(f"{form.get_url()}?page=check", {HONEYPOT: "x"})
    assert Submission.objects.get().case.is_quarantined


@pytest.mark.django_db
def test_a_flood_is_told_whom_to_call_and_loses_nothing(form_page, post, client, settings, home_phone):
    settings.FORM_RATE_LIMIT = 3
    for at in range(3):
        assert post(form_page, {"q-why": f"{at}"}).status_code == 303
    for forged in ("203.0.113.1", "203.0.113.2, 203.0.113.3", "", "\x00"):
        stopped = post(form_page, {"q-why": "One more"}, headers={"x-forwarded-for": forged})
        assert stopped.status_code == 429
        assert home_phone in stopped.content.decode()
        assert 'value="One more"' in stopped.content.decode()
    assert Submission.objects.count() == 3
    assert post(form_page, {"q-why": "Elsewhere"}, REMOTE_ADDR="203.0.113.200").status_code == 303


@pytest.mark.django_db
def test_sending_the_same_again_is_no_flood(form_page, post, settings):
    settings.FORM_RATE_LIMIT = 1
    first = post(form_page, {"q-why": "A", "key": "a" * 32})
    for _ in range(5):
        assert post(form_page, {"q-why": "A", "key": "a" * 32})["Location"] == first["Location"]


@pytest.mark.django_db
def test_a_flood_of_sections_is_stopped_too(client, settings, home_phone):
    settings.FORM_RATE_LIMIT = 2
    form = FormPageFactory(sections=[section(question("a"), section_id="x"), section(question("b"), section_id="y")])
    answers = []
    for _ in range(3):
        client.cookies.clear()
        answers.append(client.post(f"{form.get_url()}?section=x", {"q-a": "Mine"}))
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 'value="Mine"' in answers[-1].content.decode()
    assert home_phone in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("proxies", "heard", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "unknown"),
        (1, "nonsense", "unknown"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed(settings, proxies, heard, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": heard})
    assert address_of(request) == address
