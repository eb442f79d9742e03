"""The site's own pages and its menus."""

from .footer_pages import ContactPage, PrivacyPage
from .navigation import MenuItem, Navigation
from .pages import HomePage, StandardPage
from .provided_role import ProvidedRole
from .statement import AccessibilityStatementPage

__all__ = [
    "AccessibilityStatementPage",
    "ContactPage",
    "HomePage",
    "MenuItem",
    "Navigation",
    "PrivacyPage",
    "ProvidedRole",
    "StandardPage",
]
