"""Outbound requests go to public addresses only, within a time limit, without following redirects."""

import datetime
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError

from cms.core.security import outbound_http
from cms.core.security.outbound_http import DeliveryError, is_public, post, problem_of_address
from tests.hook_server import DRIP, ENDLESS, HANG, hook_server

PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4009::1"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8"),
]
PRIVATE = [
    *("127.0.0.1", "127.8.9.1", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00::1", "ff02::1", "ff0e::1"),
    *("2001:db8::1", "2001::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "100::1", "4000::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_may_be_told(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_network_is_reached(address):
    assert not is_public(address)


@pytest.fixture
def server(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1", "hook.example"]
    with hook_server() as running:
        yield running


@pytest.fixture
def names(monkeypatch):
    """Set the results of successive look-ups of host names."""
    answers: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host not in answers:
            return real(host, port, *args, **kwargs)
        found = answers[host].pop(0)
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, 1, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_into_a_private_network_is_sent_nothing(server, names, found):
    names["evil.example"] = [found]
    with pytest.raises(DeliveryError, match="private network"):
        post(f"http://evil.example:{server.server_port}/", b"{}", {})
    assert server.got == []


def test_a_name_is_asked_once_and_the_address_that_was_checked_is_the_one_connected_to(server, names, monkeypatch):
    """The name has a public address when it is checked; a second look-up would return that of our own machine."""
    names["evil.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    connected = []

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(DeliveryError, match="Nothing answers"):
        post(f"http://evil.example:{server.server_port}/", b"{}", {})
    assert connected == [("93.184.215.14", server.server_port)]


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(server, names):
    names["hook.example"] = [["::1", "127.0.0.1"]]
    assert post(f"http://hook.example:{server.server_port}/", b"{}", {}).status == 200
    assert server.got[0][1]["Host"] == f"hook.example:{server.server_port}"


def test_no_proxy_of_the_environment_is_asked(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(server.address, b"{}", {}).status == 200
    assert server.got[0][0] == "/changes?from=us"


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    server.behaviour = 301
    assert post(server.address, b"{}", {}).status == 301
    assert len(server.got) == 1


def test_only_the_start_of_an_answer_is_kept_and_it_can_be_stored(server):
    server.answer = b"a\x00b\n" + b"x" * 100_000
    start = post(server.address, b"{}", {}).start
    assert start.startswith("ab x")
    assert len(start) <= outbound_http.KEPT


@pytest.mark.parametrize("behaviour", [HANG, DRIP])
def test_whoever_does_not_answer_is_left_in_time(server, monkeypatch, behaviour):
    monkeypatch.setattr(outbound_http, "LONGEST_WAIT", 0.5)
    server.behaviour = behaviour
    started = time.monotonic()
    with pytest.raises(DeliveryError, match="did not answer"):
        post(server.address, b"{}", {})
    assert time.monotonic() - started < 5


def test_whoever_never_comes_to_an_end_has_answered_with_what_came_in_time(server, monkeypatch):
    monkeypatch.setattr(outbound_http, "LONGEST_WAIT", 0.5)
    server.behaviour = ENDLESS
    started = time.monotonic()
    assert post(server.address, b"{}", {}).status == 200
    assert time.monotonic() - started < 5


def test_what_cannot_be_reached_is_told_in_words(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1", "nowhere.invalid"]
    with pytest.raises(DeliveryError, match="Nothing answers"):
        post("http://127.0.0.1:1/", b"", {})
    with pytest.raises(DeliveryError, match="name could not be found"):
        post("http://nowhere.invalid/", b"", {})


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A TLS server for ``hook.example``, whose certificate this process trusts; yields its port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example")])
    # OpenSSL reads the machine's clock past every other, so this holds on any day.
    first, last = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), first, last)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    (tmp_path / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with hook_server(context) as server:
        yield server


def test_a_certificate_is_checked_against_the_name_though_the_address_is_dialled(certified, names, settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["hook.example", "other.example"]
    names |= {"hook.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}
    port = certified.server_port
    assert post(f"https://hook.example:{port}/", b"{}", {}).status == 200
    with pytest.raises(DeliveryError, match="certificate was not accepted"):
        post(f"https://other.example:{port}/", b"{}", {})
    assert len(certified.got) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "//example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "https:///path"),
        *("http://example.org/", "https://user@example.org/", "https://u:p@example.org/", "https://example.org/#x"),
        *(
            "https://exa mple.org/",
            "https://example.org/\r\nHost: x",
            "https://ex\x00ample.org/",
            "https://exämple.org/",
        ),
        *("https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest"),
        *("https://example.org:0/", "https://example.org:99999/", "https://[::1", "https://example.org:x/"),
    ],
)
def test_an_address_that_nothing_could_be_sent_to_is_refused_in_words(address):
    with pytest.raises(ValidationError) as refused:
        problem_of_address(address, field="address")
    assert set(refused.value.message_dict) == {"address"}


@pytest.mark.parametrize("address", ["https://example.org/", "https://EXAMPLE.org:8443/a?b=c", "https://8.8.8.8/"])
def test_an_ordinary_address_is_taken(address):
    problem_of_address(address, field="address")
    assert urlsplit(address).hostname


def test_a_host_that_the_settings_name_may_be_private_and_without_tls(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["10.0.0.7", "intranet"]
    for address in ("http://10.0.0.7/x", "http://intranet:8080/", "https://INTRANET/"):
        problem_of_address(address, field="address")
    with pytest.raises(ValidationError):
        problem_of_address("http://10.0.0.8/", field="address")
