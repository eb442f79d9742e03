"""Attendance of members at meetings."""

from django.db import models

from cms.core.models.guarded import Guarded

from ..enums import AttendanceState
from .meeting import Meeting
from .membership import Membership
from .tracking import WRITTEN_BY


class Attendance(Guarded):
    """Attendance of one member at one meeting, and their right to vote that day. Private."""

    written_by, locked_with = WRITTEN_BY, "meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=8, choices=AttendanceState)
    votes = models.BooleanField(default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["meeting", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="attendance_once")]

    def __str__(self) -> str:
        """Return a text without a person's name, since it appears in logs."""
        return f"{self.meeting}: {self.get_state_display()}"
