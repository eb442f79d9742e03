"""What the site's own commands share."""

from django.core.management.base import BaseCommand
from wagtail.models import Site

from cms.core.models import SiteSettings
from cms.core.text.terminology import DEFAULTS, WordsOfLandlord, speaking


def words_of_default_site() -> WordsOfLandlord:
    """Return the words of the landlord whose site this is, where no request says which."""
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site) if site else DEFAULTS


class SiteCommand(BaseCommand):
    """A command that says and writes the landlord's words."""

    def execute(self, *args, **options) -> str | None:
        """Run with the words of the site."""
        with speaking(words_of_default_site):
            return super().execute(*args, **options)
