"""The site tree and its shell: home and standard pages, menus, search and the demo."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home."""

    name = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Add the pages of a starter when one is loaded."""
        from scrutiny_pages.starters.loading import starter_loaded  # models are ready only now

        from .starter_site import plant_starter_site

        starter_loaded.connect(plant_starter_site, dispatch_uid="home.starter_site")
