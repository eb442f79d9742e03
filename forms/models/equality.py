"""Equality answers, of which only counts are stored."""

from django.db import models


class EqualityCount(models.Model):
    """The number of people who gave one answer in one year.

    There is no row for a person, so nothing can be joined to one.
    """

    form_key = models.UUIDField(help_text="Which form they had sent, or the members' yearly form.")
    form_title = models.CharField(max_length=255)
    year = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=250)
    answer = models.CharField(max_length=150)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["form_key", "year", "question", "answer"], name="one_count_for_each_equality_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
