"""Statuses of reviews, topics and stages."""

from django.db.models import TextChoices


class ReviewState(TextChoices):
    """States of a review."""

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
    """States of a topic that was proposed for the year's work."""

    PROPOSED = "proposed", "Proposed"
    CHOSEN = "chosen", "Chosen"
    NOT_CHOSEN = "not_chosen", "Not chosen"


class Product(TextChoices):
    """Products of the stages of a review; other stages can count their dates from them."""

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


class LightTouch(TextChoices):
    """Handling of a stage in a light-touch review (H 4.4)."""

    YES = "yes", "Yes"
    PART = "part", "In proportion"
    NO = "no", "No"


class StageStep(TextChoices):
    """Transitions of a stage of a review."""

    START = "start", "It is started"
    DONE = "done", "It is done"
    LEAVE_OUT = "leave_out", "It is not needed"
    MOVE = "move", "Its date moves"
    SEND_BACK = "send_back", "It is sent back"


class StageChangeKind(TextChoices):
    """Changes to a stage, other than starting and completing it."""

    MOVED = "moved", "The date was moved"
    RETURNED = "returned", "Sent back"
