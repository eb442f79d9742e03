"""Two transitions at the same moment, each in a transaction on a PostgreSQL connection of its own.

One is paused just before it writes or locks something more; then the other one runs until it ends or waits for a lock;
then the first goes on. The result has to be that of the two one after the other, in some order, where a transition may
be refused. SQLite serialises the transactions (``IMMEDIATE``), so there is nothing to test there.
"""

import itertools
import re
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import TypeVar

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, models, transaction

from cms.core.models.guarded import Guarded

on_postgres = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite makes a queue of transactions")

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
LOCKS = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)
MOMENTS = range(1, 5)  # in which a step is held up
SECONDS = 20  # until a test gives up

Step = Callable[[], object]
Taken = TypeVar("Taken")


GUARDED = [model for model in apps.get_models() if issubclass(model, Guarded)]
# Before its first write to each of these a step is held up.
HELD_UP_AT = {"wagtailcore_page", "forms_submission", "forms_upload", *(model._meta.db_table for model in GUARDED)}


def tables_of(*more: type[models.Model]) -> list[str]:
    """Return the names of all tables of state, and of the tables of other models."""
    return [model._meta.db_table for model in (*GUARDED, *more)]


class Database:
    """The real test database: committed rows, saved at one moment, and restored."""

    def __init__(self, tables: Sequence[str]):
        self.tables, self.saved = list(tables), f"saved_{next(_numbers)}"

    def save(self) -> None:
        """Save the current rows of the tables."""
        parts = [f'DROP SCHEMA IF EXISTS "{self.saved}" CASCADE', f'CREATE SCHEMA "{self.saved}"']
        parts += [f'CREATE TABLE "{self.saved}"."{table}" AS TABLE "public"."{table}"' for table in self.tables]
        _execute(parts)

    def restore(self) -> None:
        """Restore the saved rows; foreign keys are checked once all are there."""
        # The names are those of our own models' tables, and nothing that anybody typed.
        parts = [f'DELETE FROM "public"."{table}"' for table in self.tables]  # noqa: S608
        parts += [f'INSERT INTO "public"."{table}" TABLE "{self.saved}"."{table}"' for table in self.tables]
        _execute(parts)

    def forget(self) -> None:
        """Drop the saved rows."""
        _execute([f'DROP SCHEMA "{self.saved}" CASCADE'])


_numbers = itertools.count()


def _execute(statements: Sequence[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


@contextmanager
def kept_database(tables: Sequence[str] | None = None) -> Iterator[Database]:
    """Restore the tables, or all there are, after the block."""
    every = [name for name in connection.introspection.table_names() if not name.startswith("django_migrations")]
    kept = Database(every if tables is None else tables)
    kept.save()
    try:
        yield kept
    finally:
        kept.restore()
        kept.forget()


class Pair:
    """Two threads with a connection each, which stay open from one trial to the next."""

    def __init__(self):
        self.first, self.second = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.pid = self.second.submit(_backend).result(SECONDS)

    def close(self) -> None:
        """Close both connections."""
        for thread in (self.first, self.second):
            thread.submit(lambda: connection.close()).result(SECONDS)
            thread.shutdown()

    def one_after_the_other(self, first: Step, second: Step | None = None) -> tuple[bool, bool]:
        """Run the transitions in this order; return whether each was applied and not refused."""
        taken = self.first.submit(_try, first).result(SECONDS)
        return taken, self.second.submit(_try, second).result(SECONDS) if second else False

    def at_once(self, first: Step, second: Step, at: int, at_first_lock: bool = False) -> tuple[bool, bool] | None:
        """Run the second transition while the first is paused; return whether each was applied.

        :param at: before its first write to which table, or lock of one, by number.
        :param at_first_lock: whether the lock with which it begins counts.
        :returns: None if the first writes to fewer tables.
        """
        reached, go = Event(), Event()
        held: Future = self.first.submit(_try, first, _Holding(at, reached, go, at_first_lock))
        while not reached.wait(0.002):
            if held.done():
                held.result()
                return None
        other: Future = self.second.submit(_try, second)
        try:
            until = time.monotonic() + SECONDS
            while not other.done() and not self._waits():
                assert time.monotonic() < until, "the second step neither ends nor waits"
                time.sleep(0.002)
        finally:
            go.set()
        return held.result(SECONDS), other.result(SECONDS)

    def _waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self.pid])
            return bool(cursor.fetchone()[0])


class _Holding:
    """Pauses a transition at one moment."""

    def __init__(self, at: int, reached: Event, go: Event, at_first_lock: bool):
        self.at, self.reached, self.go = at, reached, go
        self.seen: set[str] = set()
        self.begun = at_first_lock

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        found = WRITES.match(sql)
        moment = found[1] if found and found[1] in HELD_UP_AT else ""
        if lock := LOCKS.search(sql):
            moment, self.begun = f"lock {lock[1]}" if self.begun else "", True
        if moment and moment not in self.seen:
            self.seen.add(moment)
            if self.at == len(self.seen):
                self.hold()
        return execute(sql, params, many, context)

    def hold(self) -> None:
        self.reached.set()
        assert self.go.wait(SECONDS)


def _backend() -> int:
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def _try(step: Step, holding: _Holding | None = None) -> bool:
    """Run a transition in a transaction; return whether it was applied. Other errors than a refusal are raised."""
    try:
        with transaction.atomic():
            if holding is None:
                step()
            else:
                with connection.execute_wrapper(holding):
                    step()
    except (ValidationError, ObjectDoesNotExist):  # the second: what was erased is found no more
        return False
    return True


class Trial:
    """Compares two simultaneous transitions with the same two in sequence."""

    def __init__(self, pair: Pair, database: Database, look: Callable[[], Hashable]):
        self.pair, self.database, self.look = pair, database, look
        self._in_order: dict[tuple[Step, ...], Hashable] = {}

    def outcome(self, take: Callable[[], Taken]) -> tuple[Hashable, Taken]:
        """Return the rows after a trial, from the same start, and which transitions were applied."""
        self.database.restore()
        taken = take()
        return self.look(), taken

    def check(self, first: Step, second: Step, at_first_lock: bool = False) -> int:
        """Run two simultaneously, at every moment in which the first can be paused; return the number of moments."""
        in_order = [self.in_order(first, second), self.in_order(second, first)]
        tries = 0
        for at in MOMENTS:
            got, taken = self.outcome(partial(self.pair.at_once, first, second, at, at_first_lock))
            if taken is None:
                break
            allowed = list(in_order)
            if not all(taken):
                allowed += [self.in_order(step) for step, was in zip((first, second), taken, strict=True) if was]
            assert got in allowed, f"at {at}: neither order gives this: {got} {in_order}"
            tries += 1
        return tries

    def in_order(self, *steps: Step) -> Hashable:
        """Return the rows after one transition, or after one and then another."""
        if steps not in self._in_order:
            self._in_order[steps] = self.outcome(lambda: self.pair.one_after_the_other(*steps))[0]
        return self._in_order[steps]


def check_pairs(trial: Trial, steps: dict[str, Step], *, at_first_lock: bool = False) -> None:
    """Try every pair of transitions at once, each with itself as well; each is paused in half of its pairs."""
    tries = dict.fromkeys(steps, 0)
    for (one, first), (two, second) in itertools.combinations_with_replacement(enumerate(steps), 2):
        if (one + two) % 2:
            first, second = second, first
        tries[first] += trial.check(steps[first], steps[second], at_first_lock)
    assert all(tries.values()), f"never held up: {tries}"


def values(queryset: models.QuerySet, *without: str) -> tuple:
    """Return rows in their order as plain values, without those that differ each time."""
    left_out = {"id", "recorded_at", "at", "changed_at", *without}
    fields = [field for field in queryset.model._meta.concrete_fields if field.attname not in left_out]
    # A row that refers to another row of state does so by a number that differs each time.
    names = [each.attname for each in fields if not (each.is_relation and issubclass(each.related_model, Guarded))]
    return tuple(queryset.order_by("pk").values_list(*names))
