"""The foundation: knows nothing of the apps above it."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    """What every part of the site stands on: base page, settings, blocks and visibility."""

    name = "cms.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Start listening, and know what to do at each tick."""
        import_module("cms.core.signal_handlers")
        connection_created.connect(import_module("cms.core.api.conditional_requests").watch)
        import_module("cms.core.webhooks.delivery")
