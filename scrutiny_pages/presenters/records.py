"""Protocols of the records that presenters read: presenters import no models.

Relations are ``Any``: a presenter follows those of the record that is passed in.
"""

import datetime
from typing import Any, Protocol


class Event(Protocol):
    """An entry of a recommendation's history."""

    pk: Any
    on: datetime.date
    kind: str
    headline: str
    text: str
    how: str
    meeting: Any
    correction: Any
    is_corrected: bool


class Reason(Protocol):
    """The attributes of a history entry that can explain a delay."""

    on: datetime.date
    kind: str
    headline: str
    text: str


class Extension(Protocol):
    """A request for more time."""

    pk: Any
    asked_on: datetime.date
    asked_for: datetime.date
    reason: str
    granted: bool | None


class Escalation(Protocol):
    """A body that a recommendation was escalated to."""

    on: datetime.date
    to_whom: str
    asks: str
    reply_due: datetime.date | None
    replied_on: datetime.date | None


class Tracking(Protocol):
    """The state of a recommendation."""

    pk: Any
    answer: str
    answer_due: datetime.date | None
    answered_on: datetime.date | None
    first_answer: str
    first_answered_on: datetime.date | None
    first_target: datetime.date | None
    current_target: datetime.date | None
    due: datetime.date | None
    impact: str
    impact_due: datetime.date | None
    impact_checked_on: datetime.date | None
    granted: list[Any]
    delay_reasons: list[Any]
    extensions: Any
    events: Any
    evidence: Any
    escalations: Any

    def is_overdue(self, on: datetime.date) -> bool:
        """Return whether an answer or delivery is owed and its date has passed."""

    def status(self, on: datetime.date) -> Any:
        """Return the public status on a day."""

    def get_answer_display(self) -> str:
        """Return the label of the answer."""

    def get_impact_display(self) -> str:
        """Return the label of the impact."""


class Page(Protocol):
    """A page of the site."""

    pk: Any
    title: str
    url: str


class PanelPage(Page, Protocol):
    """The page that introduces a panel."""

    panel_id: int


class OutcomePage(Page, Protocol):
    """The page of the outcome of recommendations."""


class Panel(Protocol):
    """A panel. Its seats need ``with_seats()``."""

    pk: Any
    kind: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    seats: int | None
    seats_taken: int
    time_asked: str
    board_champion: str
    mentor: str
    supported_by: Any
    parent: Any
    rules_from: Any
    pages: Any
    reviews: Any
    usual_process: Any
    possible_triggers: Any

    def is_finished(self, on: datetime.date) -> bool:
        """Return whether its last day has passed."""

    def recruits(self, on: datetime.date) -> bool:
        """Return whether the panel accepts applications on a day."""

    def vacancies(self, on: datetime.date) -> int | None:
        """Return the number of open seats, or None if there is no limit."""

    def vacancy_words(self, on: datetime.date) -> str:
        """Return the vacancy notice."""


class Recommendation(Protocol):
    """The text of a recommendation."""

    pk: Any
    number: int
    earlier_reference: str
    who_benefits: str
    panel: Any
    panel_id: int | None
    refers_to: Any
    refers_to_id: int | None
    referred_slug: str
    report: Any
    report_id: int | None
    review: Any
    made_at: Any
    owner: Any
    checking_body: Any
    outcomes: Any
    standards: Any
    tracking: Any
    public_plan: list[Any]

    def public_history(self) -> list[Any]:
        """Return the public entries of its history, latest first."""


class Review(Page, Protocol):
    """The page of a review."""

    panel: Any
    trigger: Any
    kind: Any
    commissioned_by: str
    started_on: datetime.date | None
    service_areas: Any
    light_touch: bool

    def get_state_display(self) -> str:
        """Return the label of its state."""


class Programme(Protocol):
    """A panel's work for one year."""

    title: str
    panel: Any
    starts_on: datetime.date
    ends_on: datetime.date
    agreed_by: Any
    agreed_on: datetime.date | None
    agreed_how: str
    criteria: Any

    def get_absolute_url(self) -> str:
        """Return its permanent address."""


class Meeting(Protocol):
    """A meeting or an event."""

    panel: Any
    place: str
    when_words: str


class ReviewProcess(Protocol):
    """A process for reviews, as a sequence of stages."""

    stages: Any
    reviews_a_year: int | None
    reviews_a_year_level: str


class EscalationRoute(Protocol):
    """The steps by which a recommendation is escalated."""

    steps: Any


class Trigger(Protocol):
    """An event that can start a review."""

    name: str
    who: str
    who_decides: str
    at_most_a_year: int | None
    level: str
