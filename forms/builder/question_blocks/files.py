"""The block of questions that are answered with files."""

from wagtail import blocks

from ...questions.files import File
from .base import AnswerBlock


class FileBlock(AnswerBlock):
    """A question that is answered with files."""

    question = File
    menu_order = 140

    most = blocks.IntegerBlock(default=1, min_value=1, max_value=5, label="How many files at most")

    class Meta:
        icon = "upload"
        label = "File"
        description = "A picture, PDF, Word, Excel, OpenDocument or plain text file, up to 7 MB. Only handlers see it."
        preview_value = {"label": "A photo of what you mean", "most": 1}
