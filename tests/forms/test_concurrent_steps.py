"""Two steps on one case, or on what the public reads of it, at once: what comes of it is what both in turn give.

Cases R1 and R2: state, history and the log of who did what never contradict each other.
"""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forms import cases
from forms.cases import Notice
from forms.enums import CaseState, FormKind
from forms.models import (
    AccessRecord,
    Case,
    CaseEvent,
    CaseExtension,
    CaseMessage,
    CasePause,
    CaseTotal,
    PublicEntry,
    SavedForm,
    Submission,
    Upload,
)
from forms.privacy import erase
from forms.public_log import EntryChanged, EntryErased, save_entry, version_of
from forms.registers import AssignToMe, MarkAcknowledged, SetAside
from forms.requests_log_screens import entry_for
from scrutiny_pages.models import Membership, Person
from tests import clock
from tests.factories.forms import case_of
from tests.factories.pages import make_home
from tests.factories.records import PanelFactory
from tests.two_connections import Pair, Trial, check_pairs, kept_database, on_postgres, tables_of, values

pytestmark = [on_postgres, pytest.mark.django_db]

RECEIVED = clock.TODAY - datetime.timedelta(days=3)
TABLES = tables_of(Submission, Upload, SavedForm, AccessRecord, CaseTotal, Email, Person, Membership, ModelLogEntry)
SILENT = Notice(left_out="Told by phone")


class World:
    """A request and an application that came in, a panel to join, and two handlers."""

    def __init__(self):
        make_home()
        self.ada, self.bob = (User.objects.create_superuser(name) for name in ("ada", "bob"))
        self.panel = PanelFactory()
        self.request = case_of(received_on=RECEIVED).submission_id
        self.application = case_of(FormKind.APPLICATION, received_on=RECEIVED).submission_id
        self.sent = self.request

    @property
    def case(self) -> Case:
        return Case.objects.get(submission=self.sent)

    @property
    def submission(self) -> Submission:
        return Submission.objects.select_related("case").get(pk=self.sent)

    def publish(self, subject: str) -> None:
        """Write the public's words of the request, as from a page that was opened just now."""
        entry = entry_for(self.case)
        seen, entry.subject, entry.received_on = version_of(entry), subject, RECEIVED
        try:
            save_entry(entry=entry, seen=seen, publish=True, by=self.bob)
        except (EntryChanged, EntryErased) as refused:
            raise cases.CaseRefused(str(refused)) from refused

    def look(self) -> tuple:
        """Return all state and all history, in the order in which it was written."""
        rows = (Case, CasePause, CaseExtension, CaseEvent, CaseMessage, CaseTotal, Membership, PublicEntry)
        without = ("case_id", "submission_id", "membership_id", "person_id", "published_at", "sent_at")
        kept = [values(model.objects.all(), *without) for model in rows]
        logged = sorted(AccessRecord.objects.values_list("by", "action"))
        return (*kept, tuple(logged), Email.objects.count())


def move(w: World, to: CaseState, **more) -> None:
    cases.move(case=w.case, to=to, by=w.ada, notice=SILENT, **more)


STEPS: dict[str, Callable[[World], object]] = {
    "acknowledge": lambda w: move(w, CaseState.ACKNOWLEDGED),
    "give to ada": lambda w: cases.assign(case=w.case, handler=w.ada, by=w.ada),
    "give to me": lambda w: AssignToMe().do(w.bob, w.submission),
    "mark as acknowledged": lambda w: MarkAcknowledged().do(w.bob, w.submission),
    "set aside": lambda w: SetAside().do(w.bob, w.submission),
    "note": lambda w: cases.note(case=w.case, text="Called.", by=w.ada),
    "write": lambda w: cases.send_message(case=w.case, subject="Hello", body="We have it.", by=w.ada),
    "ask": lambda w: cases.ask_person(case=w.case, subject="Which?", body="Which lift?", by=w.ada),
    "they answered": lambda w: cases.person_answered(case=w.case, by=w.ada, notice=SILENT),
    "answer": lambda w: move(w, CaseState.ANSWERED),
    "not held": lambda w: move(w, CaseState.NOT_HELD),
    "take back": lambda w: move(w, CaseState.WITHDRAWN),
    "look again": lambda w: move(w, CaseState.IN_REVIEW),
    "more time": lambda w: cases.extend(
        case=w.case, until=w.case.due_on + datetime.timedelta(days=1), reason="Archive", by=w.ada, notice=SILENT
    ),
    "publish lifts": lambda w: w.publish("Lifts"),
    "publish bins": lambda w: w.publish("Bins"),
    "erase": lambda w: erase(sent=w.submission, by=w.bob),
    "offer": lambda w: move(w, CaseState.OFFERED),
    "join": lambda w: cases.become_member(case=w.case, panel=w.panel, by=w.ada, notice=SILENT),
    "not this time": lambda w: move(w, CaseState.NOT_THIS_TIME),
}

# What it is about, what came before, and the steps of which every two touch one row.
GROUPS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "a request that came in": (
        "request",
        (),
        ("acknowledge", "give to ada", "give to me", "mark as acknowledged", "set aside", "ask", "more time", "erase"),
    ),
    "a request that is dealt with": (
        "request",
        ("acknowledge",),
        ("answer", "not held", "take back", "note", "write", "erase"),
    ),
    "a question to the person": ("request", ("acknowledge", "ask"), ("they answered", "answer", "erase")),
    "what the public reads": (
        "request",
        ("acknowledge", "answer"),
        ("publish lifts", "publish bins", "look again", "erase"),
    ),
    "what the public reads already": ("request", ("publish lifts",), ("publish bins", "erase")),
    "an application": ("application", ("acknowledge", "offer"), ("join", "not this time", "give to me", "erase")),
}


@pytest.fixture
def _django_db_helper():
    """Leave the database to ``world``: there is no transaction round these tests."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), kept_database():
        yield World()


@pytest.fixture(scope="module")
def pair(world):
    pair = Pair()
    yield pair
    pair.close()


@pytest.mark.parametrize("group", GROUPS)
def test_two_steps_at_once_give_what_one_after_the_other_gives(world, pair, group):
    about, before, names = GROUPS[group]
    world.sent = getattr(world, about)
    with kept_database(TABLES):
        for name in before:
            STEPS[name](world)
        with kept_database(TABLES) as start:
            check_pairs(Trial(pair, start, world.look), {name: lambda name=name: STEPS[name](world) for name in names})
