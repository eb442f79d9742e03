"""Who gets where: each role of the demo at each screen of staff, reading and sending. A refusal leads to the home."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from home.demo.people import load_groups
from scrutiny_pages.enums import PANEL_DECISIONS, Answer, Delivery, Step
from scrutiny_pages.models import Action, Escalation, Event, Extension, ReviewStage, WorkProgramme
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "nobody", "Editor", "Caseworker", "Panel chair", "administrator")
E, C, P, A = "Editor", "Caseworker", "Panel chair", "administrator"
D = datetime.date


@pytest.fixture
def sign_in(client, home):
    """Sign somebody in who has one of the demo's groups, none, or every right."""
    load_groups(home)

    def enter(role: str):
        client.logout()
        if role == "stranger":
            return
        user = get_user_model().objects.create_user(role, is_superuser=role == A)
        if role in (E, C, P):
            user.groups.add(Group.objects.get(name=role))
        client.force_login(user)

    return enter


@pytest.fixture
def world(home):
    """Something for each screen to be about; gives its addresses' numbers by name."""
    review = pages.ReviewPageFactory(started_on=D(2026, 10, 1), state="under_way")
    fresh_review = pages.ReviewPageFactory()
    ReviewStage.objects.create(review=review, name="Read", planned_on=D(2026, 11, 1))
    days = {"starts_on": D(2026, 4, 1), "ends_on": D(2027, 3, 31)}
    programme = WorkProgramme.objects.create(panel=review.panel, title="2026 to 2027", **days)
    return {
        "review": review.pk,
        "fresh_review": fresh_review.pk,
        "programme": programme.pk,
        "process": records.ReviewProcessFactory(rungs=["The Board"]).pk,
        "route": records.ReviewProcessFactory(rungs=["The Board"]).escalation_route.pk,
        "meeting": records.MeetingFactory(panel=review.panel, starts_at=timezone.now() - datetime.timedelta(days=1)).pk,
        "panel": review.panel.pk,
        "member": records.MembershipFactory(panel=review.panel).pk,
        "promise": records.RecommendationFactory().pk,
        "duty": records.RegularDutyFactory().pk,
        "personal_duty": records.RegularDutyFactory(for_each_member=True).pk,
        "report": pages.ReportPageFactory(parent=review).pk,
        "outcomes": pages.OutcomeIndexPageFactory().pk,
    }


SNIPPET = "/admin/snippets/scrutiny_pages/"
# Each screen, and whom it lets in.
SCREENS = {
    "/admin/": {E, C, P, A},
    "/admin/todos/": {E, C, A},
    "/admin/untold/": {E, A},
    "/admin/starters/": {A},
    "/admin/reviews/{fresh_review}/start/": {E, A},
    "/admin/reviews/{review}/stages/": {E, A},
    "/admin/reviews/{review}/team/": {C, A},
    "/admin/members/": {C, A},
    "/admin/members/create/": {C, A},
    "/admin/members/edit/{member}/": {C, A},
    "/admin/members/inspect/{member}/": {C, A},
    "/admin/review-tasks/": {C, A},
    "/admin/recommendations/import/": {A},
    "/admin/pages/{report}/edit/": {E, A},
    "/admin/pages/{outcomes}/edit/": {E, A},
    "/admin/users/": {A},
    "/admin/groups/": {A},
    SNIPPET + "recommendation/": {E, C, P, A},
    SNIPPET + "recommendation/add/": {E, A},
    SNIPPET + "recommendation/edit/{promise}/": {E, A},
    SNIPPET + "recommendation/delete/{promise}/": {A},
    SNIPPET + "recommendation/record/{promise}/": {C, P, A},
    SNIPPET + "meeting/": {E, C, A},
    SNIPPET + "meeting/edit/{meeting}/": {E, A},
    SNIPPET + "meeting/attendance/{meeting}/": {C, A},
    SNIPPET + "workprogramme/": {E, A},
    SNIPPET + "workprogramme/edit/{programme}/": {E, A},
    SNIPPET + "workprogramme/scores/{programme}/": {E, A},
    SNIPPET + "panel/": {E, C, A},
    SNIPPET + "panel/edit/{panel}/": {E, A},
    SNIPPET + "reviewprocess/": {E, A},
    SNIPPET + "reviewprocess/add/": {A},
    SNIPPET + "reviewprocess/edit/{process}/": {A},
    SNIPPET + "reviewprocess/delete/{process}/": {A},
    SNIPPET + "escalationroute/": {E, A},
    SNIPPET + "escalationroute/edit/{route}/": {A},
    SNIPPET + "trigger/": {E, A},
    SNIPPET + "trigger/add/": {A},
    SNIPPET + "regularduty/": {E, C, A},
    SNIPPET + "regularduty/done/{duty}/": {E, C, A},
    SNIPPET + "regularduty/done/{personal_duty}/": {C, A},
}
SCREENS |= {
    f"{SNIPPET}{kind}/add/": {E, A}
    for kind in (
        "agreement",
        "memberkind",
        "role",
        "servicearea",
        "training",
        "researchmethod",
        "reviewkind",
        "standard",
    )
}
NO_POST = {  # lists and homes: there is nothing to send
    *("/admin/", "/admin/todos/", "/admin/members/", "/admin/review-tasks/", "/admin/users/", "/admin/groups/"),
    *(f"{SNIPPET}{kind}/" for kind in ("recommendation", "meeting", "workprogramme", "panel", "reviewprocess")),
    *(f"{SNIPPET}{kind}/" for kind in ("escalationroute", "trigger", "regularduty")),
    "/admin/members/inspect/{member}/",
}


# What those who are let in get, where that is not the screen with what is missing.
ANSWERS = {
    ("post", "/admin/untold/"): "in, 404",
    ("post", "/admin/reviews/{review}/team/"): "in, 405",
    ("post", SNIPPET + "workprogramme/scores/{programme}/"): "in, 302",
}


def outcome(answer) -> str:
    """Say what came of it: where it was turned away to, or that it was let in, and the answer's status."""
    led = answer.url.split("?")[0] if answer.status_code == 302 else ""
    return led if led in ("/admin/", "/admin/login/") else f"in, {answer.status_code}"


def refused(role: str) -> str:
    return reverse("wagtailadmin_login") if role in ("stranger", "nobody") else "/admin/"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_screen(sign_in, client, world, role):
    sign_in(role)
    wrong = {}
    for screen, allowed in SCREENS.items():
        # An editor's own form of many parts is not sent empty: that those who may not are refused is what matters.
        whole = any(part in screen for part in ("/edit/", "/add/", "/delete/"))
        sends = screen not in NO_POST and not (role in allowed and whole)
        for method in ("get", "post") if sends else ("get",):
            got = outcome(getattr(client, method)(screen.format(**world)))
            expected = ANSWERS.get((method, screen), "in, 200") if role in allowed else refused(role)
            if got != expected:
                wrong[method, screen] = (got, expected)
    assert wrong == {}
    assert not Event.objects.exclude(kind="note").exists()


# From where each step may be taken.
AGREED = {"answer": Answer.ACCEPTED, "answered_on": D(2026, 4, 2), "first_target": D(2026, 6, 30)}
AGREED |= {"current_target": D(2026, 6, 30)}
CLAIMED = AGREED | {"delivery": Delivery.CLAIMED, "claimed_on": D(2026, 6, 1)}
CONFIRMED = AGREED | {"delivery": Delivery.CONFIRMED, "confirmed_on": D(2026, 7, 1)}
UNANSWERED = (Step.ANSWER_DUE, Step.ACCEPT, Step.ACCEPT_PARTLY, Step.REFUSE, Step.REWORD, Step.WITHDRAW)
FROM = {step: {} if step in UNANSWERED else AGREED for step in Step}
FROM |= {Step.SEND_BACK: CLAIMED, Step.CONFIRM: CLAIMED, Step.CHECK_IMPACT: CONFIRMED}


@pytest.fixture
def promise():
    """Give a promise from which one step may be taken."""

    def make(step: Step):
        item = records.RecommendationFactory(**{f"tracking__{name}": value for name, value in FROM[step].items()})
        if step in (Step.GRANT_TIME, Step.REFUSE_TIME):
            days = {"asked_on": D(2026, 6, 1), "asked_for": D(2026, 9, 30)}
            arrange(Extension.objects.create, tracking=item.tracking, reason="x", **days)
        if step == Step.ESCALATION_REPLY:
            arrange(Escalation.objects.create, tracking=item.tracking, rung=1, to_whom="x", asks="x", on=D(2026, 6, 1))
        if step == Step.CORRECT:
            arrange(Event.objects.create, tracking=item.tracking, kind="note", on=D(2026, 6, 1), text="x")
        if step == Step.FINISH_ACTION:
            arrange(
                Action.objects.create, tracking=item.tracking, text="x", due=D(2026, 6, 1), owner=records.RoleFactory()
            )
        return item

    return make


@pytest.mark.parametrize("role", [E, C, P, A])
def test_each_role_at_each_kind_of_step(sign_in, client, promise, role):
    sign_in(role)
    for step in Step:
        screen = f"{SNIPPET}recommendation/record/{promise(step).pk}/"
        shown, sent = client.get(f"{screen}?step={step}"), client.post(screen, {"step": step})
        if role == E:
            assert (outcome(shown), outcome(sent)) == ("/admin/", "/admin/"), step
        elif role == P and step not in (*PANEL_DECISIONS, Step.NOTE, Step.CORRECT):
            assert shown.context["form"] is None, step
            assert "This is for the involvement team." in sent.content.decode(), step
        else:
            assert shown.context["form"] is not None, step
            # A decision may take its day from the meeting, so its form asks for one of the two.
            missing = (
                "Say on which day it was decided"
                if step in (Step.GRANT_TIME, Step.CONFIRM)
                else "This field is required."
            )
            assert missing in sent.content.decode(), step
    assert not Event.objects.exclude(kind="note").exists()
