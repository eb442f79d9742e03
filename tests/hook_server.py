"""A webhook receiver for tests, with a configurable behaviour: it responds, refuses, redirects, hangs, or drips."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG, DRIP, ENDLESS = "hang", "drip", "endless"


class HookServer(ThreadingHTTPServer):
    """Keeps the received requests. ``behaviour`` is a status to respond with, or the name of a fault."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour: int | str = 200
        self.answer = b"Thank you\x00"
        self.got: list[tuple[str, dict, bytes]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/changes?from=us"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        match self.server.behaviour:
            case "hang":
                self.server.over.wait(20)
            case "drip":
                # A byte now and then: no single wait is long.
                while not self.server.over.wait(0.1):
                    self.wfile.write(b"H")
            case "endless":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not self.server.over.wait(0.1):
                    self.wfile.write(b".")
            case status:
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", str(len(self.server.answer)))
                self.end_headers()
                self.wfile.write(self.server.answer)

    def log_message(self, *args):
        """Log nothing."""


@contextmanager
def hook_server(tls: ssl.SSLContext | None = None) -> Iterator[HookServer]:
    """Run a receiver for the block, with TLS if a context for it is passed."""
    server = HookServer()
    if tls:
        # Before the thread starts: it would find a socket without a descriptor while this wraps it.
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
