"""A server that refuses, and senders that are killed: every change arrives, once but for repeats with the same id."""

import json
import random
import time
from collections import Counter, defaultdict

import pytest

from tests.faults.process_harness import world
from tests.hook_server import HookServer, hook_server

pytestmark = pytest.mark.faults
PAGES = 30
# The first look at a site takes note of what is there; what comes after it is told.
PUBLISH = f"""
from django.utils import timezone
from cms.core.models import WebhookEndpoint
from cms.core.webhooks.delivery import webhooks
from tests.factories.pages import StandardPageFactory, make_home
make_home()
webhooks(timezone.now())
WebhookEndpoint.objects.create(name="Intranet", address="{{address}}", events=["page.published"])
for at in range({PAGES}):
    StandardPageFactory(title=f"Page {{{{at}}}}", slug=f"page-{{{{at}}}}")
"""
# Who was killed holds the message for minutes more, and what failed waits for its time: here the test need not.
FREE = "DELETE FROM core_lease"
DUE = "UPDATE core_webhookdelivery SET claimed_until = NULL, next_try_at = queued_at"
UNSENT = "SELECT count(*) FROM core_webhookdelivery WHERE state != 'sent'"


def told(server: HookServer) -> dict[int, Counter]:
    """Return the ids of the messages received about each page, with their counts."""
    found: dict[int, Counter] = defaultdict(Counter)
    for _path, headers, body in server.got:
        found[json.loads(body)["data"]["id"]][headers["webhook-id"]] += 1
    return found


def test_every_change_is_told_though_the_server_refuses_and_tellers_are_killed(tmp_path):
    with hook_server() as server, world("sqlite", tmp_path, WEBHOOK_PRIVATE_HOSTS="127.0.0.1") as made:
        made.shell(PUBLISH.format(address=server.address))
        server.behaviour = 500
        made.manage("run_scheduled_tasks")
        refused = len(server.got)
        server.behaviour, server.got, kills = 200, [], 0
        for _ in range(3):
            made.sql(FREE)
            made.sql(DUE)
            teller, before = made.begin("run_scheduled_tasks"), len(server.got)
            while len(server.got) < before + 2 and teller.poll() is None:
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.02))
            if teller.poll() is None:
                teller.kill()
                kills += 1
            teller.wait()
        made.sql(FREE)
        made.sql(DUE)
        made.manage("run_scheduled_tasks")
        assert made.sql(UNSENT) == [(0,)]
    found = told(server)
    assert (refused, kills) == (1, 3)
    assert len(found) == PAGES
    # One change is one message: who was killed after it was taken sends it again, with the id that it had.
    assert {len(ids) for ids in found.values()} == {1}
    assert sum(ids.total() for ids in found.values()) <= PAGES + kills
