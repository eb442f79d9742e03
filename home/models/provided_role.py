"""Record of the roles, and their rights, that the product has provided to this site."""

from django.contrib.auth.models import Group
from django.db import models


class ProvidedRole(models.Model):
    """A role provided by the product; administrators may change its group and rights afterwards."""

    name = models.CharField(max_length=60, unique=True)
    group = models.OneToOneField(Group, null=True, on_delete=models.SET_NULL, related_name="+")
    rights = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
