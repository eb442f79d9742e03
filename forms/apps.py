"""Everything a resident submits."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models import Model


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

    def add_past(self, *, entry: dict | None = None, **case) -> Model:
        """Add a case that ran its course before, and what the public may read of it: for apps that stand beside this.

        :param case: as `forms.cases.services.add_past_case` takes it.
        :param entry: the fields of its entry in the public log, if it has one.
        """
        made = import_module("forms.cases.services").add_past_case(**case)
        if entry:
            import_module("forms.disclosure_log.services").add_past_entry(case=made, **entry)
        return made
