"""Reading files that come with a form, also while the disk is full."""

import io
import logging

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class UnstoredFile(InMemoryUploadedFile):
    """A file that came, but for which there was no room. To whatever does not know of it, it is an empty file."""

    def __init__(self, name: str, field_name: str | None, content_type: str | None, charset: str | None):
        super().__init__(io.BytesIO(), field_name, name, content_type, 0, charset)


class SpoolingUploadHandler(TemporaryFileUploadHandler):
    """Spool files to disk as Django does; where that fails, pass on an `UnstoredFile` and all else that was sent.

    Django alone would answer 500, and what somebody typed beside the file would be gone.
    """

    is_failed = False

    def new_file(self, *args, **kwargs) -> None:
        """Begin a file."""
        self.is_failed = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as failure:
            self._fail(failure)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part of it, unless one could not be written before."""
        if self.is_failed:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as failure:
            self._fail(failure)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the file."""
        if not self.is_failed:
            try:
                return super().file_complete(file_size)
            except OSError as failure:
                self._fail(failure)
        return UnstoredFile(self.file_name, self.field_name, self.content_type, self.charset)

    def _fail(self, failure: OSError) -> None:
        self.is_failed = True
        logger.error("A file that somebody sent could not be written: %s", failure)
