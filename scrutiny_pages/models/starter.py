"""The starter that this site was set up with, and those of its pages that are not published yet."""

from django.db import models


class LoadedStarter(models.Model):
    """A starter that was loaded; loading it again has no effect."""

    name = models.SlugField(unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["loaded_at"]

    def __str__(self) -> str:
        return self.name


class StarterPage(models.Model):
    """A draft page that a starter created. The row is deleted when the page is published."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page)
