"""The pages that a starter creates: drafts that await a review by staff, unless they are for a demonstration."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from ..models import StarterPage


def add_page(parent_pk: int, page: Page, *, publish: bool, offer: bool = True) -> None:
    """Add a page below another: public if ``publish``, else a draft.

    :param offer: whether staff get a task to review the draft; not for a form that many landlords do not need.
    """
    page.live = False
    Page.objects.get(pk=parent_pk).add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    elif offer:
        await_review(page)


def await_review(page: Page) -> None:
    """Create the staff task to review the latest draft of a page and to publish it."""
    StarterPage.objects.create(page_id=page.pk)


def change_page(page: Page) -> None:
    """Save the changes of a page that a starter created, publicly if the page is live."""
    if page.live:
        page.save_revision().publish()
    else:
        page.save()
        page.save_revision()


@receiver(page_published, dispatch_uid="scrutiny_pages.starter_page")
def mark_reviewed(sender: type, instance: Page, **kwargs: Any) -> None:
    """Delete the task to review a page, which has been published."""
    StarterPage.objects.filter(page_id=instance.pk).delete()
