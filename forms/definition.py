"""What a form asks, as plain JSON that owns its words. Pure: nothing is read or written.

    {"title", "kind", "next": rich text source,
     "sections": [{"id", "title", "intro", "questions": [{"id", "type", "label", "required": true, ...}]}]}

A key whose value is empty or false is left out, so that a question type can gain a setting without
every form seeming to have changed.
"""

import hashlib
import json
import re

QUESTION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def plain(value):
    """Give a block's value as what JSON can hold; rich text as its stored source."""
    if hasattr(value, "source"):
        return value.source
    if isinstance(value, str | int | None):
        return value
    return [plain(item) for item in value]


def stated(**settings) -> dict:
    """Give those settings that say something."""
    said = {key: plain(value) for key, value in settings.items()}
    return {key: value for key, value in said.items() if value or (value == 0 and value is not False)}


def definition_of(form) -> dict:
    """Give what a form page asks, as it is now."""
    sections = [
        {
            "id": section.id,
            **stated(title=section.value["title"], intro=section.value["intro"]),
            "questions": [
                {"id": question.id, "type": question.block_type, **stated(**question.value)}
                for question in section.value["questions"]
            ],
        }
        for section in form.sections
    ]
    return {"title": form.title, "kind": form.kind, **stated(next=form.what_happens_next), "sections": sections}


def digest_of(definition: dict) -> str:
    """Give the SHA-256 of a definition, as 64 hexadecimal digits: equal for equal definitions."""
    text = json.dumps(definition, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def id_problems(sections) -> dict[tuple[int, int | None], str]:
    """Find blocks whose id is not a sound and single identity.

    :returns: the problem in words, by position: section, and question within it (none for the section itself).
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
