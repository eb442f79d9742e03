"""Conditions: visible questions, stored answers, and conditions that cannot be met."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string

from forms.answers.forms import AnswersForm, form_data_of, rows_of
from forms.builder.definition import definition_of
from forms.models import FormPage
from forms.questions.conditions import condition_problems, visible_questions
from tests.factories.forms import FormPageFactory, question, republish, section
from tests.forms.builder.test_editing import asked, editor_post

pytestmark = pytest.mark.django_db


def item(item_id: str, type_: str = "yes_no", **more) -> dict:
    options = {"options": ["Red", "Blue"]} if type_ in ("radios", "select", "checkboxes") else {}
    return {"id": item_id, "type": type_, "label": f"Label of {item_id}"} | options | more


def after(question_id: str, *answers: str) -> dict:
    return {"when": {"question": question_id, "is": list(answers)}}


def form(*sections: list[dict], **of_second) -> dict:
    """Return a definition with sections s1, s2 ...; the second has the named settings."""
    parts = [{"id": f"s{at}", "title": f"Part {at}", "questions": items} for at, items in enumerate(sections, 1)]
    if of_second:
        parts[1] |= of_second
    return {"title": "T", "kind": "general", "sections": parts}


def ids(definition: dict) -> list[str]:
    return [question["id"] for part in definition["sections"] for question in part["questions"]]


def typed(**boxes) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in boxes.items():
        data.setlist(f"q-{name}", value if isinstance(value, list) else [value])
    return data


CHAIN = form([item("a"), item("b", **after("a", "yes"))], [item("c", "radios", **after("b", "no"))])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["a"]),
        ({"a": {"choice": "no"}}, ["a"]),
        ({"a": {"choice": "yes"}}, ["a", "b"]),
        ({"a": {"choice": "yes"}, "b": {"choice": "no"}}, ["a", "b", "c"]),
        # The answer to a question that is not asked decides nothing.
        ({"a": {"choice": "no"}, "b": {"choice": "no"}}, ["a"]),
        ({"a": {"choice": ["yes"]}}, ["a", "b"]),
        ({"a": [{"yes": 1}, None, 7]}, ["a"]),
    ],
)
def test_what_is_asked_follows_from_the_answers(answers, expected):
    assert ids(visible_questions(CHAIN, answers)) == expected


@pytest.mark.parametrize("type_", ["radios", "select", "checkboxes"])
def test_every_deciding_type_decides(type_):
    definition = form([item("a", type_), item("b", "short_text", **after("a", "Blue"))])
    for chosen, expected in (("Red", ["a"]), ("Blue", ["a", "b"])):
        assert [q.id for q in AnswersForm(definition, typed(a=chosen)).questions] == expected


def test_a_section_with_nothing_to_ask_is_left_out():
    assert [part["id"] for part in visible_questions(CHAIN, {})["sections"]] == ["s1"]


def test_an_answer_that_was_not_asked_for_is_dropped_and_never_wrong():
    definition = form([item("a"), item("b", "number", required=True, **after("a", "yes"))])
    sent = AnswersForm(definition, typed(a="no", b="not a number"))
    assert sent.is_valid(), sent.errors
    assert sent.answers() == {"a": {"choice": "no"}}
    asked_for = AnswersForm(definition, typed(a="yes", b="not a number"))
    assert [box for box, _ in asked_for.problems()] == ["q-b"]


def test_what_was_not_asked_is_not_read_as_unanswered():
    rows = [row.label for part in rows_of(CHAIN, {"a": {"choice": "no"}}) for row in part.rows]
    assert rows == ["Label of a"]


def test_a_section_alone_goes_by_what_was_answered_before():
    definition = form([item("a")], [item("b", "short_text", **after("a", "yes")), item("c", "short_text")])
    before = {"a": {"choice": "yes"}}
    assert [q.id for q in AnswersForm(definition, section="s2", answers=before).questions] == ["b", "c"]
    assert [q.id for q in AnswersForm(definition, section="s2").questions] == ["c"]
    # A change that comes with the same form counts more than what was stored.
    assert [q.id for q in AnswersForm(definition, typed(a="no"), section="s2", answers=before).questions] == ["c"]


def test_a_question_that_hangs_on_another_of_its_page_is_there_and_says_so():
    """Without JavaScript it has to be rendered; with JavaScript it appears when it is needed."""
    definition = form([item("a"), item("b", "short_text", **after("a", "yes"))])
    _, field = AnswersForm(definition).sections()[0]["questions"]
    page = render_to_string(field["template"], {"field": field})
    assert "Only if you choose “Yes” for “Label of a”." in page
    assert 'data-only-if="q-a"' in page
    assert 'name="q-b"' in page


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (form([item("b", **after("a", "yes")), item("a")]), ("b", "question", "comes later")),
        (form([item("a", **after("a", "yes"))]), ("a", "question", "on itself")),
        (form([item("b", **after("gone", "yes"))]), ("b", "question", "no longer in the form")),
        (form([item("a", "email"), item("b", **after("a", "yes"))]), ("b", "question", "answers to choose from")),
        (form([item("a", "eligibility"), item("b", **after("a", "yes"))]), ("b", "question", "answers to choose")),
        (form([item("a", handlers_only=True), item("b", **after("a", "yes"))]), ("b", "question", "handlers only")),
        (form([item("a", "radios"), item("b", **after("a", "Green"))]), ("b", "answers", "“Green” is not an answer")),
        (form([item("a", "radios"), item("b", **after("a"))]), ("b", "answers", "at least one")),
        (form([item("a")], [item("b")], **after("b", "yes")), ("s2", "question", "comes later")),
        (
            form([item("a")], [item("b", **after("a", "no"))], **after("a", "yes")),
            ("b", "", "two different answers"),
        ),
        (
            form([item("a"), item("b", **after("a", "yes"))], [item("c", **after("a", "no"))], **after("b", "yes")),
            ("c", "", "two different answers"),
        ),
    ],
    ids=["later", "itself", "deleted", "not deciding", "never stored", "handlers only", "not offered", "no answer",
         "section on its own question", "against its section", "against what its section rests on"],
)  # fmt: skip
def test_a_condition_that_cannot_work_is_found(definition, problem):
    found = condition_problems(definition)
    where, part, words = problem
    assert (found[0].item, found[0].part) == (where, part)
    assert words in found[0].words


def test_a_section_that_nobody_reaches_is_found():
    definition = form([item("a")], [item("b", **after("a", "no"))], **after("a", "yes"))
    assert [found.item for found in condition_problems(definition)] == ["b", "s2"]


def test_ticking_two_boxes_can_meet_two_conditions():
    definition = form([item("a", "checkboxes")], [item("b", **after("a", "Red"))], **after("a", "Blue"))
    assert condition_problems(definition) == []
    assert condition_problems(CHAIN) == []


def with_condition(needed: str, answers: str) -> list[dict]:
    asks = question("b", when={"question": needed, "answers": answers})
    return [section(question("a", "yes_no"), asks)]


def test_editors_write_answers_as_people_read_them():
    made = FormPageFactory(sections=with_condition("a", "Yes\n"))
    assert definition_of(made)["sections"][0]["questions"][1]["when"] == {"question": "a", "is": ["yes"]}


def test_a_form_cannot_be_public_with_a_condition_that_cannot_work(form_page):
    """For approval workflows, schedules and code."""
    with pytest.raises(ValidationError, match="no longer in the form"):
        republish(form_page, sections=with_condition("gone", "Yes"))
    assert "when" not in str(definition_of(FormPage.objects.get(pk=form_page.pk)))


def yes_no(block_id: str, label: str) -> tuple[str, dict, str]:
    return ("yes_no", {"label": label, "hint": "", "follow_up": "", "required": "on"}, block_id)


def conditional(needed: str, answers: str) -> tuple[str, dict, str]:
    type_, value, block_id = asked("b", "B")
    return (type_, value | {"when": {"question": needed, "answers": answers}}, block_id)


@pytest.mark.parametrize(("needed", "part"), [("gone", "question"), ("a", "answers")])
def test_an_editor_is_told_at_the_field_but_can_always_save_a_draft(home, admin_client, needed, part):
    url = f"/admin/pages/add/forms/formpage/{home.pk}/"
    posted = [yes_no("a", "A"), conditional(needed, "Perhaps")]
    refused = admin_client.post(url, editor_post(*posted))
    assert refused.status_code == 200
    where = refused.context["form"].errors["sections"].as_data()[0].as_json_data()
    at_question = where["blockErrors"][0]["blockErrors"]["questions"]["blockErrors"][1]
    (words,) = at_question["blockErrors"]["when"]["blockErrors"][part]["messages"]
    assert "question" in words
    assert FormPage.objects.count() == 0

    assert admin_client.post(url, editor_post(*posted, action="action-none")).status_code == 302
    assert not FormPage.objects.get().live


def test_a_live_form_can_be_saved_as_a_draft_with_a_condition_that_cannot_work(home, admin_client):
    admin_client.post(f"/admin/pages/add/forms/formpage/{home.pk}/", editor_post(yes_no("a", "A")))
    live = FormPage.objects.get()
    draft = editor_post(yes_no("a", "A"), conditional("gone", "Yes"), action="action-none")
    assert admin_client.post(f"/admin/pages/{live.pk}/edit/", draft).status_code == 302
    live.refresh_from_db()
    assert live.live
    assert len(live.sections[0].value["questions"]) == 1
    refused = admin_client.post(f"/admin/pages/{live.pk}/edit/", draft | {"action-publish": "1"})
    assert refused.status_code == 200


def test_a_copy_is_a_form_of_its_own_and_its_conditions_point_within_it():
    original = FormPageFactory(sections=with_condition("a", "Yes"))
    original.save_revision()
    copy = original.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True).specific
    # The copy's first revision was copied too, with the original's identity in it; an editor may go back to it.
    republished = copy.revisions.order_by("pk").first().as_object()
    assert republished.form_key == copy.form_key != original.form_key
    assert republished.link_key == copy.link_key != original.link_key
    wanted = republished.sections[0].value["questions"][1].value["when"]["question"]
    assert wanted in [block.id for block in republished.sections[0].value["questions"]]


def test_stored_answers_can_be_typed_again():
    """So that a resident who returns finds their answers, and can change them."""
    definition = form([item("a", follow_up="Why?"), item("b", "checkboxes"), item("c", "date"), item("d", "address")])
    stored = {
        "a": {"choice": "yes", "details": "A ramp"},
        "b": ["Red"],
        "c": "2026-03-09",
        "d": {"line_1": "1 Mill Court", "town": "Ely", "postcode": "CB7 4AA"},
    }
    again = AnswersForm(definition, form_data_of(definition, stored))
    assert again.is_valid(), again.errors
    assert again.answers() == stored
