"""The domain: panels, reviews, reports, recommendations and what came of them."""

from importlib import import_module

from django.apps import AppConfig


class ScrutinyPagesConfig(AppConfig):
    """Scrutiny itself."""

    name = "scrutiny_pages"
    verbose_name = "Scrutiny"

    def ready(self) -> None:
        """Tell the one rule of visibility which pages the domain hides, and others what to tell of."""
        # Models can only be imported once every app is known.
        from cms.core.api.conditional_requests import by_the_clock
        from cms.core.models.pdf import remade_when
        from cms.core.visibility import hide_pages

        from .models import Action, Meeting, Panel, Recommendation, ReviewProcess, Role, ServiceArea, Standard
        from .models.panel import pages_of_hidden_panels

        import_module("scrutiny_pages.feeds.webhook_sources")
        import_module("scrutiny_pages.starters.pages")

        hide_pages(pages_of_hidden_panels)
        for model in (Panel, Recommendation):
            by_the_clock(model.objects.filter(live=True).all, "expire_at")
        by_the_clock(Meeting.objects.filter(is_public=True).all, "starts_at")
        remade_when(Action, Meeting, Panel, Recommendation, ReviewProcess, Role, ServiceArea, Standard)
