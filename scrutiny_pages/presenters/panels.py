"""Text of a panel's page: vacancies, key facts, review process and escalation route."""

import dataclasses
import datetime

from django.utils.text import capfirst

from cms.core.dates.formatting import format_date, format_length
from cms.core.text.links import linked

from ..enums import Level, LightTouch, PanelKind
from ..rules.rule_types import times
from .records import EscalationRoute, Panel, ReviewProcess, Trigger
from .timeline import sentences

LIGHT_TOUCH = {
    LightTouch.PART: "A light-touch review does this in proportion",
    LightTouch.NO: "A light-touch review leaves this out",
}


@dataclasses.dataclass(frozen=True)
class StepInWords:
    """One step of a process or route as plain text: title, detail and timing."""

    name: str
    text: str
    by_when: str


def vacancy_words(*, name: str, recruiting: bool, open_seats: int | None) -> str:
    """Return a vacancy notice, or an empty text without vacancies: Two seats are open on the Scrutiny Panel."""
    if not recruiting or open_seats == 0:
        return ""
    if open_seats is None:
        return f"The {name} is open to new members"
    return f"One seat is open on the {name}" if open_seats == 1 else f"{open_seats} seats are open on the {name}"


def has_cycle(panel: Panel, above: str) -> bool:
    """Return whether following the relation ``above`` (``parent`` or ``rules_from``) from a panel leads back to it."""
    seen, step = {panel.pk}, getattr(panel, above)
    while step is not None:
        if step.pk in seen or step is panel:
            return True
        seen.add(step.pk)
        step = getattr(step, above)
    return False


def life_in_words(panel: Panel, on: datetime.date) -> tuple[str, str]:
    """Return the label and dates of a time-limited panel (K 5), or two empty texts for a permanent one."""
    start, end = (day and format_date(day) for day in (panel.starts_on, panel.ends_on))
    if panel.is_finished(on):
        return ("It worked", f"{start} to {end}" if start else f"Until {end}")
    if panel.starts_on and panel.starts_on > on:
        return ("It works", f"{start} to {end}" if end else f"From {start}")
    return ("It works until", end) if end else ("", "")


def standing_words(panel: Panel, on: datetime.date) -> str:
    """Return the status of a panel for a list: finished, or recruiting. Needs ``with_seats()``."""
    if panel.ends_on and panel.is_finished(on):
        return f"This panel finished on {format_date(panel.ends_on)}"
    return panel.vacancy_words(on)


def seat_words(panel: Panel, on: datetime.date) -> str:
    """Return the number of seats taken: 10 of 12 seats are taken. Empty if the panel is over or stores no members."""
    if panel.kind == PanelKind.DECIDING_BODY or panel.is_finished(on):
        return ""
    most, taken = panel.seats, panel.seats_taken
    if most:
        return f"{taken} of {format_length(most, 'seat')} {'is' if taken == 1 else 'are'} taken"
    return f"The panel has {format_length(taken, 'member')}" if taken else ""


def facts_of_panel(
    panel: Panel, on: datetime.date, parent: Panel | None = None, parent_url: str = ""
) -> list[tuple[str, str]]:
    """Return the key facts of a panel on a day, as pairs of label and value. Needs ``with_seats()``.

    :param parent: the panel that this one is part of, if it is public.
    :param parent_url: where that panel is introduced, if this viewer may go there.
    """
    seats: list[tuple[str, str]] = []
    if panel.kind != PanelKind.DECIDING_BODY and not panel.is_finished(on):  # a deciding body's members are not kept
        most, left = panel.seats, panel.vacancies(on)
        seats = [
            ("Seats taken", f"{panel.seats_taken} of {most}" if most else str(panel.seats_taken)),
            ("Seats open", "" if left is None else str(left)),
            ("New members", "Welcome now" if panel.recruits(on) else "Not at the moment"),
            ("Time asked", panel.time_asked),
        ]
    facts = [
        *seats,
        life_in_words(panel, on),
        ("Part of", linked(parent, parent_url)),
        ("Supported by", str(panel.supported_by or "")),
        ("Board champion", panel.board_champion),
        ("Mentor", panel.mentor),
    ]
    return [(label, value) for label, value in facts if value]


def steps_of_process(process: ReviewProcess) -> list[StepInWords]:
    """Return the stages of a process, each with its deadline rule in words. Needs ``with_process()``."""
    return [
        StepInWords(
            name=stage.name,
            text=sentences(
                stage.description,
                stage.who,
                "Only if it is needed" if stage.only_if_needed else "",
                LIGHT_TOUCH.get(LightTouch(stage.light_touch), ""),
            ),
            by_when=stage.by_when,
        )
        for stage in process.stages.all()
    ]


def steps_of_route(route: EscalationRoute) -> list[StepInWords]:
    """Return the escalation steps after a refusal, each with its deadline for a reply (W47, H 5.4, K 14)."""
    return [
        StepInWords(
            name=capfirst(f"we go to {step.to_whom}"),
            text=sentences(f"We ask: {step.asks}"),
            by_when=step.by_when,
        )
        for step in route.steps.all()
    ]


def trigger_in_words(trigger: Trigger) -> StepInWords:
    """Return a review trigger: who may request it, who decides, and its yearly limit (W38, H 3.3, K 11.2)."""
    most = trigger.at_most_a_year
    limit = f"{'No more than' if trigger.level != Level.AIM else 'About'} {times(most)} a year" if most else ""
    text = sentences(
        f"Who may ask: {trigger.who}" if trigger.who else "",
        f"Who decides: {trigger.who_decides}" if trigger.who_decides else "",
        limit,
    )
    return StepInWords(name=trigger.name, text=text, by_when="")


# The parts of a panel's page in their order: the heading, its place, and what has to be there for it to be shown.
PARTS = [
    ("What we do", "what-we-do", ("activities", "brief")),
    ("Who we are", "who-we-are", ("seats", "members", "below")),
    (
        "Could I join?",
        "could-i-join",
        ("eligibility", "role", "support", "agreements", "trainings", "apply_page", "vacancy"),
    ),
    ("When we meet", "when-we-meet", ("meetings", "meetings_held")),
    ("Our work so far", "our-work", ("reviews", "reports", "standings", "outcomes")),
    ("What we look at, {year}", "this-year", ("programme",)),
    ("Our rules, in plain words", "our-rules", ("rules",)),
    ("How we carry out a review", "how-we-review", ("process",)),
    ("If the landlord says no", "if-no", ("route_steps",)),
    ("Terms of reference", "terms", ("terms",)),
]


def contents_of_panel(context: dict) -> list[dict]:
    """Return the table of contents of a panel's page: title and anchor of each section that is not empty."""
    panel = context["panel"]
    known = context | {
        "activities": panel.activities,
        "brief": panel.brief,
        "eligibility": panel.eligibility.all(),
        "role": panel.role_description,
        "support": panel.support,
        "agreements": panel.agreements.all(),
        "trainings": panel.trainings.all(),
        "rules": panel.rules_in_force.items,
        "terms": panel.terms_of_reference,
    }
    year = getattr(context.get("programme"), "title", "")
    return [
        {"title": title.format(year=year), "url": f"#{place}"}
        for title, place, needs in PARTS
        if any(known.get(name) for name in needs)
    ]


def how_it_works(panel: Panel) -> dict:
    """Return the template context of a panel's review process and escalation route. Needs ``with_process()``."""
    process = panel.usual_process
    if process is None:
        return {}
    route = process.escalation_route
    return {
        "triggers": [trigger_in_words(trigger) for trigger in panel.possible_triggers],
        "process": process,
        "process_steps": steps_of_process(process),
        "route": route,
        "route_steps": steps_of_route(route) if route else [],
    }
