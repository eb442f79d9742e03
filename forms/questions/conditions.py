"""Which questions are asked, given the answers so far, and which conditions cannot work. Pure.

A section or a question of a definition may have ``"when": {"question": id, "is": [answers]}``: it is asked if the
question was asked and one of these answers was given. Answers are as stored: ``yes`` or ``no`` for a yes-or-no
question, the words chosen for the others.
"""

import dataclasses
from collections.abc import Collection, Iterable, Iterator

from . import Question, question_from


def visible_questions(definition: dict, answers: dict, undecided: Collection[str] = ()) -> dict:
    """Return a definition with only those sections and questions that somebody with these answers is asked.

    Answers to questions that are not asked decide nothing, so what depends on one is not asked either.
    A section of which nothing is left is left out. A condition on a question that the definition does not have
    holds: whoever gave a part of a form has looked at it.

    :param undecided: ids of questions that can still be answered either way, because they are on the same page.
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
    """What was asked so far, and what was answered to it."""

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
class Problem:
    """What is wrong with the condition of one section or question."""

    item: str  # the id of what has the condition
    part: str  # which half of it: question, or answers; neither when the whole cannot be met
    words: str


def condition_problems(definition: dict) -> list[Problem]:
    """Find conditions that cannot work, in the order of the form: one problem for each at most."""
    return list(_Conditions(definition).problems())


class _Conditions:
    """A form's questions by what can be known of them before anybody answers."""

    def __init__(self, definition: dict):
        self.sections = definition["sections"]
        self.questions: dict[str, Question] = {
            item["id"]: question_from(item) for section in self.sections for item in section["questions"]
        }
        self.section_of = {item["id"]: section for section in self.sections for item in section["questions"]}
        self.earlier: set[str] = set()

    def problems(self) -> Iterator[Problem]:
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
                yield Problem(section["id"], "", words)

    def problem_of(self, item: dict) -> Problem | None:
        when = item.get("when")
        if not when:
            return None
        part, words = self._wrong_question(item, when["question"])
        if not words:
            part, words = "answers", self._wrong_answers(when)
        if not words and not self._can_be_met(item):
            part, words = "", "Nobody can ever be asked this: it needs two different answers to one question."
        return Problem(item["id"], part, words) if words else None

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
        """Return whether some set of answers meets this condition and all that it rests on."""
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
            if needed is None:
                continue
            waiting.append(needed.item)
            if not needed.takes_many:  # else one person can tick both
                allowed[needed.id] = allowed.get(needed.id, set(when["is"])) & set(when["is"])
        return all(allowed.values())
