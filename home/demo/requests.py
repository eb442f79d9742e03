"""Loads what people asked for and what activities took, in believable states, with what is public of it.

The forms app is reached through the app registry: it stands beside this one, and neither imports the other.
"""

import datetime
import uuid

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model

from cms.core.dates.bank_holidays import Nation
from cms.core.streamfield_builder import NAMESPACE, made_id
from scrutiny_pages.rules.deadlines import deadline
from scrutiny_pages.starters.loader import site_planted
from scrutiny_pages.starters.reader import Starter

from .content import read
from .story import LONDON, PUBLISHED_AT, Story

# Of references, as the forms app makes them.
LETTERS = "2346789BCDFGHJKMPQRTVWXY"
OPEN = "received"
SLUGS = {"panel-request": "ask-for-information", "tenant-request": "ask-by-law", "impact": "what-came-of-it"}


def load_requests(story: Story) -> None:
    """Load the forms first, then what came with them."""
    content = read("requests")
    regimes = _model("Regime").objects
    for slug, changes in content["regimes_changed"].items():
        regimes.filter(slug=slug).update(**changes)
    rows = [row | {"panel": story.panels[row["panel"]].slug} for row in content["forms"]]
    pages = {name: story.pages[name].pk for name in ("get-involved", "privacy", "panels")}
    site_planted.send(sender=Starter, starter=Starter("demo", {"forms": rows}), pages=pages, publish=True)
    for number, row in enumerate(content["requests"]):
        _add(story, row, row["form"], f"request-{number}")
    panel = story.panels["scrutiny"]
    for number, row in enumerate(content["impact"]):
        on = story.dates.today - datetime.timedelta(days=row["days_ago"])
        answers = row["answers"] | {"panel": {"pk": panel.pk, "title": panel.name}, "date": on.isoformat()}
        _add(story, row | {"answers": answers}, "impact", f"impact-{number}")


def _model(name: str) -> type[Model]:
    return apps.get_model("forms", name)


def _add(story: Story, row: dict, form: str, key: str) -> None:
    """Add one thing that came, what has become of it, and what everybody may read of it."""
    today = story.dates.today
    received = today - datetime.timedelta(days=row["days_ago"])
    closed = today - datetime.timedelta(days=row["answered_ago"]) if "answered_ago" in row else None
    page = _form(form)
    sent = _model("Submission").objects.create(
        version=page.versions.get(),
        answers={made_id(f"starter-form-{form}/{name}"): answer for name, answer in row["answers"].items()},
        key=uuid.uuid5(NAMESPACE, key),
        reference=_reference(key),
        submitted_at=datetime.datetime.combine(received, PUBLISHED_AT, LONDON),
    )
    state = row.get("state", OPEN)
    due = _due(page.regime, received)
    facts = {
        "handler": get_user_model().objects.filter(username="caseworker").first() if state != OPEN else None,
        "regime": page.regime,
        "acknowledged_on": received + datetime.timedelta(days=1) if state != OPEN else None,
        "answer_amount": page.regime.answer_amount if page.regime else None,
        "answer_unit": page.regime.answer_unit if page.regime else "",
        "answer_rolls": page.regime.rolls if page.regime else False,
        "calendar": _calendar(page.regime) if page.regime else "",
        "first_due_on": due,
        "due_on": due,
        "answered_on": closed if state != "withdrawn" else None,
        "closed_on": closed,
        "refusal_reason": row.get("reason", ""),
    }
    apps.get_app_config("forms").add_past(
        submission=sent,
        states=[(OPEN, received), *([(state, closed or received)] if state != OPEN else [])],
        stopped_on=received + datetime.timedelta(days=2) if state == "clarification" else None,
        entry=_public(row, page, received, closed, due) if "public" in row else None,
        **facts,
    )


def _form(name: str) -> Model:
    """Give the form that was planted under a name."""
    return _model("FormPage").objects.get(slug=SLUGS[name])


def _due(regime: Model | None, received: datetime.date) -> datetime.date | None:
    rule = regime.rule("answer") if regime else None
    if rule is None:
        return None
    return deadline(rule, start=received, event="the day it came", nation=_calendar(regime)).on


def _calendar(regime: Model) -> str:
    return regime.calendar or Nation.ENGLAND_AND_WALES


def _reference(key: str) -> str:
    """Give the same reference each time that the demo is loaded."""
    number = uuid.uuid5(NAMESPACE, f"reference-{key}").int
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(8))


def _public(
    row: dict, page: Model, received: datetime.date, answered: datetime.date, due: datetime.date | None
) -> dict:
    """Give what everybody may read of it in the public log."""
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
