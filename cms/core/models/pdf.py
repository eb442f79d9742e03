"""The stored PDFs of pages, and their invalidation."""

import datetime
import os
import uuid
from typing import Any, cast

from django.db import models
from django.db.models.functions import Coalesce
from wagtail.models import Page

from cms.core.public_registry import models_in_pdfs
from cms.core.text.formatting import format_size


def pdf_name(copy: "PagePdf", filename: str) -> str:
    """Return a storage name that cannot be guessed: a PDF is served only at the URL of its page."""
    return f"paper/{uuid.uuid4().hex}.pdf"


class PdfGeneration(models.Model):
    """One row that counts the changes that may affect any PDF.

    A PDF stores the number read before it was begun, so one that was being made during a change counts as outdated.
    """

    number = models.PositiveBigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "core_paperedition"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        """Return the current generation."""
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0

    @classmethod
    def end(cls) -> None:
        """Increment the generation, in the current transaction: every PDF so far is outdated."""
        ours = cls.objects.filter(pk=1)
        if not ours.update(number=models.F("number") + 1):
            cls.objects.bulk_create([cls(pk=1)], ignore_conflicts=True)  # type: ignore[list-item]  # it is Self
            ours.update(number=models.F("number") + 1)


class PagePdfQuerySet(models.QuerySet):
    """A queryset of stored PDFs."""

    def current_at(self, at: datetime.datetime) -> "PagePdfQuerySet":
        """Return the PDFs that are current: made in this generation, with nothing expired by the clock since."""
        number = PdfGeneration.objects.filter(pk=1).values("number")
        copies = self.filter(edition=Coalesce(models.Subquery(number), 0))
        for model in models_in_pdfs():
            if hasattr(model, "expire_at"):
                over = {"live": True, "expire_at__gt": models.OuterRef("made_at"), "expire_at__lte": at}
                copies = copies.exclude(models.Exists(cast("Any", model).objects.order_by().filter(**over)))
        return copies


class PagePdf(models.Model):
    """The PDF that is stored of a page, or the error that prevented it."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="paper_copy")
    file = models.FileField(upload_to=pdf_name, blank=True)
    made_for = models.DateTimeField(null=True, help_text="When the words in it were published.")
    made_at = models.DateTimeField()
    edition = models.PositiveBigIntegerField(default=0, help_text="The number of the edition in which it was begun.")
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=120, blank=True)

    objects = PagePdfQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "core_papercopy"
        default_permissions = ()

    def __str__(self) -> str:
        return f"PDF of {self.page}"

    @property
    def words(self) -> str:
        """Return its format and size: PDF (180 KB)."""
        return f"PDF ({format_size(self.size)})"


def remove_file(copy: PagePdf) -> None:
    """Delete the file of a PDF that was deleted or replaced."""
    if copy.file:
        copy.file.storage.delete(cast("str", copy.file.name))


def is_there(copy: PagePdf) -> bool:
    """Return whether the file of a PDF exists in the storage."""
    return bool(copy.file) and copy.file.storage.exists(os.fspath(cast("str", copy.file.name)))
