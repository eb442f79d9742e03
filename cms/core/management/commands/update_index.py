"""``manage.py update_index``: Wagtail's command, with the references to the landlord's settings resolved."""

from typing import Any

from wagtail.search.management.commands import update_index

from cms.core.commands import SiteCommand
from cms.core.references import showing


class Command(SiteCommand, update_index.Command):
    """Rebuild the search index from the text that is shown."""

    def handle(self, **options: Any) -> None:
        """Rebuild the index."""
        with showing():
            super().handle(**options)
