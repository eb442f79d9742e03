"""Entries of the public disclosure log, which staff write for each request."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from wagtail.fields import RichTextField

from cms.core.models.guarded import Guarded, GuardedQuerySet
from cms.core.visibility import Viewer

from ..enums import CaseState
from .case import Case
from .regime import Regime

WRITTEN_BY = "forms.disclosure_log.services"

SECOND_LOOKS = {
    CaseState.IN_REVIEW: "We are looking at it again",
    CaseState.OUTSIDE_BODY: "Somebody outside is looking at it",
}


class PublicEntryQuerySet(GuardedQuerySet):
    """A queryset of entries of the disclosure log."""

    def visible_to(self, viewer: Viewer) -> "PublicEntryQuerySet":
        """Filter to published entries: drafts are found by nobody in public, staff or not."""
        return self.filter(published_at__lte=viewer.at)


class PublicEntry(Guarded):
    """An entry of the disclosure log.

    It has texts and dates of its own, so it stays when the request is erased.
    """

    written_by = WRITTEN_BY

    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="public_entry")
    regime = models.ForeignKey(Regime, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=150, help_text="What was asked, with nothing that tells who asked.")
    received_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    was_late = models.BooleanField(default=False)
    outcome = models.CharField(max_length=16, choices=CaseState, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why, if it was refused.")
    answer = RichTextField(blank=True, features=["bold", "ul", "ol", "link", "document-link"])
    second_look = models.CharField(
        "what happens now", max_length=16, choices=SECOND_LOOKS, blank=True, help_text="If somebody looks at it again."
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="Empty: not public.")

    # Whose it is to change: it outlives the request and the form.
    form_key = models.UUIDField(editable=False, db_index=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PublicEntryQuerySet.as_manager()  # type: ignore[misc]  # a class variable of Guarded

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name_plural = "public entries"
        ordering = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Return the permanent URL, which is public while the entry is published."""
        return reverse("public_request", args=[self.pk])

    def clean(self) -> None:
        """Raise `ValidationError` for contradictions: an answer before the question, or a refusal without a reason."""
        super().clean()
        if self.answered_on and self.received_on and self.answered_on < self.received_on:
            raise ValidationError({"answered_on": "This is before the day on which it was asked."})
        if self.outcome and not self.answered_on:
            raise ValidationError({"answered_on": "Say on which day it was answered or taken back."})
        if self.second_look and not self.outcome:
            raise ValidationError({"second_look": "Only what was answered is looked at again."})
        if self.outcome == CaseState.REFUSED and not self.reason:
            raise ValidationError({"reason": "Say why it was refused."})
