"""Models that the other apps build on."""

from .change_counter import ChangeCounter
from .lock import NamedLock
from .opened_form import OpenedForm
from .pages import BasePage, ListingPage
from .pdf import PagePdf, PdfGeneration
from .settings import SiteSettings
from .webhook import DeliveryState, PublishedSnapshot, WebhookDelivery, WebhookEndpoint

__all__ = [
    "BasePage",
    "ChangeCounter",
    "DeliveryState",
    "ListingPage",
    "NamedLock",
    "OpenedForm",
    "PagePdf",
    "PdfGeneration",
    "PublishedSnapshot",
    "SiteSettings",
    "WebhookDelivery",
    "WebhookEndpoint",
]
