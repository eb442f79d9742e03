"""What a panel says of itself: whether it looks for members, and what a newcomer asks first."""

import datetime
from typing import TYPE_CHECKING

from cms.core.dates import say_date

from .enums import PanelKind

if TYPE_CHECKING:
    from .models import Panel


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
