"""Statuses of recommendations and outcomes, and the steps and events that change them."""

from django.db.models import TextChoices

from cms.core.text.terminology import lazy_words


class Answer(TextChoices):
    """The landlord's answers to a recommendation. There is deliberately no "in principle"."""

    AWAITED = "awaited", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly_accepted", "Partly accepted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    WITHDRAWN = "withdrawn", "Withdrawn by the panel"


AGREED = (Answer.ACCEPTED, Answer.PARTLY_ACCEPTED)


class Delivery(TextChoices):
    """Delivery states of an accepted recommendation. Only the checking body can confirm one."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    CLAIMED = "claimed", "Landlord says done"
    CONFIRMED = "confirmed", "Confirmed"
    NOT_DELIVERED = "not_delivered", "Closed, not delivered"


class ImportedStatus(TextChoices):
    """Meanings of an imported tracker's status: an answer, a delivery state, or none."""

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
    """Public status of a recommendation on a day, derived from its answer, its delivery and the date."""

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
    """Residents' findings on whether a delivered recommendation has helped."""

    HELPED = "helped", "It helped"
    PARTLY = "partly", "It helped in part"
    NOT = "not", "It did not help"
    TOO_SOON = "too_soon", "It is too soon to say"


class Step(TextChoices):
    """Transitions of a recommendation after it is made."""

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
    """Kinds of entry in the history of a recommendation."""

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
STEP_OF: dict[str, Step] = {
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
DELAY_REASON_KINDS = (EventKind.NOTE, EventKind.SENT_BACK, EventKind.REPLIED)
# The landlord's plan: public only if the process publishes it.
OF_THE_PLAN = (EventKind.ACTION_PLANNED, EventKind.ACTION_DONE)


class RecommendationField(TextChoices):
    """Fields of a recommendation that a process can require."""

    EVIDENCE = "evidence", "Evidence"
    REASON = "reason", "Why"
    COMPLETION_MEASURE = "completion_measure", "How we will know that it is done"
    VALUE_FOR_MONEY = "value_for_money", "Value for money"
    WHO_BENEFITS = "who_benefits", "Who it helps"
    OWNER = "owner", "Who must do it"


class StatedState(TextChoices):
    """Statuses of an outcome that has no recommendation behind it."""

    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
