"""The site tree and its shell: home and standard pages, menus, search and the demo."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home."""

    name = "home"
    verbose_name = "Home"
