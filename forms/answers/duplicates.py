"""Comparison of a repeated submission with the one stored under its key."""

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from ..models import Submission
from ..questions import Question
from ..questions.conditions import visible_questions
from .forms import AnswersForm, questions_in
from .uploads import digest_of_file


def differs(sent: Submission, data: QueryDict, chosen: "MultiValueDict[str, UploadedFile]") -> bool:
    """Return whether the answers, or the files, differ from those of a stored submission."""
    definition, answers = sent.version.definition, sent.answers
    apart = {question.id: question for question in questions_in(definition) if question.is_compared_apart}
    without = [
        section | {"questions": [item for item in section["questions"] if item["id"] not in apart]}
        for section in definition["sections"]
    ]
    form = AnswersForm(definition | {"sections": without}, data)
    given = {question_id: answer for question_id, answer in answers.items() if question_id not in apart}
    if not form.is_valid() or form.answers() != given:
        return True
    for question in questions_in(visible_questions(definition, answers)):
        if question.takes_files:
            if _came(question, data, chosen, sent) != _came_first(question, sent):
                return True
        elif question.is_compared_apart and not question.was_typed(answers.get(question.id), data):
            return True
    return False


def _came(question: Question, data: QueryDict, chosen: MultiValueDict, sent: Submission) -> list[str]:
    """Return the digests of the files that come for a question: newly chosen ones, and those stored before."""
    kept = {upload.token.hex: upload.digest for upload in sent.uploads.all()}
    named = [kept.get(token, "") for token in data.getlist(question.kept_name)]
    return sorted({*named, *(digest_of_file(file) for file in chosen.getlist(question.name))})


def _came_first(question: Question, sent: Submission) -> list[str]:
    return sorted({upload.digest for upload in sent.uploads.all() if upload.question_id == question.id})
