"""Signal handlers that make, invalidate and delete the PDFs of pages."""

from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.search import index
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from cms.core.models import PagePdf, SiteSettings
from cms.core.models.pdf import remove_file
from cms.core.models.referring import pages_that_refer
from cms.core.pdf.generation import invalidate_pdfs, make_after_publishing
from cms.core.pdf.pages import PdfMixin
from cms.core.public_registry import models_in_pdfs
from cms.core.text.terminology import using_terminology


@receiver(post_delete)
@receiver(post_save)
def invalidate_on_change(sender: type, instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    """Invalidate all PDFs when a public row is changed or deleted, not for drafts and unpublished rows."""
    if sender is SiteSettings and kwargs.get("created"):
        return  # made with the usual words when somebody first asks for them, which may be a PDF
    if (
        isinstance(instance, models_in_pdfs())
        and getattr(instance, "live", True)
        and "latest_revision" not in (update_fields or ())
    ):
        invalidate_pdfs()


# Before a page's own PDF is made, which would be forgotten otherwise.
@receiver(page_published)
@receiver(published)
@receiver(page_unpublished)
@receiver(unpublished)
@receiver(post_page_move)
def invalidate_on_publication(sender: type, **kwargs: Any) -> None:
    """Invalidate all PDFs, which may show the old state, name or URL; the next run makes them anew."""
    invalidate_pdfs()


@receiver(post_save, sender=SiteSettings)
def index_pages_that_refer(sender: type, instance: SiteSettings, **kwargs: Any) -> None:
    """Update the search index of the pages that refer to the settings."""
    with using_terminology(lambda: instance):
        for page in pages_that_refer(instance.site.root_page):
            index.insert_or_update_object(page)


@receiver(page_published)
def make_pdf_of_published(sender: type, instance: Page, **kwargs: Any) -> None:
    """Make the PDF of a page that was just published. A failure does not affect publishing."""
    if isinstance(instance, PdfMixin) and instance.live:
        transaction.on_commit(partial(make_after_publishing, instance.pk, type(instance)), robust=True)


@receiver(post_delete, sender=PagePdf)
def remove_pdf_file(sender: type, instance: PagePdf, **kwargs: Any) -> None:
    """Delete the file of a deleted page after the commit."""
    transaction.on_commit(partial(remove_file, instance), robust=True)
