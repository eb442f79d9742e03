"""The disclosure log: only what staff wrote and published, and correct statistics."""

import csv
import datetime
import json
import re
import uuid
from typing import ClassVar

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from forms.cases import services
from forms.disclosure_log import admin_views
from forms.disclosure_log.services import save_entry
from forms.disclosure_log.statistics import numbers
from forms.enums import AccessAction, Audience, CaseEventKind, CaseState, FormKind
from forms.models import AccessRecord, Case, CasePause, CaseTotal, FormHandling, FormPage, PublicEntry, Regime
from forms.privacy.services import erase
from tests.factories.forms import FormPageFactory, send_to
from tests.factories.state import arrange
from tests.forms.conftest import hidden
from tests.reading import loaded, needed

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 2)
SECRET = "My neighbour Ottoline Marsh of 12 Quenley Rise"


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


@pytest.fixture
def regime():
    return Regime.objects.create(name="What anybody may ask", slug="foi", about="Anybody can ask.", answer_amount=20)


@pytest.fixture
def request_form(home, regime):
    return FormPageFactory(kind=FormKind.REQUEST, regime=regime)


@pytest.fixture
def case(request_form):
    """Return a request that was refused two days late."""
    sent = send_to(request_form, {"why": SECRET}, uuid.uuid4())
    arrange(
        Case.objects.filter(submission=sent).update,
        received_on=DAY,
        due_on=DAY + days(28),
        state=CaseState.REFUSED,
        answered_on=DAY + days(30),
        closed_on=DAY + days(30),
        refusal_reason="It would cost too much",
    )
    return Case.objects.get(submission=sent)


@pytest.fixture
def staff(client, django_user_model):
    """Return a client signed in as a handler."""
    person = django_user_model.objects.create_user("handler")
    wanted = ["access_admin", "handle_submission"]
    person.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(person)
    return person


def seen(client, address: str) -> dict[str, str]:
    """Return the hidden fields of an entry's edit view."""
    return {"seen": hidden(client.get(address), "seen")}


def rich_text(words: str) -> str:
    """Return rich text as the editor sends it."""
    block = {"key": "a", "text": words, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def entry(regime: Regime, case: Case | None = None, **more) -> PublicEntry:
    known = {"subject": "Empty homes in 2025", "received_on": DAY, "answered_on": DAY + days(9), "regime": regime}
    known |= {"case": case, "form_key": case.submission.version.form_key if case else uuid.uuid4()}
    outcome = {"outcome": CaseState.ANSWERED, "published_at": timezone.now() - days(1)}
    return arrange(PublicEntry.objects.create, **known | outcome | more)


class TestLog:
    def test_only_what_is_published_is_found_whoever_looks(self, client, admin_user, regime):
        shown = entry(regime)
        hidden = [
            entry(regime, subject="A draft", published_at=None),
            entry(regime, subject="Not yet", published_at=timezone.now() + days(1)),
        ]
        for person in (None, admin_user):
            if person:
                client.force_login(person)
            body = client.get("/information-requests/").content.decode()
            assert "Empty homes in 2025" in body
            assert "1 request" in body
            assert client.get(shown.get_absolute_url()).status_code == 200
            for item in hidden:
                assert item.subject not in body
                assert client.get(item.get_absolute_url()).status_code == 404

    def test_it_is_honest_about_lateness_and_about_what_is_open(self, client, regime):
        entry(regime, was_late=True)
        entry(regime, subject="Still waiting", answered_on=None, outcome="", was_late=True)
        body = client.get("/information-requests/").content.decode()
        assert "Answered in full, late" in body
        assert "Not answered yet, late" in body

    def test_it_is_narrowed_by_who_may_ask_by_outcome_and_by_year(self, client, regime):
        other = Regime.objects.create(name="What our panels ask", slug="panel")
        entry(regime, subject="Rents")
        entry(other, subject="Lifts", outcome=CaseState.REFUSED, reason="It tells about one person")
        entry(regime, subject="Stairs", received_on=datetime.date(2024, 5, 1), was_late=True)
        for query, left in (
            ("rules=panel", {"Lifts"}),
            ("outcome=refused", {"Lifts"}),
            ("year=2024", {"Stairs"}),
            ("rules=foi&outcome=answered", {"Rents", "Stairs"}),
            ("late=true", {"Stairs"}),
            ("late=false", {"Rents", "Lifts"}),
        ):
            body = client.get(f"/information-requests/?{query}").content.decode()
            assert {name for name in ("Rents", "Lifts", "Stairs") if f">{name}<" in body} == left, query

    def test_it_tells_of_rules_only_where_there_is_a_form_to_ask_with(self, client, request_form, regime):
        def is_listed() -> bool:
            return "Anybody can ask." in client.get("/information-requests/").content.decode()

        assert is_listed()
        FormPage.objects.update(audience=Audience.STAFF)
        assert not is_listed()
        FormPage.objects.update(audience=Audience.MEMBERS)
        assert is_listed()
        request_form.refresh_from_db()
        request_form.unpublish()
        assert not is_listed()
        entry(regime)
        assert is_listed(), "something came of them"

    def test_the_name_of_the_rules_is_said_to_be_what_it_is(self, client, regime):
        entry(regime)
        entry(Regime.objects.create(name="What our panels ask", slug="panel"))
        for address in ("/information-requests/", PublicEntry.objects.first().get_absolute_url()):
            body = client.get(address).content.decode()
            assert "Kind of request" in body
            assert "Who may ask" not in body

    def test_a_long_log_has_pages(self, client, regime):
        for number in range(21):
            entry(regime, subject=f"Request number {number}", received_on=DAY + days(number))
        assert "Request number 20" in client.get("/information-requests/").content.decode()
        assert "Request number 0<" in client.get("/information-requests/?page=2").content.decode()

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("page=0", 404),
            ("page=9", 404),
            ("page=x%00", 400),
            ("rules=none", 400),
            ("rules=%00", 400),
            ("outcome=received", 400),
            ("year=99999999999999999999", 400),
            ("year=%EF%BC%91", 400),
            ("late=x", 400),
            ("answers=1", 400),
        ],
    )
    def test_an_address_that_asks_for_nonsense_is_told_so(self, client, regime, query, status):
        entry(regime)
        assert client.get(f"/information-requests/?{query}").status_code == status

    def test_an_entry_outlives_its_request(self, client, case, regime):
        kept = entry(regime, case=case)
        erase(sent=case.submission)
        assert client.get(kept.get_absolute_url()).status_code == 200
        assert PublicEntry.objects.get().case is None


class TestPublishing:
    WORDS: ClassVar = {
        "subject": "Lifts",
        "received_on": "2026-03-02",
        "answered_on": "2026-04-01",
        "outcome": "refused",
        "reason": "It would cost too much",
        "answer": "null",
    }

    def test_the_screen_knows_dates_and_outcome_and_not_one_of_the_persons_words(self, client, staff, case):
        address = reverse("publish_entry", args=[case.submission.reference])
        response = client.get(address)
        body = response.content.decode()
        assert re.findall(r'name="(?:received|answered)_on" value="([^"]*)"', body) == ["02/03/2026", "01/04/2026"]
        assert "It would cost too much" in body
        assert "Leave out names" in body
        assert not any(word in body for word in SECRET.split() if len(word) > 4)
        assert "no-store" in response["Cache-Control"]
        assert not PublicEntry.objects.exists()

    def test_it_is_kept_as_a_draft_published_and_taken_down(self, client, staff, case):
        address = reverse("publish_entry", args=[case.submission.reference])
        words = {
            "subject": "Cost of lifts",
            "received_on": "02/03/2026",
            "answered_on": "01/04/2026",
            "outcome": "refused",
            "reason": "It would cost too much",
            "was_late": "on",
            "answer": "null",
        }
        assert client.post(address, words | seen(client, address) | {"keep": "1"}).status_code == 302
        kept = PublicEntry.objects.get()
        assert kept.received_on == DAY
        assert client.get(kept.get_absolute_url()).status_code == 404
        client.post(address, words | seen(client, address) | {"publish": "1"})
        body = client.get(kept.get_absolute_url()).content.decode()
        assert "Refused, late" in body
        assert case.submission.reference not in body
        client.post(reverse("public_entry", args=[kept.pk]), words | seen(client, address) | {"hide": "1"})
        assert client.get(kept.get_absolute_url()).status_code == 404
        assert PublicEntry.objects.count() == 1
        changed = AccessRecord.objects.filter(action=AccessAction.CHANGED, submission=case.submission, by=staff)
        assert changed.count() == 3

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"answered_on": "2026-03-01"}, "before the day on which it was asked"),
            ({"answered_on": ""}, "Say on which day"),
            ({"reason": ""}, "Say why it was refused"),
            ({"subject": ""}, "This field is required"),
            ({"outcome": "received"}, "not one of the available choices"),
            ({"outcome": "", "second_look": "in_review"}, "Only what was answered is looked at again"),
        ],
    )
    def test_what_cannot_have_been_so_is_refused_in_words(self, client, staff, case, change, message):
        words = {"subject": "Lifts", "received_on": "2026-03-02", "answered_on": "2026-04-01", "answer": "null"}
        words |= {"outcome": "refused", "reason": "It would cost too much", "publish": "1", "seen": ""}
        answer = client.post(reverse("publish_entry", args=[case.submission.reference]), words | change)
        assert answer.status_code == 200
        assert message in answer.content.decode()
        assert not PublicEntry.objects.exists()

    def test_a_page_that_is_out_of_date_does_not_bring_back_words_that_were_taken_out(self, client, staff, case):
        address = reverse("publish_entry", args=[case.submission.reference])
        client.post(address, self.WORDS | {"answer": rich_text("Ask Ottoline Marsh."), "publish": "1", "seen": ""})
        old = seen(client, address)
        mended = {"answer": rich_text("Ask the lift team."), "publish": "1"}
        assert client.post(address, self.WORDS | mended | seen(client, address)).status_code == 302
        stale = {"answer": rich_text("Ask Ottoline Marsh."), "subject": "Lifts, again", "publish": "1"}
        refused = client.post(address, self.WORDS | stale | old)
        page = refused.content.decode()
        assert refused.status_code == 200
        for words in ("Somebody else has changed this", "Lifts, again", "Ask Ottoline Marsh.", "Ask the lift team."):
            assert words in page
        assert "Marsh" not in client.get(PublicEntry.objects.get().get_absolute_url()).content.decode()
        # Who has seen them may put their own in their place.
        onward = {"seen": hidden(refused, "seen")}
        assert client.post(address, self.WORDS | stale | onward).status_code == 302
        assert PublicEntry.objects.get().subject == "Lifts, again"

    @pytest.mark.parametrize("button", ["keep", "publish"])
    def test_a_second_click_does_what_the_first_did_and_no_more(self, client, staff, case, button):
        address = reverse("publish_entry", args=[case.submission.reference])
        words = self.WORDS | {button: "1"} | seen(client, address)
        first, again = client.post(address, words), client.post(address, words)
        assert (first.status_code, first.url) == (again.status_code, again.url)
        kept = PublicEntry.objects.get()
        assert bool(kept.published_at) == (button == "publish")
        assert AccessRecord.objects.filter(action=AccessAction.CHANGED).count() == 1
        # Taking it down is another thing, though the words are the same.
        hide = self.WORDS | {"hide": "1"} | seen(client, address)
        assert [client.post(address, hide).status_code for _ in range(2)] == [302, 302]
        assert PublicEntry.objects.get().published_at is None

    def test_a_request_that_is_erased_while_somebody_writes_loses_them_no_words(self, client, staff, case, monkeypatch):
        def erased_first(**entry):
            erase(sent=case.submission)
            return save_entry(**entry)

        monkeypatch.setattr(admin_views, "save_entry", erased_first)
        address = reverse("publish_entry", args=[case.submission.reference])
        answer = client.post(address, self.WORDS | {"publish": "1", "seen": ""})
        assert answer.status_code == 200
        assert "The request was erased while you wrote" in answer.content.decode()
        assert "Lifts" in answer.content.decode()
        assert not PublicEntry.objects.exists()

    def test_what_came_with_a_form_of_others_is_listed_and_changed_only_by_them(self, client, staff, case, regime):
        kept = entry(regime, case=case, subject="A draft of others", published_at=None)
        FormHandling.objects.create(form_key=kept.form_key, form_title="It").groups.add(Group.objects.create(name="O"))
        erase(sent=case.submission)
        assert PublicEntry.objects.get().case is None
        for group, status in (([], 404), (Group.objects.all(), 200)):
            staff.groups.set(group)
            listed = "A draft of others" in client.get(reverse("public-log_modeladmin_index")).content.decode()
            assert listed == (status == 200)
            assert client.get(reverse("public_entry", args=[kept.pk])).status_code == status
            opened = client.get(reverse("public-log_modeladmin_inspect", args=[kept.pk])).status_code
            assert opened == (404 if status == 404 else 302)
        words = self.WORDS | {"keep": "1"} | seen(client, reverse("public_entry", args=[kept.pk]))
        assert client.post(reverse("public_entry", args=[kept.pk]), words).status_code == 302

    def test_a_request_that_is_looked_at_again_was_answered(self, client, staff, case):
        arrange(Case.objects.update, state=CaseState.ACKNOWLEDGED, answered_on=None, closed_on=None, refusal_reason="")
        services.move(case=Case.objects.get(), to=CaseState.REFUSED, reason="It would cost too much")
        services.move(case=Case.objects.get(), to=CaseState.IN_REVIEW)
        address = reverse("publish_entry", args=[case.submission.reference])
        body = client.get(address).content.decode()
        for value in ("refused", "in_review"):
            assert re.search(rf'<option value="{value}"\s+selected', body)
        answered = timezone.localdate().isoformat()
        words = {"answered_on": answered, "second_look": "in_review", "publish": "1", "seen": ""}
        client.post(address, self.WORDS | words)
        page = client.get(PublicEntry.objects.get().get_absolute_url()).content.decode()
        assert "Refused. We are looking at it again" in page

    def test_days_and_words_can_be_chosen_as_elsewhere(self, client, staff, case):
        page = client.get(reverse("publish_entry", args=[case.submission.reference])).content.decode()
        assert needed(page) <= loaded(page)
        assert {"date-time-chooser.js", "draftail.js"} <= loaded(page)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_is_for_those_who_handle_the_request(self, client, staff, case, regime, method):
        kept = entry(regime, case=case)
        addresses = [
            reverse("publish_entry", args=[case.submission.reference]),
            reverse("public_entry", args=[kept.pk]),
        ]
        assert [client.get(address).status_code for address in addresses] == [200, 200]
        kept_to = FormHandling.objects.create(form_key=case.submission.version.form_key, form_title="It")
        kept_to.groups.add(Group.objects.create(name="Others"))
        assert [getattr(client, method)(address).status_code for address in addresses] == [404, 404]
        staff.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        for address in addresses:
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer.url) == (302, "/admin/")

    def test_only_information_requests_are_in_the_log(self, client, staff, home):
        sent = send_to(FormPageFactory(), {"why": "I like it"}, uuid.uuid4())
        assert client.get(reverse("publish_entry", args=[sent.reference])).status_code == 404

    def test_the_list_leads_to_each_and_the_request_does_too(self, client, staff, case, regime):
        kept = entry(regime, case=case, subject="Cost of lifts")
        body = client.get(reverse("public-log_modeladmin_index")).content.decode()
        assert "Cost of lifts" in body
        opened = client.get(reverse("public-log_modeladmin_inspect", args=[kept.pk]))
        assert opened.url == reverse("public_entry", args=[kept.pk])
        read = client.get(reverse("form_open", args=[case.submission.reference]), follow=True)
        assert reverse("publish_entry", args=[case.submission.reference]) in read.content.decode()


class TestNumbers:
    ON = datetime.date(2026, 6, 1)

    @pytest.fixture
    def made(self, request_form, case, regime):
        """Create one request of each outcome, besides the one that was refused late."""

        def make(**facts):
            sent = send_to(request_form, {"why": "x"}, uuid.uuid4())
            arrange(
                Case.objects.filter(submission=sent).update, **{"received_on": DAY, "due_on": DAY + days(28)} | facts
            )
            return Case.objects.get(submission=sent)

        make(state=CaseState.ANSWERED, answered_on=DAY + days(28))  # on the last day
        make(state=CaseState.RECEIVED)  # open, and late
        make(state=CaseState.RECEIVED, due_on=self.ON)  # open, and due today
        waiting = make(state=CaseState.CLARIFICATION)  # the clock stands still
        arrange(CasePause.objects.create, case=waiting, started_on=DAY + days(5))
        again = make(state=CaseState.IN_REVIEW, answered_on=DAY + days(40), review_due_on=DAY + days(50))  # late twice
        for state in (CaseState.PARTLY_ANSWERED, CaseState.IN_REVIEW):
            arrange(again.events.create, kind=CaseEventKind.STATE, state=state, on=DAY + days(40))
        make(state=CaseState.WITHDRAWN)
        make(state=CaseState.RECEIVED, is_quarantined=True)
        make(state=CaseState.NOT_HELD, received_on=DAY - days(365), due_on=None)
        return make

    def test_each_is_counted_once_in_the_year_in_which_it_came(self, made):
        this, last = numbers(self.ON)
        assert dict(this.columns) == {
            "Asked": 7,
            "Answered in full": 1,
            "Answered in part": 1,
            "Refused": 1,
            "We do not have it": 0,
            "Taken back": 1,
            "Not answered yet": 3,
            "Looked at again now": 1,
            "Late": 3,
        }
        assert (this.year, last.year) == (2026, 2025)
        assert (last.asked, last.late) == (1, 0)

    def test_what_was_erased_is_still_counted(self, made, case):
        before = [(item.year, item.columns) for item in numbers(self.ON)]
        erase(sent=case.submission)
        assert CaseTotal.objects.get().was_late
        assert [(item.year, item.columns) for item in numbers(self.ON)] == before

    def test_only_where_the_rules_say_so(self, made, case, regime):
        erase(sent=case.submission)
        Regime.objects.update(is_counted_in_public=False)
        assert numbers(self.ON) == []

    def test_the_page_and_the_spreadsheet_say_the_same(self, made, client):
        body = client.get("/information-requests/numbers/").content.decode()
        assert "2026" in body
        file = client.get("/information-requests/numbers.csv")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        this, last = csv.DictReader(lines)
        assert (this["Year"], this["Kind of request"], this["Asked"]) == ("2026", "What anybody may ask", "7")
        assert last["We do not have it"] == "1"
        assert "Quenley" not in body + "".join(lines)

    def test_no_requests_are_no_mistake(self, client, db):
        assert client.get("/information-requests/numbers/").status_code == 200
        assert client.get("/information-requests/").status_code == 200
        file = client.get("/information-requests/numbers.csv")
        assert len(b"".join(file.streaming_content).splitlines()) == 1


@pytest.mark.parametrize(("granted", "status"), [("view_regime", 302), ("change_regime", 200)])
def test_rules_are_changed_by_those_who_may_and_only_looked_at_by_others(
    client, django_user_model, regime, granted, status
):
    person = django_user_model.objects.create_user("editor")
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", granted]))
    client.force_login(person)
    assert client.get(reverse("wagtailsnippets_forms_regime:inspect", args=[regime.pk])).status_code == 200
    assert client.get(reverse("wagtailsnippets_forms_regime:edit", args=[regime.pk])).status_code == status


def test_rules_that_something_stands_on_are_not_deleted(admin_in, request_form, regime):
    unused = Regime.objects.create(name="Unused", slug="unused")
    bulk = reverse("wagtail_bulk_action", args=["forms", "regime", "delete"])
    for item, left in ((regime, True), (unused, False)):
        admin_in.post(reverse("wagtailsnippets_forms_regime:delete", args=[item.pk]))
        admin_in.post(f"{bulk}?id={item.pk}")
        assert Regime.objects.filter(pk=item.pk).exists() == left
    request_form.delete()
    entry(regime)
    response = admin_in.post(reverse("wagtailsnippets_forms_regime:delete", args=[regime.pk]), follow=True)
    assert "cannot be deleted" in response.content.decode()
    assert Regime.objects.filter(pk=regime.pk).exists()
