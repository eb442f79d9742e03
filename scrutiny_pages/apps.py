"""The domain: panels, reviews, reports, recommendations and what came of them."""

from django.apps import AppConfig


class ScrutinyPagesConfig(AppConfig):
    """Scrutiny itself."""

    name = "scrutiny_pages"
    verbose_name = "Scrutiny"

    def ready(self) -> None:
        """Tell the one rule of visibility which pages the domain hides."""
        # Models can only be imported once every app is known.
        from cms.core.visibility import hide_pages

        from .models.panel import pages_of_hidden_panels

        hide_pages(pages_of_hidden_panels)
