"""Two people who save one page or record, the second from an outdated editor (case R7)."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Page, RevisionMixin
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.core.editing.stale_edits import RefusesStaleSave
from tests.factories import pages, records
from tests.screens import filled_in

pytestmark = pytest.mark.django_db
LOADED = re.compile(r'name="(loaded_revision_\w+)"\s+value="([^"]*)"')
REFUSED = "after you opened it"


@pytest.fixture
def page(home):
    page = pages.StandardPageFactory(title="Repairs", slug="repairs", summary="First")
    page.save_revision()
    return page


@pytest.fixture
def editor(admin_in, page):
    """Return a function that opens the editor and returns one that saves it."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def open_it():
        html = admin_in.get(address).content.decode()
        loaded = dict(LOADED.findall(html))
        assert set(loaded) == {"loaded_revision_id", "loaded_revision_created_at"}

        def save(answer=None, **values):
            data = nested_form_data({"title": "Repairs", "slug": "repairs", "summary": "First"})
            data |= nested_form_data({"body": streamfield([("text", rich_text("<p>Words</p>"))])})
            again = (
                re.findall(r'name="(loaded_revision_\w+)"\s+value="([^"]*)"', answer.content.decode()) if answer else []
            )
            return admin_in.post(address, data | loaded | dict(again) | values)

        return save

    return open_it


@pytest.mark.parametrize("button", [{}, {"action-publish": "1"}], ids=["save", "publish"])
def test_the_second_is_refused_with_the_others_words_and_keeps_their_own(editor, page, button):
    mine, theirs = editor(), editor()
    assert theirs(summary="Theirs <b>", **button).status_code == 302
    answer = mine(summary="Mine", **button)
    words = answer.content.decode()
    assert answer.status_code == 200
    assert REFUSED in words
    assert "“Summary” is saved now as: Theirs &lt;b&gt;" in words
    assert re.search(r'name="summary"[^>]*>\s*Mine<', words)
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().summary == "Theirs <b>"
    # Having seen it, they put both together and save.
    assert mine(answer, summary="Theirs and mine", **button).status_code == 302
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().summary == "Theirs and mine"


def test_what_an_autosave_wrote_over_is_noticed_too(editor, page, client):
    """An autosave overwrites the revision in place: its id stays, its time does not."""
    mine = editor()
    revision = page.get_latest_revision()
    page.summary = "Theirs"
    page.save_revision(overwrite_revision=revision)
    assert page.get_latest_revision().pk == revision.pk
    assert REFUSED in mine(summary="Mine").content.decode()


def test_one_person_saves_as_often_as_they_like(editor, page):
    mine = editor()
    assert mine(summary="Mine").status_code == 302
    assert editor()(summary="Mine again").status_code == 302
    revision = Page.objects.get(pk=page.pk).latest_revision
    mine = editor()
    # After an autosave of their own the screen names the revision that it wrote.
    assert mine(summary="Once more", overwrite_revision_id=str(revision.pk)).status_code == 302


def test_records_with_revisions_are_held_to_the_same(admin_in, home):
    route = records.ReviewProcessFactory(escalation_steps=["The Board"]).escalation_route
    route.save_revision()
    address = reverse("wagtailsnippets_scrutiny_pages_escalationroute:edit", args=[route.pk])
    step = route.steps.get()
    data = nested_form_data(
        {
            "name": "Mine",
            "steps": inline_formset(
                [{"id": step.pk, "to_whom": "The Board", "asks": "Say what you will do."}], initial=1
            ),
        }
    )
    loaded = dict(LOADED.findall(admin_in.get(address).content.decode()))
    route.name = "Theirs"
    route.save()
    route.save_revision()
    answer = admin_in.post(address, data | loaded)
    assert REFUSED in answer.content.decode()
    assert "“Name” is saved now as: Theirs" in answer.content.decode()
    assert type(route).objects.get(pk=route.pk).name == "Theirs"


def test_every_record_with_revisions_has_that_screen():
    for model in get_snippet_models():
        if issubclass(model, RevisionMixin):
            assert issubclass(model.snippet_viewset.edit_view_class, RefusesStaleSave), model


JSON = {"headers": {"accept": "application/json"}}


@pytest.mark.parametrize("others", [False, True], ids=["nobody else", "somebody else"])
def test_what_a_screen_saved_by_itself_does_not_stand_in_its_own_way(editor, admin_in, page, others):
    """Wagtail's script sends the id of an autosave with the next autosave, and not with Save."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    loaded = dict(LOADED.findall(admin_in.get(address).content.decode()))
    mine, theirs = editor(), editor()
    data = nested_form_data({"title": "Repairs", "slug": "repairs", "summary": "By itself"})
    data |= nested_form_data({"body": streamfield([("text", rich_text("<p>Words</p>"))])})
    saved = admin_in.post(address, data | loaded, **JSON)
    assert saved.status_code == 200, saved.content
    if others:
        page.refresh_from_db()
        page.summary = "Theirs"
        page.save_revision()

    answer = mine(summary="Pressed")

    assert answer.status_code == (200 if others else 302)
    assert theirs(summary="From another tab").status_code == 200


@pytest.fixture
def tab(admin_in, page):
    """Return a function that opens the editor in a tab and returns one that saves it, by a button or the autosave."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def open_it():
        shown = filled_in(admin_in.get(address).content.decode())
        shown |= nested_form_data({"body": streamfield([("text", rich_text("<p>Words</p>"))])})
        shown["body-0-id"] = "7f0c1b52-3a51-4b6e-9a0c-0d3c2f6f7a11"

        def save(*, by_script=False, **typed):
            return admin_in.post(address, shown | typed, **(JSON if by_script else {}))

        return save

    return open_it


def summary_of(page) -> str:
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object().summary


def test_what_one_tab_saved_by_itself_is_not_another_tabs_own(tab, page):
    mine, other = tab(), tab()
    assert mine(by_script=True, summary="By itself").status_code == 200
    assert REFUSED in other(summary="From another tab").content.decode()
    assert summary_of(page) == "By itself"
    assert mine(summary="Pressed").status_code == 302


@pytest.mark.parametrize("by_script", [False, True])
def test_what_nobody_ever_saved_before_is_compared_too(tab, page, by_script):
    """A page without a revision, as a starter creates it."""
    page.revisions.all().delete()
    mine, theirs = tab(), tab()
    assert theirs(summary="Theirs").status_code == 302
    answer = mine(summary="Mine", by_script=by_script)
    assert (REFUSED if not by_script else "invalid_revision") in answer.content.decode()
    assert summary_of(page) == "Theirs"


def test_a_second_click_is_no_clash(tab, page):
    mine = tab()
    assert [mine(summary="Mine").status_code for _click in range(2)] == [302, 302]
