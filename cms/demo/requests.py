"""Loader of the demo's requests and activity forms, in believable states, with their public entries."""

import datetime
import uuid
from typing import cast

from django.contrib.auth import get_user_model

from cms.core.dates.bank_holidays import Nation
from cms.core.streamfield_builder import NAMESPACE, made_id
from forms.cases.services import add_past_case
from forms.disclosure_log.services import add_past_entry
from forms.enums import CaseState
from forms.models import FormPage, Regime, Submission
from forms.starters.loader import create_forms, question_key
from forms.submission.services import REFERENCE_LENGTH, REFERENCE_LETTERS
from scrutiny_pages.rules.deadlines import deadline
from scrutiny_pages.starters.reader import Starter

from .content import read
from .story import LONDON, PUBLISHED_AT, Story

SLUGS = {"panel-request": "ask-for-information", "tenant-request": "ask-by-law", "impact": "what-came-of-it"}


def load_requests(story: Story) -> None:
    """Load the forms first, then their submissions."""
    content = read("requests")
    for slug, changes in content["regimes_changed"].items():
        Regime.objects.filter(slug=slug).update(**changes)
    rows = [row | {"panel": story.panels[row["panel"]].slug} for row in content["forms"]]
    pages = {name: story.pages[name].pk for name in ("get-involved", "privacy", "panels")}
    create_forms(Starter("demo", {"forms": rows}), pages, publish=True)
    for number, row in enumerate(content["requests"]):
        _add(story, row, row["form"], f"request-{number}")
    panel = story.panels["scrutiny"]
    for number, row in enumerate(content["impact"]):
        on = story.dates.today - datetime.timedelta(days=row["days_ago"])
        answers = row["answers"] | {"panel": {"pk": panel.pk, "title": panel.name}, "date": on.isoformat()}
        _add(story, row | {"answers": answers}, "impact", f"impact-{number}")


def _add(story: Story, row: dict, form: str, key: str) -> None:
    """Add one submission, its progress and its public entry."""
    today = story.dates.today
    received = today - datetime.timedelta(days=row["days_ago"])
    closed = today - datetime.timedelta(days=row["answered_ago"]) if "answered_ago" in row else None
    page = FormPage.objects.get(slug=SLUGS[form])
    sent = Submission.objects.create(
        version=page.versions.get(),
        answers={made_id(question_key(form, name)): answer for name, answer in row["answers"].items()},
        key=uuid.uuid5(NAMESPACE, key),
        reference=_reference(key),
        submitted_at=datetime.datetime.combine(received, PUBLISHED_AT, LONDON),
    )
    state = CaseState(row.get("state", CaseState.RECEIVED))
    due = _due(page.regime, received)
    facts = {
        "handler": get_user_model().objects.filter(username="caseworker").first()
        if state != CaseState.RECEIVED
        else None,
        "regime": page.regime,
        "acknowledged_on": received + datetime.timedelta(days=1) if state != CaseState.RECEIVED else None,
        "answer_amount": page.regime.answer_amount if page.regime else None,
        "answer_unit": page.regime.answer_unit if page.regime else "",
        "answer_rolls": page.regime.rolls if page.regime else False,
        "calendar": _calendar(page.regime) if page.regime else "",
        "first_due_on": due,
        "due_on": due,
        "answered_on": closed if state != CaseState.WITHDRAWN else None,
        "closed_on": closed,
        "refusal_reason": row.get("reason", ""),
    }
    case = add_past_case(
        submission=sent,
        states=[
            (CaseState.RECEIVED, received),
            *([(state, closed or received)] if state != CaseState.RECEIVED else []),
        ],
        stopped_on=received + datetime.timedelta(days=2) if state == CaseState.CLARIFICATION else None,
        **facts,
    )
    if "public" in row:
        answered = cast("datetime.date", closed)  # only what was answered is public
        add_past_entry(case=case, **_public(row, page, received, answered, due))


def _due(regime: Regime | None, received: datetime.date) -> datetime.date | None:
    rule = regime.rule("answer") if regime else None
    if rule is None:
        return None
    return deadline(rule, start=received, event="the day it came", nation=_calendar(cast("Regime", regime))).on


def _calendar(regime: Regime) -> str:
    return regime.calendar or Nation.ENGLAND_AND_WALES


def _reference(key: str) -> str:
    """Return the same reference each time that the demo is loaded."""
    number = uuid.uuid5(NAMESPACE, f"reference-{key}").int
    letters = REFERENCE_LETTERS
    return "".join(letters[number // len(letters) ** place % len(letters)] for place in range(REFERENCE_LENGTH))


def _public(
    row: dict, page: FormPage, received: datetime.date, answered: datetime.date, due: datetime.date | None
) -> dict:
    """Return the entry of the public log."""
    answer = row["public"]["answer"]
    return {
        "form_key": page.form_key,
        "regime": page.regime,
        "subject": row["public"]["subject"],
        "received_on": received,
        "answered_on": answered,
        "was_late": bool(due and answered > due),
        "outcome": row["state"],
        "reason": row.get("reason", ""),
        "answer": f"<p>{answer}</p>" if answer else "",
        "published_at": datetime.datetime.combine(answered, PUBLISHED_AT, LONDON) + datetime.timedelta(days=3),
    }
