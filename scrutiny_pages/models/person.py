"""People who sit on panels: private, one row for each person however many panels they sit on."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models


class Person(models.Model):  # type: ignore[django-manager-missing]  # the stubs know no managers of querysets with a base
    """Name and contact details. Only a name is ever public, by the person's consent for each panel."""

    name = models.CharField(max_length=120, error_messages={"blank": "Type the person's name."})
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        verbose_name="sign-in",
        error_messages={"unique": "This sign-in is somebody else's on the list of members."},
    )

    # Private rows are indexed nowhere.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"
        # The members' register opens these rows; Wagtail's own screens for models do not apply to them.
        default_permissions = ()

    def __str__(self) -> str:
        """Return a text without the name, since it appears in logs."""
        return f"Person {self.pk}" if self.pk else "A new person"

    def clean(self) -> None:
        """Raise ValidationError for a blank name, or a duplicate of a known person."""
        super().clean()
        self.name = self.name.strip()
        if not self.name:
            raise ValidationError({"name": "Type the person's name."})
        if self.email and Person.objects.exclude(pk=self.pk).filter(email__iexact=self.email).exists():
            raise ValidationError({"email": "We already know somebody with this email. Choose them from the list."})
