"""The site tree and its shell: home and standard pages, menus, search and the demo."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """Home."""

    name = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Add the pages of a starter when one is loaded, and the product's roles when the database is migrated."""
        from scrutiny_pages.starters.loader import starter_loaded  # models are ready only now

        from .site_setup.roles import provide_roles_after_migrate
        from .site_setup.starter_site import create_starter_site

        starter_loaded.connect(create_starter_site, dispatch_uid="home.site_setup.starter_site")
        post_migrate.connect(provide_roles_after_migrate, sender=self, dispatch_uid="home.site_setup.roles")
