"""Leases: what only one process may do at a time, on however many machines."""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models
from django.utils import timezone


class NamedLock(models.Model):
    """Who does a piece of timed work now. It runs out by itself, so a process that was killed holds nothing up."""

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
    """Hold a lease while something is done; give whether it is ours, for if it is not, somebody else is at it.

    :param at_most: after how long it runs out; what is done under it has to end before.
    """
    mine, now = uuid.uuid4(), timezone.now()
    NamedLock.objects.get_or_create(name=name, defaults={"holder": mine, "until": now})
    # One statement, so that of two who ask at once one finds it taken.
    ours = NamedLock.objects.filter(name=name, until__lte=now).update(holder=mine, until=now + at_most) == 1
    try:
        yield ours
    finally:
        NamedLock.objects.filter(name=name, holder=mine).update(until=timezone.now())
