"""App configuration of forms."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """The app for everything that residents submit."""

    name = "forms"
    verbose_name = "Forms"

    def ready(self) -> None:
        """Connect the signal handlers, and register scheduled tasks and the tasks that staff see."""
        # Models can only be imported once every app is known.
        from . import signal_handlers  # noqa: F401
        from .admin import tasks  # noqa: F401
        from .cases.services import recalculate  # noqa: F401
        from .privacy import cleanup, services  # noqa: F401
