"""The demo, with at least one row behind every list of the admin."""

import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, PageViewRestriction, UploadedFile, Workflow
from wagtail.snippets.models import get_snippet_models

from cms.core.admin.private_models import PrivateModelAdmin
from cms.core.models import WebhookEndpoint
from cms.core.webhooks.delivery import send_test
from cms.demo.load import load_demo
from forms.answers.versions import ensure_version
from forms.cases import services as case_services
from forms.enums import AccessAction, FormKind
from forms.models import AccessRecord, EqualityCount, FormHandling, FormPage, MessageWording, Submission, Upload
from scrutiny_pages.enums import ImportedStatus
from scrutiny_pages.importer.sheet import Sheet
from scrutiny_pages.models import ImportJob, NewsletterPage, Panel, ReportPage, StatusMeaning
from tests.factories import records
from tests.factories.forms import case_of

from .admin_routes import admin_patterns, register_of


def load_admin_world(today: datetime.date) -> None:
    """Load the demo, and add the kinds of rows that it lacks."""
    load_demo(today=today)
    someone = get_user_model().objects.get(username="caseworker")
    _what_people_sent(someone)
    _what_wagtail_keeps(someone)
    records.StandardFactory()
    StatusMeaning.objects.create(words="On hold", meaning=ImportedStatus.values[0])
    endpoint = WebhookEndpoint.objects.create(name="Intranet", address="https://hooks.example.org/", events=["report"])
    send_test(endpoint, timezone.now())
    sheet = Sheet(headings=["What"], rows=[]).pack()
    for person in get_user_model().objects.filter(is_superuser=True):
        ImportJob.objects.create(made_by=person, file_name="tracker.csv", sheet=sheet)


def _what_people_sent(someone) -> None:
    spam = case_of(FormKind.GENERAL, title="Tell us")
    case_services.quarantine(case=spam, by=someone)
    general = case_of(FormKind.GENERAL, title="Tell us more")
    application = case_of(FormKind.APPLICATION, title="Join us")
    case_services.note(case=application, text="Called back.", by=someone)
    upload = Upload(version=general.submission.version, submission=general.submission, question_id="why", name="a.txt")
    upload.content_type, upload.size, upload.digest = "text/plain", 1, "0" * 64
    upload.file.save("a.txt", ContentFile(b"a"))
    for sent in Submission.objects.all()[:3]:
        AccessRecord.objects.create(submission=sent, action=AccessAction.READ, by=someone)
    MessageWording.objects.create(name="Thank you", subject="Thank you", body="We read it.")
    form = FormPage.objects.get(title="Tell us more")
    kept = FormHandling.objects.create(form=form, form_key=form.form_key, form_title=form.title)
    kept.groups.set(Group.objects.filter(permissions__codename="handle_submission"))
    ensure_version(form)
    words = {"question": "Your age", "answer": "25 to 34", "count": 7}
    EqualityCount.objects.create(form_key=form.form_key, form_title=form.title, year=2026, **words)


def _what_wagtail_keeps(someone) -> None:
    Redirect.objects.create(old_path="/old", redirect_page=Page.objects.get(depth=2))
    Collection.get_first_root_node().add_child(name="Photos")
    UploadedFile.objects.create(file=ContentFile(b"a", name="a.txt"), uploaded_by_user=someone)
    report, newsletter = ReportPage.objects.live().first(), NewsletterPage.objects.live().first()
    report.locked, report.locked_by, report.locked_at = True, someone, timezone.now()
    report.save()
    newsletter.title += " again"
    newsletter.save_revision(user=someone)
    Workflow.objects.get().start(newsletter, someone)
    later = NewsletterPage(title="Next year", slug="next-year", live=False, issued_on=newsletter.issued_on)
    later.go_live_at = _in_a_year()
    newsletter.get_parent().add_child(instance=later)
    later.save_revision(approved_go_live_at=later.go_live_at, user=someone)
    PageViewRestriction.objects.create(page=newsletter, restriction_type=PageViewRestriction.LOGIN)
    panel = Panel.objects.first()
    assert panel
    panel.save_revision(user=someone)


def _in_a_year() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=365)


def registers() -> set[PrivateModelAdmin]:
    """Return every private register."""
    return {register for _, pattern in admin_patterns() if (register := register_of(pattern))}


def register_lists() -> set[str]:
    """Return the URL of each private register."""
    return {register.url_helper.index_url for register in registers()}


def empty_lists() -> list[str]:
    """Return the lists of the admin that have no row: snippets, and private registers."""
    empty = [model._meta.label for model in get_snippet_models() if not model._default_manager.exists()]
    return empty + [register.base_url_path for register in registers() if not register.rows().exists()]
