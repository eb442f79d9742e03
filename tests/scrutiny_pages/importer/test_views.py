"""Tests of the import through the staff views and the command."""

import datetime
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scrutiny_pages.importer import loader
from scrutiny_pages.importer import preview_views as preview_screen
from scrutiny_pages.models import Event, ImportJob, Recommendation, Role, StatusMeaning
from tests.factories.pages import ReportPageFactory
from tests.factories.records import PanelFactory
from tests.scrutiny_pages.importer.test_readers import hide, with_a_cover, workbook

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/recommendations/import/"
LISTING = reverse("wagtailsnippets_scrutiny_pages_recommendation:list")
PUBLISH = {"how": "publish"}
GOOD = """What they want,Raised,Lead officer,Risk
Mend the gate,2026-03-10,Head of Grounds,High
Plant a hedge,2026-03-10,,
"""


@pytest.fixture(autouse=True)
def panel():
    return PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")


def upload(client, content: bytes | str, name: str = "tracker.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **more})


def uploaded(client, panel, content=GOOD, columns=("title", "asked_on", "owner", "")) -> ImportJob:
    """Submit the first two views, and return the job."""
    upload(client, content, panel=panel.pk)
    job = ImportJob.objects.latest("made_at")
    answer = client.post(f"{UPLOAD}{job.pk}/", {str(place): key for place, key in enumerate(columns)})
    assert (answer.status_code, answer.url) in [(302, preview(job)), (302, answers(job))]
    return job


def answers(job: ImportJob) -> str:
    return f"{UPLOAD}{job.pk}/answers/"


def preview(job: ImportJob) -> str:
    return f"{UPLOAD}{job.pk}/preview/"


def streamed(response) -> list[str]:
    return [part.decode() for part in response.streaming_content]


def test_a_tracker_goes_from_file_to_list(admin_in, admin_user, panel):
    assert UPLOAD in admin_in.get(LISTING).content.decode()
    assert "Lead officer" not in admin_in.get(UPLOAD).content.decode()
    answer = upload(admin_in, GOOD, panel=panel.pk)
    job = ImportJob.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{UPLOAD}{job.pk}/")
    page = admin_in.get(answer.url)
    form = page.context["form"]
    assert [field.initial for field in form] == ["", "", "owner", ""]
    assert "For example: Mend the gate | Plant a hedge" in page.content.decode()

    admin_in.post(answer.url, {"0": "title", "1": "asked_on", "2": "owner", "3": ""})
    page = admin_in.get(preview(job)).content.decode()
    for words in ("<dd>2</dd>", "Head of Grounds", "Columns left out: Risk.", "Publish 2 recommendations"):
        assert words in page
    assert not Recommendation.objects.exists()
    assert not Role.objects.exists()

    response = admin_in.post(preview(job), PUBLISH)
    parts = streamed(response)
    assert parts[1:3] == ["<p>0 of 2 rows</p>\n", "<p>2 of 2 rows</p>\n"]
    assert "New: 2" in parts[3]
    assert LISTING in parts[3]
    assert parts[4].rstrip().endswith("</html>")
    assert Event.objects.filter(recorded_by=admin_user, title="Brought in from tracker.csv").count() == 2
    assert "Plant a hedge" in admin_in.get(LISTING).content.decode()
    assert not ImportJob.objects.exists()
    assert admin_in.get(preview(job)).url == UPLOAD

    again = uploaded(admin_in, panel)
    assert "everything in the file is here already" in admin_in.get(preview(again)).content.decode()


def test_progress_comes_while_it_runs_and_nothing_holds_it_back(admin_in, panel, monkeypatch):
    monkeypatch.setattr(loader, "BATCH_SIZE", 1)
    job = uploaded(admin_in, panel)
    response = admin_in.post(preview(job), PUBLISH, headers={"accept-encoding": "gzip"})
    parts = iter(response.streaming_content)
    assert b"Keep this page open" in next(parts)
    seen = []
    for _ in range(3):
        seen.append((next(parts), Recommendation.objects.count()))
    assert seen == [
        (b"<p>0 of 2 rows</p>\n", 0),
        (b"<p>1 of 2 rows</p>\n", 1),
        (b"<p>2 of 2 rows</p>\n", 2),
    ]
    assert b"Imported." in b"".join(parts)


def test_problems_are_all_shown_and_nothing_is_imported(admin_in, panel):
    job = uploaded(admin_in, panel, GOOD.replace("Mend the gate", "").replace("hedge,2026-03-10", "hedge,TBC"))
    page = admin_in.get(preview(job)).content.decode()
    assert "Row 2, What they want: Say what was asked for." in page
    assert "Row 3, Raised: “TBC” is not a date." in page
    assert "Publish 2" not in page
    [*_, result, _after] = streamed(admin_in.post(preview(job), PUBLISH))
    assert "Nothing was imported." in result
    assert not Recommendation.objects.exists()
    assert ImportJob.objects.filter(pk=job.pk).exists()


def test_a_mistake_of_ours_is_said_on_the_half_sent_page(admin_in, panel, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("A bug")

    job = uploaded(admin_in, panel)
    monkeypatch.setattr(preview_screen, "run_import", fail)
    [_before, result, after] = streamed(admin_in.post(preview(job), PUBLISH))
    assert "Something went wrong on our side." in result
    assert "A bug" not in result
    assert "</html>" in after
    assert "An import failed" in caplog.text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "tracker.csv", "The submitted file is empty."),
        (b"\xd0\xcf\x11\xe0" + bytes(20), "tracker.xls", "This is an old Excel file (.xls)."),
        (b"Title\nMend\x00\n", "tracker.csv", "no text (NUL)"),
        (b"x" * (10 * 1024 * 1024 + 1), "tracker.csv", "larger than 10 MB"),
        (b"PK\x03\x04rubbish", "tracker.xlsx", "The workbook is damaged"),
    ],
)
def test_a_bad_file_is_refused_on_the_first_screen(admin_in, content, name, words):
    answer = upload(admin_in, content, name)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_form_without_a_file_or_with_a_bad_series(admin_in):
    assert "This field is required" in admin_in.post(UPLOAD, {}).content.decode()
    answer = upload(admin_in, GOOD, series="20/26", panel="0")
    assert {"series", "panel"} == set(answer.context["form"].errors)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (("title", "title", "", ""), "is that already"),
        (("", "asked_on", "", ""), "Say which column holds"),
        (("nonsense", "", "", ""), "Select a valid choice"),
        (("\x00", "", "", ""), "Select a valid choice"),
    ],
)
def test_columns_that_do_not_fit_are_said(admin_in, panel, columns, words):
    upload(admin_in, GOOD, panel=panel.pk)
    job = ImportJob.objects.get()
    answer = admin_in.post(f"{UPLOAD}{job.pk}/", {str(place): key for place, key in enumerate(columns)})
    assert words in answer.content.decode()
    assert admin_in.get(preview(job)).url == f"{UPLOAD}{job.pk}/"
    assert admin_in.post(preview(job)).url == f"{UPLOAD}{job.pk}/"


def test_what_was_chosen_stays_chosen(admin_in, panel):
    job = uploaded(admin_in, panel, columns=("title", "asked_on", "", ""))
    form = admin_in.get(f"{UPLOAD}{job.pk}/").context["form"]
    assert [form[str(place)].initial for place in range(4)] == ["title", "asked_on", "", ""]


def test_markup_in_a_file_is_shown_as_it_is(admin_in, panel):
    job = uploaded(admin_in, panel, GOOD.replace("2026-03-10", "<script>x</script>").replace("Risk", "<b>Risk"))
    for address in (preview(job), f"{UPLOAD}{job.pk}/"):
        page = admin_in.get(address).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
        assert "<b>Risk" not in page


def steps_of(job: ImportJob) -> list[str]:
    return [UPLOAD, f"{UPLOAD}{job.pk}/", preview(job)]


@pytest.mark.parametrize("missing", ["add_recommendation", "publish_recommendation", "record_step"])
def test_it_takes_three_permissions(admin_in, admin_user, django_user_model, panel, missing):
    job = uploaded(admin_in, panel)
    needed = {"add_recommendation", "publish_recommendation", "record_step"}
    editor = django_user_model.objects.create_user("editor")
    editor.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_recommendation", *needed - {missing}])
    )
    client = Client()
    client.force_login(editor)
    for address in steps_of(job):
        for method in (client.get, client.post):
            answer = method(address)
            assert (answer.status_code, answer.url) == (302, "/admin/")
    assert UPLOAD not in client.get(LISTING).content.decode()


def test_nobody_sees_what_somebody_else_uploaded(admin_in, django_user_model, panel):
    job = uploaded(admin_in, panel)
    other = Client()
    other.force_login(django_user_model.objects.create_superuser("other"))
    for address in steps_of(job)[1:]:
        assert other.get(address).url == UPLOAD
        assert other.post(address).url == UPLOAD
        assert Client().get(address).status_code == 302
    assert not Recommendation.objects.exists()


def test_the_import_needs_its_safety_token(admin_user, admin_in, panel):
    job = uploaded(admin_in, panel)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert {strict.post(address).status_code for address in steps_of(job)} == {403}


def test_what_nobody_finished_is_thrown_away_after_a_day(admin_in, panel):
    old, new = uploaded(admin_in, panel), uploaded(admin_in, panel)
    ImportJob.objects.filter(pk=old.pk).update(made_at=timezone.now() - datetime.timedelta(hours=25))
    uploaded(admin_in, panel)
    assert set(ImportJob.objects.values_list("pk", flat=True)) > {new.pk}
    assert not ImportJob.objects.filter(pk=old.pk).exists()


@pytest.mark.on_day("2026-11-22")
def test_case_i5_i18_each_unknown_status_is_asked_once_and_kept_for_the_next_file(admin_in, panel):
    content = (
        "Ref,Title,Asked on,Answer,Answered on,First target,Status\n"
        "2026-03/1,Mend it,2026-03-10,Agree,2026-04-02,2027-01-01,On hold\n"
        "2026-03/2,Plant it,2026-03-10,Agree,2026-04-02,2027-01-01,ON HOLD\n"
        "2026-03/3,Paint it,2026-03-10,Agree,2026-04-02,2027-01-01,Deferred\n"
        "2026-03/4,Light it,2026-03-10,Agree,2026-04-02,2027-01-01,Yes\n"
    )
    columns = ("reference", "title", "asked_on", "answer", "answered_on", "first_target", "delivery")
    upload(admin_in, content.replace("target,Status", "target,Started?"), panel=panel.pk)
    job = ImportJob.objects.get()
    matched = {str(place): key for place, key in enumerate(columns)}
    answer = admin_in.post(f"{UPLOAD}{job.pk}/", matched)
    assert answer.url == f"{UPLOAD}{job.pk}/answers/"
    page = admin_in.get(answer.url)
    form = page.context["form"]
    labels = [field.label for field in form if field.name.startswith("w")]
    assert labels == ["“On hold” means", "“Deferred” means", "“Yes” under “Started?” means"]
    assert "rows 2, 3." in page.content.decode()
    assert admin_in.get(preview(job)).context["plan"].problems

    # Going back keeps what was chosen, and nothing is chosen for anybody.
    back = admin_in.post(answer.url, {"w0": "in_progress", "back": "1"})
    assert back.url == f"{UPLOAD}{job.pk}/"
    form = admin_in.get(answer.url).context["form"]
    assert [field.initial for field in form if field.name.startswith("w")] == ["", "", "in_progress"]
    page = admin_in.post(answer.url, {"w0": "not_started", "w1": "", "w2": "in_progress"})
    assert "Choose what it means." in page.content.decode()

    chosen = {"w0": "not_started", "w1": "in_progress", "w2": "not_started"}
    assert admin_in.post(answer.url, chosen).url == preview(job)
    page = admin_in.get(preview(job))
    assert page.context["plan"].problems == []
    assert [line.state for line in page.context["lines"]] == [
        "Not started yet",
        "Not started yet",
        "Not started yet",
        "In progress",
    ]
    streamed(admin_in.post(preview(job), PUBLISH))
    assert Recommendation.objects.count() == 4

    # The next file: the words are known, but yes under another heading is not.
    upload(admin_in, content.replace("2026-03/", "2026-04/").replace("target,Status", "target,Ended?"), panel=panel.pk)
    job = ImportJob.objects.get()
    answer = admin_in.post(f"{UPLOAD}{job.pk}/", matched)
    [first, *_] = admin_in.get(answer.url).context["form"]
    assert first.label == "“Yes” under “Ended?” means"


def test_statuses_can_be_corrected_later_in_the_admin(admin_in, panel):
    StatusMeaning.objects.create(words="On hold", meaning="in_progress")
    listing = reverse("wagtailsnippets_scrutiny_pages_statusmeaning:list")
    assert "On hold" in admin_in.get(listing).content.decode()


def test_case_i6_rows_that_are_no_records_are_shown_and_come_in_only_when_ticked(admin_in, panel, home):
    report = ReportPageFactory(title="Lifts", agreed_on=datetime.date(2026, 3, 1))
    content = "Ref,Title,Owner,Status\n,Mend the lift,Head,Open\n,Total: 1,,\n"
    upload(admin_in, content, panel=panel.pk, report=report.pk)
    job = ImportJob.objects.get()
    admin_in.post(f"{UPLOAD}{job.pk}/", {"1": "title", "2": "owner"})
    page = admin_in.get(preview(job))
    assert [planned.draft.row for planned in page.context["plan"].new] == [2]
    assert "Row 3: “Total: 1”. It looks like a total." in page.content.decode()
    answer = admin_in.post(preview(job), {"choose_rows": "1", "rows": ["3", "x", "9" * 30, "\x00"]})
    assert answer.url == preview(job)
    assert ImportJob.objects.get().wanted_rows == [3]
    assert len(admin_in.get(preview(job)).context["plan"].new) == 2
    admin_in.post(preview(job), {"choose_rows": "1"})
    [*_, result, _after] = streamed(admin_in.post(preview(job), {"how": "drafts"}))
    assert "Nothing is public yet." in result
    assert [(item.title, item.live) for item in Recommendation.objects.all()] == [("Mend the lift", False)]


@pytest.mark.on_day("2026-11-22")
def test_the_preview_lists_everything_and_can_show_only_what_to_look_at(admin_in, panel, monkeypatch):
    monkeypatch.setattr(preview_screen, "ON_A_PAGE", 2)
    rows = [f"Mend {n},2026-03-10,Agree,2026-04-02,2027-01-01,{5 * n}%" for n in range(5)]
    content = "\n".join(["Title,Asked on,Answer,Answered on,First target,Status", *rows])
    job = uploaded(admin_in, panel, content, ("title", "asked_on", "answer", "answered_on", "first_target", "delivery"))
    page = admin_in.get(preview(job))
    assert [line.title for line in page.context["lines"]] == ["Mend 0", "Mend 1"]
    assert "Look at these (5)" in page.content.decode()
    page = admin_in.get(preview(job), {"show": "look", "p": "3"})
    assert [(line.title, line.state, line.doubts) for line in page.context["lines"]] == [
        ("Mend 4", "In progress", ["“20%” is read as “In progress”."])
    ]
    for query in ({"show": "x", "p": "0"}, {"show": "look", "p": "9" * 40}, {"p": "x"}):
        assert admin_in.get(preview(job), query).status_code == 200


def test_case_i16_a_sheet_and_a_row_of_headings_are_chosen_and_the_likely_ones_are_offered(admin_in, panel):
    content = workbook(["Scrutiny"], ["As of", "March"], change=with_a_cover)
    answer = upload(admin_in, content, "tracker.xlsx", panel=panel.pk)
    job = ImportJob.objects.get()
    table = f"{UPLOAD}{job.pk}/table/"
    assert answer.url == table
    for address in (f"{UPLOAD}{job.pk}/", f"{UPLOAD}{job.pk}/answers/", preview(job)):
        assert admin_in.get(address).url == table
        assert admin_in.post(address).url == table
    page = admin_in.get(table)
    assert page.context["form"]["headings"].initial == "1:3"
    assert "Old (hidden in the workbook)" in page.content.decode()
    assert "Select a valid choice" in admin_in.post(table, {"headings": "9:9"}).content.decode()
    page = admin_in.post(table, {"headings": "1:4"})
    assert "There is nothing below the headings." in page.content.decode()
    assert admin_in.post(table, {"headings": "1:3"}).url == f"{UPLOAD}{job.pk}/"
    page = admin_in.get(f"{UPLOAD}{job.pk}/")
    assert [field.initial for field in page.context["form"]] == ["reference", "title", "delivery"]
    assert "Only “Tracker” is read." in page.content.decode()


def test_case_i4_what_is_hidden_comes_in_when_it_is_asked_for(admin_in, panel):
    rows = [["Title", "Cost", "Owner"], *([f"Wish {n}", f"£{n}", "Head"] for n in range(2, 7))]
    answer = upload(admin_in, workbook(*rows, change=hide), "tracker.xlsx", panel=panel.pk)
    job = ImportJob.objects.get()
    page = admin_in.get(answer.url)
    assert [field.name for field in page.context["form"]] == ["0", "2"]
    assert "left out: 2 rows (3, 5) and 1 column (B)." in page.content.decode()
    table = f"{UPLOAD}{job.pk}/table/"
    assert "Bring in what is hidden too" in admin_in.get(table).content.decode()
    admin_in.post(table, {"headings": "0:1", "with_hidden": "on"})
    assert [field.name for field in admin_in.get(answer.url).context["form"]] == ["0", "1", "2"]
    assert "because you asked for it: 2 rows (3, 5) and 1 column (B)." in admin_in.get(answer.url).content.decode()


def test_every_screen_leads_back_and_keeps_what_was_chosen(admin_in, panel):
    answer = upload(admin_in, GOOD, panel="0", series="lifts")
    job = ImportJob.objects.get()
    assert "tracker.csv is here already." in answer.content.decode()
    assert answer.context["action_url"] == f"{UPLOAD}{job.pk}/file/"
    answer = admin_in.post(f"{UPLOAD}{job.pk}/file/", {"panel": panel.pk, "series": "lifts"})
    assert answer.url == f"{UPLOAD}{job.pk}/"
    answer = admin_in.post(answer.url, {"0": "title", "1": "title", "2": "owner", "back": "1"})
    assert answer.url == f"{UPLOAD}{job.pk}/file/"
    form = admin_in.get(answer.url).context["form"]
    assert (form["panel"].initial, form["series"].initial) == (panel, "lifts")
    admin_in.post(answer.url, {"panel": panel.pk, "series": "gates"})
    form = admin_in.get(f"{UPLOAD}{job.pk}/").context["form"]
    assert [field.initial for field in form] == ["title", "", "owner", ""]
    assert ImportJob.objects.get().series == "gates"


def command(path, *more: str) -> str:
    out = io.StringIO()
    call_command("import_recommendations", str(path), *more, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_line_imports_the_same(tmp_path, panel, admin_user):
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(workbook(["Title", "Raised"], ["Mend the gate", datetime.date(2026, 3, 10)]))
    given = ["--panel", "scrutiny-panel", "--column", "Raised=asked_on", "--by", admin_user.username]
    said = command(path, *given, "--dry-run")
    assert "New: 1. Changed: 0. The same: 0." in said
    assert not Recommendation.objects.exists()
    assert "1 of 1 rows" in command(path, *given)
    assert Recommendation.objects.get().ref == "2026-03/1"
    assert Event.objects.get().recorded_by == admin_user
    assert "New: 0. Changed: 0. The same: 1." in command(path, *given)


def test_the_command_line_takes_every_choice_of_the_screens(tmp_path, panel):
    path = tmp_path / "tracker.xlsx"
    rows = [["Title", "Cost", "Asked on", "Status"], ["Mend it", "", "2026-03-10", "On hold"], ["Total: 1"]]
    more = [["Plant it", "", "2026-03-10", "Noted"], ["Paint it", "", "2026-03-10", ""]]
    path.write_bytes(workbook(*rows, *more, change=hide))  # row 3 is hidden, and row 5
    given = ["--panel", "scrutiny-panel", "--with-hidden", "--row", "3", "--status", "On hold=nothing"]
    with pytest.raises(CommandError, match="2 to put right"):  # the day of the total, and a status
        command(path, *given)
    with pytest.raises(CommandError, match="names no meaning"):
        command(path, *given, "--status", "Noted=perhaps")
    given = [*given[:2], "--status", "On hold=nothing", "--status", "Noted=nothing", "--sheet", "Sheet"]
    assert "New: 2." in command(path, *given, "--heading-row", "1", "--drafts", "--dry-run")
    assert set(StatusMeaning.objects.values_list("words", flat=True)) == {"On hold"}
    said = command(path, *given, "--drafts")
    assert "Brought in as drafts." in said
    assert {(item.title, item.live) for item in Recommendation.objects.all()} == {
        ("Mend it", False),
        ("Plant it", False),
    }


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("Title,Asked on\nMend,TBC\n", [], "Nothing was imported: 1 to put right."),
        ("Wish\nMend\n", [], "No column holds “What we ask for”."),
        ("Title\nMend\n", ["--column", "Nothing=title"], "names no heading"),
        ("Title\nMend\n", ["--panel", "nobody"], "is not one panel here"),
        ("Title\nMend\n", ["--series", "a/b"], "Use letters, digits and hyphens only."),
        ("%PDF", [], "This is a PDF."),
    ],
)
def test_the_command_line_refuses_in_words(tmp_path, content, more, words):
    path = tmp_path / "tracker.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=words.replace("(", r"\(")):
        command(path, *(["--panel", "scrutiny-panel"] if not more else []), *more)
    assert not Recommendation.objects.exists()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        command(tmp_path / "none.csv")


def test_a_view_of_the_import_answers_an_options_request(admin_in):
    answer = admin_in.options(UPLOAD)
    assert answer.status_code == 200
    assert "POST" in answer["Allow"]
