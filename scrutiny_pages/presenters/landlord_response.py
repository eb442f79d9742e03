"""The landlord's response to a review, derived from the stages that produce it (H 6.2, K 11.4, C 6). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.core.dates.formatting import format_date

from ..enums import ANSWERED_PRODUCTS, Product, StageChangeKind
from ..rules.deadlines import Deadline
from ..rules.stage_dates import NOTHING
from .review_progress import agreed_words
from .timeline import sentences


def response_of(
    stages: Sequence, records: Mapping, dates: Mapping[object, Deadline], changes: Sequence
) -> list[tuple[str, list[str]]]:
    """Return each response stage as its name and sentences: due, sent back with the reason, received, signed off.

    A stage with no information, not even a date, is omitted. The arguments are those of ``progress_of``.
    """
    told = []
    for stage in stages:
        if stage.produces not in ANSWERED_PRODUCTS:
            continue
        record, due = records.get(stage.key), dates[stage.key].on
        happened = record.happened if record else NOTHING
        returned = [
            sentences(f"Returned on {format_date(change.on)} to be put right", change.reason)
            for change in changes
            if change.stage_key == stage.key and change.kind == StageChangeKind.RETURNED
        ]
        if record and happened.left_out:
            told.append((stage.name, ["Not used. " + record.left_out_because]))
        elif due or returned or happened.done_on:
            who = f"From: {stage.role}." if stage.role else ""
            by_when = f"Due {format_date(due)}." if due else ""
            lines = [who, by_when, *returned, _end(stage, record) if happened.done_on else _wait(stage)]
            told.append((stage.name, [line for line in lines if line]))
    return told


def _end(stage: Any, record: Any) -> str:
    """Return a sentence on the completion of a stage: received or agreed."""
    done = "Agreed on" if stage.produces == Product.PLAN_SIGN_OFF else "Received on"
    return sentences(f"{done} {format_date(record.happened.done_on)}", agreed_words(stage, record))


def _wait(stage: Any) -> str:
    """Return a sentence on the sign-off that a stage still needs."""
    return f"{stage.signed_off_by} has to agree." if stage.signed_off_by else ""
