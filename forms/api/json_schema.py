"""The JSON Schema of a form's answers, and the presentation of its questions for API clients.

An answer is sent as it is stored, under its question's id. The schema describes the format; error messages come from
the Django form, which is the same for the page and the API.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from ..questions import question_from

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WRONG_SHAPE = "This is not an answer as the schema of the form has it."
UNKNOWN = "There is no such question."
TYPES = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "object": dict}


def answers_schema(definition: dict) -> dict:
    """Return the JSON Schema (2020-12) of the answers to a form, an object by question id."""
    asked = list(_asked(definition))
    properties, always, depends = {}, [], []
    for item, conditions in asked:
        question = question_from(item)
        schema = question.schema()
        if schema is None:
            continue
        properties[item["id"]] = {"title": question.label} | ({"description": question.hint} if question.hint else {})
        properties[item["id"]] |= schema
        if question.required and not conditions:
            always.append(item["id"])
        elif question.required:
            needed = {"allOf": [_met(definition, when) for when in conditions]}
            depends.append({"if": needed, "then": {"required": [item["id"]]}})
    return {
        "$schema": DIALECT,
        "title": definition["title"],
        "type": "object",
        "properties": properties,
        "required": always,
        "additionalProperties": False,
    } | ({"allOf": depends} if depends else {})


def _asked(definition: dict) -> Iterator[tuple[dict, list[dict]]]:
    """Yield every question with all conditions that it depends on."""
    behind: dict[str, list[dict]] = {}
    for section in definition["sections"]:
        for item in section["questions"]:
            own = [when for when in (section.get("when"), item.get("when")) if when]
            behind[item["id"]] = [more for when in own for more in (*behind.get(when["question"], ()), when)]
            yield item, behind[item["id"]]


def _met(definition: dict, when: dict) -> dict:
    """Return the JSON Schema of answers that meet one condition."""
    items = {item["id"]: item for section in definition["sections"] for item in section["questions"]}
    needed = question_from(items.get(when["question"], {"id": when["question"], "type": ""}))
    chosen = needed.condition_schema(when["is"])
    return {"properties": {when["question"]: chosen}, "required": [when["question"]]}


def presentation(definition: dict, html: Callable[[str], Any]) -> list[dict]:
    """Return the sections in order, with their questions as a client presents them.

    :param html: converts rich text source to public HTML.
    """
    return [
        {
            "id": section["id"],
            "title": section.get("title", ""),
            "intro": html(section.get("intro", "")),
            "when": section.get("when"),
            "questions": [_question(item, html) for item in section["questions"]],
        }
        for section in definition["sections"]
    ]


def _question(item: dict, html: Callable[[str], Any]) -> dict:
    question = question_from(item)
    return {
        "id": question.id,
        "type": item["type"],
        "label": question.label,
        "hint": question.hint,
        "required": question.required,
        "when": item.get("when"),
        "text": html(item.get("text", "")),
        "settings": {name: item[name] for name in question.public_settings if name in item},
    }


def has_shape(answer: object, schema: dict) -> bool:
    """Return whether an answer has the types and parts of its schema, whatever the values."""
    names = schema.get("type", [])
    kinds = [TYPES[name] for name in ([names] if isinstance(names, str) else names)]
    if "integer" in names and isinstance(answer, float) and answer.is_integer():
        return True  # to JSON, 12.0 is a whole number
    # To Python, true is a number.
    if not any(isinstance(answer, kind) and (kind is bool or not isinstance(answer, bool)) for kind in kinds):
        return False
    if isinstance(answer, list):
        return len(answer) <= schema["maxItems"] and all(has_shape(part, schema["items"]) for part in answer)
    if isinstance(answer, dict):
        parts, needed = schema["properties"], schema["required"]
        return set(needed) <= set(answer) <= set(parts) and all(has_shape(answer[name], parts[name]) for name in answer)
    return True


def as_typed(answer: object) -> object:
    """Return an answer with its numbers as people type them: 12.0 as 12, and 0.00001 without an exponent."""
    if isinstance(answer, float):
        return int(answer) if answer.is_integer() else f"{Decimal(repr(answer)):f}"
    if isinstance(answer, list):
        return [as_typed(part) for part in answer]
    if isinstance(answer, dict):
        return {name: as_typed(part) for name, part in answer.items()}
    return answer


class InvalidAnswers(Exception):
    """Raised for answers that no page could have sent; ``problems`` has the messages by question id."""

    def __init__(self, problems: dict[str, list[str]]):
        super().__init__(problems)
        self.problems = problems


def form_data_from_answers(definition: dict, answers: dict) -> QueryDict:
    """Return answers as form data, as a browser would send them.

    :raises InvalidAnswers: for an unknown question, or an answer that does not match its schema.
    """
    asked = (question_from(item) for section in definition["sections"] for item in section["questions"])
    questions = {question.id: question for question in asked}
    problems, data = {}, QueryDict(mutable=True)
    for question_id, answer in answers.items():
        question = questions.get(question_id)
        # Asked only of what is answered: a schema may hold every record that can be chosen.
        schema = question.schema() if question else None
        if question is None or schema is None:
            problems[question_id] = [UNKNOWN]
        elif answer is not None and not has_shape(answer, schema):
            problems[question_id] = [WRONG_SHAPE]
        elif answer is not None:
            for name, values in question.to_form_data(as_typed(answer)).items():
                data.setlist(name, values)
    if problems:
        raise InvalidAnswers(problems)
    return data
