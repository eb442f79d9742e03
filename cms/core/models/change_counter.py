"""Counter of changes that may be public, for conditional requests."""

from django.db import DatabaseError, connection, models
from django.db.models import F
from django.utils import timezone


class ChangeCounter(models.Model):
    """One row: the number of changes, and the time of the last one."""

    number = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "core_lastchange"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Change {self.number}"

    @classmethod
    def note(cls) -> None:
        """Count a change made just now; do nothing while the table does not exist yet."""
        try:
            if not cls.objects.filter(pk=1).update(number=F("number") + 1, at=timezone.now()):
                cls.objects.get_or_create(pk=1)
        except DatabaseError:
            if cls._meta.db_table in connection.introspection.table_names():
                raise
