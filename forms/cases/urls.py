"""URLs of the admin pages of submissions."""

from django.urls import reverse

from ..enums import FormKind
from ..models import Submission

REGISTERS = {
    FormKind.APPLICATION: "applications",
    FormKind.REQUEST: "information-requests",
    FormKind.IMPACT: "impact-assessments",
    FormKind.GENERAL: "other-forms",
}
SPAM = "set-aside"


def register_of(sent: Submission) -> str:
    """Return the base path of the register that lists a submission."""
    return SPAM if sent.case.is_quarantined else REGISTERS[FormKind(sent.version.kind)]


def place_of(sent: Submission) -> str:
    """Return the URL of the admin page of a submission."""
    return reverse(f"{register_of(sent)}_modeladmin_inspect", args=[sent.pk])
