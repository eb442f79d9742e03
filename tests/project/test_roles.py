"""Access of each role to each staff view, for GET and POST. A refusal redirects to the admin's home."""

import datetime
import re
from typing import Any, cast

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupCollectionPermission

from home.models import ProvidedRole
from home.site_setup import role_rights
from home.site_setup.roles import provide_roles_after_migrate
from scrutiny_pages.enums import PANEL_DECISIONS, Answer, Delivery, Step
from scrutiny_pages.models import (
    Action,
    Escalation,
    Event,
    Extension,
    Person,
    Recommendation,
    ReviewStage,
    WorkProgramme,
)
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
E, U, C, P, A = role_rights.EDITOR, role_rights.PUBLISHER, role_rights.CASEWORKER, role_rights.CHAIR, "superuser"
K = role_rights.ADMINISTRATOR
ROLES = ("stranger", "nobody", E, U, C, P, K, A)
D = datetime.date


@pytest.fixture
def sign_in(client, home):
    """Sign in a user with one of the provided groups, none, or every right."""

    def enter(role: str):
        client.logout()
        if role == "stranger":
            return
        user = get_user_model().objects.create_user(role, is_superuser=role == A)
        if role in role_rights.RIGHTS:
            user.groups.add(Group.objects.get(name=role))
        if role == P:
            records.PersonFactory(user=user)
        for item in Recommendation.objects.all():
            give_a_chair(item)
        client.force_login(user)

    return enter


def give_a_chair(item: Recommendation) -> None:
    """Make the signed-in chair, if there is one, the chair of the panel that decides about a recommendation."""
    if person := Person.objects.filter(user__isnull=False).first():
        records.MembershipFactory(panel=item.checking_body, role="chair", person=person)


@pytest.fixture
def world(home):
    """An object for each view; returns the arguments of its URL by name."""
    review = pages.ReviewPageFactory(started_on=D(2026, 10, 1), state="under_way")
    fresh_review = pages.ReviewPageFactory()
    ReviewStage.objects.create(review=review, name="Read", planned_on=D(2026, 11, 1))
    days = {"starts_on": D(2026, 4, 1), "ends_on": D(2027, 3, 31)}
    programme = WorkProgramme.objects.create(panel=review.panel, title="2026 to 2027", **days)
    return {
        "review": review.pk,
        "fresh_review": fresh_review.pk,
        "programme": programme.pk,
        "process": records.ReviewProcessFactory(escalation_steps=["The Board"]).pk,
        "route": records.ReviewProcessFactory(escalation_steps=["The Board"]).escalation_route.pk,
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
    "/admin/": {E, U, C, P, K, A},
    "/admin/todos/": {E, U, C, K, A},
    "/admin/untold/": {E, U, K, A},
    "/admin/starters/": {K, A},
    "/admin/reviews/{fresh_review}/start/": {U, K, A},
    "/admin/reviews/{review}/stages/": {U, K, A},
    "/admin/reviews/{review}/team/": {C, K, A},
    "/admin/members/": {C, K, A},
    "/admin/members/create/": {C, K, A},
    "/admin/members/edit/{member}/": {C, K, A},
    "/admin/members/inspect/{member}/": {C, K, A},
    "/admin/review-tasks/": {C, K, A},
    "/admin/recommendations/import/": {K, A},
    "/admin/pages/{report}/edit/": {E, U, K, A},
    "/admin/pages/{outcomes}/edit/": {E, U, K, A},
    "/admin/users/": {K, A},
    "/admin/groups/": {K, A},
    SNIPPET + "recommendation/": {E, U, C, P, K, A},
    SNIPPET + "recommendation/add/": {E, U, K, A},
    SNIPPET + "recommendation/edit/{promise}/": {E, U, K, A},
    SNIPPET + "recommendation/delete/{promise}/": {K, A},
    SNIPPET + "recommendation/record/{promise}/": {C, P, K, A},
    SNIPPET + "meeting/": {E, U, C, K, A},
    SNIPPET + "meeting/edit/{meeting}/": {E, U, K, A},
    SNIPPET + "meeting/attendance/{meeting}/": {C, K, A},
    SNIPPET + "workprogramme/": {E, U, K, A},
    SNIPPET + "workprogramme/edit/{programme}/": {E, U, K, A},
    SNIPPET + "workprogramme/scores/{programme}/": {E, U, K, A},
    SNIPPET + "panel/": {E, U, C, K, A},
    SNIPPET + "panel/edit/{panel}/": {E, U, K, A},
    SNIPPET + "reviewprocess/": {E, U, K, A},
    SNIPPET + "reviewprocess/add/": {K, A},
    SNIPPET + "reviewprocess/edit/{process}/": {K, A},
    SNIPPET + "reviewprocess/delete/{process}/": {K, A},
    SNIPPET + "escalationroute/": {E, U, K, A},
    SNIPPET + "escalationroute/edit/{route}/": {K, A},
    SNIPPET + "trigger/": {E, U, K, A},
    SNIPPET + "trigger/add/": {K, A},
    SNIPPET + "regularduty/": {E, U, C, K, A},
    SNIPPET + "regularduty/done/{duty}/": {E, U, C, K, A},
    SNIPPET + "regularduty/done/{personal_duty}/": {C, K, A},
}
SCREENS |= {
    f"{SNIPPET}{kind}/add/": {E, U, K, A}
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
    """Return the outcome of a request: the redirect of a refusal, or the status."""
    led = answer.url.split("?")[0] if answer.status_code == 302 else ""
    return led if led in ("/admin/", "/admin/login/") else f"in, {answer.status_code}"


def refused(role: str) -> str:
    return reverse("wagtailadmin_login") if role in ("stranger", "nobody") else "/admin/"


@pytest.mark.matrix("role", A)
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
UNANSWERED = (Step.RATIFY, Step.ANSWER_DUE, Step.ACCEPT, Step.ACCEPT_PARTLY, Step.REFUSE, Step.REWORD, Step.WITHDRAW)
FROM = {step: {} if step in UNANSWERED else AGREED for step in Step}
FROM |= {Step.SEND_BACK: CLAIMED, Step.CONFIRM: CLAIMED, Step.CHECK_IMPACT: CONFIRMED}


@pytest.fixture
def promise():
    """Return a promise that allows one transition."""

    def make(step: Step):
        item = records.RecommendationFactory(**{f"tracking__{name}": value for name, value in FROM[step].items()})
        give_a_chair(item)
        if step in (Step.GRANT_TIME, Step.REFUSE_TIME):
            days = {"asked_on": D(2026, 6, 1), "asked_for": D(2026, 9, 30)}
            arrange(Extension.objects.create, tracking=item.tracking, reason="x", **days)
        if step == Step.ESCALATION_REPLY:
            arrange(Escalation.objects.create, tracking=item.tracking, rung=1, to_whom="x", asks="x", on=D(2026, 6, 1))
        if step == Step.RATIFY:
            fields = {
                "members_needed": 4,
                "members_came": 1,
                "starts_at": datetime.datetime(2026, 3, 9, tzinfo=datetime.UTC),
            }
            item.made_at = records.MeetingFactory(panel=item.panel, **fields)
            item.save()
        if step == Step.CORRECT:
            arrange(Event.objects.create, tracking=item.tracking, kind="note", on=D(2026, 6, 1), text="x")
        if step == Step.FINISH_ACTION:
            arrange(
                Action.objects.create, tracking=item.tracking, text="x", due=D(2026, 6, 1), owner=records.RoleFactory()
            )
        return item

    return make


@pytest.mark.matrix("role", A)
@pytest.mark.parametrize("role", [E, U, C, P, K, A])
def test_each_role_at_each_kind_of_step(sign_in, client, promise, role):
    sign_in(role)
    for step in Step:
        screen = f"{SNIPPET}recommendation/record/{promise(step).pk}/"
        shown, sent = client.get(f"{screen}?step={step}"), client.post(screen, {"step": step})
        if role in (E, U):
            assert (outcome(shown), outcome(sent)) == ("/admin/", "/admin/"), step
        elif role == P and step not in (*PANEL_DECISIONS, Step.NOTE, Step.CORRECT):
            assert shown.context["form"] is None, step
            assert "This is for the involvement team." in sent.content.decode(), step
        else:
            assert shown.context["form"] is not None, step
            missing = "Choose the meeting." if step in PANEL_DECISIONS else "This field is required."
            assert missing in sent.content.decode(), step
    assert not Event.objects.exclude(kind="note").exists()


@pytest.mark.parametrize("role", [E, U, C, P, K])
def test_every_link_of_a_roles_menu_opens(sign_in, client, world, role):
    """Case AR2: a role has the right to see each view that its menu links to."""
    sign_in(role)
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    links = set(re.findall(r'"url": "(/admin/[^"]*)"', menu)) - {"/admin/logout/"}
    assert links
    for link in links:
        assert outcome(client.get(link, follow=False)) in ("in, 200", "in, 302"), (link, client.get(link))


class TestRolesComeWithTheProduct:
    """Case AR2: the groups are there after ``migrate``, and stay as an administrator leaves them."""

    def provide(self):
        provide_roles_after_migrate(sender=None)

    def rights_of(self, group: Group) -> set[str]:
        given = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
        for row in cast("Any", group).page_permissions.select_related("permission", "page"):
            assert row.page.depth == 1
            given.add(f"page:wagtailcore.{row.permission.codename}")
        for row in GroupCollectionPermission.objects.filter(group=group).select_related("permission__content_type"):
            given.add(f"collection:{row.permission.content_type.app_label}.{row.permission.codename}")
        return given

    @pytest.mark.parametrize("name", role_rights.RIGHTS)
    def test_each_group_has_the_rights_of_its_role(self, name):
        group = Group.objects.get(name=name)
        assert role_rights.RIGHTS[name] <= self.rights_of(group)
        assert set(ProvidedRole.objects.get(name=name).rights) == role_rights.RIGHTS[name]
        # Wagtail's own two groups became these, with the model rights on files that it gave them.
        more = self.rights_of(group) - role_rights.RIGHTS[name]
        assert all(right.startswith(("wagtailimages.", "wagtaildocs.")) for right in more), more

    def test_wagtails_own_groups_are_not_beside_them(self):
        assert set(Group.objects.values_list("name", flat=True)) == set(role_rights.RIGHTS)
        approval = GroupApprovalTask.objects.get()
        assert (approval.name, [group.name for group in approval.groups.all()]) == (role_rights.WORKFLOW, [U])

    def test_a_second_time_changes_nothing(self):
        before = {group.name: self.rights_of(group) for group in Group.objects.all()}
        self.provide()
        assert {group.name: self.rights_of(group) for group in Group.objects.all()} == before

    def test_what_an_administrator_changed_is_kept(self):
        editor, chair = Group.objects.get(name=E), Group.objects.get(name=P)
        editor.permissions.remove(*editor.permissions.filter(codename="add_meeting"))
        editor.page_permissions.all().delete()
        editor.name = "Writers"
        editor.save()
        chair.delete()
        before = self.rights_of(editor)
        self.provide()
        assert self.rights_of(Group.objects.get(name="Writers")) == before
        assert not Group.objects.filter(name__in=[E, P]).exists()

    def test_a_right_that_comes_with_a_later_version_is_added(self):
        role = ProvidedRole.objects.get(name=C)
        role.rights.remove("scrutiny_pages.view_meeting")
        role.save()
        role.group.permissions.remove(*role.group.permissions.filter(codename="view_meeting"))
        self.provide()
        assert role.group.permissions.filter(codename="view_meeting").exists()

    def test_a_group_of_that_name_that_somebody_made_before_is_left_alone(self):
        ProvidedRole.objects.filter(name=C).delete()
        Group.objects.filter(name=C).delete()
        own = Group.objects.create(name=C)
        self.provide()
        assert self.rights_of(own) == set()

    def test_wagtails_group_that_is_in_use_keeps_its_name(self):
        ProvidedRole.objects.filter(name=E).delete()
        Group.objects.filter(name=E).delete()
        theirs = Group.objects.create(name="Editors")
        get_user_model().objects.create_user("somebody").groups.add(theirs)
        self.provide()
        assert Group.objects.filter(name="Editors").exists()
        assert role_rights.RIGHTS[E] <= self.rights_of(Group.objects.get(name=E))
