"""Which version of an agreement is in force, and whose acceptance is good enough: pure functions of dates."""

import dataclasses
import datetime
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of an agreement: from which day it counts, and whether it asks everybody again."""

    number: int
    in_force_from: datetime.date
    must_accept: bool = True


def _begun(versions: Sequence[Version], on: datetime.date) -> list[Version]:
    begun = [version for version in versions if version.in_force_from <= on]
    return sorted(begun, key=lambda version: (version.in_force_from, version.number))


def in_force(versions: Sequence[Version], on: datetime.date) -> Version | None:
    """Return the version that counts on a day: the one that began last."""
    begun = _begun(versions, on)
    return begun[-1] if begun else None


def counting(versions: Sequence[Version], on: datetime.date) -> frozenset[int]:
    """Return the numbers of the versions that a member may have accepted to be in order on a day.

    From the last version that asked everybody again to the one in force (C Code changes).
    """
    begun = _begun(versions, on)
    asked = [place for place, version in enumerate(begun) if version.must_accept]
    return frozenset(version.number for version in begun[asked[-1] if asked else 0 :])
