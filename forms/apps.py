"""Everything a resident submits."""

from importlib import import_module

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms."""

    name = "forms"
    verbose_name = "Forms"

    def ready(self) -> None:
        """Start listening, and register what a tick does and what waits to be done."""
        import_module("forms.signal_handlers")
        import_module("forms.cases.services.recalculate")
        import_module("forms.privacy.cleanup")
        import_module("forms.privacy.services")
        import_module("forms.admin.tasks")
