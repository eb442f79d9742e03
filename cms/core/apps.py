"""The app that every other app builds on; it imports none of them."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """App config of cms.core: base page, settings, blocks and visibility."""

    name = "cms.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Connect the signal handlers, and import each app's ``public_models`` once the models are loaded."""
        from . import signal_handlers  # noqa: F401
        from .api.conditional_requests import track_writes
        from .webhooks import delivery  # noqa: F401

        connection_created.connect(track_writes)
        autodiscover_modules("public_models")
