"""App config of the site tree: home and standard pages, menus and search."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """App config of home."""

    name = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Connect the handlers that add a starter's pages when it is loaded, and the roles after ``migrate``."""
        from scrutiny_pages.starters.loader import starter_loaded  # models are ready only now

        from .site_setup.roles import provide_roles_after_migrate
        from .site_setup.starter_site import create_starter_site

        starter_loaded.connect(create_starter_site, dispatch_uid="home.site_setup.starter_site")
        post_migrate.connect(provide_roles_after_migrate, sender=self, dispatch_uid="home.site_setup.roles")
