"""Reference data kept by editors: services, job roles, review kinds, methods, triggers, standards, member kinds."""

from django.db import models
from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField

from ..enums import Level


class ServiceArea(models.Model):
    """A service of the landlord, such as repairs; the subject of reports and recommendations."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, help_text="How it appears in an address, such as repairs.")

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A job that owns recommendations: a title and its mailbox, never a named person (G 8)."""

    title = models.CharField(
        max_length=80, unique=True, help_text="The job, such as Head of Repairs. Never a person's name."
    )
    mailbox = models.EmailField(blank=True, help_text="For staff: where reminders go. Never shown to the public.")

    panels = [FieldPanel("title"), FieldPanel("mailbox")]

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ReviewKind(models.Model):
    """A kind of scrutiny, such as a review, an audit, mystery shopping or a comment on a policy."""

    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=250, blank=True, help_text="What this kind of work is, in one sentence.")

    panels = [FieldPanel("name"), FieldPanel("description")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ResearchMethod(models.Model):
    """A method of research, with suggested questions (W45, H 4.3 step 4, G 4)."""

    name = models.CharField(max_length=60, unique=True)
    prompts = RichTextField(blank=True, features=["ul", "bold"], help_text="Questions that help those who use it.")

    panels = [FieldPanel("name"), FieldPanel("prompts")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Trigger(models.Model):  # type: ignore[django-manager-missing]  # the stubs know no managers of querysets with a base
    """An event that can start a review: who may request it, who decides, and its yearly limit (W38, H 3.3, K 11.2)."""

    name = models.CharField(max_length=100, unique=True, help_text="Such as: A request from the Board.")
    who = models.CharField("who may use it", max_length=200, blank=True)
    who_decides = models.CharField(max_length=200, blank=True, help_text="Who says yes or no to a review asked for so.")
    at_most_a_year = models.PositiveSmallIntegerField(
        "times a year, at most", null=True, blank=True, help_text="Empty if there is no limit."
    )
    level = models.CharField("if there are more", max_length=8, choices=Level, default=Level.REFUSE)
    of_panels = models.ManyToManyField(
        "scrutiny_pages.Panel",
        blank=True,
        related_name="own_triggers",
        verbose_name="for reviews of",
        help_text="Only these panels name it on their pages. Empty: all do.",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("who"),
        FieldPanel("who_decides"),
        FieldPanel("of_panels", widget=CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("at_most_a_year"), FieldPanel("level")]),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """A promise or measure that recommendations refer to, such as a local offer or a satisfaction measure (W2)."""

    code = models.CharField(max_length=20, blank=True, help_text="Such as TP02.")
    name = models.CharField(max_length=160, unique=True)
    checked = models.CharField(
        "how it is checked",
        max_length=250,
        blank=True,
        help_text="By whom and how often, such as: by the repairs panel, every three months. The public reads this.",
    )

    panels = [FieldRowPanel([FieldPanel("code"), FieldPanel("name")]), FieldPanel("checked")]

    class Meta:
        ordering = ["code", "name"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class MemberKind(models.Model):  # type: ignore[django-manager-missing]  # the stubs know no managers of querysets with a base
    """A group that a member represents, such as leaseholders, counted by limits on seats (W24, H 4.1, K 4.1)."""

    name = models.CharField(max_length=60, unique=True, help_text="One of them, such as Leaseholder.")
    plural = models.CharField(
        max_length=60, blank=True, help_text="Several of them, as a rule says it. Empty adds an s: leaseholders."
    )
    slug = models.SlugField(max_length=60, unique=True, help_text="What rules call it, such as leaseholder.")
    body = models.ForeignKey(
        "scrutiny_pages.Panel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="everybody on",
        help_text="Whoever sits on this panel counts as this kind on every other, whatever is chosen for them there.",
    )

    panels = [FieldPanel("name"), FieldPanel("plural"), FieldPanel("slug"), FieldPanel("body")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def several(self) -> str:
        """Return the plural for use inside a sentence: leaseholders, Tenants' Forum members."""
        words = self.plural or f"{self.name}s"
        return words if words[1:] != words[1:].lower() else words[:1].lower() + words[1:]
