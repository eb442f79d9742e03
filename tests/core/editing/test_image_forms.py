"""Damaged images uploaded in the admin (case S8): reported with a message, in each of the three upload forms."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.images import get_image_model

pytestmark = pytest.mark.django_db


def picture(kind: str, **more) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((120, 90), 64).convert("RGB").save(file, kind, **more)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """An image of 900 million pixels in a hundred kilobytes."""
    side = 30_000
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * ((side // 8 + 1) * side), 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


GIF, PNG, JPEG, WEBP = (picture(kind) for kind in ("GIF", "PNG", "JPEG", "WEBP"))
MOVING = picture("GIF", save_all=True, append_images=[Image.effect_noise((120, 90), 32)], duration=100, loop=0)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DAMAGED = {
    "the head of a GIF": ("a.gif", GIF[:6]),
    "a GIF cut short": ("a.gif", GIF[:20]),
    "a GIF without its end": ("a.gif", GIF[: len(GIF) // 2]),
    "a GIF of nonsense": ("a.gif", b"GIF89a\x10\x00\x10\x00\x80\x00\x00" + b"\xff" * 40),
    "a moving GIF with half a second picture": ("a.gif", MOVING[:-2000]),
    "a truncated PNG": ("a.png", PNG[:2000]),
    "a PNG without its end": ("a.png", PNG[:-200]),
    "a PNG with a wrong sum": ("a.png", PNG[:100] + b"xxxx" + PNG[104:]),
    "a truncated JPEG": ("a.jpg", JPEG[:300]),
    "a truncated WebP": ("a.webp", WEBP[:30]),
}
OTHERWISE = {
    "a bomb": ("a.png", bomb()),
    "a script in an SVG": ("a.svg", SVG),
    "an SVG that says PNG": ("a.png", SVG),
    "a PNG that says GIF": ("a.gif", PNG),
    "text": ("a.png", b"hello"),
    "nothing": ("a.png", b""),
    "an archive": ("a.png", b"PK\3\4" + b"\0" * 50),
}
WAYS = {
    "one": ("/admin/images/add/", "file", {"title": "x", "collection": "1"}),
    "several": ("/admin/images/multiple/add/", "files[]", {"title": "x", "collection": "1"}),
    "in a chooser": (
        "/admin/images/chooser/create/",
        "image-chooser-upload-file",
        {"image-chooser-upload-title": "x", "image-chooser-upload-collection": "1"},
    ),
}


@pytest.fixture
def send(admin_client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    admin_client.raise_request_exception = False

    def send(way: str, name: str, content: bytes):
        address, field, more = WAYS[way]
        file = SimpleUploadedFile(name, content)
        return admin_client.post(address, {field: file} | more, HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    return send


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_read_is_told(send, way):
    """Case S8."""
    for case, (name, content) in DAMAGED.items():
        answer = send(way, name, content)
        assert answer.status_code == 200, case
        words = answer.content.decode()
        assert "cannot be read" in words or "not an image or a corrupted image" in words, case
    for case, (name, content) in OTHERWISE.items():
        assert send(way, name, content).status_code == 200, case
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_what_can_be_read_is_taken(send, way):
    files = {"a.gif": GIF, "b.gif": MOVING, "a.png": PNG, "a.jpg": JPEG, "a.webp": WEBP}
    for name, content in files.items():
        assert send(way, name, content).status_code in (200, 302), name
    assert get_image_model().objects.count() == len(files)
    for image in get_image_model().objects.all():
        with image.file.open("rb") as kept:
            assert kept.read() in files.values()
        assert image.get_rendition("width-50").width == 50
