"""Which ready-made arrangement this site was started with."""

from django.db import models


class LoadedStarter(models.Model):
    """A starter that was loaded, so that loading it again changes nothing."""

    name = models.SlugField(unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["loaded_at"]

    def __str__(self) -> str:
        return self.name
