"""The web process is killed at random moments during submissions: an acknowledged one exists once, with its email."""

import queue
import random
import threading
import time
import uuid
from urllib.parse import urlencode

import pytest

from tests.faults.process_harness import MAKE_FORM, POSTGRES, Server, world
from tests.run import answers

pytestmark = pytest.mark.faults
POSTS, PEOPLE = 500, 6
ALL_OF_IT = 5  # after so many of its processes, all of the site is killed
LONGEST = 240  # seconds, on a machine that has much else to do


class People:
    """Concurrent clients that each submit a form again, with the same key, until they have a reference."""

    def __init__(self, server: Server, address: str):
        self.server, self.address = server, address
        self.waiting: queue.Queue = queue.Queue()
        self.acknowledged: dict[str, set[str]] = {}
        self.tries = 0
        self.wrong: list[int] = []
        for _ in range(POSTS):
            self.waiting.put(uuid.uuid4().hex)

    def act(self) -> None:
        """Submit one form after another."""
        while True:
            try:
                key = self.waiting.get_nowait()
            except queue.Empty:
                return
            token = "t" * 32
            body = urlencode(
                {
                    "csrfmiddlewaretoken": token,
                    "key": key,
                    "version": "1",
                    "q-mail": f"{key}@example.org",
                    "q-why": "To help",
                }
            )
            headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
            while not self.send(key, body, headers):
                time.sleep(0.05)
            if random.random() < 0.1:  # a refresh after it worked
                self.send(key, body, headers)

    def send(self, key: str, body: str, headers: dict) -> bool:
        """Submit once; return whether there was a response."""
        self.tries += 1
        try:
            status, told = self.server.ask("POST", self.address, body, headers)
        except OSError:
            return False
        if status != 303:
            self.wrong.append(status)
            return status < 500
        self.acknowledged.setdefault(key, set()).add(told["Location"])
        return True


# Where there is no PostgreSQL, ``tests/run.py`` says so, and fails in CI.
@pytest.mark.parametrize("kind", ["sqlite", "postgres"] if answers(POSTGRES, 5432) else ["sqlite"])
def test_what_was_acknowledged_is_there_once_whatever_was_killed(kind, tmp_path):
    with world(kind, tmp_path, FORM_RATE_LIMIT="100000") as made:
        address = made.shell(MAKE_FORM).strip().splitlines()[-1]
        server = Server(made)
        server.start()
        server.wait()
        people = People(server, address)
        threads = [threading.Thread(target=people.act, daemon=True) for _ in range(PEOPLE)]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + LONGEST
        try:
            while any(thread.is_alive() for thread in threads) and time.monotonic() < ends:
                time.sleep(random.uniform(0.2, 1.0))
                server.kill_worker()
                if server.kills == ALL_OF_IT:
                    server.kill()
                    server.start()
        finally:
            server.kill()
        for thread in threads:
            thread.join(timeout=5)
        found = made.counted()

    assert people.wrong == []
    assert server.kills >= 4, "it was hardly killed"
    assert people.tries > POSTS, "no post was interrupted"
    assert len(people.acknowledged) == POSTS
    assert {len(places) for places in people.acknowledged.values()} == {1}, "one key, two references"
    tokens = {key: token for _, key, token in found["sent"]}
    assert len(found["sent"]) == len(tokens) == found["cases"] == POSTS
    for key, places in people.acknowledged.items():
        assert tokens[key] in places.pop()
    # A receipt and a notice for each, and no more.
    assert found["mails"] == 2 * POSTS
    assert sorted(found["told"]) == sorted(
        [reference, who, 1] for reference, key, _ in found["sent"] for who in (key, "team")
    )
