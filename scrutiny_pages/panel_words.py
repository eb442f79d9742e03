"""What a panel says of itself: whether it looks for members, and what a newcomer asks first."""

import dataclasses
import datetime
from typing import TYPE_CHECKING

from django.utils.text import capfirst

from cms.core.dates import say_date

from .enums import LightTouch, PanelKind
from .turns import sentences

if TYPE_CHECKING:
    from .models import EscalationRoute, Panel, ReviewProcess

LIGHT_TOUCH = {
    LightTouch.PART: "A light-touch review does this in proportion",
    LightTouch.NO: "A light-touch review leaves this out",
}


@dataclasses.dataclass(frozen=True)
class StepInWords:
    """One step of how a panel works, as residents read it: what, more about it, and by when."""

    name: str
    text: str
    by_when: str


def vacancy_words(*, name: str, recruiting: bool, open_seats: int | None) -> str:
    """Say that a panel looks for members: Two seats are open on the Scrutiny Panel. Nothing if it does not."""
    if not recruiting or open_seats == 0:
        return ""
    if open_seats is None:
        return f"The {name} is open to new members"
    return f"One seat is open on the {name}" if open_seats == 1 else f"{open_seats} seats are open on the {name}"


def comes_back(panel: "Panel", above: str) -> bool:
    """Say whether following a panel's ``parent``, or its ``rules_from``, comes back to it."""
    seen, step = {panel.pk}, getattr(panel, above)
    while step is not None:
        if step.pk in seen or step is panel:
            return True
        seen.add(step.pk)
        step = getattr(step, above)
    return False


def life_in_words(panel: "Panel", on: datetime.date) -> tuple[str, str]:
    """Label and say the days of a panel that is there for a time (K 5); nothing for one that stays."""
    start, end = (day and say_date(day) for day in (panel.starts_on, panel.ends_on))
    if panel.is_finished(on):
        return ("It worked", f"{start} to {end}" if start else f"Until {end}")
    if panel.starts_on and panel.starts_on > on:
        return ("It works", f"{start} to {end}" if end else f"From {start}")
    return ("It works until", end) if end else ("", "")


def standing_words(panel: "Panel", on: datetime.date) -> str:
    """Say in a list whether a panel has finished or looks for members. Needs ``with_seats()``."""
    if panel.is_finished(on):
        return f"This panel finished on {say_date(panel.ends_on)}"
    return panel.vacancy_words(on)


def facts_of_panel(panel: "Panel", on: datetime.date) -> list[tuple[str, str]]:
    """Give what a newcomer asks first on a day, as labels and values. Needs ``with_seats()``."""
    seats: list[tuple[str, str]] = []
    if panel.kind != PanelKind.DECIDING_BODY and not panel.is_finished(on):  # a deciding body's members are not kept
        most, left = panel.maximum_members, panel.vacancies(on)
        seats = [
            ("Seats taken", f"{panel.seats_taken} of {most}" if most else str(panel.seats_taken)),
            ("Seats open", "" if left is None else str(left)),
            ("New members", "Welcome now" if panel.recruits(on) else "Not at the moment"),
            ("Time asked", panel.time_asked),
        ]
    facts = [
        *seats,
        life_in_words(panel, on),
        ("Part of", str(panel.parent or "")),
        ("Supported by", str(panel.supported_by or "")),
        ("Board champion", panel.board_champion),
        ("Mentor", panel.mentor),
    ]
    return [(label, value) for label, value in facts if value]


def steps_of_process(process: "ReviewProcess") -> list[StepInWords]:
    """Say how a review is carried out, stage by stage, each with its rule in words. Needs ``with_process()``."""
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


def steps_of_route(route: "EscalationRoute") -> list[StepInWords]:
    """Say where residents can go when the landlord says no, and by when each has to reply (W47, H 5.4, K 14)."""
    return [
        StepInWords(
            name=capfirst(f"we go to {step.to_whom}"),
            text=sentences(f"We ask: {step.asks}"),
            by_when=step.by_when,
        )
        for step in route.steps.all()
    ]


def how_it_works(panel: "Panel") -> dict:
    """Give what a panel's page shows of how it reviews, and of where it takes a no. Needs ``with_process()``."""
    process = panel.usual_process
    if process is None:
        return {}
    route = process.escalation_route
    return {
        "process": process,
        "process_steps": steps_of_process(process),
        "route": route,
        "route_steps": steps_of_route(route) if route else [],
    }
