"""What forms do when Wagtail says that something happened."""

from django.dispatch import receiver
from wagtail.signals import page_published

from .models import FormPage
from .versions import ensure_version


@receiver(page_published, sender=FormPage)
def keep_version(sender: type, instance: FormPage, **kwargs) -> None:
    """Keep the wording that was just published; the signal also comes for aliases and for what is only scheduled."""
    if instance.live and not instance.alias_of_id:
        ensure_version(instance)
