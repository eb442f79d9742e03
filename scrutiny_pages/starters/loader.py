"""Loads a starter in one transaction: its lists, agreements, panels with their rules, routes and processes.

Records that exist already, by name, are left as they are.
"""

import datetime
import json
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal

from cms.core.text.rich_text_markup import rich_text

from ..enums import CountsFrom, DeadlineUnit
from ..models import (
    Agreement,
    AgreementVersion,
    EligibilityStatement,
    EscalationRoute,
    EscalationStep,
    LoadedStarter,
    MemberKind,
    Panel,
    ProcessRequirement,
    ProcessStage,
    RegularDuty,
    ResearchMethod,
    ReviewKind,
    ReviewProcess,
    Role,
    SelectionCriterion,
    ServiceArea,
    Standard,
    Training,
    Trigger,
    WorkProgramme,
)
from .reader import Starter

# Sent with ``starter``, ``on``, ``pages`` and ``publish`` when the records are there, so that the apps above add their
# own, and their pages if those are wanted.
starter_loaded = Signal()
# Sent with ``starter``, ``pages``, their ids by slug, and ``publish`` when a site was planted, so that more can be put
# below them.
site_created = Signal()

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "starters.scrutineer")
LISTS = {
    "service_areas": (ServiceArea, "slug"),
    "roles": (Role, "title"),
    "member_kinds": (MemberKind, "slug"),
    "review_kinds": (ReviewKind, "name"),
    "triggers": (Trigger, "name"),
    "standards": (Standard, "name"),
    "trainings": (Training, "slug"),
}
RICH_PANEL_FIELDS = ("activities", "support", "terms_of_reference", "role_description")


class OtherArrangement(Exception):
    """The site has another arrangement already; the message names it."""


class BadStarter(Exception):
    """A data file has an invalid value; the message names the value and its place."""


@transaction.atomic
def load_starter(
    starter: Starter, *, on: datetime.date, add: bool = False, pages: bool = True, publish: bool = False
) -> bool:
    """Load a starter. Its pages are drafts until somebody has looked at them.

    :param on: the day from which agreements are in force and duties are counted.
    :param add: load it although the site has another arrangement.
    :param pages: let the apps above add the starter's pages.
    :param publish: publish them at once, as for a demonstration.
    :returns: whether anything was loaded; nothing is if this starter was loaded before.
    :raises OtherArrangement: if the site has another arrangement, and ``add`` is not set.
    """
    if LoadedStarter.objects.filter(name=starter.name).exists():
        return False
    if not add:
        _refuse_another()
    _load_lists(starter, on)
    _load_panels(starter)
    _load_routes(starter)
    _load_processes(starter)
    _link_panels(starter)
    _load_programmes(starter, on)
    _load_duties(starter, on)
    starter_loaded.send(sender=Starter, starter=starter, on=on, pages=pages, publish=publish)
    LoadedStarter.objects.create(name=starter.name)
    return True


def _refuse_another() -> None:
    loaded = LoadedStarter.objects.first()
    if loaded:
        raise OtherArrangement(f"This site already works as “{loaded.name}”. Nothing was loaded.")
    if Panel.objects.exists() or ReviewProcess.objects.exists():
        raise OtherArrangement("This site already has panels or processes of its own. Nothing was loaded.")


def _checked(record: models.Model, where: str) -> models.Model:
    """Validate and save a record; raise `BadStarter` with its place in the file if it is invalid."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise BadStarter(f"{where}: {error}") from error
    record.save()
    return record


def _load_lists(starter: Starter, on: datetime.date) -> None:
    for part, (model, key) in LISTS.items():
        for row in starter.rows(part):
            if not model._default_manager.filter(**{key: row[key]}).exists():
                # A kind of member can go with a panel, and a trigger with some: those are loaded later.
                plain = {name: value for name, value in row.items() if name not in ("body", "panels")}
                _checked(model(**plain), f"{part}, {row[key]}")
    for row in starter.rows("methods"):
        if not ResearchMethod.objects.filter(name=row["name"]).exists():
            prompts = "".join(f"<li>{prompt}</li>" for prompt in row.get("prompts", []))
            _checked(ResearchMethod(name=row["name"], prompts=f"<ul>{prompts}</ul>" if prompts else ""), row["name"])
    for row in starter.rows("agreements"):
        if not Agreement.objects.filter(slug=row["slug"]).exists():
            agreement = _checked(Agreement(slug=row["slug"], name=row["name"]), f"agreements, {row['slug']}")
            AgreementVersion.objects.create(agreement=agreement, text=rich_text(row["text"]), in_force_from=on)


def _load_panels(starter: Starter) -> None:
    """Load the panels, parents first; their rules name each other by slug."""
    for row in starter.rows("panels"):
        if Panel.objects.filter(slug=row["slug"]).exists():
            continue
        plain = {
            name: row[name]
            for name in (
                "name",
                "slug",
                "kind",
                "purpose",
                "time_asked",
                "board_champion",
                "mentor",
                "brief",
                "recruiting",
                "notes_for_staff",
            )
            if name in row
        }
        panel = Panel(**plain, **{name: rich_text(row[name]) for name in RICH_PANEL_FIELDS if name in row})
        panel.parent = _panel_or_none(row.get("part_of"))
        panel.supported_by = Role.objects.get(title=row["supported_by"]) if "supported_by" in row else None
        panel.service_areas = list(ServiceArea.objects.filter(slug__in=row.get("service_areas", [])))
        panel.agreements = _all(Agreement, row.get("agreements", []))
        panel.trainings = _all(Training, row.get("trainings", []))
        panel.eligibility = [
            EligibilityStatement(**(said if isinstance(said, dict) else {"statement": said}))
            for said in row.get("eligibility", [])
        ]
        panel.save()
        panel.save_revision().publish()


def _all(model: type[models.Model], slugs: list[str]) -> list[models.Model]:
    found: list[Any] = list(model._default_manager.filter(slug__in=slugs))
    if missing := set(slugs) - {record.slug for record in found}:
        raise BadStarter(f"{model._meta.verbose_name}: {', '.join(sorted(missing))} is not in the file")
    return found


def _panel_or_none(slug: str | None) -> Panel | None:
    return None if slug is None else _panel(slug)


def _panel(slug: str) -> Panel:
    panel = Panel.objects.filter(slug=slug).first()
    if panel is None:
        raise BadStarter(f"There is no panel {slug}")
    return panel


def _link_panels(starter: Starter) -> None:
    """Set what could not be set when the panels were made: their rules and their usual process.

    The kinds of member that belong to a panel, and the triggers of its reviews, are linked to it here too.
    """
    for row in starter.rows("member_kinds"):
        if "body" in row:
            MemberKind.objects.filter(slug=row["slug"], body=None).update(body=_panel(row["body"]))
    for row in starter.rows("triggers"):
        trigger = Trigger.objects.get(name=row["name"])
        if not trigger.of_panels.exists():
            trigger.of_panels.set(_panel(slug) for slug in row.get("panels", []))
    for row in starter.rows("panels"):
        panel = _panel(row["slug"])
        if panel.usual_process or panel.rules or panel.rules_from:
            continue  # it was there before, and is as somebody made it
        panel.rules = json.dumps(_rules(row.get("rules", []), f"{starter.name}/{row['slug']}"))
        _check_rules(panel)
        panel.rules_from = _panel_or_none(row.get("rules_from"))
        if "process" in row:
            panel.usual_process = ReviewProcess.objects.get(name=row["process"])
        _checked(panel, f"panels, {row['slug']}")
        panel.save_revision().publish()


def _rules(rows: list[dict], key: str) -> list[dict]:
    """Return a panel's rules as its stream stores them, each with an id derived from its position."""
    return [
        {"type": kind, "id": str(uuid.uuid5(NAMESPACE, f"{key}/{number}")), "value": value}
        for number, row in enumerate(rows)
        for kind, value in row.items()
    ]


def _check_rules(panel: Panel) -> None:
    """Raise if an editor could not have entered these rules: a model's own validation skips its streams."""
    try:
        panel.rules.stream_block.clean(panel.rules)
    except ValidationError as error:
        raise BadStarter(f"panels, {panel.slug}: one of its rules is not sound") from error


def _deadline(data: dict | None) -> dict:
    """Return a deadline rule's fields from its short form.

    ``{amount: 28, unit: calendar_days, from: draft_report}``.
    """
    if not data:
        return {}
    return {
        "deadline_amount": data.get("amount"),
        "deadline_unit": DeadlineUnit(data["unit"]),
        "deadline_before": data.get("before", False),
        "deadline_from": data.get("from", CountsFrom.PREVIOUS),
        "deadline_panel": _panel_or_none(data.get("panel")),
        "deadline_on": data.get("on"),
    }


def _load_routes(starter: Starter) -> None:
    for row in starter.rows("routes"):
        if not EscalationRoute.objects.filter(name=row["name"]).exists():
            load_route(row)


def load_route(row: dict) -> EscalationRoute:
    """Load an escalation route from its row in a file."""
    route = EscalationRoute(name=row["name"], description=row.get("description", ""))
    route.steps = [
        EscalationStep(sort_order=order, to_whom=step["to_whom"], asks=step["asks"], **_deadline(step.get("deadline")))
        for order, step in enumerate(row["steps"])
    ]
    _checked(route, f"routes, {row['name']}")
    route.save_revision()
    return route


def _load_processes(starter: Starter) -> None:
    for row in starter.rows("processes"):
        if ReviewProcess.objects.filter(name=row["name"]).exists():
            continue
        plain = {
            key: value for key, value in row.items() if key not in ("stages", "requirements", "route", "checked_by")
        }
        process = ReviewProcess(**plain, checked_by=_panel_or_none(row.get("checked_by")))
        if "route" in row:
            process.escalation_route = EscalationRoute.objects.get(name=row["route"])
        process.stages = [stage_from(order, stage) for order, stage in enumerate(row["stages"])]
        process.requirements = [
            ProcessRequirement(sort_order=order, field=field, level=level)
            for order, (field, level) in enumerate(row.get("requirements", {}).items())
        ]
        for stage in process.stages.all():
            stage.clean_fields(exclude=["process"])
            stage.clean()
        _checked(process, f"processes, {row['name']}")
        process.save_revision()


def stage_from(order: int, row: dict) -> ProcessStage:
    """Return a stage of a process from its row in a file, unsaved."""
    linked = ("deadline", "role", "signed_off_by")
    plain = {key: value for key, value in row.items() if key not in linked}
    return ProcessStage(
        sort_order=order,
        role=Role.objects.get(title=row["role"]) if "role" in row else None,
        signed_off_by=_panel_or_none(row.get("signed_off_by")),
        **plain,
        **_deadline(row.get("deadline")),
    )


def _next_of(days: list[str], on: datetime.date) -> datetime.date:
    """Return the first day after `on` that is one of some days of every year, such as ``09-30``."""
    years = (on.year, on.year + 1)
    return min(found for year in years for day in days if (found := _day_of(year, day)) > on)


def _day_of(year: int, day: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{year}-{day}")


def _load_programmes(starter: Starter, on: datetime.date) -> None:
    """Load the work programme of the year of `on`, so that reviews can be counted and topics scored in it."""
    for row in starter.rows("programmes"):
        panel, starts = _panel(row["panel"]), _day_of(on.year, row["starts"])
        if starts > on:
            starts = _day_of(on.year - 1, row["starts"])
        ends = _day_of(starts.year + 1, row["starts"]) - datetime.timedelta(days=1)
        if WorkProgramme.objects.filter(panel=panel, starts_on=starts).exists():
            continue
        title = str(starts.year) if ends.year == starts.year else f"{starts.year} to {ends.year}"
        programme = WorkProgramme(
            panel=panel,
            process=ReviewProcess.objects.get(name=row["process"]),
            title=title,
            starts_on=starts,
            ends_on=ends,
        )
        programme.criteria = [
            SelectionCriterion(sort_order=order, **criterion) for order, criterion in enumerate(row.get("criteria", []))
        ]
        _checked(programme, f"programmes, {panel} {title}")


def _load_duties(starter: Starter, on: datetime.date) -> None:
    for row in starter.rows("duties"):
        if RegularDuty.objects.filter(name=row["name"]).exists():
            continue
        plain = {key: value for key, value in row.items() if key not in ("role", "panel", "each_year")}
        duty = RegularDuty(**plain, role=Role.objects.get(title=row["role"]), panel=_panel_or_none(row.get("panel")))
        if not duty.for_each_member:
            duty.first_due = _next_of(row["each_year"], on) if "each_year" in row else duty.next_due(on)
        _checked(duty, f"duties, {row['name']}")
