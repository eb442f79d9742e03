"""Public declaration of pages and of the models that every page shows."""

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Site

from .models import (
    ChangeCounter,
    NamedLock,
    OpenedForm,
    PagePdf,
    PdfGeneration,
    PublishedSnapshot,
    SiteSettings,
    WebhookDelivery,
    WebhookEndpoint,
)
from .public_registry import PublicModel, register_part, register_private, register_public
from .webhooks.change_detection import PAGES

register_public(
    PublicModel(
        model=Page,
        rows=lambda: Page.objects.filter(depth__gt=1),  # Wagtail's root is no page of a site
        is_searched=True,
        is_in_pdfs=True,
        changes_at="expire_at",
        changing=lambda: Page.objects.filter(live=True),
        change_source=PAGES,
    )
)
register_part(SiteSettings, Site, PageViewRestriction, get_image_model(), get_document_model(), is_in_pdfs=True)
register_part(PagePdf, PdfGeneration)
register_private(PublishedSnapshot, ChangeCounter, NamedLock, OpenedForm, WebhookDelivery, WebhookEndpoint)
