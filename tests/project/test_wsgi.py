"""Requests before Django has handled them."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_started
from django.db import close_old_connections

from cms.wsgi import application
from tests.factories.forms import FormPageFactory, question

pytestmark = pytest.mark.django_db
CHARSETS = ["rot13", "utf-7", "hex", "unicode_escape", "nonsense", "hex\0", "é", '"', "x" * 5_000]
MANY_PARTS = b'--x\r\nContent-Disposition: form-data; name="q-why"\r\n\r\n+2AA-\xc3\xa9\r\n--x--'


@pytest.fixture(autouse=True)
def one_connection():
    """Let a request use the database connection of the test, which a real one would close first."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def ask(path: str, content_type: str, *, method: str = "GET", body: bytes = b"") -> tuple[int, str]:
    """Call the application, and return the status and the page."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "a=b",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(body),
        # What is tested here is not who may send.
        "HTTP_COOKIE": f"csrftoken={'a' * 32}",
        "HTTP_X_CSRFTOKEN": "a" * 32,
    }
    setup_testing_defaults(environ)
    told = []
    answer = application(environ, lambda status, headers: told.append(int(status[:3])))
    return told[0], b"".join(answer).decode()


@pytest.mark.parametrize("parameter", ["charset", "charset*"])
@pytest.mark.parametrize("charset", CHARSETS)
def test_what_comes_is_read_as_utf_8_whatever_it_says(home, charset, parameter):
    said = f"; {parameter}={charset}" + "''x" * parameter.endswith("*")
    form = FormPageFactory(questions=[question("why")]).get_url()
    assert ask(form, f"text/plain{said}")[0] == 200
    for content_type, body in [
        (f"application/x-www-form-urlencoded{said}", b"q-why=%2B2AA-%C3%A9&key=x"),
        (f"multipart/form-data; boundary=x{said}", MANY_PARTS),
        (f'multipart/form-data{said}; boundary="x"', MANY_PARTS),
    ]:
        status, page = ask(form, content_type, method="POST", body=body)
        assert status == 422, content_type
        assert "+2AA-é" in page, content_type
