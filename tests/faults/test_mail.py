"""A mail server that refuses, hangs and drops, and senders that are killed: every mail arrives, and once."""

import random
import time
from collections import Counter

import pytest

from tests.faults.process_harness import world
from tests.mail_server import mail_server

pytestmark = pytest.mark.faults
MAILS = 30
MOST_RUNS = 20  # of the sender: one that sends nothing must not be started for ever
QUEUE = f"""
from cms.core.emails import queue
for at in range({MAILS}):
    queue(f"person{{at}}@example.org", f"Mail {{at}}", "form_receipt", {{"reference": f"R{{at}}", "link": "x"}})
"""
# What is to be tried again in five minutes is due at once here, so that the test need not wait.
DUE = "UPDATE post_office_email SET scheduled_time = NULL WHERE status = 3"
# Who was killed holds the lease for ten minutes more.
FREE = "DELETE FROM core_lease"
UNSENT = "SELECT count(*) FROM post_office_email WHERE status != 0"


def test_every_mail_arrives_once_though_the_server_refuses_hangs_and_drops(tmp_path):
    with mail_server() as server:
        address = f"smtp://127.0.0.1:{server.server_address[1]}"
        with world("sqlite", tmp_path, EMAIL_URL=address, EMAIL_TIMEOUT="1") as made:
            made.shell(QUEUE)
            for trouble in ("refuse", "hang", "drop", ""):
                server.trouble, server.troubles = trouble, 6
                made.manage("run_scheduled_tasks")
                made.sql(DUE)
            made.manage("run_scheduled_tasks")
            assert made.sql(UNSENT) == [(0,)]
    told = Counter(server.told)
    assert len(told) == MAILS
    assert set(told.values()) == {1}


def test_a_sender_that_is_killed_repeats_one_mail_at_most(tmp_path):
    with mail_server() as server:
        server.delay = 0.05
        address = f"smtp://127.0.0.1:{server.server_address[1]}"
        with world("sqlite", tmp_path, EMAIL_URL=address) as made:
            made.shell(QUEUE)
            kills = 0
            for _ in range(MOST_RUNS):
                if len(set(server.told)) == MAILS or kills == 4:
                    break
                sender = made.begin("run_scheduled_tasks")
                before = len(server.told)
                while len(server.told) < before + 2 and sender.poll() is None:
                    time.sleep(0.01)
                time.sleep(random.uniform(0, 0.1))
                if sender.poll() is None:
                    sender.kill()
                    kills += 1
                sender.wait()
                made.sql(FREE)
            made.manage("run_scheduled_tasks")
    told = Counter(server.told)
    assert kills >= 3
    assert len(told) == MAILS
    assert sum(told.values()) - MAILS <= kills
    assert max(told.values()) <= 2
