"""The version of an agreement in force, and the acceptances that are still valid: pure functions of dates."""

import dataclasses
import datetime
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of an agreement: its first day, and whether every member has to accept it again."""

    number: int
    in_force_from: datetime.date
    must_accept: bool = True


def _begun(versions: Sequence[Version], on: datetime.date) -> list[Version]:
    begun = [version for version in versions if version.in_force_from <= on]
    return sorted(begun, key=lambda version: (version.in_force_from, version.number))


def in_force(versions: Sequence[Version], on: datetime.date) -> Version | None:
    """Return the version in force on a day, the last to have begun; None before the first."""
    begun = _begun(versions, on)
    return begun[-1] if begun else None


def counting(versions: Sequence[Version], on: datetime.date) -> frozenset[int]:
    """Return the numbers of the versions whose acceptance is valid on a day.

    These run from the last version that required a new acceptance to the one in force (C Code changes).
    """
    begun = _begun(versions, on)
    asked = [place for place, version in enumerate(begun) if version.must_accept]
    return frozenset(version.number for version in begun[asked[-1] if asked else 0 :])
