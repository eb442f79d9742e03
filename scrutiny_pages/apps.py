"""The app of the domain: panels, reviews, reports, recommendations and outcomes."""

from django.apps import AppConfig


class ScrutinyPagesConfig(AppConfig):
    """The configuration of the scrutiny app."""

    name = "scrutiny_pages"
    verbose_name = "Scrutiny"

    def ready(self) -> None:
        """Register the pages that belong to hidden panels, and the receiver that creates a starter's pages."""
        # Models can only be imported once every app is known.
        from cms.core.visibility import hide_pages

        from .models.pages.panel import pages_of_hidden_panels
        from .starters import pages  # noqa: F401

        hide_pages(pages_of_hidden_panels)
