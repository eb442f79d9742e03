"""What a panel says of itself: its seats, and what a newcomer asks first."""

from typing import TYPE_CHECKING

from .enums import PanelKind

if TYPE_CHECKING:
    from .models import Panel


def vacancies(*, maximum: int | None, taken: int) -> int | None:
    """Give the seats still open; none to speak of (``None``) when a panel has no limit (W24, H 8.1, K 4.1)."""
    return None if maximum is None else max(0, maximum - taken)


def vacancy_words(*, name: str, recruiting: bool, open_seats: int | None) -> str:
    """Say that a panel looks for members: Two seats are open on the Scrutiny Panel. Nothing if it does not."""
    if not recruiting or open_seats == 0:
        return ""
    if open_seats is None:
        return f"The {name} is open to new members"
    return f"One seat is open on the {name}" if open_seats == 1 else f"{open_seats} seats are open on the {name}"


def breaks_family(panel: "Panel") -> bool:
    """Say whether a panel's chain of parents comes back to itself."""
    seen, above = {panel.pk}, panel.parent
    while above is not None:
        if above.pk in seen or above is panel:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def rules_in_words(panel: "Panel") -> list[str]:
    """Say a panel's rules as sentences, in the order that a newcomer asks. A rule that is not set is not said.

    Register: size W24, H 8.1; quorum W25, K 7.2; absence W41, K 4.3b; chair's term W27, K 8; trial period C codes.
    """
    sentences = []
    low, high = panel.minimum_members, panel.maximum_members
    if low and low == high:
        sentences.append(f"The panel has {_count(high, 'member')}.")
    elif low and high:
        sentences.append(f"The panel has between {low} and {_count(high, 'member')}.")
    elif high:
        sentences.append(f"The panel has up to {_count(high, 'member')}.")
    elif low:
        sentences.append(f"The panel has at least {_count(low, 'member')}.")
    if panel.quorum:
        sentences.append(f"At least {_count(panel.quorum, 'member')} must be at a meeting for a decision to count.")
    if panel.meetings_a_year:
        sentences.append(f"It meets about {_count(panel.meetings_a_year, 'time')} a year.")
    if panel.reviews_a_year:
        sentences.append(f"It carries out about {_count(panel.reviews_a_year, 'review')} a year.")
    if panel.probation_months:
        sentences.append(f"New members have a trial period of {_count(panel.probation_months, 'month')}.")
    if panel.absences_allowed:
        missed = _count(panel.absences_allowed, "meeting")
        sentences.append(f"A member who misses {missed} in a row may be asked to give up their seat.")
    if panel.chair_term_years:
        sentences.append(f"The chair serves for up to {_count(panel.chair_term_years, 'year')}.")
    return sentences


def facts_of_panel(panel: "Panel") -> list[tuple[str, str]]:
    """Give what a newcomer asks first, as labels and values. Needs ``with_seats()``."""
    if panel.kind == PanelKind.DECIDING_BODY:
        return [("Part of", str(panel.parent))] if panel.parent else []  # its members are not kept here
    seats = f"{panel.seats_taken} of {panel.maximum_members}" if panel.maximum_members else str(panel.seats_taken)
    facts = [
        ("Seats taken", seats),
        ("Seats open", "" if panel.vacancies is None else str(panel.vacancies)),
        ("New members", "Welcome now" if panel.recruiting else "Not at the moment"),
        ("Time asked", panel.time_asked),
        ("Part of", str(panel.parent or "")),
    ]
    return [(label, value) for label, value in facts if value]
