"""The models that the apps above stand on."""

from .last_change import LastChange
from .lease import Lease
from .opened_form import OpenedForm
from .pages import BasePage, ListingPage
from .paper import PaperCopy, PaperEdition, PaperPage
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
    "PaperPage",
    "SiteSettings",
    "WebhookDelivery",
    "WebhookEndpoint",
]
