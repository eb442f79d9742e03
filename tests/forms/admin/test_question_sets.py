"""Question sets, which several forms share."""

import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import escape
from wagtail.test.utils.form_data import nested_form_data, streamfield

from forms.answers.forms import AnswersForm, form_data_of, rows_of
from forms.answers.versions import ensure_version
from forms.builder.definition import definition_of, set_question_id
from forms.models import FormPage, QuestionSet
from forms.questions.conditions import condition_problems, visible_questions
from tests.factories.forms import FormPageFactory, question, section, send_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    asks = [
        question("post", "yes_no", label="May we write to you?"),
        question("where", label="Where to?", when={"question": "post", "answers": "Yes"}),
    ]
    return QuestionSet.objects.create(name="How to reach you", questions=asks)


def use(question_set: QuestionSet, block_id: str = "use") -> dict:
    return {"type": "question_set", "id": block_id, "value": {"question_set": question_set.pk}}


def questions_of(form) -> list[dict]:
    return [item for part in definition_of(form)["sections"] for item in part["questions"]]


def test_a_form_asks_the_questions_of_a_set_each_under_an_identity_of_its_own(contact):
    form = FormPageFactory(sections=[section(use(contact)), section(use(contact, "again"), section_id="s2")])
    items = questions_of(form)
    assert [item["label"] for item in items] == ["May we write to you?", "Where to?"] * 2
    assert len({item["id"] for item in items}) == 4
    assert [item["id"] for item in items[:2]] == [set_question_id("use", "post"), set_question_id("use", "where")]
    assert str(uuid.UUID(items[0]["id"])) == items[0]["id"]
    # Its own conditions point within it, wherever it is used.
    assert items[3]["when"] == {"question": items[2]["id"], "is": ["yes"]}
    assert condition_problems(definition_of(form)) == []


def test_a_set_that_changes_is_a_new_version_and_old_answers_keep_their_words(contact):
    form = FormPageFactory(questions=[use(contact)])
    first = ensure_version(form)
    post = set_question_id("use", "post")
    sent = send_to(form, {post: {"choice": "no"}}, uuid.uuid4())
    contact.questions = [question("post", "yes_no", label="May we post you letters?")]
    contact.save()
    second = ensure_version(form)
    assert second.number == first.number + 1
    assert rows_of(sent.version.definition, sent.answers)[0].rows[0].label == "May we write to you?"
    assert rows_of(second.definition, sent.answers)[0].rows[0].words == "No"


def test_a_question_of_the_form_can_hang_on_one_of_the_set(contact):
    asks = question("b", when={"question": "use/post", "answers": "No"})
    form = FormPageFactory(questions=[use(contact), asks])
    definition = definition_of(form)
    assert condition_problems(definition) == []
    post = set_question_id("use", "post")
    for choice, expected in (("no", [post, "b"]), ("yes", [post, set_question_id("use", "where")])):
        answers = {post: {"choice": choice}}
        asked = visible_questions(definition, answers)["sections"][0]["questions"]
        assert [item["id"] for item in asked] == expected
        assert AnswersForm(definition, form_data_of(definition, answers)).is_bound


@pytest.mark.parametrize(
    "asks",
    [
        [question("b", when={"question": "gone", "answers": "Yes"})],
        [question("a"), question("a")],
    ],
    ids=["a condition that cannot work", "one id twice"],
)
def test_a_set_that_no_form_could_ask_is_refused(asks):
    with pytest.raises(ValidationError):
        QuestionSet(name="Bad", questions=asks).full_clean()


def set_post(**changes) -> dict:
    """Return the questions of the set as the admin's script posts them."""
    box = {"hint": "", "required": "on", "when": {"question": "", "answers": ""}}
    asks = box | {"label": "May we write to you?", "follow_up": ""}
    where = box | {"label": "Where to?", "when": {"question": "post", "answers": "Yes"}}
    stream = streamfield([("yes_no", asks), ("short_text", where)])
    stream["0"]["id"], stream["1"]["id"] = "post", "where"
    return nested_form_data({"name": "How to reach you", "questions": stream} | changes)


def test_a_set_does_not_change_under_a_form_that_hangs_on_it(contact, admin_client):
    hangs = question("b", when={"question": "use/post", "answers": "No"})
    broken = FormPageFactory(title="Join the panel", questions=[use(contact), hangs])
    FormPageFactory(title="Untouched", questions=[use(contact)])
    url = f"/admin/snippets/forms/questionset/edit/{contact.pk}/"
    data = {key: value for key, value in set_post().items() if not key.startswith("questions-0")}
    data |= nested_form_data({"questions": {"0": {"deleted": "1", "order": "0", "type": "yes_no", "id": "post"}}})
    data["questions-1-value-when-question"] = data["questions-1-value-when-answers"] = ""
    refused = admin_client.post(url, data)
    assert refused.status_code == 200
    words = (
        "This would break forms that use the set. Change them first. “Join the panel”: The question that this depends "
        "on is no longer in the form. Choose another."
    )
    assert escape(json.dumps(words)) in refused.content.decode()  # for the script that draws the field
    contact.refresh_from_db()
    assert len(contact.questions) == 2
    # A draft is judged when it is published; and what was wrong before is not the set's doing.
    broken.unpublish()
    assert admin_client.post(url, data).status_code == 302
    FormPage.objects.update(live=True)
    contact.refresh_from_db()
    contact.full_clean()


def test_other_words_in_a_set_are_no_danger_to_its_forms(contact, admin_client):
    hangs = question("b", when={"question": "use/post", "answers": "No"})
    form = FormPageFactory(questions=[use(contact), hangs])
    data = set_post() | {"questions-0-value-label": "May we post you letters?"}
    assert admin_client.post(f"/admin/snippets/forms/questionset/edit/{contact.pk}/", data).status_code == 302
    assert questions_of(FormPage.objects.get(pk=form.pk))[0]["label"] == "May we post you letters?"


def test_a_set_in_use_is_not_deleted_and_the_editor_reads_where(contact, admin_client):
    FormPageFactory(title="Join the panel", questions=[use(contact)])
    url = f"/admin/snippets/forms/questionset/delete/{contact.pk}/"
    for response in (admin_client.get(url, follow=True), admin_client.post(url, follow=True)):
        assert "it is used by “Join the panel”" in response.content.decode()
    bulk = f"/admin/bulk/forms/questionset/delete/?id={contact.pk}"
    assert "it is used by" in admin_client.post(bulk, follow=True).content.decode()
    assert QuestionSet.objects.filter(pk=contact.pk).exists()


def test_a_set_that_is_not_used_can_be_deleted(contact, admin_client):
    admin_client.post(f"/admin/snippets/forms/questionset/delete/{contact.pk}/")
    assert not QuestionSet.objects.exists()


def test_the_picker_is_told_what_can_decide(contact, admin_client, client):
    found = admin_client.get("/admin/forms/deciding-questions/").json()
    decides = {"id": "post", "label": "May we write to you?", "options": ["Yes", "No"]}
    assert found == {str(contact.pk): [decides]}
    assert client.get("/admin/forms/deciding-questions/").status_code == 302
