"""Filters of the registers, lateness in their lists, and bulk actions."""

import datetime

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from forms.enums import AccessAction, CaseState, FormKind
from forms.models import AccessRecord, Case, CaseEvent, FormHandling
from tests.factories.forms import case_of
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LIST = "/admin/information-requests/"


def handler(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, first_name=name.title())
    for codename in ("access_admin", "handle_submission"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    user.groups.add(*(Group.objects.get_or_create(name=group)[0] for group in groups))
    return user


@pytest.fixture
def me(client: Client) -> User:
    user = handler("me")
    client.force_login(user)
    return user


@pytest.fixture
def requests(db) -> dict[str, Case]:
    """Return five requests under the same regime, by name."""
    today = timezone.localdate()
    made = {name: case_of(received_on=today) for name in ("new", "late", "waiting", "answered_late", "other")}

    def set_to(name: str, **facts) -> None:
        arrange(Case.objects.filter(pk=made[name].pk).update, **facts)

    set_to("late", due_on=today - DAY, acknowledge_by=today - DAY)
    set_to("waiting", state=CaseState.CLARIFICATION, due_on=today - DAY)
    arrange(made["waiting"].pauses.create, started_on=today)
    late = {"due_on": today - DAY, "answered_on": today, "closed_on": today}
    set_to("answered_late", state=CaseState.ANSWERED, **late)
    return made


def shown(client: Client, cases: dict[str, Case], query: str) -> set[str]:
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return {name for name, case in cases.items() if case.submission.reference in page.content.decode()}


def test_the_list_is_narrowed_by_state_lateness_and_handler(client, me, requests):
    other = handler("other")
    arrange(Case.objects.filter(pk=requests["other"].pk).update, handler=other)
    arrange(Case.objects.filter(pk=requests["late"].pk).update, handler=me)
    everything = set(requests)
    expected = {
        "": everything,
        "state=open": everything - {"answered_late"},
        "state=answered": {"answered_late"},
        "state=clarification": {"waiting"},
        "late=now": {"late"},
        "late=unacknowledged": {"late"},
        "late=was": {"answered_late"},
        "handler=mine": {"late"},
        "handler=nobody": {"new", "waiting", "answered_late"},
        f"handler={other.pk}": {"other"},
        "state=open&handler=nobody": {"new", "waiting"},
    }
    assert {query: shown(client, requests, query) for query in expected} == expected


@pytest.mark.parametrize(
    "query", ["state=interview", "state=x", "late=1", "handler=999999", "handler=%00", "state=%ED"]
)
def test_a_filter_takes_what_it_offers_and_nothing_else(client, me, requests, query):
    assert client.get(f"{LIST}?{query}").status_code == 400


def test_lateness_is_in_words_and_not_only_in_colour(client, me, requests):
    page = client.get(LIST).content.decode()
    assert page.count('<strong class="w-text-critical-200">Late</strong>') == 1
    assert "Answered late" in page
    assert "Waiting for the person" in page


def test_the_list_shows_only_what_came_with_forms_that_a_person_handles(client, me, requests):
    kept = FormHandling.objects.create(form=requests["new"].submission.version.form, form_key=key_of(requests["new"]))
    kept.groups.add(Group.objects.create(name="Lettings"))
    assert shown(client, requests, "") == set(requests) - {"new"}
    assert client.get(f"{LIST}inspect/{requests['new'].submission_id}/").status_code == 404
    client.force_login(handler("lettings", "Lettings"))
    assert shown(client, requests, "") == set(requests)


def key_of(case: Case):
    return case.submission.version.form_key


def test_a_look_at_the_list_is_written_down_with_how_many_it_showed(client, me, requests):
    client.get(LIST)
    look = AccessRecord.objects.get()
    assert (look.action, look.rows, look.by, look.submission) == (AccessAction.LISTED, 5, me, None)
    client.get(f"{LIST}inspect/{requests['new'].submission_id}/")
    assert AccessRecord.objects.filter(action=AccessAction.READ, submission=requests["new"].submission).count() == 1


# --- Several at once -----------------------------------------------------------------------------------


def rows(*cases: Case) -> dict:
    return {"row": [case.submission_id for case in cases]}


def test_before_anything_happens_to_several_a_page_names_what_will(client, me, requests):
    chosen = rows(requests["new"], requests["other"])
    page = client.get(f"{LIST}bulk/mine/", chosen).content.decode()
    assert "Each of these will be given to you." in page
    assert requests["new"].submission.reference in page
    assert requests["late"].submission.reference not in page
    assert not Case.objects.filter(handler=me).exists()
    answer = client.post(f"{LIST}bulk/mine/", chosen)
    assert (answer.status_code, answer.url) == (302, LIST)
    assert set(Case.objects.filter(handler=me)) == {requests["new"], requests["other"]}
    assert AccessRecord.objects.filter(action=AccessAction.CHANGED).count() == 2


def test_each_row_is_done_on_its_own_and_what_cannot_be_is_told(client, me, requests):
    page = client.post(f"{LIST}bulk/acknowledged/", rows(requests["new"], requests["answered_late"]), follow=True)
    words = page.content.decode()
    assert "Mark as acknowledged: 1 done." in words
    assert f"{requests['answered_late'].submission.reference}: This cannot follow" in words
    assert Case.objects.get(pk=requests["new"].pk).state == CaseState.ACKNOWLEDGED
    assert Case.objects.get(pk=requests["answered_late"].pk).state == CaseState.ANSWERED


@pytest.mark.parametrize("fails", [AccessRecord, CaseEvent])
@pytest.mark.parametrize("action", ["mine", "acknowledged", "spam"])
def test_a_change_and_who_made_it_are_kept_together_or_not_at_all(client, me, requests, monkeypatch, fails, action):
    """Case R2: a failure between the two leaves neither."""
    before = list(Case.objects.order_by("pk").values())
    monkeypatch.setattr(fails, "save", stopped)
    with pytest.raises(RuntimeError, match="killed"):
        client.post(f"{LIST}bulk/{action}/", rows(requests["new"]))
    assert list(Case.objects.order_by("pk").values()) == before
    assert not AccessRecord.objects.filter(action=AccessAction.CHANGED).exists()


def stopped(*args, **kwargs):
    raise RuntimeError("killed")


def test_a_row_that_is_not_theirs_stops_them_all(client, me, requests):
    kept = FormHandling.objects.create(form=requests["new"].submission.version.form, form_key=key_of(requests["new"]))
    kept.groups.add(Group.objects.create(name="Lettings"))
    both = rows(requests["new"], requests["other"])
    assert client.get(f"{LIST}bulk/mine/", both).status_code == 404
    assert client.post(f"{LIST}bulk/mine/", both).status_code == 404
    assert not Case.objects.filter(handler=me).exists()


@pytest.mark.parametrize(
    ("action", "chosen", "status"),
    [
        ("mine", [], 302),
        ("mine", ["x"], 404),
        ("mine", ["٣"], 404),
        ("mine", ["9" * 30], 404),
        ("mine", ["-1"], 404),
        ("mine", ["1"] * 201, 400),
        ("nonsense", ["1"], 404),
        ("release", ["1"], 404),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nonsense_chosen_gets_a_clear_answer(client, me, requests, action, chosen, status, method):
    assert getattr(client, method)(f"{LIST}bulk/{action}/", {"row": chosen}).status_code == status
    assert client.put(f"{LIST}bulk/mine/").status_code == 405
    assert not CaseEvent.objects.exclude(kind="received").exists()


def test_spam_leaves_its_list_and_is_taken_back_with_the_mail_that_was_held(client, me, requests):
    case = requests["new"]
    arrange(Case.objects.filter(pk=case.pk).update, is_quarantined=True)  # as it came
    Email.objects.all().delete()
    assert shown(client, requests, "") == set(requests) - {"new"}
    assert client.get(f"{LIST}inspect/{case.submission_id}/").status_code == 404
    page = client.get("/admin/set-aside/").content.decode()
    assert case.submission.reference in page
    client.post("/admin/set-aside/bulk/release/", rows(case))
    assert shown(client, requests, "") == set(requests)
    assert Email.objects.filter(to__contains="ada@example.org").count() == 1


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (FormKind.APPLICATION, "applications"),
        (FormKind.REQUEST, "information-requests"),
        (FormKind.IMPACT, "impact-assessments"),
        (FormKind.GENERAL, "other-forms"),
    ],
)
def test_each_kind_has_a_list_of_its_own_and_a_reference_leads_there(client, me, kind, place):
    case = case_of(kind)
    reference = case.submission.reference
    for each in ("applications", "information-requests", "impact-assessments", "other-forms", "set-aside"):
        assert (reference in client.get(f"/admin/{each}/").content.decode()) == (each == place)
    answer = client.get(f"/admin/received/{reference}/")
    assert (answer.status_code, answer.url) == (302, f"/admin/{place}/inspect/{case.submission_id}/")
    arrange(Case.objects.update, is_quarantined=True)
    assert client.get(f"/admin/received/{reference}/").url == f"/admin/set-aside/inspect/{case.submission_id}/"


def test_the_access_log_lists_a_submission_that_was_read(admin_client, requests):
    """Case S1: a register without a page for each row links to none."""
    sent = requests["new"].submission
    admin_client.get(f"/admin/information-requests/inspect/{sent.pk}/")
    for query in ("", "?q=" + sent.reference, "?q=admin", "?o=-0"):
        page = admin_client.get("/admin/access-log/" + query)
        assert page.status_code == 200, query
        assert sent.reference in page.content.decode(), query
        assert "/admin/access-log/inspect/" not in page.content.decode()
    assert admin_client.get("/admin/failwhale/").status_code == 404
