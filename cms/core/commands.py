"""Base class of the site's own management commands."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Site

from cms.core.models import SiteSettings
from cms.core.text.terminology import DEFAULTS, WordsOfLandlord, using_terminology


def words_of_default_site() -> WordsOfLandlord:
    """Return the settings of the default site, for code that has no request."""
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site) if site else DEFAULTS


class SiteCommand(BaseCommand):
    """A command whose output and writes use the landlord's terminology."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command with the terminology of the default site."""
        with using_terminology(words_of_default_site):
            return super().execute(*args, **options)
