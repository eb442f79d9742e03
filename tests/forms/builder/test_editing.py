"""Editing a form in the real admin, as a browser posts it."""

import pytest
from django.test import RequestFactory
from wagtail.blocks import StreamBlockValidationError
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from forms.builder.blocks import SectionsBlock
from forms.builder.question_blocks import QuestionsBlock
from forms.models import FormPage, FormVersion, QuestionSet, SavedForm, Submission
from tests.factories.forms import question, section

pytestmark = pytest.mark.django_db


def stream(items: list[tuple[str, dict, str]]) -> dict:
    """Return stream data as the admin's script posts it, with an id for each block."""
    fields = streamfield([(type_, value) for type_, value, _id in items])
    for at, (_type, _value, block_id) in enumerate(items):
        fields[f"{at}"]["id"] = block_id
    return fields


def asked(block_id: str, label: str) -> tuple[str, dict, str]:
    return ("short_text", {"label": label, "hint": "", "required": "on"}, block_id)


def editor_post(*questions, action: str = "action-publish", **changes) -> dict:
    part = {"title": "Your details", "intro": rich_text(""), "questions": stream(list(questions))}
    fields = {
        "title": "Join us",
        "slug": "join-us",
        "audience": "anyone",
        "keep_months": "24",
        "summary": "",
        "kind": "application",
        "start": rich_text("<p>Ten minutes.</p>"),
        "other_ways": rich_text(""),
        "what_happens_next": rich_text(""),
        "sections": stream([("section", part, "s1")]),
        "opens_on": "",
        "closes_on": "",
        "closed_message": "",
        "seo_title": "",
        "search_description": "",
        "social_image": "",
        "comments": {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": ""},
        action: "1",
    }
    return nested_form_data(fields | changes)


@pytest.fixture
def create(home, admin_client):
    """Post the page creation form, and return the response."""

    def post(*questions, **changes):
        return admin_client.post(f"/admin/pages/add/forms/formpage/{home.pk}/", editor_post(*questions, **changes))

    return post


def test_an_editor_publishes_a_form_and_its_version_is_there(create):
    response = create(asked("why", "Why?"))
    assert response.status_code == 302, response.context["form"].errors.as_json()
    version = FormVersion.objects.get()
    assert version.form.live
    (item,) = version.definition["sections"][0]["questions"]
    assert item == {"id": "why", "type": "short_text", "label": "Why?", "required": True}


def test_editing_and_publishing_keeps_the_identity_and_makes_a_version(create, admin_client):
    create(asked("why", "Why?"))
    form = FormPage.objects.get()
    url = f"/admin/pages/{form.pk}/edit/"
    response = admin_client.post(url, editor_post(asked("how", "How?"), asked("why", "Why now?")))
    assert response.status_code == 302
    ids = [[q["id"] for q in v.definition["sections"][0]["questions"]] for v in form.versions.order_by("number")]
    assert ids == [["why"], ["how", "why"]]


def test_a_draft_is_saved_with_no_version(create):
    response = create(asked("why", "Why?"), action="action-none")
    assert response.status_code == 302
    assert not FormPage.objects.get().live
    assert FormVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("questions", "changes", "words"),
    [
        ([asked("why", "A"), asked("why", "B")], {}, "This is in the form twice"),
        ([asked("w h y", "A")], {}, "cannot be told apart"),
        (
            [asked("why", "A")],
            {"opens_on": "2026-02-01", "closes_on": "2026-01-01"},
            "The last day is before the first day",
        ),
        ([("radios", {"label": "A", "hint": "", "options": {"count": "0"}}, "r")], {}, ""),
        ([], {}, ""),
    ],
    ids=["one id twice", "unsound id", "closes before it opens", "nothing to choose from", "no question"],
)
def test_what_cannot_work_is_refused_at_its_place(create, questions, changes, words):
    response = create(*questions, **changes)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert FormPage.objects.count() == 0


@pytest.mark.parametrize(
    ("mode", "words"), [("", "Draft words"), ("received", "We have your form"), ("closed", "closed")]
)
def test_every_preview_shows_the_draft_and_stores_nothing(form_page, mode, words):
    before = FormVersion.objects.count()
    form_page.sections = [section(question("why", label="Draft words"))]
    response = form_page.make_preview_request(preview_mode=mode)
    if hasattr(response, "render"):
        response.render()
    assert response.status_code == 200
    assert words in response.content.decode()
    assert FormVersion.objects.count() == before
    assert Submission.objects.count() == 0


def test_a_form_with_sections_is_previewed_page_by_page_and_nothing_is_stored(form_page):
    sure = question("sure", "yes_no", label="Are you sure?")
    more = section(question("why", label="Why is that?"), section_id="s2", title="More")
    more["value"]["when"] = {"question": "sure", "answers": "Yes"}
    form_page.sections = [section(sure, title="First"), more]
    form_page.other_ways = "<p>Or by phone.</p>"
    expected = {
        "": ("Start page", "Or by phone.", "?mode=section-1"),
        "section-1": ("Section 1: First", "section 1 of 2", "?mode=section-2"),
        # Although it hangs on an answer that nobody gave.
        "section-2": ("Section 2: More", "Why is that?", "?mode=check"),
        "check": ("Check your answers", "Are you sure?", "?mode=section-2#q-why"),
        "received": ("After it is sent", "We have your form", ""),
        "closed": ("When it is closed", "closed", ""),
    }
    assert form_page.preview_modes == [(mode, label) for mode, (label, *_) in expected.items()]
    before = FormVersion.objects.count()
    # A section that was taken out meanwhile is shown as the start.
    for mode, (_, words, link) in (expected | {"section-3": expected[""], "section-x": expected[""]}).items():
        response = form_page.make_preview_request(preview_mode=mode)
        page = response.content.decode()
        assert response.status_code == 200
        assert words in page
        assert f'href="{link}"' in page or not link
        assert 'type="submit"' not in page.split("<main")[1].split("</main")[0]
        assert "csrfmiddlewaretoken" not in page
        assert not response.cookies
    assert FormVersion.objects.count() == before
    assert not Submission.objects.exists()
    assert not SavedForm.objects.exists()


def test_a_yearly_form_of_members_is_previewed_with_its_questions(form_page):
    asks = [question("age", "radios", label="How old are you?", options=["16 to 34", "35 or over"])]
    form_page.sections = []
    form_page.equality_questions = QuestionSet.objects.create(name="Equality", questions=asks)
    page = form_page.make_preview_request().content.decode()
    assert "How old are you?" in page
    assert 'type="submit"' not in page.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("name", sorted(QuestionsBlock().child_blocks))
def test_every_question_type_has_an_icon_a_description_and_a_preview(name):
    block = QuestionsBlock().child_blocks[name]
    assert block.meta.icon not in ("", "placeholder")
    assert block.meta.description
    assert block.is_previewable
    shown = block.render(block.get_preview_value(), {"request": RequestFactory().get("/")})
    assert "<" in shown


def test_a_repeated_question_is_pointed_out_where_it_stands():
    """The error is at the second of the two, in its section."""
    block = SectionsBlock()
    value = block.to_python([section(question("a")), section(question("b"), question("a"), section_id="s2")])
    with pytest.raises(StreamBlockValidationError) as refused:
        block.clean(value)
    where = refused.value.as_json_data()["blockErrors"][1]["blockErrors"]["questions"]["blockErrors"]
    assert where == {1: {"messages": ["This is in the form twice. Delete it and add it again."]}}
