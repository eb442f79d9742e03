"""An SMTP server for tests: it keeps what it receives, and refuses the configured recipients."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator
from email import message_from_string
from email.message import Message

HANGING = 3  # seconds


class _Talk(socketserver.StreamRequestHandler):
    """One SMTP session."""

    server: "MailServer"

    def reply(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        trouble = self.server.next_trouble()
        if trouble == "refuse":
            return self.reply("421 too busy")
        if trouble == "hang":
            return time.sleep(HANGING)
        self.reply("220 ready")
        for line in iter(lambda: self.rfile.readline().decode().strip(), ""):
            match line.upper().split(":")[0].split()[0]:
                case "RCPT" if any(name in line for name in self.server.refused):
                    self.reply(f"550 no such person: {line}")
                case "DATA":
                    self.reply("354 go on")
                    if trouble == "drop":
                        return None
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    message = message_from_string("\n".join(lines))
                    time.sleep(self.server.delay)
                    self.server.taken.append(message)
                    self.reply("250 taken")
                case "QUIT":
                    return self.reply("221 bye")
                case _:
                    self.reply("250 ok")
        return None


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Message] = []
        self.refused: list[str] = []
        self.delay = 0.0
        # What goes wrong with the next so many connections: refuse, hang or drop.
        self.trouble, self.troubles = "", 0

    def next_trouble(self) -> str:
        """Return the fault of this connection, or None."""
        if not self.trouble or not self.troubles:
            return ""
        self.troubles -= 1
        return self.trouble

    @property
    def told(self) -> list[str]:
        """Return the recipients of each message, in order."""
        return [message["To"] for message in self.taken]


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server for the block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
