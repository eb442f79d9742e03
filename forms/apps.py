"""Everything a resident submits."""

from importlib import import_module

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms."""

    name = "forms"
    verbose_name = "Forms"

    def ready(self) -> None:
        """Start listening."""
        import_module("forms.receivers")
