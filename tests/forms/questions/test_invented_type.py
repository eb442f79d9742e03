"""A new question type needs a class and a block, and nothing else: one of each, from editor to export."""

import csv
import io
import json
import re
import uuid
from html import unescape

import pytest
from django import forms
from jsonschema import Draft202012Validator
from wagtail.test.utils.form_data import rich_text

from forms.builder.condition_blocks import QuestionPicker
from forms.builder.definition import definition_of
from forms.builder.definition_diff import changes_between
from forms.builder.question_blocks.base import BLOCKS, AnswerBlock
from forms.cases.urls import place_of
from forms.models import FormPage, QuestionSet, Submission
from forms.questions import Question
from forms.questions.base import REGISTRY, QuestionForm, object_schema, typed
from forms.questions.choices import choices_of
from forms.questions.fields import ChoiceField
from tests.forms.builder.test_editing import editor_post, stream

pytestmark = pytest.mark.django_db
LOW = "1 star\n2 stars"
RATED, WHY = {"stars": 2}, "It rains in."


def invented() -> tuple[type[Question], type[AnswerBlock]]:
    """Define a star rating, as in ``questions/choices.py`` and ``question_blocks/choices.py``."""

    class Rating(Question):
        type = "rating"
        shape = {"type": "radios"}
        public_settings = ("most",)
        can_decide = True

        @property
        def options(self) -> list[str]:
            return [str(number) for number in range(1, self.item.get("most", 5) + 1)]

        def format_option(self, option: str) -> str:
            return f"{option} star{'' if option == '1' else 's'}"

        def read_option(self, words: str) -> str:
            return words.partition(" ")[0]

        def chosen(self, answer: object) -> list[str]:
            return super().chosen(str(answer["stars"]) if isinstance(answer, dict) else answer)

        def condition_schema(self, options: list[str]) -> dict:
            return {"properties": {"stars": {"enum": [int(option) for option in options]}}, "required": ["stars"]}

        def fields(self) -> dict[str, forms.Field]:
            choices = [(option, option) for option in self.options]
            return {self.name: ChoiceField(choices=choices, required=self.required, wrong=f"Rate “{self.label}”")}

        def answer(self, cleaned: dict) -> object:
            return {"stars": int(cleaned[self.name])} if cleaned.get(self.name) else None

        def schema(self) -> dict:
            return object_schema({"stars": {"type": "integer", "enum": [int(x) for x in self.options]}}, ["stars"])

        def to_form_data(self, answer: object) -> dict[str, list[str]]:
            return {self.name: self.chosen(answer)}

        def component(self, form: QuestionForm | None) -> dict:
            options = choices_of(self.options, self.name, [typed(form, self.name)])
            return super().component(form) | {"options": options}

        def format_answer(self, answer: object) -> list[tuple[str, str]]:
            return [(self.label, f"{answer['stars']} out of 5" if isinstance(answer, dict) else "")]

    class RatingBlock(AnswerBlock):
        question = Rating
        menu_order = 75

        class Meta:
            icon = "pick"
            label = "Rating"
            description = "From one to five stars."
            preview_value = {"label": "How was it?"}

    return Rating, RatingBlock


@pytest.fixture
def rating():
    """Register the type, as a restart of the server does, and remove it afterwards."""
    invented_class, invented_block = invented()
    assert REGISTRY["rating"] is invented_class
    assert invented_block in BLOCKS
    sections = FormPage._meta.get_field("sections").stream_block
    in_sections = sections.child_blocks["section"].child_blocks["questions"].child_blocks
    in_sets = QuestionSet._meta.get_field("questions").stream_block.child_blocks
    for offered in (in_sections, in_sets):
        block = invented_block()
        block.set_name(invented_class.type)
        offered[block.name] = block
    yield
    for offered in (in_sections, in_sets):
        del offered["rating"]
    BLOCKS.remove(invented_block)
    del REGISTRY["rating"]


def hidden_key(page: str) -> str:
    found = re.search(r'name="key"\s+value="([^"]*)"', page)
    assert found
    return found[1]


def posted(type_: str, block_id: str, label: str, **value) -> tuple[str, dict, str]:
    return (type_, {"label": label, "hint": "", "required": "on"} | value, block_id)


@pytest.fixture
def form(rating, home, admin_client) -> FormPage:
    """Build and publish a form as an editor does: a rating, and a question shown only after a low one."""
    when = {"question": "rate", "answers": LOW}
    asked = {
        "Home": [posted("rating", "rate", "How is your home?")],
        "More": [posted("short_text", "why", "What is wrong?", when=when), posted("short_text", "else", "Else?")],
    }
    sections = [
        ("section", {"title": title, "intro": rich_text(""), "questions": stream(questions)}, title.lower())
        for title, questions in asked.items()
    ]
    data = editor_post(sections=stream(sections))
    response = admin_client.post(f"/admin/pages/add/forms/formpage/{home.pk}/", data)
    assert response.status_code == 302, response.context["form"].errors.as_json()
    return FormPage.objects.get()


def test_it_is_asked_answered_checked_stored_and_exported(form, client, admin_client):
    address = form.get_url()
    page = client.get(f"{address}?section=home").content.decode()
    assert 'name="q-rate"' in page
    wrong = client.post(f"{address}?section=home", {}, follow=True).content.decode()
    assert "Rate “How is your home?”" in wrong
    # A good rating asks nothing more; a low one does.
    client.post(f"{address}?section=home", {"q-rate": "5"})
    assert "What is wrong?" not in client.get(f"{address}?section=more").content.decode()
    client.post(f"{address}?section=home", {"q-rate": "2"})
    assert "What is wrong?" in client.get(f"{address}?section=more").content.decode()
    client.post(f"{address}?section=more", {"q-why": WHY, "q-else": "No"})
    check = client.get(f"{address}?page=check").content.decode()
    assert "2 out of 5" in check
    assert client.post(f"{address}?page=check", {"key": hidden_key(check)}).status_code == 303
    sent = Submission.objects.get()
    assert sent.answers == {"rate": RATED, "why": WHY, "else": "No"}

    assert "2 out of 5" in admin_client.get(place_of(sent)).content.decode()
    exported = b"".join(admin_client.get(f"/admin/received-files/{form.form_key}/all.csv").streaming_content)
    heading, row = csv.reader(io.StringIO(exported.decode("utf-8-sig")))
    assert dict(zip(heading, row, strict=True))["How is your home?"] == "2 out of 5"


def test_programs_read_its_schema_and_send_it(form, client):
    read = client.get(f"/api/v2/forms/{form.pk}/").json()
    (item,) = read["sections"][0]["questions"]
    assert (item["type"], item["settings"]) == ("rating", {})
    assert read["sections"][1]["questions"][0]["when"] == {"question": "rate", "is": ["1", "2"]}
    schema = Draft202012Validator(read["schema"])
    for answers, is_right in (
        ({"rate": {"stars": 5}, "else": "No"}, True),
        ({"rate": RATED, "else": "No"}, False),  # a low rating asks why
        ({"rate": RATED, "why": WHY, "else": "No"}, True),
        ({"rate": {"stars": 6}, "else": "No"}, False),
    ):
        assert schema.is_valid(answers) is is_right
        body, headers = json.dumps({"answers": answers}), {"idempotency-key": str(uuid.uuid4())}
        response = client.post(f"/api/v2/forms/{form.pk}/submissions/", body, "application/json", headers=headers)
        assert response.status_code == (201 if is_right else 422), response.json()
    assert [sent.answers["rate"] for sent in Submission.objects.order_by("pk")] == [{"stars": 5}, RATED]


def test_its_editors_see_it_in_the_menu_the_picker_and_the_list_of_changes(form, admin_client):
    block = FormPage._meta.get_field("sections").stream_block.child_blocks["section"].child_blocks["questions"]
    assert block.child_blocks["rating"].label == "Rating"
    picker = QuestionPicker().render("q", "", {"id": "q"})
    assert '"rating": ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]' in unescape(picker)
    definition = definition_of(form)
    (other,) = [part for part in definition["sections"] if part["id"] == "more"]
    before = definition | {"sections": [definition["sections"][0], other | {"questions": []}]}
    changed = definition | {
        "sections": [definition["sections"][0], other | {"when": {"question": "rate", "is": ["5"]}}]
    }
    assert "New: “What is wrong?”." in changes_between(before, definition)
    assert "“More” is now asked only after “5 stars” to “How is your home?”." in changes_between(definition, changed)
