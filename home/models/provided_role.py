"""Which roles the product has given this site, and which rights with them."""

from django.contrib.auth.models import Group
from django.db import models


class ProvidedRole(models.Model):
    """A role that came with the product; its group and rights are an administrator's to change afterwards."""

    name = models.CharField(max_length=60, unique=True)
    group = models.OneToOneField(Group, null=True, on_delete=models.SET_NULL, related_name="+")
    rights = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
