"""Facts, section 11: what the five documents say where the register said something else, by the name of the row.

Each row is held by the starter that it is about; ``SOURCES`` names all rows, so that none is forgotten.
"""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from wagtail.models import Site

from forms.starters.loader import read as read_form
from scrutiny_pages.enums import PanelKind
from scrutiny_pages.models import (
    Agreement,
    AgreementVersion,
    EscalationRoute,
    MemberKind,
    Panel,
    ProcessStage,
    RegularDuty,
    ReviewProcess,
    Trigger,
)
from scrutiny_pages.starters import reader
from scrutiny_pages.starters.loader import load_starter
from tests.factories.pages import make_home

from .register.rows import LOADED

W, H, K, G, C = "three-tier", "task-and-finish", "council-forum", "customer-review", "scrutiny-panel"
CHECKS: dict[tuple[str, tuple[str, ...]], Callable] = {}


def row(starter: str, *names: str):
    """Register a function as the check of rows of section 11."""

    def keep(check):
        CHECKS[starter, names] = check
        return check

    return keep


def panel(slug: str) -> Panel:
    return Panel.objects.get(slug=slug)


def rules_of(slug: str) -> str:
    return " ".join(panel(slug).rules_in_force.words())


def stage(name: str) -> ProcessStage:
    return ProcessStage.objects.get(name=name)


def page(starter: str, slug: str) -> str:
    found = next(each for each in reader.read(starter).rows("pages") if each["slug"] == slug)
    return " ".join(found["text"].split())


def form(starter: str, name: str) -> str:
    """Return the introduction of a starter's form, with its summary."""
    own = next(each for each in reader.read(starter).rows("forms") if each["form"] == name)
    said = read_form(name) | own
    return " ".join(f"{said['summary']} {said['start']}".split())


def agreement(slug: str) -> str:
    return AgreementVersion.objects.get(agreement=Agreement.objects.get(slug=slug)).text


def duty(name: str) -> str:
    found = RegularDuty.objects.get(name=name)
    return f"{found.what} {found.source}"


# --- W -------------------------------------------------------------------------------------------------


@row(W, "W38")
def the_board_asks_and_the_panel_decides():
    asked = Trigger.objects.get(name="Asked for by the Board")
    assert (asked.who_decides, asked.at_most_a_year, asked.level) == ("The scrutiny panel.", 1, "refuse")
    assert "can ask the panel to think about a review" in asked.who
    assert "the panel decides" in panel("scrutiny-panel").terms_of_reference
    assert "a second request in the same year is out of order" in panel("scrutiny-panel").notes_for_staff


@row(W, "W6, W9")
def officers_write_the_minutes_of_the_auditors():
    assert "Officers write the minutes of all our meetings." in rules_of("tenant-auditors")
    assert "Officers write the minutes" in rules_of("repairs-panel")  # W16, as before


@row(W, "W51, W52, A0")
def impact_forms_and_the_report_are_about_additional_activities():
    said = form(W, "impact")
    for activity in ("Reading Panel", "Armchair Panel", "community forums", "walkabouts", "fund days"):
        assert activity in said
        assert activity in duty("Activity report")
    assert "not for reviews or audits" in said
    assert "Reviews, audits and recommendations are not part of it" in duty("Activity report")
    assert "twice a year" not in str(read_form("impact"))  # no other document has that report


@row(W, "W3, A0")
def fifteen_auditors_are_an_aim_since_the_document_says_both():
    assert "The panel aims to have up to 15 members." in rules_of("tenant-auditors")
    assert "unclear" in panel("tenant-auditors").notes_for_staff


@row(W, "W4, A0 joining")
def customer_panels_have_no_gate():
    for each in Panel.objects.filter(kind=PanelKind.CUSTOMER_PANEL):
        assert not each.agreements.exists()
        assert not each.trainings.exists()
    for slug in ("tenant-auditors", "scrutiny-panel"):
        assert {each.slug for each in panel(slug).agreements.all()} == {"code-of-conduct", "confidentiality"}


@row(W, "W22, W48")
def committees_are_told_if_appropriate_and_the_champion_may_act():
    assert "if that is appropriate" in duty("Report to the Board")
    assert "Where that fits" in panel("management-group").purpose
    assert "Where that fits" in panel("committees").purpose
    assert "may also act for us at Board meetings" in panel("scrutiny-panel").board_champion


@row(W, "W45")
def the_panel_initiates_and_the_auditors_carry_out():
    assert "The tenant auditors carry them out" in page(W, "how-we-find-out")
    assert "which the tenant auditors carry out" in panel("scrutiny-panel").activities
    assert "The tenant auditors look at homes and shared areas" in stage("Finding out").description


# --- H -------------------------------------------------------------------------------------------------


@row(H, "H 11")
def staff_members_are_bound_too_and_shortcomings_are_seen():
    for said in (page(H, "how-we-behave"), agreement("code-of-conduct")):
        assert "staff" in said
        assert "what they find hard" in said
    assert "9.1 lists employment with the landlord" in panel("review-panel").notes_for_staff
    assert MemberKind.objects.filter(slug="staff").exists()


@row(H, "H 6.1")
def information_comes_from_receipt_by_service_leads_in_full_reviews():
    asking = stage("Asking for information")
    assert (asking.deadline_amount, asking.deadline_unit, asking.light_touch) == (10, "working_days", "no")
    assert "of getting our request" in asking.description
    assert "receipt" in asking.note
    assert "Those who lead the service" in asking.description
    assert "in a full review" in rules_of("review-panel")


@row(H, "H 6.2")
def the_28_days_run_from_the_committees_response():
    plan = stage("The landlord's plan")
    assert (plan.deadline_amount, plan.deadline_unit, plan.deadline_from) == (28, "calendar_days", "sign_off")
    assert stage("The committee agrees the draft").produces == "sign_off"
    assert "as appropriate" in duty("Progress report to the Board and to customers")
    assert "customers do where that fits" in panel("assurance-committee").activities


@row(H, "H 3.3")
def involvement_groups_do_the_extra_work():
    extra = Trigger.objects.exclude(name="In the yearly programme")
    assert extra.count() == 4
    assert all("The involvement groups do this extra work." in each.who_decides for each in extra)


@row(H, "H chart, trap (a)")
def the_order_of_the_chart_is_inferred():
    assert "without an order" in stage("The landlord's plan").note
    assert "inferred" in panel("review-panel").notes_for_staff


# --- K -------------------------------------------------------------------------------------------------


@row(K, "K 11.2")
def triggers_change_the_years_programme():
    assert Trigger.objects.count() == 4
    for each in Trigger.objects.all():
        assert "To change the year's programme or its order, the forum has to agree." in each.who_decides


@row(K, "K 11.4")
def stages_are_optional_where_the_document_says_so():
    process = ReviewProcess.objects.get()
    optional = [number for number, each in enumerate(process.stages.all(), start=1) if each.only_if_needed]
    assert optional == [6, 7, 8, 9, 11]
    comments = stage("The report and the manager's comments")
    assert (comments.deadline_amount, comments.deadline_unit) == (14, "calendar_days")
    assert "talks about what we do not agree on" in comments.description
    assert "each recommendation" in stage("Asking whether it helped").description
    assert "recommendation" in form(K, "impact")


@row(K, "K A0 sign-off")
def only_the_forum_signs_off():
    comments = stage("The Head of Housing's comments")
    assert comments.signed_off_by is None
    assert "can change it. Only the forum signs it off." in comments.description
    assert stage("The forum signs the report off").signed_off_by == panel("tenants-forum")


@row(K, "K 4.2b")
def a_forum_member_at_an_interview_does_not_want_to_join():
    assert "A member of the forum who does not want to join the panel may be asked to sit" in page(K, "how-to-join")


@row(K, "K 4.3")
def extra_forum_members_may_stand():
    assert "Tenants' Forum members may stand for the seats that are left." in rules_of("scrutiny-panel")


@row(K, "K 4.5")
def the_80_per_cent_are_an_aim_since_the_document_is_ambiguous():
    assert "The panel aims for members to come to at least 80% of the training." in rules_of("scrutiny-panel")
    assert "can be read in two ways" in panel("scrutiny-panel").notes_for_staff


@row(K, "K 10.2")
def fourteen_hours_are_some_members_at_some_stages():
    assert "Up to 14 hours a month for some, at some stages." in panel("scrutiny-panel").time_asked


@row(K, "K 12.2")
def plans_are_discussed_and_agreed():
    assert "plans to improve a service and agree them" in panel("scrutiny-panel").terms_of_reference


# --- G and C -------------------------------------------------------------------------------------------


@row(G, "G 8 extension")
def that_email_alone_may_grant_time_is_our_reading():
    assert "by email alone is our reading" in panel("customer-reviewers").notes_for_staff
    assert "email" not in rules_of("customer-reviewers")


@row(C, "C breach")
def the_landlord_may_advise_suspension():
    said = page(C, "if-somebody-breaks-the-code")
    assert "Once legal action has begun, the landlord may advise that the member is suspended" in said


@row(C, "C confidentiality")
def confidentiality_holds_unless_stated_otherwise():
    assert "unless it is stated otherwise" in agreement("confidentiality")
    assert "the terms of reference have no such exception" in panel("resident-scrutiny-panel").notes_for_staff


@row(C, "C appeal")
def an_appeal_is_counted_from_being_told_and_a_member_may_leave_the_discussion():
    assert "within 14 days of being told" in page(C, "if-you-disagree")
    assert "may be asked to leave the discussion" in rules_of("resident-scrutiny-panel")


@row(C, "C Board")
def no_stage_reaches_the_board():
    assert not any("Board" in f"{each.name} {each.description}" for each in ProcessStage.objects.all())
    assert "a contradiction" in panel("resident-scrutiny-panel").notes_for_staff


SOURCES = {
    W: {"W38", "W6, W9", "W51, W52, A0", "W3, A0", "W4, A0 joining", "W22, W48", "W45"},
    H: {"H 11", "H 6.1", "H 6.2", "H 3.3", "H chart, trap (a)"},
    K: {"K 11.2", "K 11.4", "K A0 sign-off", "K 4.2b", "K 4.3", "K 4.5", "K 10.2", "K 12.2"},
    G: {"G 8 extension"},
    C: {"C breach", "C confidentiality", "C appeal", "C Board"},
}


def test_no_row_is_forgotten():
    held = {starter: set() for starter in SOURCES}
    for starter, names in CHECKS:
        held[starter] |= set(names)
    assert held == SOURCES


@pytest.fixture(scope="class", params=reader.names())
def loaded(request, django_db_setup, django_db_blocker):
    """Load each starter in turn, once for all its rows, into an empty site."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_home()
        load_starter(reader.read(request.param), on=LOADED, pages=False)
        yield request.param
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


class TestEachStarter:
    @pytest.fixture(autouse=True)
    def database(self, loaded, db):
        """Use what is loaded."""

    def test_it_holds_its_rows(self, loaded):
        for (starter, names), check in CHECKS.items():
            if starter == loaded:
                try:
                    check()
                except AssertionError as error:
                    raise AssertionError(f"{names}: {error}") from error

    def test_a_panel_names_only_its_own_triggers(self, loaded):
        """Case AR11: every panel listed all triggers."""
        for each in Panel.objects.all():
            for trigger in each.possible_triggers:
                assert not trigger.of_panels.exists() or each in trigger.of_panels.all()
        if loaded == W:
            assert {t.name for t in panel("tenant-auditors").possible_triggers} == {
                "Audit asked for by a customer panel",
                "Audit asked for by the scrutiny panel",
                "Audit asked for by officers",
            }
            assert [t.name for t in panel("repairs-panel").possible_triggers] == ["A policy is new or changes a lot"]

    def test_nothing_is_invented_where_the_document_is_silent(self, loaded):
        """Case AR10: what the starters said beyond the documents."""
        said = " ".join(str(reader.read(loaded).data).split())
        invented = {
            W: ["another landlord say", "The Board, once a year at most"],
            H: ["stays between them", "or your family", "'voting': True", "writes the minutes"],
            K: ["asked for a qualification", "half an hour", "say what it thinks of", "on a slip", "spoken to first"],
            G: [],
            C: ["'role': 'Housing Services Manager'", "in court"],
        }
        assert [words for words in invented[loaded] if words in said] == []
        if loaded == K:
            assert EscalationRoute.objects.get().steps.count() == 1
            assert "others do" not in said
        if loaded == H:
            assert "vote" not in rules_of("review-panel")

    def test_no_id_of_the_register_and_no_number_of_steps_is_public(self, loaded):
        """Case AR11: “(W5, W37)” and “ten steps” beside “all 17 steps”."""
        data = reader.read(loaded).data
        texts = [
            data["about"],
            *(str(row.get(name, "")) for row in data["triggers"] for name in ("name", "who", "who_decides")),
            *(str(row.get(name, "")) for row in data["panels"] for name in ("purpose", "activities", "support")),
            *(str(row.get("terms_of_reference", "")) + str(row.get("rules", "")) for row in data["panels"]),
            *(str(row.get("text", "")) + str(row.get("summary", "")) for row in data["pages"]),
            *(row["description"] for row in data["processes"]),
            *(stage.get("description", "") for row in data["processes"] for stage in row["stages"]),
        ]
        for text in texts:
            assert not re.search(r"\b[WHKGC] ?\d|\(\d+\.\d", text), text
        spelled = {"ten": 10, "eight": 8, "seventeen": 17, "17": 17, "five": 5, "twelve": 12}
        for process in ReviewProcess.objects.all():
            for text in (process.description, data["about"]):
                for word, _ in re.findall(r"\b(\w+) (steps|stages)\b", text.lower()):
                    if word in spelled:
                        assert spelled[word] == process.stages.count(), text
