"""A form on one page, over HTTP."""

import datetime
import re
import uuid

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from cms.core.models import SiteSettings
from forms.answers.versions import ensure_version
from forms.models import FormPage, Submission
from forms.submission.views import ask
from tests.factories.forms import FormPageFactory, question, republish, section
from tests.factories.records import PanelFactory
from tests.forms.conftest import hidden

pytestmark = pytest.mark.django_db


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def test_the_whole_way(form_page, client):
    page = client.get(form_page.get_url())
    assert page.status_code == 200
    data = {"q-why": "To help", "key": hidden(page, "key"), "version": hidden(page, "version")}
    response = client.post(form_page.get_url(), data)
    sent = Submission.objects.get()
    assert response.status_code == 303
    assert response["Location"] == reverse("form_received", args=[sent.token])
    assert sent.answers == {"why": "To help"}
    for _reload in range(2):
        confirmation = client.get(response["Location"])
        assert confirmation.status_code == 200
        assert sent.reference in confirmation.content.decode()
        assert "We telephone you within ten days." in confirmation.content.decode()
        assert "To help" not in confirmation.content.decode()
    assert Submission.objects.count() == 1


def test_sending_twice_is_sending_once(form_page, post):
    key = uuid.uuid4().hex
    responses = [post(form_page, {"q-why": "To help", "key": key}) for _ in range(3)]
    assert {response.status_code for response in responses} == {303}
    assert len({response["Location"] for response in responses}) == 1
    assert Submission.objects.count() == 1


def test_going_back_to_change_an_answer_says_which_one_was_kept(form_page, post, client):
    key = uuid.uuid4().hex
    post(form_page, {"q-why": "First", "key": key})
    response = post(form_page, {"q-why": "Second", "key": key})
    assert Submission.objects.get().answers == {"why": "First"}
    assert "We kept what you sent first" in client.get(response["Location"]).content.decode()


def test_a_second_click_after_the_form_closed_still_gets_its_reference(form_page, post):
    key = uuid.uuid4().hex
    first = post(form_page, {"q-why": "To help", "key": key})
    FormPage.objects.filter(pk=form_page.pk).update(closes_on=days(-1))
    again = post(form_page, {"q-why": "To help", "key": key})
    assert (again.status_code, again["Location"]) == (303, first["Location"])


def test_a_key_from_another_form_asks_to_send_again_and_loses_nothing(form_page, post):
    key = uuid.uuid4().hex
    other = FormPageFactory()
    post(other, {"q-why": "Elsewhere", "key": key})
    response = post(form_page, {"q-why": "To help", "key": key})
    assert response.status_code == 422
    assert "To help" in response.content.decode()
    assert hidden(response, "key") != key
    assert post(form_page, {"q-why": "To help", "key": hidden(response, "key")}).status_code == 303
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", [None, "", "nonsense", "\x00" * 32, "A" * 32, "a" * 1000, str(uuid.UUID(int=7))])
def test_without_a_sound_key_nothing_is_stored_and_the_answers_are_kept(form_page, post, key):
    response = post(form_page, {"q-why": "To help", "key": key})
    assert response.status_code == 422
    assert Submission.objects.count() == 0
    assert "To help" in response.content.decode()
    assert "Check your answers and send it again" in response.content.decode()
    assert re.fullmatch("[0-9a-f]{32}", hidden(response, "key"))


def test_what_is_wrong_is_said_first_and_leads_to_its_box(post):
    form = FormPageFactory(questions=[question("who", "name"), question("why", "long_text")])
    response = post(form, {"q-who-title": "Ada", "q-why": "Because\n<b>I</b> care"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: " in page
    assert '<a href="#q-who-first_name">Enter your name</a>' in page
    assert 'id="q-who-first_name"' in page
    assert 'value="Ada"' in page
    assert "Because\n&lt;b&gt;I&lt;/b&gt; care" in page
    assert Submission.objects.count() == 0


def test_the_key_survives_a_mistake(form_page, post):
    """A corrected form that is sent twice is still stored once."""
    key = uuid.uuid4().hex
    assert hidden(post(form_page, {"q-why": "", "key": key}, follow=True), "key") == key


def test_answers_belong_to_the_version_that_was_shown(form_page, post):
    ensure_version(form_page)
    republish(form_page, sections=[section(question("why", label="New words"), question("extra"))])
    assert post(form_page, {"q-why": "To help", "version": "1"}).status_code == 303
    assert Submission.objects.get().version.number == 1


@pytest.mark.parametrize("version", [None, "", "0", "99", "-1", "x", "\x00", "9" * 30, "\u0661"])
def test_an_unknown_version_means_the_present_one(form_page, post, version):
    assert post(form_page, {"q-why": "To help", "version": version}).status_code == 303
    assert Submission.objects.get().version == ensure_version(form_page)


def test_a_version_of_another_form_is_not_taken(form_page, post):
    other = FormPageFactory(questions=[question("else")])
    ensure_version(other)
    republish(other, title="Again")
    assert ensure_version(other).number == 2
    assert post(form_page, {"q-why": "To help", "version": "2"}).status_code == 303
    assert Submission.objects.get().version.form_id == form_page.pk


ELIGIBLE = question("home", "eligibility", ruled_out="no", words="<p>This panel is for residents.</p>")


def test_a_person_who_is_ruled_out_reads_why_and_nothing_is_kept(post):
    form = FormPageFactory(questions=[ELIGIBLE, question("why")], other_ways="<p>Ring us.</p>")
    response = post(form, {"q-home": "no", "q-why": ""})
    page = response.content.decode()
    assert response.status_code == 200
    assert "This panel is for residents." in page
    assert "Ring us." in page
    assert Submission.objects.count() == 0


def test_a_slip_in_who_can_apply_can_be_put_right(post):
    form = FormPageFactory(questions=[ELIGIBLE, question("why")])
    stop = post(form, {"q-home": "no", "q-why": "To help"})
    assert hidden(stop, "q-why") == "To help"
    back = post(form, {"q-home": "no", "q-why": "To help", "change": "1", "key": hidden(stop, "key")})
    assert back.status_code == 200
    assert 'value="To help"' in back.content.decode()
    assert "There is a problem" not in back.content.decode()
    assert post(form, {"q-home": "yes", "q-why": "To help", "key": hidden(back, "key")}).status_code == 303
    assert Submission.objects.get().answers == {"why": "To help"}


@pytest.mark.parametrize(
    ("opens", "closes", "is_open", "words"),
    [
        (None, None, True, ""),
        (0, 0, True, ""),
        (-5, 5, True, ""),
        (1, None, False, "opens on"),
        (None, -1, False, "closed on"),
    ],
)
def test_the_first_and_the_last_day_count(post, client, opens, closes, is_open, words):
    dates = {"opens_on": None if opens is None else days(opens), "closes_on": None if closes is None else days(closes)}
    form = FormPageFactory(other_ways="<p>Ring us.</p>", **dates)
    shown, sent = client.get(form.get_url()), post(form, {"q-why": "To help"})
    assert shown.status_code == 200
    assert sent.status_code == (303 if is_open else 409)
    assert Submission.objects.count() == is_open
    assert (b'name="q-why"' in shown.content) == is_open
    assert words in shown.content.decode()
    if not is_open:
        assert b"<form method=" not in sent.content
        assert b"Ring us." in shown.content


def test_words_typed_while_the_form_closed_can_be_copied(client, post):
    asks = [
        question("who", "name"),
        question("why", "long_text"),
        question("which", "panel_choice"),
        question("f", "file"),
    ]
    form = FormPageFactory(questions=[ELIGIBLE, *asks])
    shown = client.get(form.get_url())
    # Even if other questions are asked by then.
    republish(form, sections=[section(question("new"))], closes_on=days(-1))
    panel = PanelFactory(name="Repairs panel")
    typed = {"q-home": "yes", "q-who-first_name": "Ada", "q-why": "Line 1\n<b>Line 2</b>", "q-which": panel.pk}
    closed = post(form, typed | {"version": hidden(shown, "version"), "q-f-kept": "a" * 32})
    words = closed.content.decode()
    assert closed.status_code == 409
    assert "closed on" in words
    assert "This was not sent" in words
    for kept in ("Ada", "Line 1<br>&lt;b&gt;Line 2&lt;/b&gt;", "Repairs panel", "Label of why"):
        assert kept in words
    assert "a" * 32 not in words
    assert Submission.objects.count() == 0
    assert "What you wrote" not in client.get(form.get_url()).content.decode()


def test_help_in_other_formats_is_offered_on_every_form(client, form_page):
    settings = SiteSettings.for_site(Site.objects.get())
    settings.other_formats = "Ask us for large print."
    settings.save()
    two = FormPageFactory(sections=[section(question("a")), section(question("b"), section_id="s2")])
    for form in (form_page, two):
        page = client.get(form.get_url()).content.decode()
        assert "Ask us for large print." in page.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(form_page, client, method):
    assert getattr(client, method)(form_page.get_url()).status_code == 405


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_confirmation_only_shows(client, method):
    assert getattr(client, method)(reverse("form_received", args=[uuid.uuid4()])).status_code == 405


@pytest.mark.parametrize("token", ["x", "1", str(uuid.UUID(int=7)), "%00"])
def test_a_confirmation_of_nothing_is_not_found(client, token):
    assert client.get(f"/forms/received/{token}/").status_code in (400, 404)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b'{"q-why": {"deep": [[[]]]}}', "application/json"),
        (b"\x00\xff\xfe", "application/octet-stream"),
        (b"", ""),
        (b"q-why=a", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"q-why=a", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="q-why"\r\n\r\n\xed\xa0\x80\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
        (b"q-why=%ED%A0%80%00&q-why=b&key=%00&version=%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"q-why=a" for _ in range(11_000)), "application/x-www-form-urlencoded"),
        (b"q-why=" + b"a" * 11_000_000, "application/x-www-form-urlencoded"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_an_odd_body_is_refused_and_nothing_is_stored(form_page, client, body, content_type):
    client.raise_request_exception = False
    response = client.generic("POST", form_page.get_url(), body, content_type=content_type)
    assert 400 <= response.status_code < 500
    assert Submission.objects.count() == 0


def test_nine_megabytes_are_answered_at_the_box_and_kept(form_page, post):
    long = "a" * 9_000_000
    response = post(form_page, {"q-why": long})
    assert response.status_code == 422
    assert "200 characters or fewer" in response.content.decode()
    assert long in response.content.decode()


def test_without_the_safety_token_nothing_is_taken(form_page):
    response = Client(enforce_csrf_checks=True).post(form_page.get_url(), {"q-why": "a", "key": uuid.uuid4().hex})
    assert response.status_code == 403
    assert Submission.objects.count() == 0


def test_nothing_personal_is_kept_on_the_way(form_page, post, client):
    """No proxy or browser stores the form with its token and key, a half-filled one, or the reference."""
    done = post(form_page, {"q-why": "To help"})
    responses = [client.get(form_page.get_url()), post(form_page, {"q-why": ""}), done, client.get(done["Location"])]
    assert {response["Cache-Control"] for response in responses} == {"private, no-store"}


def test_answers_never_reach_an_error_report(form_page, rf):
    request = rf.post(form_page.get_url(), {"q-why": "private"})
    form_page.serve(request)
    assert request.sensitive_post_parameters == "__ALL__"


def test_a_longer_form_costs_no_more_queries(client, django_assert_max_num_queries):
    """The same number for 2 questions and for 20; see also the number itself, which has no reason to grow."""
    counts = []
    for number in (2, 20):
        form = FormPageFactory(questions=[question(f"q{at}") for at in range(number)])
        client.get(form.get_url())  # makes the version
        with django_assert_max_num_queries(40) as queries:
            assert client.get(form.get_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_form_that_was_just_unpublished_is_not_found(form_page, rf):
    """It was live when the URL was routed, and no longer when it is served."""
    FormPage.objects.filter(pk=form_page.pk).update(live=False)
    request = rf.get("/")
    with pytest.raises(Exception, match="not published"):
        ask(form_page, request)


def test_typed_keys_are_read_from_the_form_only(form_page, client):
    """A URL cannot fill in or send a form."""
    address = f"{form_page.get_url()}?{QueryDict('q-why=a').urlencode()}&key={uuid.uuid4().hex}"
    page = client.get(address)
    assert page.status_code == 200
    assert Submission.objects.count() == 0
