"""The domain: panels, reviews, reports, recommendations and what came of them."""

from django.apps import AppConfig


class ScrutinyPagesConfig(AppConfig):
    """Scrutiny itself."""

    name = "scrutiny_pages"
    verbose_name = "Scrutiny"
