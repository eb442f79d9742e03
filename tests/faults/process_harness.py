"""An isolated site for a fault test: real processes, a temporary database, and a form to submit."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests import clock
from tests.browser.site import ONE_HOST, ROOT

BIN = Path(sys.executable).parent
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
# Migrating takes longer than anything else here, so it is done once.
TEMPLATE = Path(tempfile.mkdtemp(prefix="scrutineer-faults-")) / "migrated.sqlite3"
MAKE_FORM = """
from forms.enums import FormKind
from tests.factories.forms import FormPageFactory, question
form = FormPageFactory(
    title="Fault", slug="fault", team_mailbox="team@example.org",
    questions=[question("mail", "email"), question("why")],
)
print(form.get_url())
"""
COUNT = """
import json
from collections import Counter
from forms.models import Case, Submission
from post_office.models import Email
sent = list(Submission.objects.values_list("reference", "key", "token"))
mails = [(mail.to, mail.message) for mail in Email.objects.all()]
told = Counter(
    (reference, to[0].split("@")[0]) for to, message in mails for reference, _, _ in sent if reference in message
)
print(json.dumps({
    "sent": [[reference, key.hex, str(token)] for reference, key, token in sent],
    "cases": Case.objects.count(),
    "mails": len(mails),
    "told": [[reference, who, number] for (reference, who), number in told.items()],
}))
"""


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Create an empty database of a kind, yield its URL, and drop it afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'faults.sqlite3'}"
        return
    name = f"faults_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class World:
    """The data of the site, and its environment for commands."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *command: str) -> str:
        """Run a command of the site to its end, and return its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, script: str) -> str:
        """Run a script inside the site."""
        return self.manage("shell", "--no-imports", "-c", script)

    def sql(self, statement: str) -> list[tuple]:
        """Run one statement on a site whose database is SQLite."""
        with closing(sqlite3.connect(self.folder / "faults.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(statement).fetchall()

    def begin(self, *command: str) -> subprocess.Popen:
        """Start a command of the site, which may be killed."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def counted(self) -> dict:
        """Return the numbers of submissions, cases and emails."""
        return json.loads(self.shell(COUNT))


@contextmanager
def world(kind: str, folder: Path, **settings: str) -> Iterator[World]:
    """Yield a migrated site on a database of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CACHE_URL", "DEBUG", "EMAIL_URL")}
    with database(kind, folder) as url:
        own = {"DATABASE_URL": url, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
        made = World(folder, kept | own | clock.environment() | settings)
        if kind == "sqlite" and TEMPLATE.exists():
            shutil.copy(TEMPLATE, folder / "faults.sqlite3")
        else:
            made.manage("migrate", "-v0")
        if kind == "sqlite" and not TEMPLATE.exists():
            made.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(folder / "faults.sqlite3", TEMPLATE)
        yield made


class Server:
    """A web server whose processes are killed without warning, and restarted at once."""

    def __init__(self, made: World):
        self.world, self.kills = made, 0
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind((ONE_HOST, 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start gunicorn, in a process group of its own so that all of it can be killed."""
        bind = f"{ONE_HOST}:{self.port}"
        command: list[str | Path] = [BIN / "gunicorn", "cms.wsgi", "--preload", "--bind", bind]
        self.process = subprocess.Popen(
            [*command, "--workers", "2", "--threads", "4", "--log-level", "critical"],
            cwd=ROOT,
            env=self.world.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_worker(self) -> None:
        """Kill a worker process, in the middle of whatever it does; gunicorn starts another."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)
            self.kills += 1

    def kill(self) -> None:
        """Kill all processes, as a power cut would."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def wait(self) -> None:
        """Wait until it responds."""
        while True:
            try:
                self.ask("GET", "/healthz")
            except OSError:
                assert self.process
                assert self.process.poll() is None, "the server ended by itself"
                time.sleep(0.1)
            else:
                return

    def ask(self, method: str, path: str, body: str = "", headers: dict | None = None) -> tuple[int, dict]:
        """Send one request; return the status and the headers.

        :raises OSError: if there was no complete response.
        """
        connection = http.client.HTTPConnection(ONE_HOST, self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status, dict(answer.getheaders())
        except http.client.HTTPException as broken:
            raise OSError from broken
        finally:
            connection.close()
