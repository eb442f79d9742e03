"""Signal handlers of forms: versions of wording, starters, and deletion of files."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cms.core.models import SiteSettings
from cms.core.text.terminology import using_terminology
from cms.core.visibility import unlist_pages
from scrutiny_pages.starters.loader import site_created, starter_loaded
from scrutiny_pages.starters.reader import Starter

from .answers.versions import ensure_version
from .models import FormPage, QuestionSet, Upload
from .models.form_page import unlisted_forms
from .starters.loader import create_forms, load_rules

unlist_pages(unlisted_forms)


@receiver(post_save, sender=FormPage)
def keep_version(
    sender: type, instance: FormPage, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Store a version of a form's wording when it is live.

    Saving a draft only writes a revision, so it stores no version.
    """
    if instance.live and not instance.alias_of_id and not raw and (update_fields is None or "live" in update_fields):
        ensure_version(instance)


@receiver(post_save, sender=QuestionSet)
def keep_versions_of_users(sender: type, instance: QuestionSet, raw: bool = False, **kwargs: Any) -> None:
    """Store a new version of every form that uses a question set which changed."""
    for form in [] if raw else instance.used_by():
        ensure_version(form)


@receiver(post_save, sender=SiteSettings, dispatch_uid="forms.versions_of_settings")
def keep_versions_of_settings(sender: type, instance: SiteSettings, created: bool, **kwargs: Any) -> None:
    """Store new versions of the forms that refer to site settings which changed.

    A row that is created changes none.
    """
    if created:
        return
    with using_terminology(lambda: instance):
        for form in FormPage.objects.filter(live=True, alias_of=None, path__startswith=instance.site.root_page.path):
            ensure_version(form)


@receiver(starter_loaded, dispatch_uid="forms.starter_rules")
def load_starter_rules(sender: type, starter: Starter, **kwargs: Any) -> None:
    """Load the regimes, message wordings and equality questions of a starter."""
    load_rules(starter)


@receiver(site_created, dispatch_uid="forms.starter_forms")
def create_starter_forms(
    sender: type, starter: Starter, pages: dict[str, int], *, publish: bool, **kwargs: Any
) -> None:
    """Create the forms of a starter on its new site."""
    create_forms(starter, pages, publish=publish)


@receiver(post_delete, sender=Upload)
def delete_file(sender: type, instance: Upload, **kwargs: Any) -> None:
    """Delete the file of an upload once the deletion of its row is committed."""
    transaction.on_commit(partial(instance.file.storage.delete, instance.file.name or ""))
