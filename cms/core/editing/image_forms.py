"""The upload form of images in the admin."""

import io
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageFile, ImageSequence
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

DAMAGED = (
    "This picture cannot be read: the file is damaged, or it is not complete. "
    "Save it again with the program that made it, or choose another."
)
MISSING = "The file of this picture is missing. Choose it again, or delete the picture."


class ReadableImageField(WagtailImageField):
    """An image field that decodes the whole file; Wagtail's reads only its header, and fails later."""

    def to_python(self, data: UploadedFile | None) -> UploadedFile | None:
        """Return the file.

        :raises ValidationError: for a file that an image library cannot decode, whatever exception it raises.
        """
        try:
            file = super().to_python(data)
            if file is not None:
                self._read_to_the_end(file)
        except ValidationError:
            raise
        except Exception as error:
            raise ValidationError(DAMAGED, code="invalid_image") from error
        return file

    def _read_to_the_end(self, file: UploadedFile) -> None:
        """Decode every frame; the number of pixels was validated before."""
        file.seek(0)
        # WeasyPrint lets the whole process take pictures that are cut short, once it has made a PDF.
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            with Image.open(io.BytesIO(file.read())) as picture:
                for frame in ImageSequence.Iterator(picture):
                    frame.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient
        file.seek(0)


class ImageForm(BaseImageForm):
    """Wagtail's image form, which reports an image that is damaged, or whose file is missing."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            own = {name: getattr(field, name) for name in ("required", "label", "help_text", "widget", "initial")}
            self.fields["file"] = ReadableImageField(**own)

    def clean_file(self) -> FieldFile | UploadedFile:
        """Return the file.

        :raises ValidationError: if none was uploaded, and the existing file of the image is missing.
        """
        file = self.cleaned_data["file"]
        if isinstance(file, FieldFile) and not file.storage.exists(cast("str", file.name)):
            raise ValidationError(MISSING, code="missing")
        return file
