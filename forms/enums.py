"""Enumerations of forms: kinds, audiences, opening, case states and events."""

from django.db import models


class FormKind(models.TextChoices):
    """The purpose of a form, which decides who handles its submissions and how."""

    APPLICATION = "application", "Application to join"
    REQUEST = "request", "Information request"
    IMPACT = "impact", "Impact assessment"
    GENERAL = "general", "General"


class Audience(models.TextChoices):
    """The people who can open a form.

    All but the first are left out of lists, search and the API.
    """

    ANYONE = "anyone", "Anyone"
    LINK = "link", "Anyone who has its address"
    MEMBERS = "members", "Members, by a link with a key in it"
    STAFF = "staff", "Staff who are signed in"


class Channel(models.TextChoices):
    """The channel by which a submission arrived."""

    WEB = "web", "On this website"
    API = "api", "From another website"
    PAPER = "paper", "On paper"
    PHONE = "phone", "By phone"
    FACE = "face", "Face to face"


class CaseState(models.TextChoices):
    """The state of a case.

    ``rules/case_states.py`` lists the states that each kind of form uses.
    """

    RECEIVED = "received", "Received"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    IN_HAND = "in_hand", "Being dealt with"
    INTERVIEW = "interview", "Interview"
    OFFERED = "offered", "Offered a place"
    RESERVE = "reserve", "On the reserve list"
    NOT_THIS_TIME = "not_this_time", "Not this time"
    CLARIFICATION = "clarification", "Waiting for the person"
    ANSWERED = "answered", "Answered in full"
    PARTLY_ANSWERED = "partly_answered", "Answered in part"
    REFUSED = "refused", "Refused"
    NOT_HELD = "not_held", "Not held"
    IN_REVIEW = "in_review", "Being looked at again"
    OUTSIDE_BODY = "outside_body", "With an outside body"
    DONE = "done", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"


class OtherStep(models.TextChoices):
    """Steps, other than a change of state, about which the person is notified."""

    EXTENDED = "extended", "More time is taken"
    HEARD = "heard", "They answered our question"
    MEMBER = "member", "They become a member"


class CaseEventKind(models.TextChoices):
    """The kinds of event in the history of a case."""

    RECEIVED = "received", "Received"
    STATE = "state", "Moved on"
    ASSIGNED = "assigned", "Given to somebody"
    NOTE = "note", "Note for staff"
    MESSAGE = "message", "Message sent"
    PAUSED = "paused", "Clock paused"
    RESUMED = "resumed", "Clock running again"
    EXTENDED = "extended", "More time"
    QUARANTINED = "quarantined", "Set aside as spam"
    RELEASED = "released", "Taken back from spam"
    MEMBERSHIP = "membership", "Became a member"
    NOT_TOLD = "not_told", "The person was not told"


class AccessAction(models.TextChoices):
    """Actions of staff on submissions, as recorded in the access log."""

    LISTED = "listed", "Looked at the list"
    READ = "read", "Read"
    PRINTED = "printed", "Printed"
    EXPORTED = "exported", "Exported"
    ENTERED = "entered", "Typed it in for somebody"
    CHANGED = "changed", "Recorded something"
    DOWNLOADED = "downloaded", "Opened a file"
    SUBJECT_EXPORT = "subject_export", "Gave all we hold"
    ERASED = "erased", "Erased"


class Clarification(models.TextChoices):
    """The effect on the deadline of asking the person a question."""

    PAUSES = "pauses", "The clock stops until they answer"
    PAUSES_IN_FULL = "in_full", "The clock stops; the day we ask and the day they answer do not count either"
    RESTARTS = "restarts", "The clock starts again when they answer"
    RUNS_ON = "runs_on", "The clock runs on"


class Counts(models.TextChoices):
    """The quantities that numeric answers add up to in an activity report."""

    PEOPLE = "people", "People"
    HOURS = "hours", "Hours"
    POUNDS = "pounds", "Pounds"


class YesNo(models.TextChoices):
    """The two answers to a closed question."""

    YES = "yes", "Yes"
    NO = "no", "No"


class Opening(models.TextChoices):
    """The availability of a form on a given day."""

    NOT_YET = "not_yet", "Not open yet"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
