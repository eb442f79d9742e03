"""Agreements that members accept before they start, in versions; and training."""

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.fields import RichTextField

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.visibility import Viewer

from ..rules.agreements import Version, counting, in_force
from .editing.admin_forms import AgreementForm


class AgreementQuerySet(models.QuerySet):
    """Agreements of members."""

    def visible_to(self, viewer: Viewer) -> "AgreementQuerySet":
        """Filter to public agreements with a version in force. Acceptances are never public (W2)."""
        begun = AgreementVersion.objects.filter(in_force_from__lte=viewer.today)
        return self.filter(is_public=True, pk__in=begun.values("agreement"))


class Agreement(ClusterableModel):
    """A text that members accept: a code of conduct, confidentiality, sharing an address (W31, H 7, K 13, G 9)."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    is_public = models.BooleanField(
        "show its words on the website", default=True, help_text="Who has accepted it is never shown."
    )

    objects = AgreementQuerySet.as_manager()

    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("is_public"),
            InlinePanel(
                "versions",
                heading="Versions",
                label="Version",
                min_num=1,
                help_text="Once somebody has accepted a version its words stay. To change them, add a new version.",
            ),
        ],
        base_form_class=AgreementForm,
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the permanent URL path."""
        return reverse("agreement", args=[self.slug])

    def version_in_force(self, on: datetime.date) -> "AgreementVersion | None":
        """Return the version in force on a day; None before the first has begun."""
        versions = {version.as_version: version for version in self.versions.all()}
        found = in_force(list(versions), on)
        return versions[found] if found else None

    def counting_numbers(self, on: datetime.date) -> frozenset[int]:
        """Return the numbers of the versions whose acceptance is valid on a day (C Code changes)."""
        return counting([version.as_version for version in self.versions.all()], on)


def _words(text: str) -> str:
    """Remove the markup that the editor adds to an unchanged text."""
    return re.sub(r' data-block-key="[^"]*"', "", text)


class AgreementVersion(models.Model):
    """The text of an agreement, from a day on. An acceptance keeps a reference to the accepted version."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(editable=False)
    text = RichTextField(features=["h3", *RICH_TEXT_FEATURES])
    in_force_from = models.DateField()
    must_accept = models.BooleanField(
        "ask everybody again",
        default=True,
        help_text="Tick if members who accepted an earlier version have to accept this one too. They stay active.",
    )

    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("must_accept")]),
    ]

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_number")]

    def __str__(self) -> str:
        return f"{self.agreement}, version {self.number}"

    @property
    def as_version(self) -> Version:
        """Return this version as the value object of the rules."""
        return Version(number=self.number, in_force_from=self.in_force_from, must_accept=self.must_accept)

    def clean(self) -> None:
        """Raise ValidationError if the text of an accepted version was changed."""
        super().clean()
        before = AgreementVersion.objects.filter(pk=self.pk, acceptances__isnull=False).first() if self.pk else None
        if before and (_words(before.text), before.in_force_from) != (_words(self.text), self.in_force_from):
            raise ValidationError("Members have accepted this version, so its words stay. Add a new version instead.")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, assigning the next number to a new version."""
        if not self.number:
            last = AgreementVersion.objects.filter(agreement_id=self.agreement_id)
            self.number = (last.aggregate(last=models.Max("number"))["last"] or 0) + 1
        super().save(*args, **kwargs)


class Training(models.Model):
    """A training course for members (W31, H 4.2, K 13)."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "training"

    def __str__(self) -> str:
        return self.name
