"""The JSON Schema of answers: every stored answer is valid, and impossible ones are not."""

import pytest
from jsonschema import Draft202012Validator

from forms.answers.forms import AnswersForm
from forms.api.json_schema import answers_schema, form_data_from_answers, has_shape, presentation
from forms.builder.definition import definition_of
from forms.models import FormPage
from forms.questions import question_from
from forms.questions.base import REGISTRY
from tests.factories.forms import FormPageFactory, question, section
from tests.factories.records import PanelFactory, RecommendationFactory

OPTIONS = ["Damp", "Repairs"]
TOKEN = "0" * 32
# By type: its settings, an answer that fits, and some that are not made as one is.
ANSWERS = {
    "short_text": ({}, "A line", [1, True, None, [], {}]),
    "long_text": ({}, "Two\nlines", [1]),
    "email": ({}, "ada@example.org", [1]),
    "phone": ({}, "01632 960 001", [1632960001]),
    "number": ({"minimum": 1}, "12", [True, [], {}]),
    "money": ({}, "12.50", [True, ["12.50", "pounds"]]),
    "radios": ({"options": OPTIONS}, "Damp", [["Damp"], 1]),
    "select": ({"options": OPTIONS}, "Damp", [["Damp"], 1]),
    "checkboxes": ({"options": OPTIONS}, ["Damp", "Repairs"], ["Damp", [1], {"0": "Damp"}]),
    "yes_no": ({"follow_up": "Which?"}, {"choice": "yes", "details": "This one"}, ["yes", True, {}, {"chosen": "yes"}]),
    "eligibility": ({"ruled_out": "no"}, {"choice": "yes"}, ["yes", {"choice": "yes", "details": "x"}]),
    "declaration": ({}, True, ["yes", 1]),
    "name": ({}, {"surname": "Suharto"}, ["Ada Byron", {"first": "Ada"}, {"first_name": 1}]),
    "address": ({}, {"line_1": "1 Mill Lane", "town": "Ely", "postcode": "CB7 4DL"}, ["1 Mill Lane", {"town": "Ely"}]),
    "date": ({}, "2026-02-28", [20260228]),
    "file": ({"most": 2}, [{"token": TOKEN, "name": "a.txt", "size": 1}], [TOKEN, [TOKEN], [{"token": 1, "name": ""}]]),
    "panel_choice": ({}, None, ["1", {"pk": "1"}, {}, {"pk": True}]),
    "review_choice": ({}, None, ["1"]),
    "recommendation_choice": ({}, None, ["1"]),
    "content": ({"text": "<p>Read this.</p>"}, None, []),
}
pytestmark = pytest.mark.django_db


def item_of(type_: str, settings: dict) -> dict:
    return {"id": "q", "type": type_, "label": "Label", "required": True} | settings


def test_every_type_of_question_is_here():
    assert set(ANSWERS) == set(REGISTRY)


@pytest.mark.parametrize("type_", ANSWERS)
def test_an_answer_fits_the_schema_of_its_question(type_):
    settings, answer, misshapen = ANSWERS[type_]
    if type_ == "panel_choice":
        answer = {"pk": PanelFactory(name="Repairs panel").pk, "title": "Repairs panel"}
    if type_ == "recommendation_choice":
        answer = {"pk": RecommendationFactory().pk}
    schema = question_from(item_of(type_, settings)).schema()
    if schema is None:
        assert type_ == "content"
        return
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    if answer is not None:
        assert judge.is_valid(answer)
        assert has_shape(answer, schema)
    for wrong in misshapen:
        assert not judge.is_valid(wrong), wrong
        assert not has_shape(wrong, schema), wrong


@pytest.mark.parametrize("type_", [type_ for type_ in ANSWERS if ANSWERS[type_][1] and type_ not in ("file",)])
def test_what_is_stored_can_be_sent_again_as_it_is(home, type_):
    settings, answer, _ = ANSWERS[type_]
    form = FormPageFactory(sections=[section(question("q", type_, **settings))])
    definition = definition_of(form)
    given = AnswersForm(definition, form_data_from_answers(definition, {"q": answer}))
    assert given.is_valid(), given.errors
    stored = given.answers()
    assert stored == ({} if type_ == "eligibility" else {"q": answer})
    assert Draft202012Validator(answers_schema(definition)).is_valid(stored or {"q": answer})


def test_what_is_asked_only_sometimes_is_needed_only_then(home):
    when = {"question": "how", "answers": "Paper"}
    form = FormPageFactory(
        sections=[
            section(
                question("any", "yes_no"),
                question("how", "radios", options=["Paper", "Phone"], when={"question": "any", "answers": "Yes"}),
                question("where", when=when),
            )
        ]
    )
    judge = Draft202012Validator(answers_schema(definition_of(FormPage.objects.get(pk=form.pk))))
    yes, no = {"choice": "yes"}, {"choice": "no"}
    assert judge.is_valid({"any": no})
    assert judge.is_valid({"any": yes, "how": "Phone"})
    assert judge.is_valid({"any": yes, "how": "Paper", "where": "Home"})
    assert not judge.is_valid({})
    assert not judge.is_valid({"any": yes})
    assert not judge.is_valid({"any": yes, "how": "Paper"})
    # What is behind an answer that is behind another.
    assert judge.is_valid({"any": no, "how": "Paper"})
    assert not judge.is_valid({"any": no, "colour": "red"})


def test_a_program_is_told_how_to_ask(home):
    form = FormPageFactory(sections=[section(question("q", "select", hint="One of them", options=OPTIONS))])
    sections = presentation(definition_of(form), html=str)
    assert sections[0]["title"] == "Your details"
    asked = sections[0]["questions"][0]
    assert (asked["type"], asked["label"], asked["hint"], asked["required"]) == (
        "select",
        "Label of q",
        "One of them",
        True,
    )
    assert asked["settings"] == {"options": OPTIONS}
