"""The site's own pages and its menus."""

from .navigation import Navigation
from .pages import HomePage, StandardPage

__all__ = ["HomePage", "Navigation", "StandardPage"]
