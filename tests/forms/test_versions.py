"""A form's wordings: each kept once, and for good."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import Page

from forms.answers import rows_of
from forms.definition import definition_of, digest_of
from forms.models import FormPage, FormVersion
from forms.versions import ensure_version
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
    """Nobody has to look at the form first."""
    republish(form_page, title="Join us")
    assert FormVersion.objects.get().form_title == "Join us"


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


def test_showing_the_form_covers_what_publishes_without_a_word(form_page, client):
    FormPage.objects.filter(pk=form_page.pk).update(what_happens_next="<p>We write to you.</p>")
    client.get(form_page.get_url())
    assert FormVersion.objects.get().definition["next"] == "<p>We write to you.</p>"


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
    """So that a question type can gain a setting without every form seeming to have changed."""
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
