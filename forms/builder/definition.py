"""The definition of a form as plain JSON, with its texts resolved. Nothing is written.

    {"title", "kind", "next": rich text source,
     "sections": [{"id", "title", "intro", "when",
                   "questions": [{"id", "type", "label", "required": true, "when", ...}]}]}

A key whose value is empty or false is left out, so that a question type can gain a setting without a change in the
definition of every form. ``conditions.py`` describes ``when``.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model
from wagtail.blocks.stream_block import StreamValue
from wagtail.rich_text import RichText

from cms.core.references import resolved_text, resolved_value

from ..questions import Question, question_from
from ..questions.agreements import in_force
from ..questions.conditions import ConditionError, condition_problems

ASKS_NOTHING = "Ask at least one question, or choose equality questions to be counted."
QUESTION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Under this name space, the place of a set in a form and a question of the set make one identity for good.
OF_SETS = uuid.UUID("6a0e5a1c-9d0c-4c55-8f3e-0c4b8a2f1d70")

Sections = Iterable[Any]  # stream children of sections, or what stands in for one


def plain(value: Any) -> Any:
    """Return a block's value as JSON-serialisable data: rich text as source, a chosen record as its key.

    References to the landlord's settings are resolved: a version stores the text that people read.
    """
    if isinstance(value, RichText | str):
        return resolved_value(value)
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Mapping):
        return drop_empty(**value)
    if isinstance(value, int | None):
        return value
    return [plain(item) for item in value]


def drop_empty(**settings: Any) -> dict:
    """Return settings as JSON-serialisable data, without those that are empty or false; 0 is kept."""
    stored = {key: plain(value) for key, value in settings.items()}
    return {key: value for key, value in stored.items() if value or (value == 0 and value is not False)}


def set_question_id(block_id: str, question_id: str) -> str:
    """Return the id in a form of a question from a question set."""
    return str(uuid.uuid5(OF_SETS, f"{block_id}/{question_id}"))


def items_of(block: StreamValue.StreamChild) -> list[dict]:
    """Return the questions of one block of a section: its own, or those of the set that it refers to.

    Conditions are still as the editor chose them: see ``_decide``.
    """
    if block.block_type != "question_set":
        return [_item(block.id, block)]
    questions = block.value["question_set"].questions if block.value["question_set"] else []
    items = [_item(set_question_id(block.id, question.id), question) for question in questions]
    for item in items:
        if "when" in item:  # it can only mean a question of the same set
            item["when"]["question"] = set_question_id(block.id, item["when"]["question"])
    return items


def _item(item_id: str, block: StreamValue.StreamChild) -> dict:
    settings = {key: value for key, value in block.value.items() if key != "when"}
    stored = in_force(drop_empty(**settings))
    return {"id": item_id, "type": block.block_type, **stored, **_when(block.value.get("when"))}


def _when(condition: Mapping | None) -> dict:
    """Return a condition as the editor chose it; a question of a set is addressed by its block and its own id."""
    if not condition or not condition.get("question"):
        return {}
    block_id, in_set, question_id = condition["question"].partition("/")
    needed = set_question_id(block_id, question_id) if in_set else block_id
    lines = (line.strip() for line in resolved_text(condition.get("answers") or "").splitlines())
    return {"when": {"question": needed, "is": [line for line in lines if line]}}


def question_of(block: StreamValue.StreamChild) -> Question:
    """Return the question of a block as its editor wrote it, with references to settings unresolved."""
    return question_from({"id": block.id, "type": block.block_type, **block.value})


def sections_of(stream: Sections) -> list[dict]:
    """Return the sections of a form with their questions, including those of question sets."""
    sections = [
        {
            "id": section.id,
            **drop_empty(title=section.value["title"], intro=section.value["intro"]),
            **_when(section.value.get("when")),
            "questions": [item for block in section.value["questions"] for item in items_of(block)],
        }
        for section in stream
    ]
    _decide(sections)
    return sections


def _decide(sections: list[dict]) -> None:
    """Replace the answers in conditions by their stored values: a yes is ``yes``, however the editor wrote it."""
    items = {item["id"]: item for section in sections for item in section["questions"]}
    for item in (*sections, *(item for section in sections for item in section["questions"])):
        when = item.get("when")
        if when and when["question"] in items:
            needed = question_from(items[when["question"]])
            when["is"] = [needed.read_option(words) for words in when["is"]]


def definition_of(form: Any) -> dict:
    """Return the current definition of a form page."""
    return {
        "title": form.title,
        "kind": form.kind,
        **drop_empty(next=RichText(form.what_happens_next)),
        "sections": sections_of(form.sections),
    }


def digest_of(definition: dict) -> str:
    """Return the SHA-256 of a definition, as 64 hexadecimal digits: equal for equal definitions."""
    text = json.dumps(definition, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _places_in(stream: Sections) -> Iterator[tuple[tuple[int, int | None], StreamValue.StreamChild, list[str]]]:
    """Yield each block's position (section, and question within it), the block, and its ids in the definition."""
    for at, section in enumerate(stream):
        yield (at, None), section, [section.id]
        for within, block in enumerate(section.value["questions"]):
            yield (at, within), block, [item["id"] for item in items_of(block)]


def problems_by_place(stream: Sections) -> dict[tuple[int, int | None], ConditionError]:
    """Return the first condition error of each block, by position."""
    problems: dict[str, ConditionError] = {}
    for problem in condition_problems({"sections": sections_of(stream)}):
        problems.setdefault(problem.item, problem)
    found = {}
    for position, block, ids in _places_in(stream):
        first = next((problems[item_id] for item_id in ids if item_id in problems), None)
        if first and block.block_type == "question_set":  # what is wrong is in the set, not here
            first = ConditionError(first.item, "", f"In this set: {first.words}")
        if first:
            found[position] = first
    return found


def id_problems(sections: Sections) -> dict[tuple[int, int | None], str]:
    """Return the errors in the ids of blocks, which have to be valid and unique.

    :returns: the message, by position: section, and question within it (None for the section itself).
    """
    problems, seen = {}, set()

    def check(position: tuple[int, int | None], block_id: str | None) -> None:
        # A block that was never saved has no id yet, and is given one.
        if not block_id:
            return
        if not QUESTION_ID.fullmatch(block_id):
            problems[position] = "This cannot be told apart from the others. Delete it and add it again."
        elif block_id in seen:
            problems[position] = "This is in the form twice. Delete it and add it again."
        seen.add(block_id)

    for at, section in enumerate(sections):
        check((at, None), section.id)
        for within, question in enumerate(section.value["questions"]):
            check((at, within), question.id)
    return problems
