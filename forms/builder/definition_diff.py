"""Differences between two definitions of a form, in sentences for editors. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape

from ..questions import question_from

# Settings with a sentence of their own; any other difference is described in general.
DESCRIBED = {"id", "type", "label", "hint", "required", "handlers_only", "options", "when"}
LONGEST = 80  # characters of a question that are quoted


def changes_between(old: dict, new: dict) -> list[str]:
    """Describe the changes in a newer definition, in the order of the form.

    :returns: one sentence for each change; an empty list if there is none.
    """
    return [*_of_form(old, new), *_of_sections(old, new), *_of_questions(old, new)]


def quoted(item: dict) -> str:
    """Return the label of a question, a text or a section in quotation marks, shortened."""
    words = item.get("label") or item.get("title") or unescape(re.sub(r"<[^>]+>", " ", item.get("text", "")))
    words = " ".join(words.split()) or "Text"
    return f"“{words if len(words) <= LONGEST else words[:LONGEST] + '…'}”"


def _of_form(old: dict, new: dict) -> Iterator[str]:
    if old["title"] != new["title"]:
        yield f"The form is called “{new['title']}”, not “{old['title']}”."
    if old["kind"] != new["kind"]:
        yield "It is another kind of form."
    if old.get("next") != new.get("next"):
        yield "What happens next is told in other words."


def _of_sections(old: dict, new: dict) -> Iterator[str]:
    before = {section["id"]: section for section in old["sections"]}
    after = {section["id"]: section for section in new["sections"]}
    moved = _moved(list(before), list(after))
    for section_id, section in after.items():
        was = before.get(section_id)
        if was is None:
            yield f"New section: {quoted(section)}."
            continue
        if was.get("title") != section.get("title"):
            yield f"The section {quoted(was)} is now called {quoted(section)}."
        if was.get("intro") != section.get("intro"):
            yield f"The introduction of {quoted(section)} is in other words."
        if section_id in moved:
            yield f"The section {quoted(section)} stands in another place."
        yield from _of_condition(was, section, new)
    yield from (f"The section {quoted(was)} is gone." for key, was in before.items() if key not in after)


def _of_questions(old: dict, new: dict) -> Iterator[str]:
    before, after = _questions(old), _questions(new)
    place_before, place_after = _places(old), _places(new)
    titles = {section["id"]: quoted(section) for section in new["sections"]}
    stayed = {key for key in before if place_before[key] == place_after.get(key)}
    moved = _moved([key for key in before if key in stayed], [key for key in after if key in stayed])
    for question_id, item in after.items():
        was = before.get(question_id)
        if was is None:
            yield f"New: {quoted(item)}."
            continue
        if was.get("label") != item.get("label"):
            yield f"{quoted(was)} now reads {quoted(item)}."
        if place_before[question_id] != place_after[question_id]:
            yield f"{quoted(item)} stands in the section {titles[place_after[question_id]]}."
        elif question_id in moved:
            yield f"{quoted(item)} stands in another place."
        yield from _of_settings(was, item)
        yield from _of_condition(was, item, new)
    yield from (f"{quoted(was)} is no longer asked." for key, was in before.items() if key not in after)


def _of_settings(was: dict, item: dict) -> Iterator[str]:
    name = quoted(item)
    if was.get("required", False) != item.get("required", False):
        yield f"{name} must now be answered." if item.get("required") else f"{name} can now be left empty."
    if was.get("handlers_only", False) != item.get("handlers_only", False):
        yield f"{name} is now {'for handlers only' if item.get('handlers_only') else 'no longer for handlers only'}."
    if was.get("hint") != item.get("hint"):
        yield f"The hint of {name} is in other words."
    yield from _of_options(name, was.get("options", []), item.get("options", []))
    if {key for key in (*was, *item) if key not in DESCRIBED and was.get(key) != item.get(key)}:
        yield f"The words or limits of {name} are different."


def _of_options(name: str, was: list[str], now: list[str]) -> Iterator[str]:
    added = [f"“{option}”" for option in now if option not in was]
    gone = [f"“{option}”" for option in was if option not in now]
    if added:
        yield f"{name} can also be answered with {', '.join(added)}."
    if gone:
        yield f"{name} can no longer be answered with {', '.join(gone)}."
    if not added and not gone and was != now:
        yield f"The answers of {name} are in another order."


def _of_condition(was: dict, item: dict, new: dict) -> Iterator[str]:
    if was.get("when") == item.get("when"):
        return
    when = item.get("when")
    if not when:
        yield f"{quoted(item)} is now asked of everybody."
        return
    needed = _questions(new).get(when["question"])
    if needed is None:
        yield f"{quoted(item)} depends on a question that is not there."
        return
    answers = " or ".join(f"“{option_text(answer, needed)}”" for answer in when["is"])
    yield f"{quoted(item)} is now asked only after {answers} to {quoted(needed)}."


def option_text(answer: str, question: dict) -> str:
    """Return an option as people read it."""
    needed = question_from(question)
    return needed.format_option(answer) if needed.can_decide else answer


def _questions(definition: dict) -> dict[str, dict]:
    return {item["id"]: item for section in definition["sections"] for item in section["questions"]}


def _places(definition: dict) -> dict[str, str]:
    return {item["id"]: section["id"] for section in definition["sections"] for item in section["questions"]}


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the items that have to move to get from one order to the other."""
    before = [key for key in before if key in set(after)]
    after = [key for key in after if key in set(before)]
    stay = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(after) - {after[block.b + step] for block in stay for step in range(block.size)}
