"""Conditions: which questions are shown for the answers so far, and which conditions cannot be met. Pure.

A section or a question of a definition may have ``"when": {"question": id, "is": [answers]}``: it is shown if the
question was shown and has one of these answers. Answers are as stored: ``yes`` or ``no`` for a yes-or-no question, the
option's text for the others.
"""

import dataclasses
from collections.abc import Collection, Iterable, Iterator

from . import Question, question_from


def visible_questions(definition: dict, answers: dict, undecided: Collection[str] = ()) -> dict:
    """Return a definition with only those sections and questions that are shown for these answers.

    Answers to hidden questions decide nothing, so what depends on one is hidden too. An empty section is left out. A
    condition on a question that the definition does not contain counts as met: the caller passed a part of a form and
    has checked it.

    :param undecided: ids of questions whose answers are still open, because they are on the same page.
    """
    known = {item["id"]: item for section in definition["sections"] for item in section["questions"]}
    asked = _Asked(answers, known, set(undecided))
    sections = []
    for section in definition["sections"]:
        if not asked.may_be(section.get("when")):
            continue
        questions = list(asked.of(section["questions"]))
        if questions:
            sections.append(section | {"questions": questions})
    return definition | {"sections": sections}


class _Asked:
    """The questions that were shown so far, with their answers."""

    def __init__(self, answers: dict, known: dict[str, dict], undecided: set[str]):
        self.answers, self.known, self.undecided = answers, known, undecided
        self.counted: dict = {}
        self.open: set[str] = set()

    def may_be(self, when: dict | None) -> bool:
        if not when or when["question"] not in self.known or when["question"] in self.open:
            return True
        needed = question_from(self.known[when["question"]])
        return not set(needed.chosen(self.counted.get(needed.id))).isdisjoint(when["is"])

    def of(self, questions: Iterable[dict]) -> Iterator[dict]:
        for item in questions:
            if self.may_be(item.get("when")):
                if item["id"] in self.answers:
                    self.counted[item["id"]] = self.answers[item["id"]]
                if item["id"] in self.undecided:
                    self.open.add(item["id"])
                yield item


@dataclasses.dataclass(frozen=True)
class ConditionError:
    """An error in the condition of one section or question."""

    item: str  # the id of what has the condition
    part: str  # which half of it: question, or answers; neither when the whole cannot be met
    words: str


def condition_problems(definition: dict) -> list[ConditionError]:
    """Return the conditions that cannot be met, in the order of the form: at most one error for each item."""
    return list(_Conditions(definition).problems())


class _Conditions:
    """The conditions of a form, as far as they can be checked before anybody answers."""

    def __init__(self, definition: dict):
        self.sections = definition["sections"]
        self.questions: dict[str, Question] = {
            item["id"]: question_from(item) for section in self.sections for item in section["questions"]
        }
        self.section_of = {item["id"]: section for section in self.sections for item in section["questions"]}
        self.earlier: set[str] = set()

    def problems(self) -> Iterator[ConditionError]:
        for section in self.sections:
            found = self.problem_of(section)
            if found:
                yield found
            asked_at_all, in_section = False, []
            for item in section["questions"]:
                problem = self.problem_of(item)
                if problem:
                    in_section.append(problem)
                asked_at_all = asked_at_all or not problem or bool(problem.part)
                self.earlier.add(item["id"])
            yield from in_section
            if section["questions"] and not asked_at_all and not found:
                words = "Nobody can ever reach this section: none of its questions can be asked."
                yield ConditionError(section["id"], "", words)

    def problem_of(self, item: dict) -> ConditionError | None:
        when = item.get("when")
        if not when:
            return None
        part, words = self._wrong_question(item, when["question"])
        if not words:
            part, words = "answers", self._wrong_answers(when)
        if not words and not self._can_be_met(item):
            part, words = "", "Nobody can ever be asked this: it needs two different answers to one question."
        return ConditionError(item["id"], part, words) if words else None

    def _wrong_question(self, item: dict, needed: str) -> tuple[str, str]:
        words = ""
        if needed == item["id"]:
            words = "This cannot depend on itself. Choose an earlier question."
        elif needed not in self.questions:
            words = "The question that this depends on is no longer in the form. Choose another."
        elif needed not in self.earlier:
            words = "The question that this depends on comes later. Choose an earlier one, or move this down."
        elif not self.questions[needed].can_decide:
            words = "Choose a question with answers to choose from, such as yes or no."
        elif self.questions[needed].handlers_only:
            words = "That answer is for handlers only, and what is asked next would give it away. Choose another."
        return "question", words

    def _wrong_answers(self, when: dict) -> str:
        if not when["is"]:
            return "Choose at least one answer."
        offered = self.questions[when["question"]].options
        unknown = next((words for words in when["is"] if words not in offered), None)
        return f"“{unknown}” is not an answer to that question any more." if unknown else ""

    def _can_be_met(self, item: dict) -> bool:
        """Return whether some set of answers meets this condition and all conditions that it depends on."""
        allowed: dict[str, set[str]] = {}
        waiting, seen = [item], set()
        while waiting:
            current = waiting.pop()
            if current["id"] in seen:
                continue
            seen.add(current["id"])
            section = self.section_of.get(current["id"])
            if section:
                waiting.append(section)
            when = current.get("when")
            needed = self.questions.get(when["question"]) if when else None
            if when is None or needed is None:
                continue
            waiting.append(needed.item)
            if not needed.takes_many:  # else one person can tick both
                allowed[needed.id] = allowed.get(needed.id, set(when["is"])) & set(when["is"])
        return all(allowed.values())
