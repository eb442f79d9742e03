"""Admin of webhooks: every role at every view with the exact outcome, and the actions of the views."""

import datetime
import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from cms.core.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from cms.core.webhooks.change_detection import event_labels
from cms.core.webhooks.delivery import message

pytestmark = pytest.mark.django_db
STRANGER, NOBODY, ADMIN, KEEPER = "stranger", "nobody", "administrator", "keeper of webhooks"
ROLES = (STRANGER, NOBODY, "Editor", "Caseworker", "Panel chair", KEEPER, ADMIN)
LOGIN, HOME = "302 /admin/login/", "302 /admin/"


@pytest.fixture
def sign_in(client, home):
    """Sign somebody in; the keeper has the one permission of webhooks."""

    def enter(role: str):
        client.logout()
        if role == STRANGER:
            return
        user = get_user_model().objects.create_user(role, is_superuser=role == ADMIN)
        user.groups.set(Group.objects.filter(name=role))
        if role == KEEPER:
            user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "manage_webhooks"]))
        client.force_login(user)

    return enter


@pytest.fixture
def endpoint(home):
    return WebhookEndpoint.objects.create(
        name="Intranet", address="https://hook.example/", events=["page.published"], secret="whsec_c2VjcmV0"
    )


@pytest.fixture
def delivery(endpoint):
    made = message(endpoint, "page.published", {"id": 3, "url": "https://x.example/a/"}, timezone.now())
    made.state, made.attempts = DeliveryState.GIVEN_UP, 10
    made.save()
    return made


def outcome(answer) -> str:
    return f"{answer.status_code} {answer.url.split('?')[0]}" if answer.status_code == 302 else str(answer.status_code)


# What those who may get of GET and POST.
SCREENS = {
    "/admin/webhooks/": ("200", "405"),
    "/admin/webhooks/create/": ("200", "200"),
    "/admin/webhooks/inspect/{hook}/": ("200", "405"),
    "/admin/webhooks/edit/{hook}/": ("200", "200"),
    "/admin/webhooks/secret/{hook}/": ("200", "302 /admin/webhooks/secret/{hook}/"),
    "/admin/webhooks/test/{hook}/": ("405", "302 /admin/webhooks/inspect/{hook}/"),
    "/admin/webhooks/secret/999999/": ("404", "404"),
    "/admin/webhooks/test/x/": ("404", "404"),
    "/admin/webhook-messages/": ("200", "405"),
    "/admin/webhook-messages/?state=sent&webhook={hook}": ("200", "405"),
    "/admin/webhook-messages/?state=nonsense": ("400", "400"),
    "/admin/webhook-messages/?endpoint__secret__startswith=w": ("400", "400"),
    "/admin/webhook-messages/inspect/{message}/": ("200", "405"),
    "/admin/webhook-messages/bulk/again/?row={message}": ("200", "302 /admin/webhook-messages/"),
    "/admin/webhook-messages/bulk/again/?row=999999": ("404", None),
}
NOT_THERE = [
    *("/admin/webhooks/delete/{hook}/", "/admin/webhook-messages/create/"),
    *("/admin/webhook-messages/edit/{message}/", "/admin/webhook-messages/delete/{message}/"),
]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_screen(sign_in, client, endpoint, delivery, role):
    sign_in(role)
    ids = {"hook": endpoint.pk, "message": delivery.pk}
    refused = LOGIN if role in (STRANGER, NOBODY) else HOME
    wrong = {}
    for screen, answers in SCREENS.items():
        for method, answer in zip(("get", "post"), answers, strict=True):
            if answer is None:
                continue
            expected = answer.format(**ids) if role in (KEEPER, ADMIN) else refused
            got = outcome(
                getattr(client, method)(screen.format(**ids), {"row": delivery.pk} if method == "post" else None)
            )
            if got != expected:
                wrong[method, screen] = (got, expected)
    for screen in NOT_THERE:
        expected = LOGIN if refused == LOGIN else "404"
        if (got := outcome(client.get(screen.format(**ids)))) != expected:
            wrong["get", screen] = got
    assert wrong == {}
    endpoint.refresh_from_db()
    delivery.refresh_from_db()
    did_something = role in (KEEPER, ADMIN)
    assert (endpoint.secret != "whsec_c2VjcmV0") == did_something
    assert (delivery.state == DeliveryState.WAITING) == did_something
    assert (WebhookDelivery.objects.count() == 2) == did_something


def test_the_secret_is_on_its_own_screen_only_and_is_nobodys_to_keep(sign_in, client, endpoint, delivery):
    sign_in(KEEPER)
    places = [f"/admin/webhooks/{place}" for place in ("", f"inspect/{endpoint.pk}/", f"edit/{endpoint.pk}/")]
    for place in (*places, "/admin/webhook-messages/", f"/admin/webhook-messages/inspect/{delivery.pk}/"):
        assert "whsec_" not in client.get(place).content.decode(), place
    answer = client.get(f"/admin/webhooks/secret/{endpoint.pk}/")
    assert "whsec_c2VjcmV0" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_webhook_is_added_with_a_secret_of_ours_and_leads_on_to_its_page(sign_in, client, home):
    sign_in(KEEPER)
    asked = {"name": "Intranet", "address": "https://hook.example/", "is_on": "on", "secret": "whsec_theirs"}
    answer = client.post("/admin/webhooks/create/", asked | {"events": ["page.published", "page.unpublished"]})
    made = WebhookEndpoint.objects.get()
    assert answer.url == f"/admin/webhooks/inspect/{made.pk}/"
    assert (made.events, made.secret != "whsec_theirs") == (["page.published", "page.unpublished"], True)
    assert len(made.secret) > 40


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "http://hook.example/"}, "starts with https://"),
        ({"address": "https://10.0.0.1/"}, "inside a private network"),
        ({"address": "https://x.example/" + "x" * 500}, "at most 500 characters"),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"events": ["page.nonsense"]}, "Select a valid choice"),
        ({"events": []}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(sign_in, client, home, wrong, words):
    sign_in(KEEPER)
    asked = {"name": "Intranet", "address": "https://hook.example/", "is_on": "on", "events": ["page.published"]}
    answer = client.post("/admin/webhooks/create/", asked | wrong)
    assert words in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_test_waits_for_the_next_tick_unless_it_is_off(sign_in, client, endpoint):
    sign_in(KEEPER)
    client.post(f"/admin/webhooks/test/{endpoint.pk}/")
    assert json.loads(WebhookDelivery.objects.get().body)["type"] == "webhook.test"
    WebhookEndpoint.objects.update(is_on=False)
    answer = client.post(f"/admin/webhooks/test/{endpoint.pk}/", follow=True)
    assert "Switch it on first" in answer.content.decode()
    assert WebhookDelivery.objects.count() == 1


def test_what_another_server_answered_is_inert_in_the_admin(sign_in, client, delivery):
    WebhookDelivery.objects.update(answer="<script>x</script>", last_error="<b>")
    sign_in(KEEPER)
    for place in ("", f"inspect/{delivery.pk}/"):
        shown = client.get(f"/admin/webhook-messages/{place}").content
        assert b"<script>x" not in shown
        assert b"<b>" not in shown


@pytest.mark.parametrize(
    ("state", "tries", "problem", "words"),
    [
        ("waiting", 0, "", "Waiting"),
        ("waiting", 1, "It answered 500.", "Waiting after 1 try. It answered 500. Next: 22 November 2026, 12pm."),
        ("given_up", 10, "It answered 500.", "Given up after 10 tries. It answered 500."),
        ("sent", 2, "", "Sent"),
    ],
)
def test_the_list_says_in_words_what_came_of_each(sign_in, client, delivery, state, tries, problem, words):
    at = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
    WebhookDelivery.objects.update(state=state, attempts=tries, last_error=problem, next_try_at=at)
    sign_in(KEEPER)
    shown = " ".join(client.get("/admin/webhook-messages/").content.decode().split())
    assert words in shown


def test_the_home_screen_tells_those_who_keep_them_which_ones_fail(sign_in, client, endpoint):
    heading = "Webhooks that fail"
    for role, failing in ((KEEPER, False), (KEEPER, True), ("Editor", True)):
        WebhookEndpoint.objects.update(failing_since=timezone.now() if failing else None)
        get_user_model().objects.all().delete()
        sign_in(role)
        assert (heading in client.get("/admin/").content.decode()) == (failing and role == KEEPER)


def test_one_that_we_gave_up_on_says_so(sign_in, client, endpoint):
    WebhookEndpoint.objects.update(is_on=False, switched_off_at=timezone.now(), failing_since=timezone.now())
    sign_in(KEEPER)
    assert "We switched it off on" in client.get("/admin/webhooks/").content.decode()
    assert "switch it on again" in client.get(f"/admin/webhooks/inspect/{endpoint.pk}/").content.decode()


def test_the_permission_can_be_given_to_a_group(admin_in, home):
    assert "Can set up webhooks" in admin_in.get("/admin/groups/new/").content.decode()
    assert set(event_labels()) == {
        "page.published",
        "page.unpublished",
        "recommendation.changed",
        "recommendation.unpublished",
    }
