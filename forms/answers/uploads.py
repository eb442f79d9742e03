"""Storage of uploaded files: checked, harmless, under random names, without URLs."""

import datetime
import hashlib
import io
import logging
import re
import uuid
from collections.abc import Iterable
from typing import Any, cast

from clamav_client import get_scanner
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.core.security.upload_handlers import UnstoredFile
from cms.core.text.cleaning import clean_text

from ..models.submission import Submission
from ..models.upload import FOLDER, Upload
from ..models.version import FormVersion
from ..questions import question_from
from ..rules.file_types import ALLOWED_WORDS, LARGEST, LARGEST_WORDS, FileType, NotAllowed, UploadRefused, harmless

logger = logging.getLogger(__name__)

LONGEST_NAME = 120
SCAN_SECONDS = 20
NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]+')
TOKEN = re.compile(r"[0-9a-f]{32}")


class UploadNotStored(UploadRefused):
    """Raised when there is no room for a file: the fault is ours."""


def keep_upload(*, version: FormVersion, question_id: str, file: UploadedFile) -> Upload:
    """Store a file for a question, until the form is sent with it.

    :raises UploadRefused: with a message for the person, if it is not accepted.
    :raises UploadNotStored: if the disk or the database has no room for it.
    """
    kind, data = check_upload(file)
    upload = Upload(version=version, question_id=question_id, content_type=kind.content_type, size=len(data))
    upload.name, upload.digest = safe_name(file.name or "", kind), digest_of_file(file)
    # The file is written first: a row without one would be a promise broken, a file without a row is only swept up.
    try:
        upload.file.save(upload.name, ContentFile(data), save=False)
        with transaction.atomic():
            upload.save()
    except (OSError, OperationalError) as failure:
        logger.exception("A file that somebody sent could not be kept")
        raise _not_stored(file) from failure
    return upload


def _not_stored(file: UploadedFile) -> UploadNotStored:
    called = clean_name(file.name or "")[:60] or "your file"
    sorry = f"We could not keep “{called}”, because we have no room just now."
    return UploadNotStored(f"{sorry} Try again in an hour, or send the form without it.")


def digest_of_file(file: UploadedFile) -> str:
    """Return the SHA-256 of a file as uploaded, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in file.chunks():  # from its beginning
        digest.update(part)
    return digest.hexdigest()


def check_upload(file: UploadedFile) -> tuple[FileType, bytes]:
    """Return the type of a file and the bytes to keep, without storing it.

    :raises UploadRefused: with a message for the person, if it is not accepted.
    """
    if isinstance(file, UnstoredFile):
        raise _not_stored(file)
    called = clean_name(file.name or "")[:60] or "That file"
    if not file.size:
        raise UploadRefused(f"“{called}” is empty. Choose another file.")
    if file.size > LARGEST:
        raise UploadRefused(f"“{called}” must be {LARGEST_WORDS} or smaller")
    data = file.read()
    scan(data, called)
    try:
        kind, kept = harmless(data)
    except NotAllowed as refused:
        raise UploadRefused(
            f"“{called}” {refused}. We can take: {ALLOWED_WORDS[0].lower()}{ALLOWED_WORDS[1:]}."
        ) from None
    if len(kept) > LARGEST:
        raise UploadRefused(f"“{called}” must be {LARGEST_WORDS} or smaller")
    return kind, kept


def scan(data: bytes, called: str) -> None:
    """Scan a file for viruses, if a scanner is configured. An unclear result counts as a bad one.

    :raises UploadRefused: if something was found, or the scanner did not report the file as clean.
    """
    if not settings.CLAMAV_ADDRESS:
        return
    scanner = get_scanner({"backend": "clamd", "address": settings.CLAMAV_ADDRESS, "timeout": SCAN_SECONDS})
    try:
        client = cast("Any", scanner).client  # which only the scanner of clamd has
        answer = client.instream(io.BytesIO(data)).get("stream")
    # The library says with many kinds of error that it could not ask; none of them lets a file through.
    except Exception:
        answer = None
    state = answer[0] if answer else "ERROR"
    if state == "FOUND":
        raise UploadRefused(f"“{called}” has a virus in it, so we have not kept it.")
    if state != "OK":
        raise UploadRefused(f"We could not check “{called}” for viruses. Try again, or send the form without it.")


def clean_name(name: str) -> str:
    """Return a file name without invisible characters and without characters that file systems reserve."""
    return clean_text(NOT_IN_A_NAME.sub(" ", clean_text(name, multiline=False)), multiline=False)


def safe_name(name: str, kind: FileType) -> str:
    """Return a file name without paths, with the extension of its detected type."""
    last = re.split(r"[/\\]", name)[-1]
    stem = clean_name(last.rpartition(".")[0] or last).strip(" .") or "file"
    return f"{stem[: LONGEST_NAME - 6]}.{kind.extension}"


def kept_uploads(*, version: FormVersion | None, question_id: str, tokens: Iterable[str]) -> list[Upload]:
    """Return the stored, unsent files of a question; unknown tokens are ignored.

    Any version of the form counts: question ids are permanent.
    """
    if version is None:
        return []
    found = _unsent(version, tokens).filter(question_id=question_id)
    return list(found)


def uploads_in(*, version: FormVersion, answers: dict) -> list[Upload]:
    """Return the unsent files that answers refer to."""
    asked = (question_from(item) for section in version.definition["sections"] for item in section["questions"])
    wanted = {(question.id, token) for question in asked for token in question.file_tokens(answers.get(question.id))}
    found = _unsent(version, (token for _, token in wanted))
    return [upload for upload in found if (upload.question_id, upload.token.hex) in wanted]


def attach_uploads(sent: Submission) -> None:
    """Assign the files that a submission's answers refer to; files of another form are left alone."""
    found = uploads_in(version=sent.version, answers=sent.answers)
    # Of two submissions that name one file at the same moment, the first has it.
    Upload.objects.filter(pk__in=[upload.pk for upload in found], submission=None).update(submission=sent)


def keep_longer(*, version: FormVersion, tokens: Iterable[str]) -> None:
    """Extend the retention of unsent files: a draft that refers to them was stored."""
    _unsent(version, tokens).update(kept_at=timezone.now())


def _unsent(version: FormVersion, tokens: Iterable[str]) -> QuerySet[Upload]:
    sound = [uuid.UUID(token) for token in tokens if TOKEN.fullmatch(token)]
    ours = Upload.objects.filter(token__in=sound, version__form_key=version.form_key, submission=None)
    return ours.order_by("pk")


def forget_unsent(*, before: datetime.datetime) -> int:
    """Delete the files that were stored before a moment and never sent, and return their number."""
    with transaction.atomic():
        old = Upload.objects.select_for_update().filter(submission=None, kept_at__lt=before)
        # One by one, so that each file goes with its row.
        return sum(upload.delete()[0] for upload in old)


def sweep_files(*, before: datetime.datetime) -> int:
    """Delete files that were written before a moment and have no row, and return their number.

    A process that is killed between writing a file and its row, or between deleting a row and its file, leaves one.

    :raises ExceptionGroup: at the end, with the files that could not be deleted; the others are.
    """
    storage = Upload._meta.get_field("file").storage
    if not storage.exists(FOLDER):  # nobody has sent a file yet
        return 0
    there = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    swept, failures = 0, []
    for name in there.difference(Upload.objects.values_list("file", flat=True)):
        try:
            if storage.get_modified_time(name) < before:
                storage.delete(name)
                swept += 1
        except OSError as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("Files could not be deleted", failures)
    return swept
