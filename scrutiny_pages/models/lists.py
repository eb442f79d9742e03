"""The short lists that editors keep: services, job roles and kinds of member."""

from django.db import models
from wagtail.admin.panels import FieldPanel


class ServiceArea(models.Model):
    """A service that the landlord gives, such as repairs; what reports and recommendations are about."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, help_text="How it appears in an address, such as repairs.")

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A job that owns promises: a title and its mailbox, never a named person (G 8)."""

    title = models.CharField(
        max_length=80, unique=True, help_text="The job, such as Head of Repairs. Never a person's name."
    )
    mailbox = models.EmailField(blank=True, help_text="For staff: where reminders go. Never shown to the public.")

    panels = [FieldPanel("title"), FieldPanel("mailbox")]

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class MemberKind(models.Model):
    """Who a member speaks for, such as leaseholders: what a panel's limits on seats count (W24, H 4.1, K 4.1)."""

    name = models.CharField(max_length=60, unique=True, help_text="One of them, such as Leaseholder.")
    plural = models.CharField(
        max_length=60, blank=True, help_text="Several of them, as a rule says it. Empty adds an s: leaseholders."
    )
    slug = models.SlugField(max_length=60, unique=True, help_text="What rules call it, such as leaseholder.")

    panels = [FieldPanel("name"), FieldPanel("plural"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def several(self) -> str:
        """Say several of them inside a sentence: leaseholders, Tenants' Forum members."""
        words = self.plural or f"{self.name}s"
        return words if words[1:] != words[1:].lower() else words[:1].lower() + words[1:]
