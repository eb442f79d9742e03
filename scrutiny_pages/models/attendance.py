"""Attendance: which members came to a meeting."""

from django.db import models

from cms.core.models.guarded import Guarded

from ..enums import AttendanceState
from .meeting import Meeting
from .membership import Membership
from .tracking import WRITTEN_BY


class Attendance(Guarded):
    """Whether one member came to one meeting, and whether they had a vote that day. Private."""

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
        """Name no one: this is what logs keep."""
        return f"{self.meeting}: {self.get_state_display()}"
