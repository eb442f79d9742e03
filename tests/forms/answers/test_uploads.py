"""Uploaded files: accepted types, stored content, and retention when the form has errors elsewhere."""

import datetime
import errno
import io
import os
import socketserver
import struct
import threading
import uuid
import zipfile
import zlib

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image

from forms.answers.forms import AnswersForm, rows_of
from forms.answers.throttling import is_over
from forms.answers.uploads import (
    UploadNotStored,
    forget_unsent,
    keep_upload,
    sweep_files,
    uploads_in,
)
from forms.answers.versions import ensure_version
from forms.models import Submission, Upload
from forms.privacy.cleanup import FILES, erase_unsent, sweep_away
from forms.rules.file_types import LARGEST, UploadRefused
from tests.factories.forms import FormPageFactory, question, section, send_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(monkeypatch, tmp_path):
    """Store files in a temporary folder."""
    monkeypatch.setattr(Upload._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    return tmp_path


@pytest.fixture
def form_page():
    return FormPageFactory(questions=[question("photo", "file", most=2), question("why")])


@pytest.fixture
def version(form_page):
    return ensure_version(form_page)


def picture(shape: str = "JPEG", size: tuple[int, int] = (40, 30), **more) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, format=shape, **more)
    return made.getvalue()


def archive(*parts: str, content: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts:
            packed.writestr(name, content)
    return made.getvalue()


def bomb_picture() -> bytes:
    """Return a PNG of a few bytes that declares a size of 30,000 by 30,000 pixels."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")


TYPES, WORDS = "[Content_Types].xml", "word/document.xml"
WORD = archive(TYPES, WORDS)
EXCEL = archive(TYPES, "xl/workbook.xml")
ODT = archive("mimetype", content=b"application/vnd.oasis.opendocument.text")
ODS = archive("mimetype", content=b"application/vnd.oasis.opendocument.spreadsheet")

TAKEN = [
    ("photo.jpg", picture(), "photo.jpg", "image/jpeg"),
    ("photo.exe", picture("PNG"), "photo.png", "image/png"),
    ("p", picture("WEBP"), "p.webp", "image/webp"),
    ("letter.pdf", b"%PDF-1.7\n%...", "letter.pdf", "application/pdf"),
    ("letter.doc", WORD, "letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("sums.xlsx", EXCEL, "sums.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("letter.odt", ODT, "letter.odt", "application/vnd.oasis.opendocument.text"),
    ("sums.ods", ODS, "sums.ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("../../etc/passwd", "Caf\u00e9 £5".encode(), "passwd.txt", "text/plain"),
    ("C:\\x\\<b>\u202etxt.exe", b"words", "b txt.txt", "text/plain"),
    ("", b"words", "file.txt", "text/plain"),
    ("n" * 300 + ".txt", b"words", "n" * 114 + ".txt", "text/plain"),
]

REFUSED = [
    ("empty.txt", b"", "is empty"),
    ("big.txt", b"a" * (LARGEST + 1), "7 MB or smaller"),
    ("photo.jpg", b"MZ\x90\x00 a program", "not a kind of file"),
    ("page.svg", b"\xff\xfe\x00\x01", "not a kind of file"),
    ("photo.jpg", picture()[:200], "cannot open"),
    ("photo.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not a kind of file"),
    ("bomb.png", bomb_picture(), "too large a picture"),
    ("bomb.docx", archive(TYPES, WORDS, content=b"\0" * 2_000_000), "unpacks to far more"),
    ("macro.docx", archive(TYPES, WORDS, "word/vbaProject.bin"), "macro"),
    ("a.zip", archive("readme"), "not a kind of file"),
    ("broken.docx", WORD[:40], "broken"),
]


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", data)
    file._name = name  # type: ignore[attr-defined]  # Django's own setter cleans the name
    return file


@pytest.mark.parametrize(("name", "data", "kept_as", "content_type"), TAKEN, ids=[row[0][-20:] for row in TAKEN])
def test_what_is_allowed_is_kept_under_a_name_of_ours(version, private, name, data, kept_as, content_type):
    upload = keep_upload(version=version, question_id="photo", file=sent(name, data))
    assert (upload.name, upload.content_type) == (kept_as, content_type)
    (file,) = [path for path in private.rglob("*") if path.is_file()]
    assert file.name != name
    assert len(file.name) == 32
    assert upload.size == file.stat().st_size


@pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[f"{name}: {words}" for name, _, words in REFUSED])
def test_what_is_not_allowed_is_refused_in_words(version, private, monkeypatch, name, data, words):
    monkeypatch.setattr("forms.rules.file_types.MOST_UNPACKED", 3_000_000)
    with pytest.raises(UploadRefused, match=words):
        keep_upload(version=version, question_id="photo", file=sent(name, data))
    assert not Upload.objects.exists()
    assert not [path for path in private.rglob("*") if path.is_file()]


@pytest.mark.parametrize("shape", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_without_what_the_camera_noted(version, shape):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 12.0, 0.0)}  # where it was taken
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # held upright
    data = picture(shape, exif=exif, comment="SecretWords") + b"<script>behind the picture</script>"
    upload = keep_upload(version=version, question_id="photo", file=sent("p", data))
    kept = upload.file.open().read()
    assert b"SecretCamera" in data
    for secret in (b"SecretCamera", b"SecretWords", b"script"):
        assert secret not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (30, 40)


def form_with(version, files=(), **posted) -> AnswersForm:
    data = QueryDict(mutable=True)
    for name, value in posted.items():
        data.setlist(f"q-{name.replace('__', '-')}", value if isinstance(value, list) else [value])
    return AnswersForm(version.definition, data, MultiValueDict({"q-photo": list(files)}), version=version)


def test_a_browser_offers_every_name_that_a_kind_goes_by(version):
    """Case F9."""
    field = AnswersForm(version.definition).sections()[0]["questions"][0]
    endings = field["accept"].split(",")
    assert {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".odt", ".ods", ".txt"} <= set(endings)
    assert len(endings) == len(set(endings))


def test_a_file_survives_a_mistake_elsewhere(version):
    first = form_with(version, [sent("stairs.jpg", picture())], why="")
    first.keep_files()
    assert [box for box, _ in first.problems()] == ["q-why"]
    token = first.data["q-photo-kept"]
    field = first.sections()[0]["questions"][0]
    page = render_to_string(field["template"], {"field": field})
    assert f'value="{token}"' in page
    assert "stairs.jpg" in page

    second = form_with(version, photo__kept=token, why="Because")
    assert second.is_valid(), second.errors
    (file,) = second.answers()["photo"]
    assert (file["token"], file["name"]) == (token, "stairs.jpg")
    assert [upload.token.hex for upload in uploads_in(version=version, answers=second.answers())] == [token]
    row = rows_of(version.definition, second.answers())[0].rows[0]
    assert row.words == "stairs.jpg"


def test_a_file_goes_all_the_way_to_what_is_sent(form_page, post):
    """On the page itself: first with an error elsewhere, then corrected without choosing the file again."""
    wrong = post(form_page, {"q-photo": sent("stairs.jpg", picture()), "q-why": ""}, follow=True)
    assert wrong.status_code == 200
    page = wrong.content.decode()
    assert 'enctype="multipart/form-data"' in page
    token = Upload.objects.get().token.hex
    assert f'value="{token}"' in page

    assert post(form_page, {"q-photo-kept": token, "q-why": "Because"}).status_code == 303
    upload = Upload.objects.get()
    assert upload.submission.answers["photo"][0]["token"] == token
    # It is spent: nobody else's form can take it along.
    again = post(form_page, {"q-photo-kept": token, "q-why": "Because"}, follow=True)
    assert "We no longer have one of your files" in again.content.decode()


def test_the_same_file_sent_again_is_the_same(form_page, post):
    def send_photos(*files, why="Because", **more):
        posted = {"key": key, "q-photo": [sent(name, data) for name, data in files], "q-why": why} | more
        return post(form_page, posted)["Location"]

    key, stairs, lift = uuid.uuid4().hex, ("stairs.jpg", picture()), ("lift.txt", b"Broken")
    first = send_photos(stairs, lift)
    assert send_photos(stairs, lift) == first
    assert send_photos(lift, ("renamed.jpg", picture())) == first
    for changed in (
        send_photos(stairs),
        send_photos(stairs, ("lift.txt", b"Mended")),
        send_photos(stairs, lift, why="Other"),
    ):
        assert changed == f"{first}?first"
    # And so are those that were kept when something else was wrong.
    kept = [upload.token.hex for upload in Upload.objects.all()]
    assert send_photos(**{"q-photo-kept": kept}) == first
    assert (
        send_photos(**{"q-photo-kept": kept[:1]})
        == send_photos(**{"q-photo-kept": [uuid.uuid4().hex, kept[0]]})
        == f"{first}?first"
    )
    assert Upload.objects.count() == 2


def test_a_file_that_is_no_longer_ticked_is_left_out(version):
    kept = [keep_upload(version=version, question_id="photo", file=sent("a.txt", b"a")).token.hex for _ in range(2)]
    form = form_with(version, photo__kept=kept[1], why="Because")
    assert form.is_valid(), form.errors
    assert [file["token"] for file in form.answers()["photo"]] == [kept[1]]


def test_a_token_of_anything_else_is_refused(version):
    other_form = ensure_version(FormPageFactory(questions=[question("photo", "file")]))
    elsewhere = keep_upload(version=other_form, question_id="photo", file=sent("a.txt", b"a"))
    other_question = keep_upload(version=version, question_id="why", file=sent("a.txt", b"a"))
    already = keep_upload(version=version, question_id="photo", file=sent("a.txt", b"a"))
    already.submission = send_to(version.form, {"why": "x"}, uuid.uuid4())
    already.save()
    for token in (
        elsewhere.token.hex,
        other_question.token.hex,
        already.token.hex,
        uuid.uuid4().hex,
        "nonsense",
        "\x00",
    ):
        form = form_with(version, photo__kept=token, why="Because")
        assert form.problems() == [("q-photo", "We no longer have one of your files. Choose it again.")]
        stored = {"photo": [{"token": token, "name": "a", "size": 1}]}
        assert uploads_in(version=version, answers=stored) == []


def test_more_files_than_are_asked_for_are_refused(version):
    form = form_with(version, [sent(f"{at}.txt", b"a") for at in range(3)], why="Because")
    assert form.problems() == [("q-photo", "You can send up to 2 files here")]
    assert not Upload.objects.exists()


def test_validation_writes_nothing_and_files_are_kept_once(version, private, rf, settings, scanned):
    """Case R5: any number of validations stores a file once."""
    request = rf.post("/")
    data, files = QueryDict("q-why="), MultiValueDict({"q-photo": [sent("a.txt", b"a")]})
    form = AnswersForm(version.definition, data, files, version=version, request=request)
    assert not form.is_valid()
    assert not form.is_valid()
    form.full_clean()
    form.sections()
    assert not Upload.objects.exists()
    assert not scanned
    assert not is_over(request, "file", 1)

    form.keep_files()
    form.keep_files()
    assert [box for box, _ in form.problems()] == ["q-why"]
    assert Upload.objects.count() == len(scanned) == 1
    assert is_over(request, "file", 1)
    assert not is_over(request, "file", 2)


@pytest.fixture
def scanned(monkeypatch) -> list[str]:
    """Return the names of the files that were scanned for viruses."""
    names: list[str] = []
    monkeypatch.setattr("forms.answers.uploads.scan", lambda data, called: names.append(called))
    return names


def test_a_preview_keeps_no_file(version):
    data = QueryDict("q-why=x")
    form = AnswersForm(version.definition, data, MultiValueDict({"q-photo": [sent("a.txt", b"a")]}))
    form.keep_files()
    assert form.is_valid()
    assert not Upload.objects.exists()


def test_files_that_were_never_sent_are_forgotten(version, django_capture_on_commit_callbacks):
    old = keep_upload(version=version, question_id="photo", file=sent("old.txt", b"a"))
    keep_upload(version=version, question_id="photo", file=sent("new.txt", b"a"))
    Upload.objects.filter(pk=old.pk).update(kept_at=timezone.now() - datetime.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unsent(before=timezone.now() - datetime.timedelta(days=1)) == 1
    assert [upload.name for upload in Upload.objects.all()] == ["new.txt"]
    assert not old.file.storage.exists(old.file.name)


def test_a_file_that_no_row_names_is_swept_away_after_a_day(version, private, monkeypatch):
    named = keep_upload(version=version, question_id="photo", file=sent("named.txt", b"a"))
    orphans = [private / "uploads" / name for name in ("one", "stuck", "two", "young")]
    for path in orphans:
        path.write_bytes(b"left behind")
    long_ago = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    # The suite's clock is not the one that the machine writes on files.
    os.utime(orphans[3], (timezone.now().timestamp(),) * 2)
    for path in [*orphans[:3], private / named.file.name]:
        os.utime(path, (long_ago, long_ago))
    delete = FileSystemStorage.delete

    def delete_but_one(storage, name):
        if name.endswith("stuck"):
            raise PermissionError(name)
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", delete_but_one)
    with pytest.raises(ExceptionGroup):
        sweep_away(timezone.now())
    assert [path.exists() for path in orphans] == [False, True, False, True]
    assert named.file.storage.exists(named.file.name)


def test_before_anybody_sends_a_file_there_is_nothing_to_sweep():
    assert sweep_files(before=timezone.now()) == 0


def test_a_file_lasts_as_long_as_the_form_that_is_saved_with_it(client):
    form = FormPageFactory(
        sections=[
            section(question("photo", "file", required=False), section_id="one"),
            section(question("why"), section_id="two"),
        ]
    )
    client.post(f"{form.get_url()}?section=one", {"q-photo": sent("a.txt", b"a")})
    Upload.objects.update(kept_at=timezone.now() - FILES)
    client.post(f"{form.get_url()}?section=two", {"q-why": "A", "later": "1"})
    erase_unsent(timezone.now())
    assert Upload.objects.exists()
    erase_unsent(timezone.now() + FILES)
    assert not Upload.objects.exists()


def test_one_address_does_not_fill_the_disk(form_page, post, settings, home_phone):
    settings.UPLOAD_RATE_LIMIT = 2
    wrong = {"q-photo": [sent("a.txt", b"a"), sent("b.txt", b"b")], "q-why": ""}
    assert "There is a problem" in post(form_page, wrong, follow=True).content.decode()
    stopped = post(form_page, {"q-photo": sent("c.txt", b"c"), "q-why": "My words"})
    assert stopped.status_code == 429
    assert "We have had too many files from where you are" in stopped.content.decode()
    assert home_phone in stopped.content.decode()
    assert 'value="My words"' in stopped.content.decode()
    assert Upload.objects.count() == 2
    assert not Submission.objects.exists()
    # Whoever sends none is not kept from anything.
    form = FormPageFactory()
    assert post(form, {"q-why": "A"}).status_code == 303


def test_one_address_does_not_fill_the_disk_section_by_section(client, settings):
    settings.UPLOAD_RATE_LIMIT = 0
    parts = [section(question("photo", "file"), section_id="one"), section(question("why"), section_id="two")]
    form = FormPageFactory(sections=parts)
    assert client.post(f"{form.get_url()}?section=one", {"q-photo": sent("a.txt", b"a")}).status_code == 429
    assert not Upload.objects.exists()


class Clamd(socketserver.ThreadingTCPServer):
    """A fake clamd that implements INSTREAM, and returns a fixed result."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answer: bytes):
        self.answer = answer
        self.heard: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Stream)


class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.readline() == b"nINSTREAM\n"
        data = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.server.heard.append(data)
        self.wfile.write(self.server.answer)


@pytest.fixture
def scanner(settings):
    """Start a fake scanner with one result, and configure the site to use it."""
    running = []

    def start(answer: bytes) -> Clamd:
        server = Clamd(answer)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_with_a_scanner_every_file_is_looked_at_as_it_came(version, scanner):
    server = scanner(b"stream: OK\n")
    keep_upload(version=version, question_id="photo", file=sent("a.txt", b"words"))
    assert server.heard == [b"words"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"stream: Eicar-Test-Signature FOUND\n", "has a virus"),
        (b"stream: something ERROR\n", "could not check"),
        (b"INSTREAM size limit exceeded. ERROR\n", "could not check"),
        (b"\xff\xfe\n", "could not check"),
        (b"", "could not check"),
    ],
)
def test_what_the_scanner_does_not_call_clean_is_refused(version, scanner, answer, words):
    scanner(answer)
    with pytest.raises(UploadRefused, match=words):
        keep_upload(version=version, question_id="photo", file=sent("a.txt", b"words"))
    assert not Upload.objects.exists()


def test_without_an_answer_from_the_scanner_nothing_is_kept(version, settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    with pytest.raises(UploadRefused, match="could not check"):
        keep_upload(version=version, question_id="photo", file=sent("a.txt", b"words"))


def no_room(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


FULL = {
    "in the store": ("django.core.files.storage.FileSystemStorage._save", b"words"),
    "while it is read": ("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", b"words " * 500_000),
    "in the middle of it": (
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        b"w" * 10**6 * 3,
    ),
}


@pytest.mark.parametrize(("target", "data"), FULL.values(), ids=FULL)
@pytest.mark.parametrize("path", ["", "?section=s1"])
def test_a_full_disk_loses_no_words(client, form_page, monkeypatch, target, data, path):
    """Case F21."""
    if path:
        questions = [question("photo", "file", most=2), question("why")]
        form_page = FormPageFactory(sections=[section(*questions), section(question("b"), section_id="s2")])
    monkeypatch.setattr(target, no_room)
    posted = {"q-photo": sent("stairs.txt", data), "q-why": "My words", "key": uuid.uuid4().hex}
    answer = client.post(f"{form_page.get_url()}{path}", posted, follow=True)
    page = answer.content.decode()
    assert answer.status_code < 500
    assert "We could not keep “stairs.txt”, because we have no room just now." in page
    assert 'value="My words"' in page
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("target", "data"), FULL.values(), ids=FULL)
def test_a_full_disk_is_told_to_programs(client, form_page, monkeypatch, target, data):
    """Case F21."""
    monkeypatch.setattr(target, no_room)
    posted = {"question": "photo", "file": sent("stairs.txt", data)}
    answer = client.post(f"/api/v2/forms/{form_page.pk}/files/", posted)
    assert answer.status_code == 503
    assert "we have no room just now" in answer.json()["message"]
    assert answer.json()["errors"] == {"file": [answer.json()["message"]]}
    assert answer["Retry-After"]
    assert not Upload.objects.exists()


def test_a_database_without_room_for_the_row_is_told_alike(version, monkeypatch):
    """Case F21: SQLite is on the same disk."""

    def full(self, *args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Upload, "save", full)
    with pytest.raises(UploadNotStored, match="no room just now"):
        keep_upload(version=version, question_id="photo", file=sent("a.txt", b"a"))
