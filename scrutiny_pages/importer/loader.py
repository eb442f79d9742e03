"""Writes a planned import in one transaction, and reports its progress.

Two thousand rows through the editor's own steps take minutes, so rows are written in batches. The result is the same
as that of those steps, which ``tests/scrutiny_pages/importer/test_loader.py`` verifies.
"""

import dataclasses
from collections.abc import Iterator
from itertools import chain
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends
from wagtail.signals import published

from cms.core.deferred import deferring

from ..enums import EventKind
from ..models import (
    Action,
    Escalation,
    Event,
    Evidence,
    Extension,
    FinishedImport,
    Recommendation,
    Role,
    ServiceArea,
    Tracking,
)
from ..services import add_histories
from .diff import Plan, Planned, make_plan
from .rows import Draft, Options
from .sheet import Sheet

BATCH_SIZE = 200
LINKS = {"service_areas": "servicearea", "standards": "standard"}  # and what the table between calls the other side


class NotImported(Exception):
    """Nothing was imported; the message has the reason."""


@dataclasses.dataclass(frozen=True)
class Progress:
    """The progress of an import: the rows written so far, its plan, and its record."""

    done: int
    plan: Plan
    finished: FinishedImport

    def __str__(self) -> str:
        return f"{self.done:,} of {self.plan.work:,} rows"


def run_import(
    sheet: Sheet, columns: dict[str, int], options: Options, *, by: Any = None, as_drafts: bool = False
) -> Iterator[Progress]:
    """Import a sheet in one transaction and yield the progress after each batch; raise ``NotImported``.

    With `as_drafts` nothing becomes public: new recommendations become drafts with their history, and changed text
    becomes a draft beside the public version.

    The plan is made anew, so that changes since the preview count. If the caller stops iterating before the end, the
    import is rolled back.
    """
    try:
        with transaction.atomic():
            plan = make_plan(sheet, columns, options, lock=True)
            if plan.problems:
                raise NotImported(f"There are problems now, the first: {plan.problems[0]}")
            writer = _Writer(plan, by, as_drafts=as_drafts)
            yield Progress(0, plan, writer.finished)
            done = 0
            for batch in chain(_batches(plan.new), _batches(plan.changed)):
                writer.write(batch)
                done += len(batch)
                yield Progress(done, plan, writer.finished)
    except IntegrityError as error:
        raise NotImported(
            "Somebody else added recommendations at the same moment. Look at the preview again."
        ) from error


def _batches(planned: list[Planned]) -> Iterator[list[Planned]]:
    return (planned[start : start + BATCH_SIZE] for start in range(0, len(planned), BATCH_SIZE))


def _rows_of(model: type[Model], track: Tracking, events: list[Event], rows: list[dict[str, Any]]) -> list:
    """Return the unsaved dependent rows of a recommendation, each with the entry that produced it, if known."""
    numbers = [values.get("event") for values in rows]
    made_by = [None if number is None else events[number] for number in numbers]
    return [model(tracking=track, **(values | {"event": event})) for values, event in zip(rows, made_by, strict=True)]


def _link_events(events: list[Event], given: list[dict[str, Any]]) -> None:
    """Replace the indexes of entries by entries: the one that an entry corrects, and the one that planned an action."""
    for event, values in zip(events, given, strict=False):
        if values.get("corrects") is not None:
            event.corrects = events[values["corrects"]]
        if event.facts.get("action") is not None:
            event.facts["action"] = events[event.facts["action"]]


class _Writer:
    """A writer of batches of one plan."""

    def __init__(self, plan: Plan, by: Any, *, as_drafts: bool):
        self.options, self.by, self.now, self.as_drafts = plan.options, by, timezone.now(), as_drafts
        self.finished = FinishedImport.objects.create(made_by=by, made_at=self.now, file_name=plan.options.file_name)
        self.draft_links: dict[str, dict[int, list]] = {}  # of what is changed as a draft: its services, its standards
        self.content_type = ContentType.objects.get_for_model(Recommendation)
        self.roles = dict(plan.known.roles)
        self.areas = dict(plan.known.areas)
        self.roles |= {key: Role.objects.create(title=title) for key, title in plan.roles.items()}
        self.areas |= {key: ServiceArea.objects.create(name=name, slug=key) for key, name in plan.areas.items()}

    def write(self, batch: list[Planned]) -> None:
        """Write up to ``BATCH_SIZE`` recommendations: all new, or all changed."""
        if is_new := batch[0].recommendation is None:
            items = self._add(batch)
            titles = {}
        else:
            titles = {planned.recommendation.pk: str(planned.recommendation) for planned in batch}
            items = self._change(batch)
        self._make_revisions(items)
        if self.as_drafts:
            self._keep_drafts(items, is_new=is_new)
        else:
            self._publish(items, titles)

    def _words(self, draft: Draft) -> dict[str, Any]:
        words = draft.words | {"panel": draft.panel, "asked_on": draft.asked_on}
        if draft.report:
            words["report"] = draft.report
        if draft.owner:
            words["owner"] = self._role(draft.owner)
        return words | {name: named for name in ("made_at", "refers_to") if (named := getattr(draft, name))}

    def _role(self, title: str) -> Role | None:
        return self.roles[title.casefold()] if title else None

    def _event(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of an entry, with the primary key of the role that owns an action."""
        facts = dict(values.get("facts", {}))
        if owner := facts.get("owner"):
            facts["owner"] = self.roles[owner.casefold()].pk
        return values | {"facts": facts, "corrects": None}

    def _with_owner(self, action: dict[str, Any]) -> dict[str, Any]:
        return action | {"owner": self._role(action["owner"])}

    def _areas_of(self, draft: Draft) -> list[ServiceArea]:
        return [self.areas[slugify(name)] for name in draft.areas]

    def _add(self, batch: list[Planned]) -> list[Recommendation]:
        items = [
            Recommendation(
                series=planned.draft.series,
                number=cast("int", planned.draft.number),  # the plan has numbered them all
                live=False,
                **self._words(planned.draft),
            )
            for planned in batch
        ]
        Recommendation.objects.bulk_create(items)
        tracking = [
            Tracking(recommendation=item, **planned.history.tracking)
            for item, planned in zip(items, batch, strict=True)
        ]
        events: list[Event] = []
        rows: list[Any] = []
        for track, planned in zip(tracking, batch, strict=True):
            note = {
                "on": self.options.today,
                "kind": EventKind.NOTE,
                "title": f"Brought in from {self.options.file_name}"[:120],
                "text": f"It was in row {planned.draft.row}.",
                "is_public": False,  # a file's name may say more than the public should read
            }
            history = planned.history
            own = [
                Event(tracking=track, recorded_by=self.by, **self._event(values)) for values in [*history.events, note]
            ]
            _link_events(own, history.events)
            events += own
            rows += _rows_of(Extension, track, own, history.extensions)
            rows += _rows_of(Evidence, track, own, history.evidence)
            rows += _rows_of(Action, track, own, [self._with_owner(values) for values in history.actions])
            rows += _rows_of(Escalation, track, own, history.escalations)
        add_histories(tracking, events, rows)
        of_items = list(zip(items, batch, strict=True))
        self._link("service_areas", {item: self._areas_of(planned.draft) for item, planned in of_items})
        self._link("standards", {item: planned.draft.standards for item, planned in of_items})
        return items

    def _change(self, batch: list[Planned]) -> list[Recommendation]:
        items: list[Recommendation] = []
        linked: dict[str, dict[Recommendation, list]] = {"service_areas": {}, "standards": {}}
        for planned in batch:
            item, words = planned.recommendation, self._words(planned.draft)
            for name in set(planned.changes) & set(words):
                setattr(item, name, words[name])
            if "service_areas" in planned.changes:
                linked["service_areas"][item] = self._areas_of(planned.draft)
            if "standards" in planned.changes:
                linked["standards"][item] = planned.draft.standards
            items.append(item)
        self.draft_links = {
            field: {item.pk: others for item, others in of_items.items()} if self.as_drafts else {}
            for field, of_items in linked.items()
        }
        if self.as_drafts:
            return items  # the public words stay as they are
        fields = set(chain.from_iterable(planned.changes for planned in batch)) - set(linked)
        if fields:
            Recommendation.objects.bulk_update(items, sorted(fields))
        for field, of_items in linked.items():
            getattr(Recommendation, field).through.objects.filter(recommendation__in=of_items).delete()
            self._link(field, of_items)
        return items

    def _link(self, field: str, linked: dict[Recommendation, list]) -> None:
        """Write the many-to-many relations of recommendations: service areas or standards."""
        through = getattr(Recommendation, field).through
        through.objects.bulk_create(
            through(**{"recommendation": item, LINKS[field]: other})
            for item, others in linked.items()
            for other in others
        )

    def _make_revisions(self, items: list[Recommendation]) -> None:
        """Save the content of each as a revision, as an editor does."""
        for field, name in LINKS.items():
            through = getattr(Recommendation, field).through
            linked: dict[int, list] = {item.pk: [] for item in items}
            for link in through.objects.filter(recommendation__in=items).select_related(name).order_by("pk"):
                linked[link.recommendation_id].append(getattr(link, name))
            linked |= self.draft_links.get(field, {})
            for item in items:  # in hand, for the revision
                setattr(item, field, linked[item.pk])
        revisions = Revision.objects.bulk_create(
            Revision(
                content_type=self.content_type,
                base_content_type=self.content_type,
                object_id=str(item.pk),
                created_at=self.now,
                user=self.by,
                object_str=str(item),
                content=item.serializable_data(),
            )
            for item in items
        )
        for item, revision in zip(items, revisions, strict=True):
            item.latest_revision = revision
            item.has_unpublished_changes = self.as_drafts
        # One by one only what differs: the rest is the same for all.
        Recommendation.objects.bulk_update(items, ["latest_revision", "has_unpublished_changes"])

    def _keep_drafts(self, items: list[Recommendation], *, is_new: bool) -> None:
        """Leave the revisions as drafts; update the log and, for new ones, the search indexes."""
        self._log(items, {}, "wagtail.create" if is_new else "wagtail.edit")
        if is_new:
            self._refer(items)
            self._index(items)

    def _publish(self, items: list[Recommendation], titles: dict[int, str]) -> None:
        """Publish the revisions, and update the search indexes and the log."""
        for item in items:
            item.live, item.expired = True, False
            item.live_revision = item.latest_revision
            item.first_published_at = item.first_published_at or self.now
            item.last_published_at = self.now
        Recommendation.objects.filter(pk__in=[item.pk for item in items]).update(
            live=True,
            expired=False,
            live_revision=F("latest_revision"),
            first_published_at=Coalesce("first_published_at", self.now),
            last_published_at=self.now,
        )
        self._log(items, titles, "wagtail.publish")
        self._refer(items)
        with deferring():
            for item in items:
                published.send(sender=Recommendation, instance=item, revision=item.live_revision)
        self._index(items)

    def _index(self, items: list[Recommendation]) -> None:
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Recommendation, items)

    def _refer(self, items: list[Recommendation]) -> None:
        """Update Wagtail's reference index in bulk. Its own method takes two queries a row: a third of the time."""
        kind = self.content_type
        ids = [str(item.pk) for item in items]
        ReferenceIndex.objects.filter(base_content_type=kind, object_id__in=ids).delete()
        ReferenceIndex.objects.bulk_create(
            ReferenceIndex(
                content_type=kind,
                base_content_type=kind,
                object_id=str(item.pk),
                to_content_type_id=to_kind,
                to_object_id=to_id,
                model_path=model_path,
                content_path=path,
                content_path_hash=ReferenceIndex._get_content_path_hash(path),
            )
            for item in items
            for to_kind, to_id, model_path, path in set(ReferenceIndex._extract_references_from_object(item))
        )

    def _log(self, items: list[Recommendation], titles: dict[int, str], action: str) -> None:
        """Add entries to Wagtail's log, with the old title of what was renamed."""
        entries = []
        for item in items:
            before = titles.get(item.pk, str(item))
            data = {"title": {"old": before, "new": str(item)}} if before != str(item) else {}
            entries += [
                ModelLogEntry(
                    content_type=self.content_type,
                    object_id=str(item.pk),
                    label=str(item),
                    action=done,
                    data=data,
                    timestamp=self.now,
                    user=self.by,
                    uuid=self.finished.pk,
                    revision=item.latest_revision,
                    content_changed=done == action,
                )
                for done in (["wagtail.rename"] if data else []) + [action]
            ]
        ModelLogEntry.objects.bulk_create(entries)
