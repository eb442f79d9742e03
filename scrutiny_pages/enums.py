"""Statuses, and the named groups of statuses that rules speak of."""

from django.db.models import TextChoices

from cms.core.text.terminology import lazy_words


class Answer(TextChoices):
    """What the landlord said to a recommendation. "In principle" does not exist."""

    AWAITED = "awaited", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly_accepted", "Partly accepted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    WITHDRAWN = "withdrawn", "Withdrawn by the panel"


AGREED = (Answer.ACCEPTED, Answer.PARTLY_ACCEPTED)


class Delivery(TextChoices):
    """How far an accepted recommendation has got. Only the checking body can confirm one."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    CLAIMED = "claimed", "Landlord says done"
    CONFIRMED = "confirmed", "Confirmed"
    NOT_DELIVERED = "not_delivered", "Closed, not delivered"


class ImportedStatus(TextChoices):
    """What a status of another tracker can mean here: the answer, or how far the work is, or nothing."""

    AWAITED = Answer.AWAITED.value, Answer.AWAITED.label
    ACCEPTED = Answer.ACCEPTED.value, Answer.ACCEPTED.label
    PARTLY_ACCEPTED = Answer.PARTLY_ACCEPTED.value, Answer.PARTLY_ACCEPTED.label
    NOT_ACCEPTED = Answer.NOT_ACCEPTED.value, Answer.NOT_ACCEPTED.label
    WITHDRAWN = Answer.WITHDRAWN.value, Answer.WITHDRAWN.label
    NOT_STARTED = Delivery.NOT_STARTED.value, Delivery.NOT_STARTED.label
    IN_PROGRESS = Delivery.IN_PROGRESS.value, Delivery.IN_PROGRESS.label
    CLAIMED = Delivery.CLAIMED.value, Delivery.CLAIMED.label
    NOT_DELIVERED = Delivery.NOT_DELIVERED.value, Delivery.NOT_DELIVERED.label
    NOTHING = "nothing", "Nothing: the other columns say it"


UNDELIVERED = (Delivery.NOT_STARTED, Delivery.IN_PROGRESS)
UNSETTLED = (*UNDELIVERED, Delivery.CLAIMED)


class Standing(TextChoices):
    """Where a recommendation stands on a day, in the public's words: derived from both axes and the date."""

    CONFIRMED = "confirmed", lazy_words("Confirmed by {residents}")
    CLAIMED = "claimed", "Landlord says done. We are checking"
    PROGRESS = "progress", "In progress"
    NOT_STARTED = "not_started", "Not started yet"
    LATE = "late", "Late"
    WAITING = "waiting", "Waiting for an answer"
    REFUSED = "refused", "Not accepted"
    CLOSED = "closed", "Closed, not delivered"
    WITHDRAWN = "withdrawn", "Withdrawn by the panel"
    UNRATIFIED = "unratified", "Waits for a full meeting"


LATE_ANSWER = "The day to answer has passed, and there is no answer."
LATE_DELIVERY = "Its date has passed, and it is not done."
EXPLANATIONS = {
    Standing.CONFIRMED: lazy_words("{Residents} saw the evidence and agree that it is done."),
    Standing.CLAIMED: lazy_words("The landlord sent evidence. {Residents} are checking it."),
    Standing.PROGRESS: "Work has started. Its date has not passed.",
    Standing.NOT_STARTED: "The landlord agreed to do it. It has not started yet.",
    Standing.LATE: "Its date has passed. It is not done, or not answered.",
    Standing.WAITING: "The landlord has not said yes or no yet.",
    Standing.REFUSED: "The landlord said no, and gave its reason.",
    Standing.CLOSED: "The landlord agreed to do it, but it will not be done.",
    Standing.WITHDRAWN: "The panel no longer asks for this.",
    Standing.UNRATIFIED: "Too few came when it was made. A full meeting has to agree.",
}


class Impact(TextChoices):
    """What residents found when they asked whether a thing that was done has helped."""

    HELPED = "helped", "It helped"
    PARTLY = "partly", "It helped in part"
    NOT = "not", "It did not help"
    TOO_SOON = "too_soon", "It is too soon to say"


class Step(TextChoices):
    """What can happen to a recommendation after it is asked for."""

    ANSWER_DUE = "answer_due", "The day an answer is due is set"
    ACCEPT = "accept", "The landlord accepts it"
    ACCEPT_PARTLY = "accept_partly", "The landlord accepts part of it"
    REFUSE = "refuse", "The landlord does not accept it"
    START = "start", "Work has started"
    ASK_FOR_TIME = "ask_for_time", "The landlord asks for more time"
    GRANT_TIME = "grant_time", "More time is agreed"
    REFUSE_TIME = "refuse_time", "More time is refused"
    CLAIM = "claim", "The landlord says it is done"
    SEND_BACK = "send_back", "The evidence is not enough"
    CONFIRM = "confirm", lazy_words("{Residents} confirm that it is done")
    CLOSE = "close", "It will not be delivered"
    CHECK_IMPACT = "check_impact", lazy_words("{Residents} checked whether it helped")
    PLAN_ACTION = "plan_action", "An action is planned"
    FINISH_ACTION = "finish_action", "An action is done"
    ESCALATE = "escalate", "It is taken further"
    ESCALATION_REPLY = "escalation_reply", "Those it was taken to have replied"
    REFER = "refer", "Another panel is asked to look into it"
    REWORD = "reword", "The panel reworded it"
    WITHDRAW = "withdraw", "The panel withdraws it"
    RATIFY = "ratify", "A full meeting says yes to it"
    NOTE = "note", "There is something else to tell"
    CORRECT = "correct", "Something was recorded by mistake"


# The checking body's decisions: each is taken at a meeting, or between meetings if its rules allow (G 8: by email).
PANEL_DECISIONS = (
    Step.GRANT_TIME,
    Step.REFUSE_TIME,
    Step.SEND_BACK,
    Step.CONFIRM,
    Step.CLOSE,
    Step.CHECK_IMPACT,
    Step.ESCALATE,
    Step.REFER,
    Step.REWORD,
    Step.WITHDRAW,
    Step.RATIFY,
)


# What may happen to something that waits for a full meeting (K 7.2).
WHILE_UNRATIFIED = (Step.RATIFY, Step.WITHDRAW, Step.REWORD, Step.NOTE, Step.CORRECT)
TIME_DECISIONS = (Step.GRANT_TIME, Step.REFUSE_TIME)
# What the panel that asked may decide as well, where another body checks: these are about its own request.
OF_THE_PANEL_THAT_ASKED = (Step.ESCALATE, Step.REFER, Step.REWORD, Step.WITHDRAW)


class EventKind(TextChoices):
    """The turns in the story of a recommendation."""

    ASKED = "asked", "Asked for"
    ANSWER_DUE = "answer_due", "Date set for the answer"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly_accepted", "Partly accepted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    STARTED = "started", "Work started"
    TIME_ASKED = "time_asked", "More time asked for"
    TIME_GRANTED = "time_granted", "Date changed"
    TIME_REFUSED = "time_refused", "More time refused"
    CLAIMED = "claimed", "The landlord says it is done"
    SENT_BACK = "sent_back", lazy_words("Not done yet, say {residents}")
    CONFIRMED = "confirmed", lazy_words("Confirmed by {residents}")
    CLOSED = "closed", "Closed, not delivered"
    IMPACT_CHECKED = "impact_checked", lazy_words("{Residents} checked whether it helped")
    ACTION_PLANNED = "action_planned", "Action planned"
    ACTION_DONE = "action_done", "Action done"
    ESCALATED = "escalated", "Taken further"
    REPLIED = "replied", "A reply came"
    REFERRED = "referred", "Another panel was asked to look into it"
    REWORDED = "reworded", "Reworded by the panel"
    WITHDRAWN = "withdrawn", "Withdrawn by the panel"
    RATIFIED = "ratified", "A full meeting said yes to it"
    NOTE = "note", "Update"
    CORRECTED = "corrected", "Recorded by mistake"


# Which step each entry of a history records.
STEP_OF = {
    EventKind.ANSWER_DUE: Step.ANSWER_DUE,
    EventKind.ACCEPTED: Step.ACCEPT,
    EventKind.PARTLY_ACCEPTED: Step.ACCEPT_PARTLY,
    EventKind.NOT_ACCEPTED: Step.REFUSE,
    EventKind.STARTED: Step.START,
    EventKind.TIME_ASKED: Step.ASK_FOR_TIME,
    EventKind.TIME_GRANTED: Step.GRANT_TIME,
    EventKind.TIME_REFUSED: Step.REFUSE_TIME,
    EventKind.CLAIMED: Step.CLAIM,
    EventKind.SENT_BACK: Step.SEND_BACK,
    EventKind.CONFIRMED: Step.CONFIRM,
    EventKind.CLOSED: Step.CLOSE,
    EventKind.IMPACT_CHECKED: Step.CHECK_IMPACT,
    EventKind.ACTION_PLANNED: Step.PLAN_ACTION,
    EventKind.ACTION_DONE: Step.FINISH_ACTION,
    EventKind.ESCALATED: Step.ESCALATE,
    EventKind.REPLIED: Step.ESCALATION_REPLY,
    EventKind.REFERRED: Step.REFER,
    EventKind.REWORDED: Step.REWORD,
    EventKind.WITHDRAWN: Step.WITHDRAW,
    EventKind.RATIFIED: Step.RATIFY,
    EventKind.NOTE: Step.NOTE,
    EventKind.CORRECTED: Step.CORRECT,
}


# What can say why a thing is not done yet, besides what the landlord says when it asks for more time.
TELLING_WHY = (EventKind.NOTE, EventKind.SENT_BACK, EventKind.REPLIED)
# The landlord's plan: public only if the process publishes it.
OF_THE_PLAN = (EventKind.ACTION_PLANNED, EventKind.ACTION_DONE)


class PanelKind(TextChoices):
    """The kinds of body. A deciding body is one whose members we do not keep."""

    SCRUTINY_PANEL = "scrutiny_panel", "Scrutiny panel"
    CUSTOMER_PANEL = "customer_panel", lazy_words("{Resident} panel")
    AUDITORS = "auditors", lazy_words("{Resident} auditors")
    COMMITTEE = "committee", "Assurance committee"
    FORUM = "forum", "Forum"
    SUB_PANEL = "sub_panel", "Sub-panel"
    TASK_AND_FINISH = "task_and_finish", "Task-and-finish group"
    DECIDING_BODY = "deciding_body", "Deciding body"


class ReviewState(TextChoices):
    """Where a review is in its life."""

    PROPOSED = "proposed", "Proposed"
    CHOSEN = "chosen", "Chosen"
    NOT_CHOSEN = "not_chosen", "Not chosen"
    UNDER_WAY = "under_way", "Under way"
    FINISHED = "finished", "Finished"


# The states in which a review counts towards the number that a year may have.
COUNTED_REVIEWS = (ReviewState.CHOSEN, ReviewState.UNDER_WAY, ReviewState.FINISHED)

# The states in which a review has a team whose seats are taken.
TEAM_STATES = (ReviewState.CHOSEN, ReviewState.UNDER_WAY)

# How the public list of reviews puts them together, in its order.
REVIEW_GROUPS = {
    "Now": (ReviewState.UNDER_WAY,),
    "Next": (ReviewState.CHOSEN, ReviewState.PROPOSED),
    "Past": (ReviewState.FINISHED,),
    "Not chosen": (ReviewState.NOT_CHOSEN,),
}


class TopicState(TextChoices):
    """What became of a topic that was proposed for the year's work."""

    PROPOSED = "proposed", "Proposed"
    CHOSEN = "chosen", "Chosen"
    NOT_CHOSEN = "not_chosen", "Not chosen"


class Product(TextChoices):
    """What a stage of a review can produce; other stages may count their dates from it."""

    INITIAL_REPORT = "initial_report", "Initial report"
    LETTER = "letter", "Letter of intent"
    SCOPE = "scope", "Scope"
    INFORMATION_REQUEST = "information_request", "Information request"
    FIRST_FINDINGS = "first_findings", "First findings"
    DRAFT_REPORT = "draft_report", "Draft report"
    FINAL_REPORT = "final_report", "Final report"
    RESPONSE = "response", "Landlord's response"
    PLAN = "plan", "Improvement plan"
    PLAN_SIGN_OFF = "plan_sign_off", "Sign-off of the response or the plan"
    SIGN_OFF = "sign_off", "Sign-off of the report"
    PUBLICATION = "publication", "Publication"
    IMPACT_CHECK = "impact_check", "Impact check"


# Before any of these is done, every recommendation needs its answer (H 4.3 step 7, H 6.2).
ANSWERED_PRODUCTS = (Product.RESPONSE, Product.PLAN, Product.PLAN_SIGN_OFF)


class CountsFrom(TextChoices):
    """The events from which a stage's date is counted, besides what other stages produce."""

    REVIEW = "review", "The day the review starts"
    PREVIOUS = "previous", "The day the stage before is done"
    STAGE = "stage", "The day this stage is started"


COUNTS_FROM = [*CountsFrom.choices, *((product.value, f"{product.label} is done") for product in Product)]


class LightTouch(TextChoices):
    """Whether a stage is part of a light-touch review (H 4.4)."""

    YES = "yes", "Yes"
    PART = "part", "In proportion"
    NO = "no", "No"


class StageStep(TextChoices):
    """What can happen at a stage of a review."""

    START = "start", "It is started"
    DONE = "done", "It is done"
    LEAVE_OUT = "leave_out", "It is not needed"
    MOVE = "move", "Its date moves"
    SEND_BACK = "send_back", "It is sent back"


class StageChangeKind(TextChoices):
    """What can happen to a stage besides being started and done."""

    MOVED = "moved", "The date was moved"
    RETURNED = "returned", "Sent back"


class WordsField(TextChoices):
    """The parts of a recommendation that a process may ask for."""

    EVIDENCE = "evidence", "Evidence"
    REASON = "reason", "Why"
    COMPLETION_MEASURE = "completion_measure", "How we will know that it is done"
    VALUE_FOR_MONEY = "value_for_money", "Value for money"
    WHO_BENEFITS = "who_benefits", "Who it helps"
    OWNER = "owner", "Who must do it"


class MeetingKind(TextChoices):
    """The kinds of meeting and event."""

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


class Way(TextChoices):
    """The ways in which members are asked between two meetings."""

    EMAIL = "email", "By email"
    PHONE = "phone", "By phone"
    POST = "post", "By letter"
    VOTE = "vote", "By an online vote"


class MemberStanding(TextChoices):
    """Where a member stands with a panel."""

    JOINING = "joining", "Joining"
    ACTIVE = "active", "Active"
    RESERVE = "reserve", "Reserve"
    STOOD_DOWN = "stood_down", "Stood down"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


SEATED = (MemberStanding.JOINING, MemberStanding.ACTIVE, MemberStanding.SUSPENDED)


class MemberRole(TextChoices):
    """What a member does on a panel."""

    MEMBER = "member", "Member"
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice chair"
    DEPUTY = "deputy", "Deputy"
    CO_OPTEE = "co_optee", "Co-opted member"


# They come on top of the panel's seats: K 4.1 counts deputies apart, K 6 and H 8.6 bring co-optees in for a time.
WITHOUT_SEAT = (MemberRole.DEPUTY, MemberRole.CO_OPTEE)
ONE_AT_A_TIME = (MemberRole.CHAIR, MemberRole.VICE_CHAIR)


class Level(TextChoices):
    """How hard a panel holds to a rule."""

    REFUSE = "refuse", "Stop whoever breaks it"
    WARN = "warn", "Warn, but allow it"
    AIM = "aim", "Something to aim for"


class Consequence(TextChoices):
    """What happens to the seat of a member who misses too many meetings."""

    MAY_REPLACE = "may_replace", "The panel may give the seat to somebody else"
    LAPSES = "lapses", "The member loses the seat"


class Voting(TextChoices):
    """Whether people who are brought in have a vote, where that is laid down."""

    YES = "yes", "They can vote"
    NO = "no", "They cannot vote"


class HowOften(TextChoices):
    """How a number of meetings a year is meant."""

    AT_LEAST = "at_least", "At least"
    ABOUT = "about", "About"
    AT_MOST = "at_most", "No more than"


class AttendanceState(TextChoices):
    """Whether a member came to a meeting."""

    PRESENT = "present", "Came"
    EXCUSED = "excused", "Did not come, and gave a good reason"
    ABSENT = "absent", "Did not come"


class StatedState(TextChoices):
    """How an outcome with no recommendation behind it says where it is."""

    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"


class Followed(TextChoices):
    """What followed when a member declared an interest (H 9: noted, not always barring; C Conflicts: may withdraw)."""

    NOTED = "noted", "It was noted"
    WITHDREW = "withdrew", "They withdrew from the review"


class DutyUnit(TextChoices):
    """In what a regular duty is counted."""

    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"


class DecisionState(TextChoices):
    """Whether what a meeting agreed counts: derived from who came (K 7.2)."""

    UNKNOWN = "unknown", "Not known: who came is not recorded"
    AGREED = "agreed", "Agreed"
    WAITING = "waiting", "Waits for the next full meeting"
    RATIFIED = "ratified", "Confirmed by a later meeting"
    VOID = "void", "Does not count"


class DeadlineUnit(TextChoices):
    """What a deadline is counted in, or the kind of day it falls on."""

    WORKING_DAYS = "working_days", "Working days"
    CALENDAR_DAYS = "calendar_days", "Days, weekends included"
    WEEKS = "weeks", "Weeks"
    MONTHS = "months", "Months"
    QUARTER_START = "quarter_start", "The start of a quarter"
    QUARTER_END = "quarter_end", "The end of a quarter"
    NEXT_MEETING = "next_meeting", "The next meeting of a panel"
    FIXED_DATE = "fixed_date", "A fixed date"


class TodoKind(TextChoices):
    """What a to-do is about."""

    MEMBER = "member", "Members"
    MEETING = "meeting", "Meetings"
    TASK = "task", "Review tasks"
    DUTY = "duty", "Regular duties"
    RECOMMENDATION = "recommendation", "Recommendations"
    REVIEW = "review", "Reviews"
    OUTCOME = "outcome", lazy_words("To tell {residents}")
    FORM = "form", "What people sent"
    SITE = "site", "The website"
