"""Named locks with an expiry: work that only one process may do at a time, on any number of machines."""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models
from django.utils import timezone


class NamedLock(models.Model):
    """The holder of a named lock. It expires, so that a killed process does not block others."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "core_lease"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} until {self.until:%H:%M}"


@contextmanager
def lock_held(name: str, *, at_most: datetime.timedelta) -> Iterator[bool]:
    """Try to acquire a named lock for the block; yield whether it was acquired.

    :param at_most: the time after which the lock expires; the block has to end before.
    """
    mine, now = uuid.uuid4(), timezone.now()
    NamedLock.objects.get_or_create(name=name, defaults={"holder": mine, "until": now})
    # One statement, so that of two who ask at once one finds it taken.
    ours = NamedLock.objects.filter(name=name, until__lte=now).update(holder=mine, until=now + at_most) == 1
    try:
        yield ours
    finally:
        NamedLock.objects.filter(name=name, holder=mine).update(until=timezone.now())
