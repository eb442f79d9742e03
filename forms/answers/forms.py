"""Forms built from a definition, and stored answers as rows for display."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from ..models.upload import Upload
from ..models.version import FormVersion
from ..questions import Question, question_from
from ..questions.conditions import visible_questions
from ..rules.file_types import UploadRefused
from .throttling import count_of, throttle_message
from .uploads import check_upload, keep_upload, kept_uploads


class AnswersForm(forms.Form):
    """A Django form for the questions of a definition.

    Validation writes nothing. Files that come with it are kept by `keep_files`, a step of its own; from then on
    ``data`` has their tokens in place of the files.
    """

    data: QueryDict
    files: MultiValueDict

    def __init__(
        self,
        definition: dict,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        *,
        section: str | None = None,
        answers: dict | None = None,
        version: FormVersion | None = None,
        request: HttpRequest | None = None,
    ):
        """Build the form of all visible questions, or of one section by its id.

        What depends on a question of the same page is rendered too, since it may still be needed; but only what is
        visible is validated and stored.

        :param answers: the stored answers of the other sections; conditions use them where ``data`` has none.
        :param version: the version of the form: without it no file is stored.
        :param request: the request that the files came with, to limit uploads from one address.
        """
        super().__init__(data, files)
        self.definition, self.version, self.request = definition, version, request
        self.has_too_many_files = False
        self._were_files_kept = False
        self.kept: dict[str, list[Upload]] = {}
        here = {question.id for question in questions_in(_only(definition, section))}
        so_far = self._so_far(answers or {}, here)
        self.shown = _only(visible_questions(definition, so_far, undecided=here), section)
        self.questions = list(questions_in(_only(visible_questions(definition, so_far), section)))
        self.asked_here = here
        for question in self.questions:
            self.fields.update(question.fields())

    def _so_far(self, answers: dict, here: set[str]) -> dict:
        """Return the answers that decide what is visible: those of this page as typed, others as stored."""
        so_far = {key: answer for key, answer in answers.items() if not (self.is_bound and key in here)}
        if not self.is_bound:
            return so_far
        for question in questions_in(self.definition):
            given = self.data.getlist(question.name)
            if given and question.can_decide:
                so_far[question.id] = given
        return so_far

    def keep_files(self) -> None:
        """Store the files that can be kept, and add errors for the others, whatever else is wrong.

        Further calls do nothing, and neither do any number of calls of ``is_valid``.
        """
        if self._were_files_kept or not self.is_bound:
            return
        self._were_files_kept = True
        self.full_clean()
        for question in self.questions:
            question.keep_files(self)

    def keep(self, question_id: str, file: UploadedFile) -> Upload | None:
        """Store a file; only check it if the version of the form is not known.

        :raises UploadRefused: with a message for the person.
        """
        if self.version is None:
            check_upload(file)
            return None
        if self.request and count_of(self.request, "file") > settings.UPLOAD_RATE_LIMIT:
            self.has_too_many_files = True
            raise UploadRefused(throttle_message(self.request, "files"))
        return keep_upload(version=self.version, question_id=question_id, file=file)

    def unsent_uploads(self, question_id: str, tokens: Iterable[str]) -> list[Upload]:
        """Return the stored, unsent files of a question; unknown tokens are ignored."""
        return kept_uploads(version=self.version, question_id=question_id, tokens=tokens)

    def note_kept(self, question_id: str, name: str, uploads: list[Upload]) -> None:
        """Add the tokens of stored files to the form data, so that the next page keeps them."""
        self.kept[question_id] = uploads
        self.data = self.data.copy()
        self.data.setlist(name, [upload.token.hex for upload in uploads])

    def clean(self) -> dict:
        """Run the checks that concern several fields at once."""
        for question in self.questions:
            question.check(self)
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        """Return the answers to store, by question id: visible, answered, and of a type that is stored."""
        given = {q.id: q.answer(self.cleaned_data) for q in self.questions if q.is_answered}
        return {question_id: answer for question_id, answer in given.items() if answer is not None}

    def ruled_out_by(self) -> Question | None:
        """Return the first question whose answer rules the person out, whatever other errors there are."""
        return next((question for question in self.questions if question.rules_out(self)), None)

    def set_aside_problems(self, *, but: Collection[str] = ()) -> None:
        """Remove all errors, except those of some fields, and keep what was typed."""
        kept = {name: self.errors[name] for name in but}
        self._errors = ErrorDict(kept)

    def add_problems(self, problems: dict[str, str]) -> None:
        """Set errors that were found before, by field, in place of current errors of those fields."""
        for name, words in problems.items():
            self.errors[name] = self.error_class([words])

    @property
    def file_problems(self) -> dict[str, str]:
        """Return the errors of file fields, by name: they could not be found again without the files."""
        boxes = [question.name for question in self.questions if question.takes_files]
        return {name: str(self.errors[name][0]) for name in boxes if name in self.errors}

    @property
    def refused_files(self) -> list[str]:
        """Return the names of the fields whose newly chosen file could not be kept."""
        return [name for name in self.files if name in self.errors]

    def problems(self) -> list[tuple[str, str]]:
        """Return the errors in the order of the page, as pairs of HTML id and message."""
        return [(name, str(self.errors[name][0])) for name in self.fields if name in self.errors]

    def sections(self) -> list[dict]:
        """Return the sections for the template: id, title, introduction and question components.

        ``only_if`` describes the condition of a section on a question of this page: the question's name, the answers,
        and the text. A question that depends on another of this page has a template of its own, which shows that text.
        """
        return [
            {
                "id": section["id"],
                "title": section.get("title", ""),
                "intro": section.get("intro", ""),
                "only_if": self._only_if(section),
                "questions": [self._component(item) for item in section["questions"]],
            }
            for section in self.shown["sections"]
        ]

    def _component(self, item: dict) -> dict:
        component = question_from(item).component(self)
        only_if = self._only_if(item)
        if only_if:
            inner = component["template"]
            component |= {"template": "forms/questions/only_if.html", "inner": inner, "only_if": only_if}
        return component

    def _only_if(self, item: dict) -> dict | None:
        """Return the condition of an item on a question of this page; None if it has none."""
        when = item.get("when")
        if not when or when["question"] not in self.asked_here:
            return None
        needed = next(question for question in questions_in(self.definition) if question.id == when["question"])
        chosen = " or ".join(f"“{needed.format_option(answer)}”" for answer in when["is"])
        words = f"Only if you choose {chosen} for “{needed.label}”."
        return {"name": needed.name, "is": when["is"], "values": "\n".join(when["is"]), "words": words}

    @property
    def has_files(self) -> bool:
        """Return whether the form has file fields, and so needs multipart encoding."""
        return any(question.takes_files for question in questions_in(self.shown))

    def typed(self) -> Iterator[tuple[str, str]]:
        """Yield all typed values, as pairs of name and value, to carry them to the next page."""
        for name in self.data:
            if name.startswith("q-"):
                for value in self.data.getlist(name):
                    yield name, value


def _only(definition: dict, section: str | None) -> dict:
    """Return a definition with one of its sections, or with all."""
    return definition | {"sections": [part for part in definition["sections"] if section in (None, part["id"])]}


def questions_in(definition: dict) -> Iterator[Question]:
    """Yield the questions of a definition, in order."""
    for section in definition["sections"]:
        for item in section["questions"]:
            yield question_from(item)


def form_data_of(definition: dict, answers: dict) -> QueryDict:
    """Return stored answers as form data, to be reviewed or changed."""
    data = QueryDict(mutable=True)
    for question in questions_in(definition):
        if question.is_answered and question.id in answers:
            for name, values in question.to_form_data(answers[question.id]).items():
                data.setlist(name, values)
    return data


@dataclasses.dataclass(frozen=True)
class Row:
    """One question with its formatted answer, which is empty without an answer."""

    label: str
    words: str
    handlers_only: bool
    question: str = ""  # its id


@dataclasses.dataclass(frozen=True)
class AnsweredSection:
    """The rows of one section."""

    title: str
    rows: list[Row]
    id: str = ""


def rows_of(definition: dict, answers: dict) -> list[AnsweredSection]:
    """Return stored answers as rows, under the questions that are visible for these answers."""
    sections = []
    for section in visible_questions(definition, answers)["sections"]:
        asked = [question_from(item) for item in section["questions"]]
        rows = [
            Row(label, words, question.handlers_only, question.id)
            for question in asked
            if question.is_answered
            for label, words in question.format_answer(answers.get(question.id))
        ]
        if rows:
            sections.append(AnsweredSection(section.get("title", ""), rows, section["id"]))
    return sections
