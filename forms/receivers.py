"""What forms do when Wagtail, or an app below, says that something happened."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.signals import page_published

from cms.core.freshness import by_the_clock
from cms.core.visibility import unlist_pages
from scrutiny_pages.sitemap import SOURCES
from scrutiny_pages.starters.loading import site_planted, starter_loaded
from scrutiny_pages.starters.reading import Starter

from . import journey
from .models import FormPage, PublicEntry, Upload
from .models.form_page import unlisted_forms
from .requests_log import addresses
from .starters import load_rules, plant_forms
from .versions import ensure_version

FormPage.journey = journey
unlist_pages(unlisted_forms)
by_the_clock(PublicEntry.objects.all, "published_at")
SOURCES.append(addresses)


@receiver(page_published, sender=FormPage)
def keep_version(sender: type, instance: FormPage, **kwargs) -> None:
    """Keep the wording that was just published; the signal also comes for aliases and for what is only scheduled."""
    if instance.live and not instance.alias_of_id:
        ensure_version(instance)


@receiver(starter_loaded, dispatch_uid="forms.starter_rules")
def load_starter_rules(sender: type, starter: Starter, **kwargs) -> None:
    """Load the rules by which requests are answered."""
    load_rules(starter)


@receiver(site_planted, dispatch_uid="forms.starter_forms")
def plant_starter_forms(sender: type, starter: Starter, pages: dict[str, int], **kwargs) -> None:
    """Put the starter's forms on its new site."""
    plant_forms(starter, pages)


@receiver(post_delete, sender=Upload)
def delete_file(sender: type, instance: Upload, **kwargs) -> None:
    """Take the file away with its row, once that is certain."""
    transaction.on_commit(partial(instance.file.storage.delete, instance.file.name))
