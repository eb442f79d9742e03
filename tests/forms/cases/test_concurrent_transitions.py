"""Two concurrent steps on one case, or on its public entry: the result is that of the two in sequence.

Cases R1 and R2: state, history and the access log never contradict each other.
"""

import datetime
import uuid
from collections.abc import Callable
from typing import cast

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forms.admin.registers import AssignToMe, MarkAcknowledged, SetAside
from forms.answers.uploads import forget_unsent
from forms.answers.versions import ensure_version
from forms.cases import services as case_services
from forms.cases.services import Notice
from forms.cases.services.recalculate import count_what_could_not_be_counted
from forms.disclosure_log.admin_views import entry_for
from forms.disclosure_log.services import EntryChanged, EntryErased, add_past_entry, save_entry, version_of
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
from forms.privacy.services import erase, erase_what_is_past_keeping
from forms.submission.services import submit
from scrutiny_pages.models import Membership, Person
from tests import clock
from tests.factories.forms import FormPageFactory, case_of, question
from tests.factories.pages import make_home
from tests.factories.records import PanelFactory
from tests.factories.state import arrange
from tests.two_connections import Pair, Trial, check_pairs, kept_database, on_postgres, tables_of, values

pytestmark = [on_postgres, pytest.mark.django_db]

RECEIVED = clock.TODAY - datetime.timedelta(days=3)
TABLES = tables_of(Submission, Upload, SavedForm, AccessRecord, CaseTotal, Email, Person, Membership, ModelLogEntry)
PAST_KEEPING = timezone.now() + datetime.timedelta(days=3 * 366)
SILENT = Notice(left_out="Told by phone")


class World:
    """A request and an application, a panel to join, and two handlers."""

    def __init__(self):
        make_home()
        self.ada, self.bob = (User.objects.create_superuser(name) for name in ("ada", "bob"))
        self.panel = PanelFactory()
        self.request = case_of(received_on=RECEIVED).submission_id
        self.application = case_of(FormKind.APPLICATION, received_on=RECEIVED).submission_id
        self.impact, self.second_impact = self.two_alike()
        self.version = self.case_of(self.request).submission.version
        asks_for_a_file = ensure_version(FormPageFactory(questions=[question("q", "file")]))
        self.upload = Upload(version=asks_for_a_file, question_id="q", name="a.txt", size=1)
        self.upload.file.save("a", ContentFile(b"a"))
        facts = {"regime": self.case_of(self.request).regime, "received_on": RECEIVED, "subject": "Lifts"}
        self.past = add_past_entry(form_key=self.version.form_key, published_at=timezone.now(), **facts).pk
        self.sent = self.request

    @staticmethod
    def two_alike() -> tuple[int, int]:
        """Create two assessments that are counted in one total, of three people each."""
        people = question("people", "number", counts="people")
        first = case_of(FormKind.IMPACT, received_on=RECEIVED, questions=[people], answers={"people": "3"}).submission
        answers = {"version": first.version, "answers": first.answers, "key": uuid.uuid4()}
        return first.pk, submit(received_on=RECEIVED, **answers).pk

    @staticmethod
    def case_of(sent: int) -> Case:
        return Case.objects.get(submission=sent)

    @property
    def case(self) -> Case:
        return self.case_of(self.sent)

    @property
    def submission(self) -> Submission:
        return Submission.objects.select_related("case").get(pk=self.sent)

    def publish(self, subject: str) -> None:
        """Publish the entry of the request, as from a page that was opened just now."""
        entry = entry_for(self.case)
        seen, entry.subject, entry.received_on = version_of(entry), subject, RECEIVED
        try:
            save_entry(entry=entry, seen=seen, publish=True, by=self.bob)
        except (EntryChanged, EntryErased) as refused:
            raise case_services.CaseTransitionNotAllowed(str(refused)) from refused

    def change_past_entry(self, **facts) -> None:
        """Change the entry of a request from before this site, as from a page that was opened just now."""
        entry = PublicEntry.objects.get(pk=self.past)
        seen = version_of(entry)
        for name, value in facts.items():
            setattr(entry, name, value)
        try:
            save_entry(entry=entry, seen=seen, publish=True, by=self.bob)
        except EntryChanged as refused:
            raise case_services.CaseTransitionNotAllowed(str(refused)) from refused

    def look(self) -> tuple:
        """Return all state and all history, in the order in which it was written."""
        rows = (Case, CasePause, CaseExtension, CaseEvent, CaseMessage, CaseTotal, Membership, PublicEntry)
        without = ("case_id", "submission_id", "membership_id", "person_id", "published_at", "sent_at")
        kept = [values(model.objects.all(), *without) for model in rows]
        logged = sorted(AccessRecord.objects.values_list("by", "action"))
        files = Upload.objects.count(), Upload.objects.filter(submission=None).count()
        return (*kept, tuple(logged), files, Submission.objects.count(), Email.objects.count())


def move(w: World, to: CaseState, **more) -> None:
    case_services.move(case=w.case, to=to, by=w.ada, notice=SILENT, **more)


STEPS: dict[str, Callable[[World], object]] = {
    "acknowledge": lambda w: move(w, CaseState.ACKNOWLEDGED),
    "give to ada": lambda w: case_services.assign(case=w.case, handler=w.ada, by=w.ada),
    "give to me": lambda w: AssignToMe().do(w.bob, w.submission),
    "mark as acknowledged": lambda w: MarkAcknowledged().do(w.bob, w.submission),
    "set aside": lambda w: SetAside().do(w.bob, w.submission),
    "note": lambda w: case_services.note(case=w.case, text="Called.", by=w.ada),
    "write": lambda w: case_services.send_message(case=w.case, subject="Hello", body="We have it.", by=w.ada),
    "ask": lambda w: case_services.ask_person(case=w.case, subject="Which?", body="Which lift?", by=w.ada),
    "they answered": lambda w: case_services.person_answered(case=w.case, by=w.ada, notice=SILENT),
    "answer": lambda w: move(w, CaseState.ANSWERED),
    "not held": lambda w: move(w, CaseState.NOT_HELD),
    "take back": lambda w: move(w, CaseState.WITHDRAWN),
    "look again": lambda w: move(w, CaseState.IN_REVIEW),
    "more time": lambda w: case_services.extend(
        case=w.case,
        until=cast("datetime.date", w.case.due_on) + datetime.timedelta(days=1),
        reason="Archive",
        by=w.ada,
        notice=SILENT,
    ),
    "publish lifts": lambda w: w.publish("Lifts"),
    "publish bins": lambda w: w.publish("Bins"),
    "nobody could count its days": lambda w: arrange(
        Case.objects.filter(submission=w.sent).update, first_due_on=None, due_on=None
    ),
    "nobody could count its second look": lambda w: arrange(
        Case.objects.filter(submission=w.sent).update, review_due_on=None
    ),
    "count": lambda w: count_what_could_not_be_counted(timezone.now()),
    "send a file": lambda w: submit(
        version=w.upload.version,
        answers={"q": [{"token": w.upload.token.hex, "name": w.upload.name}]},
        key=uuid.uuid4(),
    ),
    "forget files that nobody sent": lambda w: forget_unsent(before=timezone.now()),
    "change a past subject": lambda w: w.change_past_entry(subject="Bins"),
    "change a past day": lambda w: w.change_past_entry(answered_on=RECEIVED),
    "erase the other": lambda w: erase(sent=Submission.objects.get(pk=w.second_impact), by=w.bob),
    "erase what is past keeping": lambda w: erase_what_is_past_keeping(PAST_KEEPING),
    "erase": lambda w: erase(sent=w.submission, by=w.bob),
    "offer": lambda w: move(w, CaseState.OFFERED),
    "join": lambda w: case_services.become_member(case=w.case, panel=w.panel, by=w.ada, notice=SILENT),
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
    "a request whose days could not be counted": (
        "request",
        ("acknowledge", "ask", "nobody could count its days"),
        ("count", "they answered", "take back", "erase"),
    ),
    "a second look whose days could not be counted": (
        "request",
        ("acknowledge", "answer", "look again", "nobody could count its second look"),
        ("count", "answer", "erase"),
    ),
    "what has been kept for its time": (
        "request",
        ("acknowledge", "answer"),
        ("erase what is past keeping", "note", "look again"),
    ),
    "what is counted together": ("impact", (), ("erase", "erase the other")),
    "a file that is not sent yet": ("request", (), ("send a file", "forget files that nobody sent")),
    "what the public reads of one that came before": (
        "request",
        (),
        ("change a past subject", "change a past day"),
    ),
    "an application": ("application", ("acknowledge", "offer"), ("join", "not this time", "give to me", "erase")),
}

# In these something is looked at before the first lock, or would be without it.
CHECKED_BEFORE_LOCKED = {"what has been kept for its time"}


@pytest.fixture
def _django_db_helper():
    """Leave the database to ``world``: these tests run without a transaction."""


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
            steps = {name: lambda name=name: STEPS[name](world) for name in names}
            check_pairs(Trial(pair, start, world.look), steps, at_first_lock=group in CHECKED_BEFORE_LOCKED)
