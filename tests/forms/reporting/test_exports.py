"""Exports: every answer is in its own column however questions changed, and no formula runs."""

import csv
import io
import uuid
import zipfile

import openpyxl
import pytest
from django.contrib.auth.models import User

from cms.core.spreadsheets.xlsx import xlsx_parts
from forms.enums import AccessAction, FormKind
from forms.models import AccessRecord, Case, FormPage, Submission
from tests.factories.forms import FormPageFactory, question, republish, section, send_to
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
NASTY = '=HYPERLINK("https://evil.example","A")'
FACTS = 7  # columns before the first answer


@pytest.fixture
def form(db) -> FormPage:
    needs = question("needs", "yes_no", label="Any needs?", follow_up="Which?", required=False)
    secret = question("secret", label="Secret?", handlers_only=True)
    return FormPageFactory(kind=FormKind.GENERAL, questions=[question("why", label="Why?"), needs, secret])


@pytest.fixture
def get(client, admin_user):
    """Download an export, and return its rows."""
    client.force_login(admin_user)

    def read(form: FormPage, ending: str, number: int | None = None) -> list[list[str]]:
        name = f"version-{number}" if number else "all"
        answer = client.get(f"/admin/received-files/{form.form_key}/{name}.{ending}")
        assert answer.status_code == 200
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
        assert answer["Content-Disposition"].startswith("attachment")
        content = b"".join(answer.streaming_content)
        if ending == "csv":
            return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]

    return read


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_answer_is_never_out_of_place_whatever_became_of_the_questions(get, form, ending):
    """Reworded, moved, added and removed: a question is identified by its id."""
    send_to(form, {"why": "First", "needs": {"choice": "yes", "details": "A ramp"}, "secret": "x"}, uuid.uuid4())
    reworded = question("why", label="What for?")
    added = question("when", label="When?", required=False)
    changed = republish(form, sections=[section(added, question("other", label="Else?", required=False), reworded)])
    send_to(changed, {"why": "Second", "when": "Now"}, uuid.uuid4())
    rows = get(form, ending)
    headings = rows[0][FACTS:]
    assert headings == ["When?", "Else?", "What for?", "Any needs?"]
    assert [dict(zip(headings, row[FACTS:], strict=True)) for row in rows[1:]] == [
        {"When?": "", "Else?": "", "What for?": "First", "Any needs?": "Yes: A ramp"},
        {"When?": "Now", "Else?": "", "What for?": "Second", "Any needs?": ""},
    ]
    assert [row[2] for row in rows[1:]] == ["1", "2"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("type_", "stored", "written"),
    [
        ("phone", "07700900123", "07700 900123"),
        ("phone", "+447700900123", "07700 900123"),
        ("phone", "0044 1632 960001", "01632 960001"),
        ("phone", "+44(0)2079460123", "020 7946 0123"),
        ("phone", "01134960123", "0113 496 0123"),
        ("phone", "03069990123", "0306 999 0123"),
        ("phone", "07700 900-123", "07700 900-123"),
        ("phone", "+33 1 99 00 12 34", "'+33 1 99 00 12 34"),
        ("short_text", "07700900123", "07700 900123"),
        ("short_text", "00123", "'00123"),
        ("short_text", "1234567890123456", "'1234567890123456"),
        ("short_text", "12", "12"),
        ("money", "0.50", "£0.50"),
    ],
)
def test_no_digit_is_lost_in_a_spreadsheet(get, ending, type_, stored, written):
    """Case F8."""
    form = FormPageFactory(questions=[question("q", type_)])
    send_to(form, {"q": stored}, uuid.uuid4())
    assert get(form, ending)[1][FACTS] == written


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_one_version_alone_has_its_own_words(get, form, ending):
    send_to(form, {"why": "First"}, uuid.uuid4())
    changed = republish(form, sections=[section(question("why", label="What for?"))])
    send_to(changed, {"why": "Second"}, uuid.uuid4())
    first, second = get(form, ending, 1), get(form, ending, 2)
    assert (first[0][FACTS:], len(first)) == (["Why?", "Any needs?"], 2)
    assert (second[0][FACTS:], [row[FACTS] for row in second[1:]]) == (["What for?"], ["Second"])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_for_handlers_only_in_any_version_is_left_out(get, form, ending):
    send_to(form, {"why": "A", "secret": "Diagnosis"}, uuid.uuid4())
    republish(form, sections=[section(question("why"), question("secret", label="No secret now"))])
    rows = get(form, ending)
    assert "Diagnosis" not in str(rows)
    assert "ecret" not in str(rows[0])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("typed", [NASTY, "+44 20", "-1", "@SUM(A1)", "\uff1dA1", "\t=A1", "\n=A1"])
def test_nothing_in_a_file_is_a_formula(get, form, ending, typed):
    page = republish(form, title=NASTY, sections=[section(question("why", label=NASTY))])
    send_to(page, {"why": typed}, uuid.uuid4())
    for row in get(form, ending):
        assert not any(str(value).startswith(("=", "+", "-", "@", "\uff1d", "\t", "\n")) for value in row)


@pytest.mark.parametrize("typed", ["<b>&amp;</b>", "\U0001f600", "]]>", "a\x00b\x1bc\ufffe", "x" * 40_000, ""])
def test_a_workbook_holds_any_text(typed):
    content = b"".join(xlsx_parts(["A"], [[typed], [None], [3]]))
    value = openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value or ""
    assert value == "".join(c for c in typed if c not in "\x00\x1b\ufffe")[:32_767]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_spam_is_in_no_file_and_each_download_is_written_down_with_its_rows(get, form):
    for _ in range(3):
        send_to(form, {"why": "A"}, uuid.uuid4())
    arrange(Case.objects.filter(submission=Submission.objects.first()).update, is_quarantined=True)
    assert len(get(form, "csv")) == 3
    look = AccessRecord.objects.get(action=AccessAction.EXPORTED)
    assert (look.rows, look.form_key, look.by) == (2, form.form_key, User.objects.get())


def test_what_came_with_a_deleted_form_can_still_be_downloaded(get, client, form):
    send_to(form, {"why": "A"}, uuid.uuid4())
    key = form.form_key
    form.delete()
    form.form_key = key
    assert [row[FACTS] for row in get(form, "csv")] == ["Why?", "A"]
    assert str(key) in client.get("/admin/received-files/general/").content.decode()


def test_the_page_of_files_offers_each_version(get, client, form):
    send_to(form, {"why": "A"}, uuid.uuid4())
    send_to(republish(form, title="Anew"), {"why": "A"}, uuid.uuid4())
    page = client.get("/admin/received-files/general/").content.decode()
    for number in (1, 2):
        assert f"/version-{number}.csv" in page
    assert client.get("/admin/received-files/nonsense/").status_code == 404


def test_no_query_for_each_row(get, form, django_assert_max_num_queries):
    for _ in range(5):
        send_to(form, {"why": "A"}, uuid.uuid4())
    get(form, "csv")
    with django_assert_max_num_queries(12):
        get(form, "csv")
