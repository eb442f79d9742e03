"""Forms through the API: same data, same validation and same service as the page."""

import datetime
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from jsonschema import Draft202012Validator
from post_office.models import Email
from wagtail.models import PageViewRestriction

from forms.answers.throttling import HOUR
from forms.cases import services as case_services
from forms.enums import Audience, Channel, FormKind
from forms.models import Case, FormPage, Submission, Upload
from forms.submission.services import already_sent
from scrutiny_pages.models import Panel
from tests.factories.forms import FormPageFactory, RegimeFactory, question, republish, section
from tests.factories.pages import StandardPageFactory
from tests.factories.records import PanelFactory

pytestmark = pytest.mark.django_db
YES, NO = {"choice": "yes"}, {"choice": "no"}


@pytest.fixture
def form(home) -> FormPage:
    """Return a request form in two sections, with a conditional question."""
    asked = [question("why", label="What would you like to know?"), question("urgent", "yes_no", required=False)]
    when = {"question": "urgent", "answers": "Yes"}
    who = [question("email", "email"), question("until", "date", when=when)]
    return FormPageFactory(
        title="Ask us",
        kind=FormKind.REQUEST,
        regime=RegimeFactory(),
        start="<p>Read this <b>first</b>.</p>",
        sections=[
            section(*asked, section_id="one", title="Your question"),
            section(*who, section_id="two", title="You"),
        ],
    )


ANSWERS = {"why": "How many repairs were late?", "email": "ada@example.org"}


def send(client, form, answers, *, key=None, version=None, **more):
    body = {"answers": answers} | ({"version": version} if version else {})
    headers = {"idempotency-key": str(key or uuid.uuid4())}
    return client.post(
        f"/api/v2/forms/{form.pk}/submissions/", json.dumps(body), "application/json", headers=headers, **more
    )


def test_a_form_is_told_sent_and_followed_without_a_page(form, client):
    listed = client.get("/api/v2/forms/").json()["items"]
    assert [(item["id"], item["title"], item["is_open"]) for item in listed] == [(form.pk, "Ask us", True)]
    payload = client.get(f"/api/v2/forms/{form.pk}/").json()
    assert payload["before_you_start"] == "<p>Read this <b>first</b>.</p>"
    assert [part["title"] for part in payload["sections"]] == ["Your question", "You"]
    assert payload["sections"][1]["questions"][1]["when"] == {"question": "urgent", "is": ["yes"]}
    assert Draft202012Validator(payload["schema"]).is_valid(ANSWERS)

    response = send(client, form, ANSWERS, version=payload["version"])
    assert response.status_code == 201
    sent = Submission.objects.get()
    assert (sent.channel, sent.answers, sent.reference) == (Channel.API, ANSWERS, response.json()["reference"])
    assert response.json()["what_happens_next"] == "<p>We telephone you within ten days.</p>"
    assert response["Location"] == response.json()["status_url"]
    assert Email.objects.get().to == ["ada@example.org"]

    case_services.ask_person(case=sent.case, subject="Which street?", body="Please tell us.")
    own = client.get(response["Location"])
    assert own["Cache-Control"] == "private, no-store"
    now = own.json()
    assert (now["reference"], now["is_waiting"]) == (sent.reference, True)
    assert now["messages"][0]["body"] == "Please tell us."
    assert now["steps"][-1]["date"] == sent.case.received_on.isoformat()
    assert "ada@" not in own.content.decode()
    assert client.get(response.json()["url"]).status_code == 200
    assert client.get(f"/api/v2/submissions/{uuid.uuid4()}/").status_code == 404


def test_sending_twice_is_sending_once(form, client):
    key = uuid.uuid4()
    first = send(client, form, ANSWERS, key=key)
    again = send(client, form, ANSWERS, key=f'"{key.hex.upper()}"')
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    # Also after the form has closed: the answer to the first may never have arrived.
    republish(form, closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert send(client, form, ANSWERS, key=key).status_code == 200
    other = send(client, form, ANSWERS | {"why": "Something else"}, key=key)
    assert other.status_code == 409
    assert first.json()["reference"] not in other.content.decode()
    assert send(client, FormPageFactory(), {"why": "A"}, key=key).status_code == 409
    assert Submission.objects.count() == 1
    assert Email.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "1", "null", "0" * 31, "0f8a3d52-3f0e-4f9e-9d0b-2f6f1f6d7a11x", "é" * 36])
def test_without_a_sound_key_nothing_is_taken(form, client, key):
    answer = client.post(
        f"/api/v2/forms/{form.pk}/submissions/",
        {"answers": ANSWERS},
        "application/json",
        headers={"idempotency-key": key},
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["message"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, {"why": "Enter an answer for “What would you like to know?”", "email": "Enter an email address for"}),
        ({"why": "x" * 201, "email": "ada"}, {"why": "200 characters or fewer", "email": "in the correct format"}),
        (ANSWERS | {"urgent": YES}, {"until": "Enter a date"}),
        (ANSWERS | {"urgent": YES, "until": "2026-02-30"}, {"until": "must be a real date"}),
        (ANSWERS | {"urgent": YES, "until": "soon"}, {"until": ""}),
        (ANSWERS | {"urgent": "yes"}, {"urgent": "not an answer as the schema"}),
        (ANSWERS | {"why": ["A"]}, {"why": "not an answer as the schema"}),
        (ANSWERS | {"colour": "red"}, {"colour": "no such question"}),
        (ANSWERS | {"why": "\x00\u200b"}, {"why": "Enter an answer for"}),
    ],
)
def test_what_is_wrong_is_told_by_question_in_the_words_of_the_page(form, client, answers, errors):
    answer = send(client, form, answers)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == set(errors)
    for name, words in errors.items():
        assert words in answer.json()["errors"][name][0]
    assert not Submission.objects.exists()


def test_what_nobody_can_see_is_taken_off_as_on_the_page(form, client):
    """Cases F4 and F6."""
    typed = {"why": "a\x00b\u00a0c\v", "email": "ada@exam\u00adple.org\u200b", "urgent": NO}
    assert send(client, form, typed).status_code == 201
    assert Submission.objects.get().answers == {"why": "ab c", "email": "ada@example.org", "urgent": NO}


def test_what_is_not_asked_is_not_kept(form, client):
    assert (
        send(client, form, ANSWERS | {"urgent": NO, "until": "2026-12-01", "email": "ada@example.org"}).status_code
        == 201
    )
    assert Submission.objects.get().answers == ANSWERS | {"urgent": NO}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Send one JSON object"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"answers": NaN}', "not JSON"),
        (b'{"answers": {"why": "\\ud800"}}', "not JSON"),
        (b"[]", "Send one JSON object"),
        (b'{"answers": []}', "Send one JSON object"),
        (b'{"answers": {}, "colour": 1}', "Known: answers, version"),
        (b'{"answers": {}, "version": "1"}', "the number of a version"),
        (b'{"answers": {}, "version": true}', "the number of a version"),
        (b'{"answers": {}, "version": 77}', "no such version"),
        (b'{"answers": {"why": "' + b"x" * 1_000_000 + b'"}}', "too long"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_an_odd_body_is_a_400(form, client, body, words):
    answer = client.generic(
        "POST",
        f"/api/v2/forms/{form.pk}/submissions/",
        body,
        "application/json",
        headers={"idempotency-key": str(uuid.uuid4())},
    )
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert not Submission.objects.exists()


def test_what_was_asked_is_what_is_judged(form, client):
    before = client.get(f"/api/v2/forms/{form.pk}/").json()["version"]
    republish(form, sections=[section(question("new"))])
    assert send(client, form, ANSWERS, version=before).status_code == 201
    assert set(send(client, form, ANSWERS).json()["errors"]) == {"why", "email"}


def test_a_form_that_is_not_open_says_so(form, client):
    republish(form, closes_on=timezone.localdate() - datetime.timedelta(days=1), closed_message="We open again in May.")
    payload = client.get(f"/api/v2/forms/{form.pk}/").json()
    assert (payload["is_open"], payload["closed_because"]) == (False, "We open again in May.")
    answer = send(client, form, ANSWERS)
    assert (answer.status_code, answer.json()["message"]) == (409, "We open again in May.")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("audience", [Audience.LINK, Audience.MEMBERS, Audience.STAFF])
def test_only_forms_for_anyone_are_told_of_or_taken(form, client, admin_in, audience):
    republish(form, audience=audience)
    for asker in (client, admin_in):
        assert asker.get("/api/v2/forms/").json()["items"] == []
        assert asker.get(f"/api/v2/forms/{form.pk}/").status_code == 404
        assert send(asker, form, ANSWERS).status_code == 404
    assert not Submission.objects.exists()


def test_who_is_ruled_out_is_told_why_and_nothing_is_kept(client, home):
    form = FormPageFactory(
        questions=[
            question("adult", "eligibility", ruled_out="no", words="<p>You have to be <b>16</b>.</p>"),
            question("why"),
        ]
    )
    answer = send(client, form, {"adult": NO, "why": "A"})
    assert answer.status_code == 422
    assert (answer.json()["message"], answer.json()["ruled_out_by"]) == ("You have to be 16.", "adult")
    assert send(client, form, {"why": "A"}).json()["errors"].keys() == {"adult"}
    assert send(client, form, {"adult": YES, "why": "A"}).status_code == 201
    assert Submission.objects.get().answers == {"why": "A"}


def send_file(client, form, file, name="photo"):
    return client.post(f"/api/v2/forms/{form.pk}/files/", {"question": name} | ({"file": file} if file else {}))


def test_a_file_is_sent_first_and_named_in_the_answers(client, home):
    form = FormPageFactory(questions=[question("photo", "file"), question("why")])
    kept = send_file(client, form, SimpleUploadedFile("../letter.txt", b"Dear all"))
    assert kept.status_code == 201
    assert (kept.json()["name"], kept.json()["size"]) == ("letter.txt", 8)
    assert kept["Cache-Control"] == "private, no-store"
    key = uuid.uuid4()
    for status in (201, 200):
        assert send(client, form, {"photo": [kept.json()], "why": "A"}, key=key).status_code == status
    assert Upload.objects.get().submission == Submission.objects.get()
    # It belongs to one form that was sent, and to no other.
    assert set(send(client, form, {"photo": [kept.json()], "why": "A"}).json()["errors"]) == {"photo"}


@pytest.mark.parametrize(
    ("file", "name", "wrong"),
    [
        (None, "photo", "file"),
        (SimpleUploadedFile("a.txt", b""), "photo", "file"),
        (SimpleUploadedFile("a.html", b"\x7fELF\x02\x01\x01\x00"), "photo", "file"),
        (SimpleUploadedFile("a.txt", b"Dear all"), "why", "question"),
        (SimpleUploadedFile("a.txt", b"Dear all"), "", "question"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(client, home, file, name, wrong):
    form = FormPageFactory(questions=[question("photo", "file"), question("why")])
    answer = send_file(client, form, file, name)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {wrong}
    assert not Upload.objects.exists()


@pytest.mark.parametrize("what", ["FORM_RATE_LIMIT", "UPLOAD_RATE_LIMIT"])
def test_one_address_sends_so_many_and_no_more(client, home, settings, what):
    setattr(settings, what, 1)
    form = FormPageFactory(questions=[question("photo", "file", required=False), question("why")])

    def once():
        if what == "FORM_RATE_LIMIT":
            return send(client, form, {"why": "A"})
        return send_file(client, form, SimpleUploadedFile("a.txt", b"Dear all"))

    assert once().status_code == 201
    stopped = once()
    assert (stopped.status_code, stopped["Retry-After"]) == (429, str(HOUR))
    assert "Try again in an hour" in stopped.json()["message"]


def test_what_looks_like_spam_is_set_aside_and_learns_nothing(form, client):
    links = " ".join(["http://example.com/buy"] * 5)
    plain, spam = send(client, form, ANSWERS), send(client, form, ANSWERS | {"why": links})
    assert (plain.status_code, spam.status_code) == (201, 201)
    assert set(plain.json()) == set(spam.json())
    assert Case.objects.filter(is_quarantined=True).count() == 1
    assert Email.objects.count() == 1
    own, others = client.get(spam["Location"]).json(), client.get(plain["Location"]).json()
    assert (own["now"], own["steps"]) == (others["now"], others["steps"])


class TestAgain:
    """Repeated, concurrent and outdated submissions."""

    @pytest.mark.parametrize(("second", "status"), [(ANSWERS, 200), (ANSWERS | {"why": "Something else"}, 409)])
    def test_of_two_at_once_the_later_is_answered_as_if_it_had_come_later(
        self, form, client, monkeypatch, second, status
    ):
        key = uuid.uuid4()
        assert send(client, form, ANSWERS, key=key).status_code == 201
        # It looked before the first was there.
        monkeypatch.setattr("forms.api.viewsets.already_sent", lambda **about: None)
        assert send(client, form, second, key=key).status_code == status
        assert Submission.objects.count() == 1

    def test_a_quick_retry_with_a_file_is_the_same(self, client, home, monkeypatch):
        form, key = FormPageFactory(questions=[question("photo", "file"), question("why")]), uuid.uuid4()
        kept = send_file(client, form, SimpleUploadedFile("letter.txt", b"Dear all")).json()
        answers = {"photo": [kept], "why": "A"}
        assert send(client, form, answers, key=key).status_code == 201
        looks = iter([lambda **about: None])  # the first look comes too early
        monkeypatch.setattr("forms.api.viewsets.already_sent", lambda **about: next(looks, already_sent)(**about))
        assert send(client, form, answers, key=key).status_code == 200

    @pytest.mark.parametrize("hide", [{"audience": Audience.STAFF}, {"live": False}])
    def test_a_form_that_is_hidden_since_still_says_that_it_was_taken(self, form, client, hide):
        key = uuid.uuid4()
        assert send(client, form, ANSWERS, key=key).status_code == 201
        FormPage.objects.filter(pk=form.pk).update(**hide)
        assert send(client, form, ANSWERS, key=key).status_code == 200
        assert send(client, form, ANSWERS).status_code == 404

    @pytest.mark.parametrize("change", [{"name": "Another name"}, {"live": False}])
    def test_a_record_that_is_renamed_or_hidden_since_is_the_same(self, client, home, change):
        panel, key = PanelFactory(), uuid.uuid4()
        form = FormPageFactory(questions=[question("panel", "panel_choice"), question("why")])
        answers = {"panel": {"pk": panel.pk}, "why": "A"}
        assert send(client, form, answers, key=key).status_code == 201
        Panel.objects.filter(pk=panel.pk).update(**change)
        assert send(client, form, answers, key=key).status_code == 200
        assert send(client, form, answers | {"panel": {"pk": panel.pk + 1}}, key=key).status_code == 409

    def test_a_file_goes_with_the_version_that_asked_for_it(self, client, home):
        form = FormPageFactory(questions=[question("photo", "file"), question("why")])
        republish(form, questions=[question("why")])
        kept = send_file(client, form, SimpleUploadedFile("letter.txt", b"Dear all"))
        assert kept.status_code == 201
        assert send(client, form, {"photo": [kept.json()], "why": "A"}, version=1).status_code == 201
        assert Upload.objects.get().submission


# A name that is given in two ways.
NAMED_TWICE = "form-data; name=file; filename*=utf-8''a; filename*0=b"
PART = f"--x\r\nContent-Disposition: {NAMED_TWICE}\r\n\r\nA\r\n--x--\r\n".encode()


@pytest.mark.parametrize("is_page", [True, False])
def test_a_part_whose_header_nobody_can_read_is_a_400(form, client, is_page):
    address = form.get_url() if is_page else f"/api/v2/forms/{form.pk}/files/"
    assert client.post(address, PART, "multipart/form-data; boundary=x").status_code == 400


@pytest.mark.parametrize(
    ("asked", "answer", "status"),
    [
        (question("a", "number"), 12.0, 201),
        (question("a", "number", decimals=4), 0.0001, 201),
        (question("a", "checkboxes", options="One\nTwo"), ["One"] * 3, 422),
        (question("a", "date"), "2026-02-28-junk", 422),
        (question("a", "date"), "2026-02-28", 201),
    ],
)
def test_an_answer_is_judged_as_its_schema_says(client, home, asked, answer, status):
    form = FormPageFactory(questions=[asked])
    schema = client.get(f"/api/v2/forms/{form.pk}/").json()["schema"]
    if status == 201:
        assert Draft202012Validator(schema).is_valid({"a": answer})
    response = send(client, form, {"a": answer})
    assert response.status_code == status, response.json()


@pytest.mark.parametrize("how", ["login", "staff"])
def test_who_is_ruled_out_is_not_led_to_what_is_private(client, home, how):
    page = FormPageFactory(title="For few", audience=Audience.STAFF) if how == "staff" else StandardPageFactory()
    if how == "login":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    words = "<p>You have to be 16.</p><p>Call us.</p>"
    gate = question("adult", "eligibility", ruled_out="no", words=words, route={"page": page.pk, "label": ""})
    answer = send(client, FormPageFactory(questions=[gate, question("why")]), {"adult": NO, "why": "A"}).json()
    assert "route" not in answer
    assert answer["errors"] == {"adult": ["You have to be 16.\nCall us."]}
