"""Outbound HTTP requests: to public addresses only, within a time limit, without following redirects.

Staff type the URL, and its host name may resolve to an internal address. So each name is resolved once, every address
that it has is checked, and the connection is made to one of those, never to the name again.
"""

import contextlib
import dataclasses
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from typing import cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from cms.core.text.cleaning import clean_text

LONGEST_WAIT = 10  # seconds for all of it once its name is found: connecting, sending and being answered
KEPT = 500  # bytes of an answer
MOST_TRIED = 3  # addresses of one name
GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Global by number, but a way into other networks, or for documents: protocols' own, Teredo, 6to4 and its relay.
NOT_FOR_US = [
    *map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")),
    *map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")),
]


class DeliveryError(Exception):
    """Raised when there was no response; its text is for staff."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """The status of a response, and the beginning of its body."""

    status: int
    start: str


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet, and to one machine there."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        # Both carry an IPv4 address, which is where they lead.
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if inner is None and ip not in GLOBAL_IPV6:
            return False
        ip = inner or ip
    if any(ip in network for network in NOT_FOR_US if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def may_be_private(host: str) -> bool:
    """Return whether the settings list a host as internal, so that it may be private and without TLS."""
    return host in settings.WEBHOOK_PRIVATE_HOSTS


def problem_of_address(address: str, field: str) -> None:
    """Validate a URL that requests will be sent to.

    :raises ValidationError: for a URL that is never sent to.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, SplitResult("", "", "", "", "")
    words = ""
    if not re.fullmatch(r"[!-~]+", address) or not host or port == 0:
        words = "Enter a whole web address, such as https://example.org/changes. Use plain letters, and no spaces."
    elif parts.scheme != "https" and not (parts.scheme == "http" and may_be_private(host)):
        words = "Enter an address that starts with https://."
    elif parts.username is not None or parts.password is not None or parts.fragment:
        words = "Leave out any user name or password, and any part after #."
    elif _is_number(host) and not may_be_private(host) and not is_public(host):
        words = "This address is inside a private network. We only send to the public internet."
    if words:
        raise ValidationError({field: words})


def post(address: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Post a body to a URL and return the response; a redirect is a response like any other.

    :raises DeliveryError: if the host cannot be reached, may not be, or does not respond in time.
    """
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _CheckedConnection(parts)
    try:
        connection.request("POST", path, body, headers | {"Connection": "close"})
        with connection.getresponse() as answer:
            start = b""
            with contextlib.suppress(OSError, http.client.HTTPException):
                start = answer.read(KEPT)
            return Answer(answer.status, clean_text(start.decode(errors="replace"), multiline=False))
    except DeliveryError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise DeliveryError(_words_of(failure, connection.was_cut)) from failure
    finally:
        connection.end()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _words_of(failure: Exception, was_cut: bool) -> str:
    if was_cut or isinstance(failure, TimeoutError):
        return f"It did not answer within {LONGEST_WAIT} seconds."
    match failure:
        case socket.gaierror() | UnicodeError():
            return "Its name could not be found."
        case ssl.SSLCertVerificationError():
            return f"Its certificate was not accepted: {failure.verify_message}."[:200]
        case ConnectionRefusedError():
            return "Nothing answers at this address."
    return f"The connection broke ({type(failure).__name__})."


class _CheckedConnection(http.client.HTTPConnection):
    """A connection to a checked address, which is closed at its deadline, whatever the other side does.

    It uses no proxy: one would resolve the name itself.
    """

    def __init__(self, parts: SplitResult):
        self.is_secure = parts.scheme == "https"
        self.default_port = 443 if self.is_secure else 80
        super().__init__(cast("str", parts.hostname), parts.port or self.default_port)
        self.was_cut = False
        self.dialled: socket.socket | None = None  # still there when an answer has taken ``sock`` over
        self.ends = time.monotonic() + LONGEST_WAIT
        # A timeout of the socket starts anew with every byte, and so could be kept waiting for ever.
        self.cutter = threading.Timer(LONGEST_WAIT, self._cut)
        self.cutter.daemon = True

    def connect(self) -> None:
        """Connect to the first of the checked addresses that accepts."""
        self.cutter.start()
        failure: OSError = ConnectionRefusedError()
        for found in self._checked_addresses():
            try:
                self.sock = self.dialled = socket.create_connection(
                    (found, self.port), max(0.1, self.ends - time.monotonic())
                )
                break
            except OSError as refused:
                failure = refused
        else:
            raise failure
        if self.was_cut:
            raise TimeoutError  # there was nothing to cut yet
        if self.is_secure:
            context = ssl.create_default_context()
            secured = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.dialled = secured
            secured.do_handshake()

    def _checked_addresses(self) -> list[str]:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        if not may_be_private(self.host) and not all(map(is_public, addresses)):
            raise DeliveryError("Its name leads into a private network, so nothing was sent.")
        return addresses[:MOST_TRIED]

    def _cut(self) -> None:
        self.was_cut = True
        if self.dialled:
            with contextlib.suppress(OSError):
                # Not the TLS socket's own method, which must not be called while another thread reads.
                socket.socket.shutdown(self.dialled, socket.SHUT_RDWR)

    def end(self) -> None:
        """Close the connection and cancel its deadline."""
        self.cutter.cancel()
        self.close()
