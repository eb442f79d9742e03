"""Which ready-made arrangement this site was started with, and which of its pages nobody has looked at yet."""

from django.db import models


class LoadedStarter(models.Model):
    """A starter that was loaded, so that loading it again changes nothing."""

    name = models.SlugField(unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["loaded_at"]

    def __str__(self) -> str:
        return self.name


class StarterPage(models.Model):
    """A page that a starter made as a draft. The row goes when somebody publishes the page."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page)
