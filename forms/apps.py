"""Everything a resident submits."""

from importlib import import_module

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms."""

    name = "forms"
    verbose_name = "Forms"

    def ready(self) -> None:
        """Start listening, and register what a tick does and what waits to be done."""
        import_module("forms.receivers")
        import_module("forms.cases.counting")
        import_module("forms.leftovers")
        import_module("forms.privacy")
        import_module("forms.todos")
