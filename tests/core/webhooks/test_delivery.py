"""Webhooks: public changes are sent to subscribed endpoints, signed, at least once, and without private data."""

import datetime
import json
import re
import runpy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from cms.core.models import DeliveryState, PublishedSnapshot, WebhookDelivery, WebhookEndpoint
from cms.core.security import outbound_http
from cms.core.webhooks import delivery
from cms.core.webhooks.change_detection import event_labels
from cms.core.webhooks.delivery import WAITS, claim, signature, wait_after
from scrutiny_pages import services
from scrutiny_pages.enums import Answer
from tests.factories import pages, records
from tests.hook_server import HANG, hook_server

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"
DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
ON = datetime.date(2026, 3, 20)


@pytest.fixture
def server(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.BASE_URL = "https://scrutiny.example"
    with hook_server() as running:
        yield running


@pytest.fixture
def endpoint(home, server):
    """An endpoint of every event, on a site whose snapshot is current."""
    delivery.webhooks(timezone.now())
    return WebhookEndpoint.objects.create(name="Intranet", address=server.address, events=list(event_labels()))


def told(at=None) -> list[tuple[str, object]]:
    """Run the task, and return the messages that it wrote: the events, with the ids of their objects."""
    before = set(WebhookDelivery.objects.values_list("pk", flat=True))
    delivery.webhooks(at or timezone.now())
    rows = WebhookDelivery.objects.exclude(pk__in=before).order_by("pk")
    return [(row.event, json.loads(row.body)["data"].get("id")) for row in rows]


def published(page):
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def killed(monkeypatch):
    """Simulate a killed run, at a call of one of our functions."""

    def tick(owner, name: str, at) -> None:
        def die(*args, **kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(owner, name, die)
            with pytest.raises(KeyboardInterrupt):
                delivery.webhooks(at)

    return tick


class TestWhatIsTold:
    """Every reason for which an object becomes public, changes, or is public no more."""

    def test_a_page_that_is_published_changed_and_unpublished(self, endpoint):
        page = published(pages.StandardPageFactory(live=False))
        assert told() == [("page.published", page.pk)]
        assert told() == []
        page.title = "New words"
        page.save_revision()
        assert told() == [], "a draft is nobody's business"
        published(page)
        assert told() == [("page.published", page.pk)]
        page.unpublish()
        assert told() == [("page.unpublished", page.pk)]
        assert told() == []

    def test_what_went_and_came_back_between_two_ticks_is_one_change_or_none(self, endpoint):
        page = published(pages.StandardPageFactory(live=False))
        page.unpublish()
        assert told() == []

    @pytest.mark.parametrize("how", ["login", "password", "groups"])
    def test_a_page_that_becomes_private_is_gone_with_all_below_it_and_comes_back(self, endpoint, how):
        page = pages.ReviewPageFactory()
        report = pages.ReportPageFactory(parent=page)
        told()
        lock = PageViewRestriction.objects.create(page=page, restriction_type=how, password="x")
        assert told() == [("page.unpublished", page.pk), ("page.unpublished", report.pk)]
        published(report)
        assert told() == [], "what is private is told to nobody"
        lock.delete()
        assert told() == [("page.published", page.pk), ("page.published", report.pk)]

    def test_pages_below_one_that_is_unpublished_are_gone_too(self, endpoint):
        page = pages.ReviewPageFactory()
        report = pages.ReportPageFactory(parent=page)
        told()
        page.unpublish()
        assert told() == [("page.unpublished", page.pk), ("page.unpublished", report.pk)]

    def test_a_page_that_expires_is_gone_at_its_minute(self, endpoint):
        now = timezone.now()
        page = pages.StandardPageFactory(expire_at=now + MINUTE)
        told(now)
        assert told(now + MINUTE - datetime.timedelta(seconds=1)) == []
        assert told(now + MINUTE) == [("page.unpublished", page.pk)]

    def test_a_page_that_was_deleted_is_told_of_by_its_last_public_address(self, endpoint):
        page = pages.StandardPageFactory(slug="old")
        told()
        pk, _ = page.pk, page.delete()
        assert told() == [("page.unpublished", pk)]
        data = json.loads(WebhookDelivery.objects.get(event="page.unpublished").body)["data"]
        assert data["url"] == "https://scrutiny.example/old/"

    def test_while_another_site_is_made_the_default_nothing_is_gone(self, endpoint):
        page = published(pages.StandardPageFactory(live=False))
        assert told() == [("page.published", page.pk)]
        Site.objects.update(is_default_site=False)
        assert told() == []
        Site.objects.update(is_default_site=True)
        assert told() == []

    def test_what_waits_is_sent_though_looking_for_changes_fails(self, endpoint, server, monkeypatch):
        delivery.send_test(endpoint, timezone.now())

        def fail(*args):
            raise LookupError

        monkeypatch.setattr(delivery, "detect_changes", fail)
        with pytest.raises(LookupError):
            delivery.webhooks(timezone.now())
        assert len(server.got) == 1

    def test_a_page_that_moved_is_told_of_with_its_new_address(self, endpoint):
        page, other = pages.StandardPageFactory(slug="here"), pages.StandardPageFactory(slug="there")
        told()
        page.move(other, pos="last-child")
        assert told() == [("page.published", page.pk)]
        assert '"https://scrutiny.example/there/here/"' in WebhookDelivery.objects.first().body

    def test_a_scheduled_page_is_told_of_when_it_is_out(self, endpoint):
        page = pages.StandardPageFactory(live=False, go_live_at=timezone.now() + DAY)
        published(page)
        assert told() == []

    def test_a_recommendation_and_each_public_step_of_it(self, endpoint):
        item = records.RecommendationFactory(series="2026-03", number=4)
        about = ("recommendation.changed", "2026-03/4")
        assert told() == [about]
        services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=ON, target=ON + DAY)
        assert told() == [about]
        services.add_note(recommendation=item, on=ON, title="PRIVATE", is_public=False)
        assert told() == []
        item.unpublish()
        assert told() == [("recommendation.unpublished", "2026-03/4")]

    def test_a_recommendation_follows_its_report(self, endpoint):
        report = pages.ReportPageFactory()
        records.RecommendationFactory(series="2026-03", number=4, report=report)
        told()
        report.unpublish()
        assert ("recommendation.unpublished", "2026-03/4") in told()

    @pytest.mark.parametrize("shown", [True, False])
    def test_the_landlords_plan_is_told_of_only_where_it_is_public(self, endpoint, shown):
        process = records.ReviewProcessFactory(publish_plan=shown)
        review = pages.ReviewPageFactory(process=process)
        for where in ({"report": pages.ReportPageFactory(parent=review)}, {"panel__usual_process": process}):
            item = records.RecommendationFactory(**where)
            services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=ON, target=ON + DAY)
            told()
            services.plan_action(recommendation=item, text="x", owner=records.RoleFactory(), due=ON + DAY, on=ON)
            assert told() == ([("recommendation.changed", item.ref)] if shown else [])

    def test_a_message_holds_these_facts_and_no_others(self, endpoint, client):
        page = pages.ReportPageFactory(title="PRIVATE until read", summary="PRIVATE")
        item = records.RecommendationFactory(series="2026-03", number=4)
        told()
        facts = {json.loads(row.body)["data"]["type"]: row for row in WebhookDelivery.objects.all()}
        for label, pk, url in (
            ("scrutiny_pages.ReportPage", page.pk, page.url),
            ("scrutiny_pages.Recommendation", item.ref, "/recommendations/2026-03/4/"),
        ):
            body = json.loads(facts[label].body)
            assert set(body) == {"type", "timestamp", "data"}
            data = body["data"]
            assert set(data) == {"id", "type", "url", "api_url"}
            assert (data["id"], data["url"]) == (pk, f"https://scrutiny.example{url}")
            assert client.get(data["api_url"].removeprefix("https://scrutiny.example")).status_code == 200

    def test_only_what_an_address_asked_for_is_sent_to_it(self, endpoint, server):
        other = WebhookEndpoint.objects.create(name="B", address=server.address, events=["page.unpublished"])
        WebhookEndpoint.objects.create(name="C", address=server.address, events=list(event_labels()), is_on=False)
        page = pages.StandardPageFactory()
        assert told() == [("page.published", page.pk)]
        page.unpublish()
        assert told() == [("page.unpublished", page.pk)] * 2
        assert [row.event for row in other.deliveries.all()] == ["page.unpublished"]

    def test_nothing_is_lost_when_a_tick_is_killed_while_it_writes(self, endpoint, killed):
        page = pages.StandardPageFactory()
        killed(delivery, "message", timezone.now())
        assert not PublishedSnapshot.objects.filter(kind="page", key=page.pk).exists()
        assert told() == [("page.published", page.pk)]

    def test_it_costs_the_same_queries_for_two_and_for_twenty(self, endpoint, django_assert_num_queries):
        for number in (2, 18):
            for _ in range(number):
                records.RecommendationFactory(report=pages.ReportPageFactory())
            told()
            with django_assert_num_queries(12):
                delivery.webhooks(timezone.now())


@pytest.fixture
def verified(tmp_path):
    """Verify a message as its receiver would: with the code of our guide, independent of ours."""
    (tmp_path / "guide.py").write_text(re.search(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1])
    is_from_us = runpy.run_path(str(tmp_path / "guide.py"))["is_from_us"]
    return lambda secret, headers, body: is_from_us(secret, {name.lower(): headers[name] for name in headers}, body)


class TestSending:
    """Messages arrive, however the other side behaves."""

    @pytest.fixture
    def page(self, endpoint):
        return pages.StandardPageFactory()

    def test_it_is_signed_and_arrives_once(self, endpoint, server, page, verified):
        call_command("run_scheduled_tasks")
        call_command("run_scheduled_tasks")
        [(_path, headers, body)] = server.got
        assert json.loads(body)["data"]["id"] == page.pk
        assert headers["Content-Type"] == "application/json"
        assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
        assert verified(endpoint.secret, headers, body)
        assert not verified(endpoint.secret, headers, body + b" ")
        assert not verified(endpoint.secret, headers | {"webhook-id": "msg_other"}, body)
        assert not verified(endpoint.secret, headers | {"webhook-timestamp": "1"}, body)
        later = str(int(headers["webhook-timestamp"]) + 1)
        assert not verified(endpoint.secret, headers | {"webhook-timestamp": later}, body)
        [row] = WebhookDelivery.objects.all()
        assert (row.state, row.attempts, row.answer) == (DeliveryState.SENT, 1, "Thank you")

    def test_the_signature_is_that_of_the_specifications_own_example(self):
        secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
        expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected

    def test_for_a_day_after_a_new_secret_the_old_one_signs_too(self, endpoint, server, page, verified):
        old, now = endpoint.secret, timezone.now()
        endpoint.renew_secret(now)
        call_command("run_scheduled_tasks")
        [(_path, headers, body)] = server.got
        assert endpoint.secret != old
        assert verified(old, headers, body)
        assert verified(endpoint.secret, headers, body)
        assert endpoint.secrets_at(now + DAY - MINUTE) == [endpoint.secret, old]
        assert endpoint.secrets_at(now + DAY) == [endpoint.secret]

    @pytest.mark.parametrize(
        ("behaviour", "words"),
        [(500, "It answered 500."), (301, "It answered 301: it led elsewhere"), (410, "410"), (HANG, "did not answer")],
    )
    def test_it_is_tried_again_with_the_same_id_until_it_arrives(
        self, endpoint, server, page, monkeypatch, behaviour, words
    ):
        monkeypatch.setattr(outbound_http, "LONGEST_WAIT", 0.5)
        server.behaviour, now = behaviour, timezone.now()
        delivery.webhooks(now)
        [row] = WebhookDelivery.objects.all()
        assert (row.state, row.attempts) == (DeliveryState.WAITING, 1)
        assert words in row.last_error
        endpoint.refresh_from_db()
        assert endpoint.failing_since
        delivery.webhooks(now)
        assert len(server.got) == 1, "it is not due again yet"
        server.behaviour = 204
        delivery.webhooks(row.next_try_at)
        row.refresh_from_db()
        endpoint.refresh_from_db()
        assert (row.state, row.attempts, row.last_error) == (DeliveryState.SENT, 2, "")
        assert endpoint.failing_since is None
        assert len({headers["webhook-id"] for _path, headers, _body in server.got}) == 1

    def test_the_waits_grow_and_end_after_about_two_days(self):
        waits = [wait_after(tries) for tries in range(1, len(WAITS) + 1)]
        assert waits == sorted(waits)
        assert waits[0] == MINUTE
        assert DAY < sum(waits, datetime.timedelta()) <= 2 * DAY
        assert wait_after(len(WAITS) + 1) is None

    def test_it_is_given_up_in_the_end_and_can_be_sent_again(self, endpoint, server, page, freeze):
        server.behaviour, at = 500, timezone.now()
        for wait in [datetime.timedelta(), *WAITS]:
            at = freeze(at + wait)
            delivery.webhooks(at)
        [row] = WebhookDelivery.objects.all()
        assert (row.state, row.attempts, len(server.got)) == (DeliveryState.GIVEN_UP, 10, 10)
        server.behaviour = 200
        delivery.webhooks(freeze(at + DAY))
        assert len(server.got) == 10
        delivery.send_again(row, at + DAY)
        delivery.webhooks(at + DAY)
        row.refresh_from_db()
        assert row.state == DeliveryState.SENT

    def test_an_address_that_fails_for_days_is_switched_off_and_starts_afresh_when_switched_on(
        self, endpoint, server, page, freeze
    ):
        server.behaviour, at = 500, timezone.now()
        for hours in range(0, 92, 4):
            if hours == 28:
                pages.StandardPageFactory()
            delivery.webhooks(freeze(at + datetime.timedelta(hours=hours)))
        endpoint.refresh_from_db()
        assert not endpoint.is_on
        assert datetime.timedelta(days=3) <= endpoint.switched_off_at - endpoint.failing_since < 4 * DAY
        assert not WebhookDelivery.objects.filter(state=DeliveryState.WAITING).exists()
        endpoint.is_on = True
        endpoint.save()
        assert (endpoint.switched_off_at, endpoint.failing_since) == (None, None)

    def test_one_that_hangs_costs_the_others_one_wait(self, endpoint, server, monkeypatch):
        monkeypatch.setattr(outbound_http, "LONGEST_WAIT", 0.5)
        with hook_server() as hanging:
            hanging.behaviour = HANG
            WebhookEndpoint.objects.update(address=hanging.address)
            other = WebhookEndpoint.objects.create(name="B", address=server.address, events=["page.published"])
            for _ in range(3):
                pages.StandardPageFactory()
            delivery.webhooks(timezone.now())
            assert (len(hanging.got), len(server.got)) == (1, 3)
            # From then on it comes last.
            WebhookDelivery.objects.update(state=DeliveryState.WAITING, next_try_at=NOW)
            order = []
            monkeypatch.setattr(delivery, "send_one", lambda endpoint, at: order.append(endpoint.pk))
            delivery.send_due(timezone.now())
            assert order == [other.pk, endpoint.pk]

    def test_a_tick_ends_in_time_and_leaves_the_rest_for_the_next(self, endpoint, server, monkeypatch):
        monkeypatch.setattr(delivery, "SENDING_TIME", 0)
        pages.StandardPageFactory()
        delivery.webhooks(timezone.now())
        assert server.got == []
        assert WebhookDelivery.objects.get().state == DeliveryState.WAITING

    def test_a_sender_that_was_killed_holds_its_message_for_a_while_and_then_it_is_sent_again(
        self, endpoint, server, page, killed, freeze
    ):
        at = timezone.now()
        killed(delivery, "settle", at)
        delivery.webhooks(at + MINUTE)
        assert len(server.got) == 1, "another may still be at it"
        delivery.webhooks(freeze(at + delivery.LEASE + MINUTE))
        assert len(server.got) == 2
        assert server.got[0][2] == server.got[1][2]
        assert server.got[0][1]["webhook-id"] == server.got[1][1]["webhook-id"]
        assert WebhookDelivery.objects.get().state == DeliveryState.SENT

    def test_of_two_senders_one_takes_a_message_and_the_late_one_changes_nothing(self, endpoint, server, page):
        now = timezone.now()
        delivery.detect_changes(now, lambda changes: delivery.write_messages(changes, now))
        mine = claim(WebhookDelivery.objects.due(now), now)
        assert claim(WebhookDelivery.objects.due(now), now) is None
        later = now + delivery.LEASE
        theirs = claim(WebhookDelivery.objects.due(later), later)
        assert theirs.pk == mine.pk
        delivery.settle(theirs, "", "", later)
        delivery.settle(mine, "It broke.", "", later)
        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts, row.last_error) == (DeliveryState.SENT, 1, "")

    def test_what_is_switched_off_gets_nothing_not_even_what_waits(self, endpoint, server, page):
        server.behaviour = 500
        delivery.webhooks(timezone.now())
        endpoint.is_on = False
        endpoint.save()
        delivery.webhooks(timezone.now() + DAY)
        row = WebhookDelivery.objects.get()
        assert (row.state, row.last_error) == (DeliveryState.GIVEN_UP, "The webhook is switched off.")
        assert len(server.got) == 1

    def test_messages_are_forgotten_after_thirty_days(self, endpoint, server, page):
        now = timezone.now()
        delivery.webhooks(now)
        delivery.webhooks(now + 30 * DAY)
        assert WebhookDelivery.objects.exists()
        delivery.webhooks(now + 30 * DAY + MINUTE)
        assert not WebhookDelivery.objects.exists()

    @pytest.fixture
    def freeze(self, monkeypatch):
        """Set the clock that sending uses."""

        def to(at):
            monkeypatch.setattr(delivery.timezone, "now", lambda: at)
            return at

        return to
