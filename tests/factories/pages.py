"""Factories of pages: each adds a live page to the tree, under a parent that allows its type."""

import datetime
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import Page, Site

from home.models import AccessibilityStatementPage, ContactPage, HomePage, PrivacyPage, StandardPage
from scrutiny_pages import models

from .base import Made, Row
from .records import PanelFactory


def make_home() -> HomePage:
    """Return the home page of the default site, replacing Wagtail's welcome page on first use."""
    if existing := HomePage.objects.first():
        return existing
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
    home = root.add_child(instance=HomePage(title="Home", slug="front", headline="We check the services you pay for"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Test"}
    )
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    Site.clear_site_root_paths_cache()
    return home


class PageFactory(Made[Row], factory.Factory[Row]):
    """A live page under ``parent``, or under a suitable parent that is found or created."""

    class Meta:
        abstract = True

    title: Any = factory.Sequence(lambda n: f"Page {n}")
    summary = "In short."
    first_published_at = factory.LazyFunction(timezone.now)

    @classmethod
    def default_parent(cls) -> Page:
        return make_home()

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        parent = kwargs.pop("parent", None) or cls.default_parent()
        kwargs.setdefault("last_published_at", kwargs.get("first_published_at"))
        parent.refresh_from_db()
        return parent.add_child(instance=model_class(*args, **kwargs))


def under(index_factory):
    """Return a ``default_parent`` that uses the single page of an index factory, creating it on first use."""

    def default_parent(cls):
        return index_factory._meta.model.objects.first() or index_factory()

    return classmethod(default_parent)


class StandardPageFactory(PageFactory[StandardPage]):
    class Meta:
        model = StandardPage


class ContactPageFactory(PageFactory[ContactPage]):
    class Meta:
        model = ContactPage

    title, slug = "Contact", "contact"


class PrivacyPageFactory(PageFactory[PrivacyPage]):
    class Meta:
        model = PrivacyPage

    title, slug = "Privacy", "privacy"


class AccessibilityStatementPageFactory(PageFactory[AccessibilityStatementPage]):
    """A statement with one known problem, prepared in March."""

    class Meta:
        model = AccessibilityStatementPage

    title, slug = "Accessibility statement", "accessibility"
    prepared_on = datetime.date(2026, 3, 3)
    not_accessible = (("problem", {"what": "Old scans say nothing.", "reason": "non_compliance"}),)


class TrackerPageFactory(PageFactory[models.TrackerPage]):
    class Meta:
        model = models.TrackerPage

    title, slug = "Recommendations", "recommendations"


class PanelIndexPageFactory(PageFactory[models.PanelIndexPage]):
    class Meta:
        model = models.PanelIndexPage

    title, slug = "Panels", "panels"


class PanelPageFactory(PageFactory[models.PanelPage]):
    class Meta:
        model = models.PanelPage

    default_parent = under(PanelIndexPageFactory)
    panel = factory.SubFactory(PanelFactory)


class ReviewIndexPageFactory(PageFactory[models.ReviewIndexPage]):
    class Meta:
        model = models.ReviewIndexPage

    title, slug = "Reviews", "reviews"


class ReviewPageFactory(PageFactory[models.ReviewPage]):
    class Meta:
        model = models.ReviewPage

    default_parent = under(ReviewIndexPageFactory)
    panel = factory.SubFactory(PanelFactory)


class ReportIndexPageFactory(PageFactory[models.ReportIndexPage]):
    class Meta:
        model = models.ReportIndexPage

    title, slug = "What we found", "what-we-found"


class ReportPageFactory(PageFactory[models.ReportPage]):
    class Meta:
        model = models.ReportPage

    default_parent = under(ReviewPageFactory)


class EasyReadPageFactory(PageFactory[models.EasyReadPage]):
    class Meta:
        model = models.EasyReadPage

    default_parent = under(ReportPageFactory)


class OutcomeIndexPageFactory(PageFactory[models.OutcomeIndexPage]):
    class Meta:
        model = models.OutcomeIndexPage

    title, slug = "You said, we did", "you-said-we-did"


class OutcomePageFactory(PageFactory[models.OutcomePage]):
    class Meta:
        model = models.OutcomePage

    default_parent = under(OutcomeIndexPageFactory)
    you_said, we_did, difference = "Nobody told us.", "You are told.", "Fewer days are lost."

    @factory.post_generation
    def recommendations(self, create, extracted, **kwargs):
        if extracted:
            self.promises = [models.OutcomeRecommendation(recommendation=item) for item in extracted]
            self.save()


class NewsletterIndexPageFactory(PageFactory[models.NewsletterIndexPage]):
    class Meta:
        model = models.NewsletterIndexPage

    title, slug = "Newsletters", "newsletters"


class NewsletterPageFactory(PageFactory[models.NewsletterPage]):
    class Meta:
        model = models.NewsletterPage

    default_parent = under(NewsletterIndexPageFactory)
    issued_on = factory.LazyFunction(timezone.localdate)


class MeetingIndexPageFactory(PageFactory[models.MeetingIndexPage]):
    class Meta:
        model = models.MeetingIndexPage

    title, slug = "Meetings", "meetings"
