"""Where staff find one thing that somebody sent."""

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
    """Return the register in which it is listed."""
    return SPAM if sent.case.is_quarantined else REGISTERS[FormKind(sent.version.kind)]


def place_of(sent: Submission) -> str:
    """Return the address of its page."""
    return reverse(f"{register_of(sent)}_modeladmin_inspect", args=[sent.pk])
