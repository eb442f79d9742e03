"""Tasks of the team of a review: private (G 3)."""

from django.core.exceptions import ValidationError
from django.db import models

from ..enums import Followed
from .membership import Interest, Membership


class ReviewTask(models.Model):
    """One member's task in one review, and whether it is done."""

    task = models.CharField(max_length=200)
    review = models.ForeignKey("scrutiny_pages.ReviewPage", on_delete=models.CASCADE, related_name="tasks")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tasks")
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["due", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        """Return a text without details, since it appears in logs."""
        return f"Task {self.pk}" if self.pk else "A task"

    def clean(self) -> None:
        """Raise ValidationError for a member who is not on the review, or withdrew from it."""
        super().clean()
        if not self.review_id or not self.member_id:
            return
        if self.member.review_id != self.review_id and (
            self.member.review_id or self.member.panel_id != self.review.panel_id
        ):
            raise ValidationError({"member": "This person is not on the panel or the team of this review."})
        declared = Interest.objects.filter(membership__person_id=self.member.person_id, review_id=self.review_id)
        if declared.filter(followed=Followed.WITHDREW).exists():
            raise ValidationError({"member": "This person withdrew from this review. Choose somebody else."})
