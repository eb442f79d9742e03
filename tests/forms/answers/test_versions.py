"""Versions of forms: each is stored once, and permanently."""

import datetime
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from forms.answers.forms import rows_of
from forms.answers.versions import ensure_version
from forms.builder.definition import definition_of, digest_of
from forms.models import FormPage, FormVersion, QuestionSet, Submission
from tests.factories.forms import FormPageFactory, question, republish, section, send_to

pytestmark = pytest.mark.django_db


def test_publishing_an_unchanged_form_keeps_its_version(form_page):
    first = ensure_version(form_page)
    republish(form_page)
    assert list(FormVersion.objects.all()) == [first]


def test_publishing_new_words_makes_a_version_and_old_answers_keep_their_question(form_page):
    sent = send_to(form_page, {"why": "To help"}, uuid.uuid4())
    republish(form_page, sections=[section(question("why", label="What brings you here?"))])
    assert [version.number for version in FormVersion.objects.filter(form=form_page)] == [1, 2]
    sent.refresh_from_db()
    (part,) = rows_of(sent.version.definition, sent.answers)
    assert [(row.label, row.words) for row in part.rows] == [("Why do you want to join?", "To help")]


def test_publishing_alone_makes_the_version(form_page):
    """Nobody has to open the form first."""
    republish(form_page, title="Join us")
    assert FormVersion.objects.latest("number").form_title == "Join us"


def test_a_draft_makes_no_version_and_is_not_shown(form_page, client):
    ensure_version(form_page)
    draft = FormPage.objects.get(pk=form_page.pk)
    draft.sections = [section(question("why", label="Only a draft"))]
    draft.save_revision()
    assert b"Only a draft" not in client.get(form_page.get_url()).content
    # Nor does the instance in hand count, with its unsaved words.
    ensure_version(draft)
    assert FormVersion.objects.count() == 1


def test_a_form_that_is_only_scheduled_has_no_version_until_its_time(django_capture_on_commit_callbacks):
    form = FormPageFactory(live=False)
    form.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    form.save_revision(approved_go_live_at=form.go_live_at).publish()
    assert ensure_version(form) is None
    assert FormVersion.objects.count() == 0

    past = timezone.now() - datetime.timedelta(minutes=1)
    form.refresh_from_db()
    form.go_live_at = past
    form.save_revision(approved_go_live_at=past)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled")
    assert FormVersion.objects.get().form_id == form.pk


@pytest.mark.parametrize(
    "make",
    [FormPageFactory, lambda: FormPageFactory().copy(keep_live=True, update_attrs={"slug": "copied"})],
    ids=["made by code", "copied live"],
)
def test_whatever_makes_a_form_live_makes_its_version(form_page, make):
    """Case R4: so that no GET request has to."""
    form = make()
    assert FormVersion.objects.filter(form=form).count() == 1


def test_a_form_that_is_not_live_has_none():
    assert not FormVersion.objects.filter(form=FormPageFactory(live=False)).exists()


WITHOUT_A_WORD = {
    "never stored": lambda form: FormVersion.objects.all().delete(),
    "changed since": lambda form: FormPage.objects.update(what_happens_next="<p>We write to you.</p>"),
    "kept for longer": lambda form: FormPage.objects.update(keep_months=36),
}


@pytest.mark.parametrize("change", WITHOUT_A_WORD.values(), ids=WITHOUT_A_WORD)
@pytest.mark.parametrize("sections", [1, 2])
def test_looking_at_a_form_writes_nothing(client, admin_client, change, sections):
    """Case R4: the change sent no signal, and the first submission stores its version."""
    form = FormPageFactory(
        sections=[section(question(f"why{at}"), section_id=f"s{at}", title=f"Part {at}") for at in range(sections)]
    )
    change(form)
    there = FormVersion.objects.count()
    api = f"/api/v2/forms/{form.pk}/"
    suffixes = ["", "?page=begin", "?section=s0", "?page=check", "?page=save"]
    with CaptureQueriesContext(connection) as queries:
        for address in (*(f"{form.get_url()}{query}" for query in suffixes), api):
            assert client.get(address).status_code in (200, 303)
        assert admin_client.get(reverse("form_enter", args=[form.pk])).status_code == 200
    # Wagtail itself makes a site's settings when they are first asked for.
    assert not [query["sql"] for query in queries if re.match('(INSERT INTO|UPDATE|DELETE FROM) "forms_', query["sql"])]
    assert FormVersion.objects.count() == there

    number = client.get(api).json()["version"]
    answers = {f"why{at}": "A" for at in range(sections)}
    key = {"idempotency-key": str(uuid.uuid4())}
    sent = client.post(f"{api}submissions/", {"answers": answers, "version": number}, "application/json", headers=key)
    assert sent.status_code == 201, sent.content
    assert FormVersion.objects.count() == there + 1
    assert Submission.objects.get().version.number == number == there + 1


def test_a_set_that_changes_makes_a_version_of_each_form_that_uses_it():
    """Case R4."""
    asked = QuestionSet.objects.create(name="Contact", questions=[question("post", "yes_no", label="May we post?")])
    use = {"type": "question_set", "id": "use", "value": {"question_set": asked.pk}}
    form = FormPageFactory(sections=[section(use)])
    asked.questions = [question("post", "yes_no", label="May we post you letters?")]
    asked.save()
    labels = [version.definition["sections"][0]["questions"][0]["label"] for version in form.versions.all()]
    assert labels == ["May we post?", "May we post you letters?"]


def test_moving_questions_keeps_their_answers_with_them(form_page):
    both = [question("why"), question("how")]
    form = republish(form_page, sections=[section(*both)])
    sent = send_to(form, {"why": "W", "how": "H"}, uuid.uuid4())
    apart = [section(both[1], section_id="s2"), section(both[0])]
    form = republish(form, sections=apart)
    now = ensure_version(form).definition
    words = {row.label: row.words for part in rows_of(now, sent.answers) for row in part.rows}
    assert words == {"Label of why": "W", "Label of how": "H"}


def test_deleting_or_unpublishing_the_form_leaves_what_was_sent(form_page):
    sent = send_to(form_page, {"why": "To help"}, uuid.uuid4())
    form_page.unpublish()
    form_page.delete()
    sent.refresh_from_db()
    assert sent.answers == {"why": "To help"}
    assert sent.version.form is None
    assert sent.version.definition["sections"][0]["questions"][0]["label"] == "Why do you want to join?"
    with pytest.raises(ProtectedError):
        sent.version.delete()


def test_a_definition_reads_the_same_from_raw_data_and_from_the_database(form_page):
    page = FormPage(title=form_page.title, kind=form_page.kind, what_happens_next=form_page.what_happens_next)
    page.sections = [section(question("why", label="Why do you want to join?"))]
    assert digest_of(definition_of(page)) == digest_of(definition_of(FormPage.objects.get(pk=form_page.pk)))


def test_a_setting_that_says_nothing_does_not_make_a_version(form_page):
    """So that a question type can gain a setting without a new version of every form."""
    first = ensure_version(form_page)
    asked = question("why", label="Why do you want to join?", hint="", handlers_only=False)
    form = republish(form_page, sections=[section(asked)])
    assert ensure_version(form) == first


@pytest.mark.parametrize(
    "sections",
    [
        [section(question("a"), question("a"))],
        [section(question("a")), section(question("a"), section_id="s2")],
        [section(question("a")), section(question("b"))],
        [section(question("s1"))],
        [section(question("a b"))],
        [section(question("x" * 65))],
    ],
    ids=["twice in a section", "in two sections", "section twice", "section and question", "space", "too long"],
)
def test_two_questions_never_share_an_identity(db, sections):
    with pytest.raises(ValidationError):
        FormPageFactory(sections=sections)


def test_code_that_gives_no_id_gets_one_that_stays(db):
    form = FormPageFactory(questions=[question(None)])
    first = ensure_version(form)
    republish(form)
    assert first.definition["sections"][0]["questions"][0]["id"]
    assert FormVersion.objects.count() == 1


def test_a_copied_form_has_versions_and_answers_of_its_own(form_page):
    send_to(form_page, {"why": "To help"}, uuid.uuid4())
    copy = form_page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)
    assert copy.versions.count() == 0 or copy.versions.get().submissions.count() == 0
    assert ensure_version(copy).form_id == copy.pk


def test_an_alias_leads_to_its_form(form_page, client):
    parent = Page.objects.get(depth=2)
    alias = form_page.create_alias(parent=parent, update_slug="alias")
    response = client.get(alias.get_url())
    assert (response.status_code, response["Location"]) == (302, form_page.get_url())
    assert alias.specific.versions.count() == 0


def test_no_alias_is_offered_when_copying(form_page, admin_client):
    page = admin_client.get(f"/admin/pages/{form_page.pk}/copy/")
    assert page.status_code == 200
    assert b'name="alias"' not in page.content
