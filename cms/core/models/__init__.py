"""The models that the apps above stand on."""

from .change_counter import LastChange
from .lock import Lease
from .opened_form import OpenedForm
from .pages import BasePage, ListingPage
from .pdf import PaperCopy, PaperEdition
from .settings import SiteSettings
from .webhook import DeliveryState, KnownPublic, WebhookDelivery, WebhookEndpoint

__all__ = [
    "BasePage",
    "DeliveryState",
    "KnownPublic",
    "LastChange",
    "Lease",
    "ListingPage",
    "OpenedForm",
    "PaperCopy",
    "PaperEdition",
    "SiteSettings",
    "WebhookDelivery",
    "WebhookEndpoint",
]
