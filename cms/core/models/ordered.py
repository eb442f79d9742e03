"""Rows that an editor puts in order."""

from wagtail.models import Orderable


class Ordered(Orderable):
    """Wagtail's, with an order for rows that were given none: in which they were made, on every database."""

    class Meta(Orderable.Meta):
        abstract = True
        ordering = ["sort_order", "pk"]
