"""The pages that a starter makes: drafts until somebody has looked at them, unless they are for a demonstration."""

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from ..models import StarterPage


def add_page(parent_pk: int, page: Page, *, publish: bool, offer: bool = True) -> None:
    """Add a page below another: public if ``publish``, else a draft that staff are asked to look at.

    :param offer: whether staff are asked; a form that many landlords do not need just lies there.
    """
    page.live = False
    Page.objects.get(pk=parent_pk).add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    elif offer:
        await_review(page)


def await_review(page: Page) -> None:
    """Ask staff to look at the newest draft of a page and to publish it."""
    StarterPage.objects.create(page_id=page.pk)


def change_page(page: Page) -> None:
    """Save what was changed on a page that a starter made, in public if the page is."""
    if page.live:
        page.save_revision().publish()
    else:
        page.save()
        page.save_revision()


@receiver(page_published, dispatch_uid="scrutiny_pages.starter_page")
def somebody_has_looked(sender: type, instance: Page, **kwargs) -> None:
    """Forget that a page waits to be looked at."""
    StarterPage.objects.filter(page_id=instance.pk).delete()
