"""Kinds of meeting, attendance, and the validity of a meeting's decisions."""

from django.db.models import TextChoices


class MeetingKind(TextChoices):
    """Kinds of meeting and event."""

    MEETING = "meeting", "Meeting"
    ROUNDTABLE = "roundtable", "Roundtable"
    TRACKING = "tracking", "Tracking meeting"
    OPEN_DAY = "open_day", "Open day"
    WALKABOUT = "walkabout", "Walkabout"
    TRAINING = "training", "Training"
    EXTRA = "extra", "Extra meeting"
    INTERVIEW = "interview", "Interview with staff"
    BETWEEN = "between", "Decision between meetings"


# Where a panel decides: the others are for learning, looking and asking.
DECIDING_MEETINGS = (MeetingKind.MEETING, MeetingKind.EXTRA, MeetingKind.TRACKING, MeetingKind.ROUNDTABLE)
# What can be the proof of a decision: such a meeting, or members who were asked between two meetings (G 8).
PROVING_KINDS = (*DECIDING_MEETINGS, MeetingKind.BETWEEN)


class ConsultationMethod(TextChoices):
    """Methods of consulting members between two meetings."""

    EMAIL = "email", "By email"
    PHONE = "phone", "By phone"
    POST = "post", "By letter"
    VOTE = "vote", "By an online vote"


class AttendanceState(TextChoices):
    """Attendance of a member at a meeting."""

    PRESENT = "present", "Came"
    EXCUSED = "excused", "Did not come, and gave a good reason"
    ABSENT = "absent", "Did not come"


class DecisionState(TextChoices):
    """Validity of a meeting's decision, derived from attendance (K 7.2)."""

    UNKNOWN = "unknown", "Not known: who came is not recorded"
    AGREED = "agreed", "Agreed"
    WAITING = "waiting", "Waits for the next full meeting"
    RATIFIED = "ratified", "Confirmed by a later meeting"
    VOID = "void", "Does not count"
