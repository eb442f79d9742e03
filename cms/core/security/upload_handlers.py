"""Upload handling that survives a full disk."""

import io
import logging
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class UnstoredFile(InMemoryUploadedFile):
    """An uploaded file that could not be stored. To code that does not know of it, it is an empty file."""

    def __init__(self, name: str | None, field_name: str | None, content_type: str | None, charset: str | None):
        super().__init__(io.BytesIO(), field_name, name, content_type, 0, charset)


class SpoolingUploadHandler(TemporaryFileUploadHandler):
    """Spools files to disk as Django does; where that fails, passes on an `UnstoredFile` with the rest of the form.

    Django alone would answer 500, and what somebody typed beside the file would be lost.
    """

    is_failed = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Create the temporary file."""
        self.is_failed = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as failure:
            self._fail(failure)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk, unless one could not be written before."""
        if self.is_failed:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as failure:
            self._fail(failure)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return the file, or an `UnstoredFile`."""
        if not self.is_failed:
            try:
                return super().file_complete(file_size)
            except OSError as failure:
                self._fail(failure)
        return UnstoredFile(self.file_name, self.field_name, self.content_type, self.charset)

    def _fail(self, failure: OSError) -> None:
        self.is_failed = True
        logger.error("A file that somebody sent could not be written: %s", failure)
