"""Whether a form that comes a second time says the same as the first time."""

from django.http import HttpRequest

from .answers import AnswersForm, questions_in
from .conditions import asked_of
from .models import Submission
from .questions import File
from .uploads import digest_of_file


def differs(sent: Submission, request: HttpRequest) -> bool:
    """Say whether a request has other answers, or other files, than what was sent before."""
    definition, answers = sent.version.definition, sent.answers
    files = [question for question in questions_in(asked_of(definition, answers)) if isinstance(question, File)]
    without = [
        section | {"questions": [item for item in section["questions"] if item["type"] != File.type]}
        for section in definition["sections"]
    ]
    form = AnswersForm(definition | {"sections": without}, request.POST)
    given = {question_id: answer for question_id, answer in answers.items() if question_id not in {q.id for q in files}}
    if not form.is_valid() or form.answers() != given:
        return True
    return any(_came(question, request, sent) != _came_first(question, sent) for question in files)


def _came(question: File, request: HttpRequest, sent: Submission) -> list[str]:
    """Give the digests of the files that come for a question: those chosen now, and those that were kept before."""
    kept = {upload.token.hex: upload.digest for upload in sent.uploads.all()}
    named = [kept.get(token, "") for token in request.POST.getlist(question.kept_name)]
    return sorted([*named, *(digest_of_file(file) for file in request.FILES.getlist(question.name))])


def _came_first(question: File, sent: Submission) -> list[str]:
    return sorted(upload.digest for upload in sent.uploads.all() if upload.question_id == question.id)
