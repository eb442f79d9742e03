"""The models that the apps above stand on."""

from .pages import BasePage, ListingPage
from .settings import SiteSettings

__all__ = ["BasePage", "ListingPage", "SiteSettings"]
