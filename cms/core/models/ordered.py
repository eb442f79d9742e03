"""Base class of rows that an editor puts in order."""

from wagtail.models import Orderable


class Ordered(Orderable):
    """Wagtail's Orderable, with the primary key as the second order: the same on every database."""

    class Meta(Orderable.Meta):
        abstract = True
        ordering = ["sort_order", "pk"]
