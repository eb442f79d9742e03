"""What members accept and learn before they start: agreements and training."""

from django.db import models
from wagtail.admin.panels import FieldPanel


class Agreement(models.Model):
    """Something that members accept, such as a code of conduct (W31, H 7, K 13, C Code)."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """Training that members do, such as equality and diversity (W31, H 4.2)."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
