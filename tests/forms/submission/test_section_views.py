"""A form with several sections, over HTTP: one at a time, reviewed, and sent."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from forms.answers.drafts import MAILED, cookie_name
from forms.models import Case, FormPage, SavedForm, Submission
from tests.factories.forms import FormPageFactory, question, republish, section
from tests.factories.records import PanelFactory
from tests.forms.conftest import hidden

pytestmark = pytest.mark.django_db

WORDS = {"label": "Can you come?", "ruled_out": "no", "words": "<p>Ring us instead.</p>"}


def when(block: dict, question_id: str, *answers: str) -> dict:
    """Set a condition on a section or question: one of these answers."""
    return block | {"value": block["value"] | {"when": {"question": question_id, "answers": "\n".join(answers)}}}


@pytest.fixture
def form():
    return FormPageFactory(
        sections=[
            section(question("fits", "eligibility", **WORDS), section_id="first", title="Can you join?"),
            section(question("who", "name"), question("mail", "email", required=False), section_id="you", title="You"),
            section(question("why", label="Why?"), section_id="last", title="Why you"),
        ],
        other_ways="<p>Or by phone.</p>",
    )


@pytest.fixture
def at(client, form):
    """Post to one section, or to another step."""

    def post(section_id: str, *, follow: bool = False, **boxes):
        where = f"section={section_id}" if section_id not in ("check", "save") else f"page={section_id}"
        data = {f"q-{name[2:]}" if name.startswith("q_") else name: value for name, value in boxes.items()}
        return client.post(f"{form.get_url()}?{where}", data, follow=follow)

    return post


def leads_to(response) -> str:
    assert response.status_code == 303, response.content.decode()
    return response["Location"].partition("?")[2]


def filled(at) -> None:
    at("first", q_fits="yes")
    at("you", **{"q-who-first_name": "Ada", "q-who-surname": "Example", "q-mail": "ada@example.org"})
    at("last", q_why="To help")


def test_the_whole_way(client, form, at):
    start = client.get(form.get_url()).content.decode()
    assert "Start now" in start
    assert "Or by phone." in start
    assert "<form" not in start.split("<main")[1]
    first = client.get(f"{form.get_url()}?page=begin", follow=True)
    assert "section 1 of 3" in first.content.decode()
    assert leads_to(at("first", q_fits="yes")) == "section=you"
    wrong = at("you", follow=True, **{"q-who-first_name": "Ada", "q-mail": "ada@"})
    assert wrong.status_code == 200
    assert "<title>Error: " in wrong.content.decode()
    assert 'value="Ada"' in wrong.content.decode()
    assert leads_to(at("you", **{"q-who-first_name": "Ada", "q-who-surname": "Example"})) == "section=last"
    assert leads_to(at("last", q_why="To help")) == "page=check"
    check = client.get(f"{form.get_url()}?page=check")
    words = check.content.decode()
    assert "Ada Example" in words
    assert "?section=last#q-why" in words
    assert "Can you come?" not in words
    done = at("check", key=hidden(check, "key"))
    sent = Submission.objects.get()
    assert done["Location"] == reverse("form_received", args=[sent.token])
    assert sent.answers == {"who": {"first_name": "Ada", "surname": "Example"}, "why": "To help"}
    assert not SavedForm.objects.exists()
    assert Case.objects.count() == 1


def test_sending_it_twice_is_sending_it_once(client, form, at):
    filled(at)
    key = hidden(client.get(f"{form.get_url()}?page=check"), "key")
    places = {at("check", key=key)["Location"] for _ in range(3)}
    client.cookies.clear()
    places.add(at("check", key=key)["Location"])
    assert len(places) == 1
    assert Submission.objects.count() == 1
    assert Email.objects.count() == 1


def test_going_back_after_sending_leads_to_the_reference(client, form, at):
    filled(at)
    at("check")
    for where in ("page=check", "section=last", "page=save"):
        assert "/forms/received/" in client.get(f"{form.get_url()}?{where}")["Location"]
    assert (
        "We kept what you sent first"
        in client.post(f"{form.get_url()}?section=last", {"q-why": "Other"}, follow=True).content.decode()
    )
    # Starting is starting anew.
    assert client.get(f"{form.get_url()}?page=begin", follow=True).status_code == 200
    filled(at)
    at("check")
    assert Submission.objects.count() == 2


def test_changing_one_answer_leads_back_to_the_check(client, form, at):
    filled(at)
    shown = client.get(f"{form.get_url()}?section=last").content.decode()
    assert 'value="To help"' in shown
    assert "There is a problem" not in shown
    assert leads_to(at("last", q_why="To learn")) == "page=check"
    assert "To learn" in client.get(f"{form.get_url()}?page=check").content.decode()


def test_nobody_jumps_over_a_section(client, form, at):
    assert leads_to(client.get(f"{form.get_url()}?section=last")) == "section=first"
    assert leads_to(client.get(f"{form.get_url()}?page=check")) == ""
    at("first", q_fits="yes")
    assert leads_to(client.get(f"{form.get_url()}?section=last")) == "section=you"
    assert leads_to(client.get(f"{form.get_url()}?page=check")) == "section=you"
    assert leads_to(at("check")) == "section=you"
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "where", ["section=nothing", "section=", "section=%FF", "page=nothing", "page=", "page=check&section=x"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_of_nothing_leads_to_where_one_is(client, form, where, method):
    response = getattr(client, method)(f"{form.get_url()}?{where}")
    assert response.status_code in (303, 422)
    assert not Submission.objects.exists()


def test_who_is_ruled_out_reads_why_and_nothing_is_kept(client, form, at):
    stop = at("first", q_fits="no")
    assert stop.status_code == 200
    assert "Ring us instead." in stop.content.decode()
    assert "Or by phone." in stop.content.decode()
    assert not SavedForm.objects.exists()
    back = client.post(f"{form.get_url()}?section=first", {"q-fits": hidden(stop, "q-fits"), "change": "1"})
    assert back.status_code == 200
    assert "There is a problem" not in back.content.decode()


def test_who_passed_and_is_ruled_out_later_cannot_send(client, form, at):
    filled(at)
    assert "Ring us instead." in at("first", q_fits="no").content.decode()
    for answer in (client.get(f"{form.get_url()}?page=check"), client.post(f"{form.get_url()}?page=check")):
        assert answer["Location"].endswith("?section=first")
    assert not Submission.objects.exists()


def test_what_rules_people_out_is_not_even_sealed(at, client, form):
    at("first", q_fits="yes")
    shown = client.get(f"{form.get_url()}?section=first").content.decode()
    assert "checked" not in shown


def test_what_is_kept_cannot_be_read_without_the_secret(client, form, at):
    filled(at)
    row = SavedForm.objects.get()
    secret = client.cookies[cookie_name(form)].value
    stored = bytes(row.sealed) + repr(row.__dict__).encode()
    for private in (b"Ada", b"To help", secret.encode(), b"ada@example.org"):
        assert private not in stored
    cookie = client.cookies[cookie_name(form)]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", form.get_url())
    assert not cookie["secure"]
    assert "Ada" not in str(client.cookies)


def test_the_cookie_is_for_https_alone_where_there_is_https(client, form):
    client.post(f"{form.get_url()}?section=first", {"q-fits": "yes"}, secure=True)
    assert client.cookies[cookie_name(form)]["secure"]


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "-" * 43, "A" * 5000])
def test_a_wrong_secret_opens_nothing(client, form, at, secret):
    filled(at)
    for where in ("?section=you", "?section=last", "?page=check", "?page=save", ""):
        client.cookies[cookie_name(form)] = secret
        answer = client.get(f"{form.get_url()}{where}", follow=True)
        assert answer.status_code in (200, 410)
        assert "Ada" not in answer.content.decode()


def test_a_secret_is_of_one_form(client, form, at):
    filled(at)
    other = FormPageFactory(sections=form.sections.raw_data)
    client.cookies[cookie_name(other)] = client.cookies[cookie_name(form)].value
    assert client.get(f"{other.get_url()}?page=check").status_code == 410


@pytest.mark.parametrize(
    ("method", "where"),
    [
        *(("get", where) for where in ("section=first", "section=last", "page=check", "page=save", "page=saved")),
        *(("post", where) for where in ("page=check", "page=save")),
    ],
)
def test_who_comes_too_late_is_told_and_can_start_again(client, form, at, where, method):
    filled(at)
    SavedForm.objects.update(expires_at=timezone.now())
    # The browser knows that it began, long after we erased it.
    assert client.cookies[cookie_name(form)]["max-age"] > MAILED.total_seconds()
    gone = getattr(client, method)(f"{form.get_url()}?{where}")
    assert gone.status_code == (422 if method == "post" else 410)
    assert "We do not have your answers" in gone.content.decode()
    assert "nobody has touched for two days" in gone.content.decode()
    assert client.cookies[cookie_name(form)].value == ""
    del client.cookies[cookie_name(form)]
    assert client.get(f"{form.get_url()}?section=first").status_code == 200


def test_the_start_tells_who_comes_too_late_once(client, form, at):
    filled(at)
    assert "still here" in client.get(form.get_url()).content.decode()
    SavedForm.objects.update(expires_at=timezone.now())
    assert "so please start again" in client.get(form.get_url()).content.decode()
    del client.cookies[cookie_name(form)]
    assert "start again" not in client.get(form.get_url()).content.decode()


def test_who_has_sent_the_form_is_told_of_no_loss(client, form, at):
    filled(at)
    at("check")
    assert "start again" not in client.get(form.get_url()).content.decode()


def test_a_section_typed_too_late_is_kept_and_the_loss_of_the_others_is_told(client, form, at):
    filled(at)
    SavedForm.objects.all().delete()
    late = at("last", q_why="Typed late")
    assert leads_to(late) == "section=first&late"
    assert "We erased what you wrote before that" in client.get(late["Location"]).content.decode()
    at("first", q_fits="yes")
    assert leads_to(at("you", **{"q-who-first_name": "Ada", "q-who-surname": "Example"})) == "page=check"


def test_the_questions_stay_as_they_were_when_one_began(client, form, at):
    at("first", q_fits="yes")
    republish(form, sections=[section(question("other"), section_id="x"), section(question("more"), section_id="y")])
    assert "section 2 of 3" in client.get(f"{form.get_url()}?section=you").content.decode()
    filled(at)
    at("check")
    assert Submission.objects.get().version.number == 1


def test_a_form_that_closed_meanwhile_says_so(client, form, at):
    filled(at)
    FormPage.objects.update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert at("check").status_code == 409
    late = at("last", q_why="Typed just now")
    assert late.status_code == 409
    for words in ("Typed just now", "Ada", "ada@example.org"):
        assert words in late.content.decode()
    assert "closed on" in client.get(f"{form.get_url()}?section=last").content.decode()


def test_the_form_sent_at_once_is_taken(client, form):
    data = {"q-fits": "yes", "q-who-first_name": "Ada", "q-who-surname": "E", "q-why": "A", "key": uuid.uuid4().hex}
    assert client.post(form.get_url(), data).status_code == 303
    assert Submission.objects.count() == 1


def test_everything_on_the_way_is_one_persons(client, form, at):
    filled(at)
    answers = [client.get(f"{form.get_url()}{where}") for where in ("", "?section=last", "?page=check", "?page=save")]
    answers += [at("last", q_why=""), at("last", q_why="A"), at("check")]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert not any(re.search("Ada|To help", answer.get("Location", "")) for answer in answers)


# --- What depends on an earlier answer -------------------------------------------------------------------


@pytest.fixture
def branching(form):
    """Return a form in which one answer decides on a section, and another within it on a question."""
    return republish(
        form,
        sections=[
            section(question("garden", "yes_no"), section_id="first"),
            when(
                section(question("shed", "yes_no"), when(question("roof"), "shed", "Yes"), section_id="more"),
                "garden",
                "Yes",
            ),
            section(question("why"), when(question("grow"), "garden", "Yes"), section_id="last"),
        ],
    )


def test_what_is_not_asked_is_skipped_and_counted_out(client, branching, at):
    assert leads_to(at("first", q_garden="no")) == "section=last"
    assert "section 2 of 2" in client.get(f"{branching.get_url()}?section=last").content.decode()
    assert leads_to(client.get(f"{branching.get_url()}?section=more")) == "section=last"
    assert leads_to(at("more", q_shed="yes")) == "section=last"
    assert leads_to(at("last", q_why="A")) == "page=check"
    at("check")
    assert Submission.objects.get().answers == {"garden": {"choice": "no"}, "why": "A"}


def test_changing_an_answer_leads_through_what_is_newly_asked(client, branching, at):
    at("first", q_garden="no")
    at("last", q_why="A")
    assert leads_to(at("first", q_garden="yes")) == "section=more"
    assert leads_to(client.get(f"{branching.get_url()}?page=check")) == "section=more"
    assert leads_to(at("more", q_shed="yes")) == "section=more"
    assert leads_to(at("more", q_shed="yes", q_roof="Slate")) == "section=last"
    shown = client.get(f"{branching.get_url()}?section=last").content.decode()
    assert "section 3 of 3" in shown
    assert 'value="A"' in shown
    assert leads_to(at("last", q_why="A", q_grow="Beans")) == "page=check"
    # And back again: what was answered meanwhile is not sent.
    assert leads_to(at("first", q_garden="no")) == "page=check"
    words = client.get(f"{branching.get_url()}?page=check").content.decode()
    assert "Slate" not in words
    assert "Beans" not in words
    at("check")
    assert Submission.objects.get().answers == {"garden": {"choice": "no"}, "why": "A"}


@pytest.fixture
def narrowing(form):
    """Return a form in which one answer decides, two sections later, on an eligibility question."""
    return republish(
        form,
        sections=[
            section(question("rents", "yes_no"), section_id="first"),
            section(question("why"), when(question("fits", "eligibility", **WORDS), "rents", "Yes"), section_id="you"),
            section(question("more"), section_id="last"),
        ],
    )


def test_who_can_apply_is_asked_of_whoever_changed_what_it_hangs_on(client, narrowing, at):
    at("first", q_rents="no")
    at("you", q_why="A")
    assert leads_to(at("last", q_more="B")) == "page=check"
    assert leads_to(at("first", q_rents="yes")) == "section=you"
    for answer in (client.get(f"{narrowing.get_url()}?page=check"), at("check"), at("last", q_more="B")):
        assert leads_to(answer) == "section=you"
    assert not Submission.objects.exists()
    shown = client.get(f"{narrowing.get_url()}?section=you").content.decode()
    assert "please look at it again" in shown
    assert '<a href="#q-fits">Choose yes or no' in shown
    assert "Ring us instead." in at("you", q_why="A", q_fits="no").content.decode()
    assert leads_to(at("you", q_why="A", q_fits="yes")) == "page=check"
    at("check")
    assert Submission.objects.get().answers == {"rents": {"choice": "yes"}, "why": "A", "more": "B"}


def test_a_section_that_has_become_wrong_says_what_is_wrong(client, form, at):
    form = republish(
        form,
        sections=[
            section(question("which", "panel_choice"), section_id="first"),
            section(question("why"), section_id="last"),
        ],
    )
    panel = PanelFactory(name="Repairs panel")
    at("first", q_which=panel.pk)
    at("last", q_why="A")
    panel.delete()
    assert leads_to(at("check")) == "section=first"
    shown = client.get(f"{form.get_url()}?section=first").content.decode()
    assert "Choose an answer for “Label of which”" in shown
    assert "please look at it again" in shown
    # A section that is opened by its address shows no errors.
    at("first", q_which=PanelFactory(name="Homes panel").pk)
    assert "please look" not in client.get(f"{form.get_url()}?section=first").content.decode()


def test_a_file_is_kept_on_the_way_and_goes_with_the_form(client, form, at):
    form = republish(
        form,
        sections=[
            section(question("f", "file"), question("a"), section_id="first"),
            section(question("b"), section_id="last"),
        ],
    )
    assert b"multipart/form-data" in client.get(f"{form.get_url()}?section=first").content
    wrong = at("first", follow=True, q_f=SimpleUploadedFile("note.txt", b"Private words"))
    assert wrong.status_code == 200
    token = re.search(r'value="([0-9a-f]{32})"\s+checked', wrong.content.decode()).group(1)
    assert leads_to(at("first", **{"q-f-kept": token, "q-a": "A"})) == "section=last"
    assert leads_to(at("last", q_b="B")) == "page=check"
    assert "note.txt" in client.get(f"{form.get_url()}?page=check").content.decode()
    at("check")
    sent = Submission.objects.get()
    assert [upload.token.hex for upload in sent.uploads.all()] == [token]
    assert sent.answers["f"][0]["name"] == "note.txt"


def test_a_file_can_be_saved_for_later(client, form, at):
    parts = [
        section(question("f", "file"), question("a"), section_id="first"),
        section(question("b"), section_id="last"),
    ]
    form = republish(form, sections=parts)
    assert leads_to(at("first", q_f=SimpleUploadedFile("note.txt", b"Words"), later="1")) == "page=save"
    assert "note.txt" in client.get(f"{form.get_url()}?section=first").content.decode()


def test_a_file_that_we_do_not_take_is_told_of_before_the_form_is_saved_for_later(client, form, at):
    parts = [
        section(question("f", "file"), question("a"), section_id="first"),
        section(question("b"), section_id="last"),
    ]
    form = republish(form, sections=parts)
    refused = at("first", follow=True, q_f=SimpleUploadedFile("game.exe", b"MZ\x90\x00 a program"), later="1")
    assert refused.status_code == 200
    assert [box for box, _words in refused.context["problems"]] == ["q-f"]
    assert (
        "“game.exe” is not a kind of file that we can take. We can take: a picture (JPG"
        in refused.context["problems"][0][1]
    )
    assert leads_to(at("first", later="1")) == "page=save"
