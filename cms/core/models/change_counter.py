"""When anything last changed that the public may be shown."""

from django.db import DatabaseError, connection, models
from django.db.models import F
from django.utils import timezone


class ChangeCounter(models.Model):
    """One row: how many changes there have been, and when the last one was."""

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
        """Note that something changed just now; while the database is being made, there is nobody yet to tell."""
        try:
            if not cls.objects.filter(pk=1).update(number=F("number") + 1, at=timezone.now()):
                cls.objects.get_or_create(pk=1)
        except DatabaseError:
            if cls._meta.db_table in connection.introspection.table_names():
                raise
