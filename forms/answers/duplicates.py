"""Whether a form that comes a second time says the same as the first time."""

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from ..models import Submission
from ..questions import File, RecordChoice
from ..rules.conditions import asked_of
from .forms import AnswersForm, questions_in
from .uploads import digest_of_file

APART = (File, RecordChoice)


def differs(sent: Submission, data: QueryDict, chosen: "MultiValueDict[str, UploadedFile]") -> bool:
    """Say whether what comes now has other answers, or other files, than what was sent before."""
    definition, answers = sent.version.definition, sent.answers
    # A record that was chosen may have been renamed or hidden since: what counts is which one it was.
    apart = [question for question in questions_in(asked_of(definition, answers)) if isinstance(question, APART)]
    types = {question.item["type"] for question in apart}
    without = [
        section | {"questions": [item for item in section["questions"] if item["type"] not in types]}
        for section in definition["sections"]
    ]
    form = AnswersForm(definition | {"sections": without}, data)
    given = {question_id: answer for question_id, answer in answers.items() if question_id not in {q.id for q in apart}}
    if not form.is_valid() or form.answers() != given:
        return True
    files = [question for question in apart if isinstance(question, File)]
    if any(_came(question, data, chosen, sent) != _came_first(question, sent) for question in files):
        return True
    records = [question for question in apart if not isinstance(question, File)]
    return any(data.get(question.name, "") != _key(answers.get(question.id)) for question in records)


def _key(answer: object) -> str:
    return str(answer["pk"]) if isinstance(answer, dict) else ""


def _came(question: File, data: QueryDict, chosen: MultiValueDict, sent: Submission) -> list[str]:
    """Give the digests of the files that come for a question: those chosen now, and those that were kept before."""
    kept = {upload.token.hex: upload.digest for upload in sent.uploads.all()}
    named = [kept.get(token, "") for token in data.getlist(question.kept_name)]
    return sorted({*named, *(digest_of_file(file) for file in chosen.getlist(question.name))})


def _came_first(question: File, sent: Submission) -> list[str]:
    return sorted({upload.digest for upload in sent.uploads.all() if upload.question_id == question.id})
