"""Bulk publishing of drafts: from the staff listing, and from the last page of an import (case I6)."""

import datetime
import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from cms.core.admin import bulk_publishing
from cms.core.admin.bulk_publishing import Published, publish_draft
from scrutiny_pages.enums import Delivery, Level
from scrutiny_pages.models import FinishedImport, ImportJob, Panel, ProcessRequirement, Recommendation, Role
from tests.factories.pages import ReportPageFactory
from tests.factories.records import PanelFactory, RecommendationFactory, ReviewProcessFactory

UPLOAD = "/admin/recommendations/import/"
LISTING = reverse("wagtailsnippets_scrutiny_pages_recommendation:list")
BULK = reverse("wagtail_bulk_action", args=["scrutiny_pages", "recommendation", "publish"])


@pytest.fixture
def panel(db):
    return PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")


@pytest.fixture
def strict_panel(db):
    """Return a panel whose process requires a reason."""
    process = ReviewProcessFactory()
    ProcessRequirement.objects.create(process=process, field="reason", level=Level.REFUSE)
    return PanelFactory(name="Strict panel", slug="strict-panel", usual_process=process)


def draft(panel, number: int, **more) -> Recommendation:
    """Return a recommendation that is not public, as the editor saves one."""
    item = RecommendationFactory(panel=panel, number=number, live=False, first_published_at=None, **more)
    item.save_revision()
    return Recommendation.objects.get(pk=item.pk)


def address(*items: Recommendation | str, **more) -> str:
    given = "&".join(f"id={getattr(item, 'pk', item)}" for item in items)
    return f"{BULK}?{given}" + "".join(f"&{key}={value}" for key, value in more.items())


def publish(client, url: str) -> str:
    """Open the confirmation page, confirm, and return the page with the result."""
    page = client.get(url)
    answer = client.post(url, {"seen": page.context["form"]["seen"].value()})
    return b"".join(answer.streaming_content).decode()


def live(*items: Recommendation) -> list[bool]:
    return [Recommendation.objects.get(pk=item.pk).live for item in items]


def person(django_user_model, *codenames: str) -> Client:
    user = django_user_model.objects.create_user("person")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client = Client()
    client.force_login(user)
    return client


PUBLISHER = ("view_recommendation", "change_recommendation", "publish_recommendation")


def test_case_i6_chosen_drafts_are_published_together(django_user_model, panel):
    client = person(django_user_model, *PUBLISHER)
    one, two, other = (draft(panel, number) for number in (1, 2, 3))
    page = client.get(address(one, two)).content.decode()
    assert "<strong>2 drafts will be public.</strong>" in page
    assert str(one) in page
    assert str(other) not in page
    result = publish(client, address(one, two))
    assert "<strong>Published: 2.</strong>" in result
    assert live(one, two, other) == [True, True, False]
    entry = ModelLogEntry.objects.get(object_id=str(one.pk), action="wagtail.publish")
    assert entry.user.username == "person"


def test_case_i6_what_the_gate_refuses_is_told_with_its_reason_and_the_rest_is_published(admin_in, panel, strict_panel):
    good, bad = draft(panel, 1), draft(strict_panel, 2, reason="")
    page = admin_in.get(address(good, bad)).content.decode()
    assert "<strong>1 draft will be public.</strong>" in page
    assert "“Why” is empty. The process asks for it." in page
    result = publish(admin_in, address(good, bad))
    assert "Published: 1." in result
    assert "Not published: 1." in result
    assert f"<strong>{bad}</strong>: “Why” is empty. The process asks for it." in result.replace("&quot;", '"')
    assert live(good, bad) == [True, False]
    assert Recommendation.objects.get(pk=bad.pk).has_unpublished_changes


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "What we ask for: This field cannot be blank."),
        ({"expire_at": "2026-01-01T00:00:00Z"}, "The day on which it expires is past."),
        ({"who_benefits": "a" * 161}, "Who it helps: Ensure this value has at most 160 characters (it has 161)."),
    ],
)
def test_a_draft_that_the_editor_would_refuse_is_refused(admin_in, panel, change, words):
    item = draft(panel, 1)
    revision = item.latest_revision
    revision.content |= change
    revision.save()
    assert words in publish(admin_in, address(item))
    assert live(item) == [False]


def test_changed_words_of_what_is_public_are_published_and_what_happened_stays(admin_in, panel):
    item = RecommendationFactory(panel=panel, number=1, title="Mend the gate")
    item.tracking.delivery = Delivery.IN_PROGRESS
    item.title = "Mend both gates"
    item.save_revision()
    page = admin_in.get(address(item)).content.decode()
    assert f"{item.ref} Mend both gates" in page
    assert "(public already, with other words)" in page
    assert "Published: 1." in publish(admin_in, address(item))
    assert Recommendation.objects.get(pk=item.pk).title == "Mend both gates"
    page = admin_in.get(address(item)).content.decode()
    assert "There is nothing to publish" in page


def test_those_without_a_draft_are_counted_and_left_alone(admin_in, panel):
    public, waiting = RecommendationFactory(panel=panel, number=1), draft(panel, 2)
    page = admin_in.get(address(public, waiting)).content.decode()
    assert "1 of those you chose has no draft that waits" in page
    assert "Published: 1." in publish(admin_in, address(public, waiting))


def test_case_i6_who_may_not_publish_publishes_nothing(django_user_model, panel):
    item = draft(panel, 1)
    editor = person(django_user_model, "view_recommendation", "change_recommendation", "add_recommendation")
    page = editor.get(address(item))
    assert "You may not publish these. Ask somebody who may." in page.content.decode()
    publish(editor, address(item))
    publish(editor, address("all"))
    assert live(item) == [False]
    nobody = Client()
    assert nobody.get(address(item)).status_code == 302
    assert nobody.post(address(item)).status_code == 302


def test_all_of_a_filtered_list_is_no_more_than_the_list_shows(admin_in, panel, strict_panel):
    mine = [draft(panel, number) for number in range(1, 61)]  # more than a page
    other = draft(strict_panel, 61, reason="It matters.")
    page = admin_in.get(address("all", panel=panel.pk)).content.decode()
    assert "<strong>60 drafts will be public.</strong>" in page
    assert "Published: 60." in publish(admin_in, address("all", panel=panel.pk))
    assert live(mine[0], mine[-1], other) == [True, True, False]


def test_all_of_a_searched_list_is_what_the_search_finds(admin_in, panel):
    lift, gate = draft(panel, 1, title="Mend the lift"), draft(panel, 2, title="Mend the gate")
    assert "Published: 1." in publish(admin_in, address("all", q="lift"))
    assert live(lift, gate) == [True, False]


def test_what_was_changed_after_the_list_was_looked_at_is_not_published_unseen(admin_in, panel):
    item = draft(panel, 1)
    url = address(item)
    seen = admin_in.get(url).context["form"]["seen"].value()
    item.title = "Something else"
    item.save_revision()
    later = timezone.now() + datetime.timedelta(seconds=1)
    item.latest_revision.created_at = later
    item.latest_revision.save()
    result = b"".join(admin_in.post(url, {"seen": seen}).streaming_content).decode()
    assert "It was changed after you looked at it." in result
    assert live(item) == [False]


def test_what_somebody_else_published_meanwhile_is_not_published_twice(admin_user, panel):
    item = draft(panel, 1)
    now = timezone.now() + datetime.timedelta(minutes=1)
    assert publish_draft(item, by=admin_user, seen=now) == Published.NOW
    assert publish_draft(item, by=admin_user, seen=now) == Published.ALREADY
    assert ModelLogEntry.objects.filter(object_id=str(item.pk), action="wagtail.publish").count() == 1


def test_a_draft_with_a_day_of_its_own_waits_for_it(admin_in, panel):
    item = draft(panel, 1)
    item.go_live_at = timezone.now() + datetime.timedelta(days=30)
    item.save_revision()
    assert "Waiting for their day: 1." in publish(admin_in, address(item))
    assert "There is nothing to publish" in admin_in.get(address(item)).content.decode()
    assert live(item) == [False]


def test_one_that_fails_leaves_nothing_half_done_and_does_not_stop_the_others(admin_in, panel, monkeypatch, caplog):
    items = [draft(panel, number) for number in (1, 2, 3)]
    revision_publish = type(items[0].latest_revision).publish

    def fail_for_the_second(self, **given):
        revision_publish(self, **given)
        if self.object_id == str(items[1].pk):
            raise RuntimeError("A bug")

    monkeypatch.setattr(type(items[0].latest_revision), "publish", fail_for_the_second)
    result = publish(admin_in, address(*items))
    assert "Published: 2." in result
    assert "Something went wrong on our side." in result
    assert "A bug" not in result
    assert live(*items) == [True, False, True]


def test_progress_is_told_while_it_goes(admin_in, panel, monkeypatch):
    monkeypatch.setattr(bulk_publishing, "TOLD_AFTER", 1)
    items = [draft(panel, number) for number in (1, 2)]
    assert "<p>1 of 2</p>\n<p>2 of 2</p>\n" in publish(admin_in, address(*items))


def test_what_takes_too_long_stops_and_offers_the_others(admin_in, panel, monkeypatch):
    monkeypatch.setattr(bulk_publishing, "LONGEST", datetime.timedelta())
    items = [draft(panel, number) for number in (1, 2, 3)]
    result = publish(admin_in, address(*items))
    assert "Published: 1." in result
    assert "Still to do: 2." in result
    assert "Publish the others" in result
    assert "Published: 1." in publish(admin_in, address(*items))
    assert live(*items).count(True) == 2


@pytest.mark.parametrize("key", ["0", "x", "9" * 40, "-1", "1.5", "all&panel=x", "all&brought_in=x"])
def test_addresses_that_mean_nothing(admin_in, key):
    page = admin_in.get(f"{BULK}?id={key}")
    assert page.status_code == 200
    assert "There is nothing to publish" in page.content.decode()
    assert admin_in.post(f"{BULK}?id={key}", {"seen": "yesterday"}).status_code == 200
    assert admin_in.get(f"{BULK}?id=%00").status_code == 400


def test_panels_are_published_the_same(admin_in):
    item = PanelFactory(name="Repairs panel", slug="repairs-panel", live=False)
    item.save_revision()
    bulk = reverse("wagtail_bulk_action", args=["scrutiny_pages", "panel", "publish"])
    assert "Published: 1." in publish(admin_in, f"{bulk}?id={item.pk}")
    item.refresh_from_db()
    assert item.live


def brought_in_as_drafts(client, panel, rows: str, report=None) -> str:
    """Import a file as drafts, and return the last page of the import."""
    content = f"Ref,Recommendation,Date raised\n{rows}".encode()
    given = {"panel": panel.pk} | ({"report": report.pk} if report else {})
    client.post(UPLOAD, {"file": SimpleUploadedFile("Tracker 2026.csv", content)} | given)
    job = ImportJob.objects.get()
    client.post(f"{UPLOAD}{job.pk}/", {"0": "reference", "1": "title", "2": "asked_on"})
    answer = client.post(f"{UPLOAD}{job.pk}/preview/", {"how": "drafts"})
    return b"".join(answer.streaming_content).decode()


ROWS = "SR 01,Mend the lift,10/03/2026\nSR 02,Answer the phone,10/03/2026\nSR 03,Light the path,\n"


@pytest.mark.parametrize("with_report", [True, False])
def test_case_i6_an_import_leads_to_its_own_drafts_and_publishes_them(admin_in, panel, home, with_report):
    report = ReportPageFactory(title="Lifts", agreed_on=datetime.date(2026, 3, 1)) if with_report else None
    earlier = draft(panel, 900, title="Somebody's own draft")
    rows = ROWS if with_report else ROWS.replace("path,", "path,11/03/2026")
    result = brought_in_as_drafts(admin_in, panel, rows, report)
    finished = FinishedImport.objects.get()
    listing = f"{LISTING}?brought_in={finished.pk}"
    assert f'href="{listing}"' in result
    assert "Look through and publish them" in result
    page = admin_in.get(listing)
    assert page.context["page_obj"].paginator.count == 3
    assert "Tracker 2026.csv, " in page.content.decode()
    assert "look through and publish 3" in admin_in.get(UPLOAD).content.decode()

    url = address("all", brought_in=finished.pk)
    assert url.split("?")[0] in result
    assert "Published: 3." in publish(admin_in, url)
    assert Recommendation.objects.filter(live=True).count() == 3
    assert live(earlier) == [False]
    assert "look through and publish" not in admin_in.get(UPLOAD).content.decode()


def test_case_i6_changed_words_that_came_in_as_drafts_are_among_them(admin_in, panel):
    item = RecommendationFactory(
        panel=panel, number=1, title="Mend the lift", earlier_reference="SR 01", asked_on=datetime.date(2026, 3, 10)
    )
    item.save_revision().publish()
    brought_in_as_drafts(admin_in, panel, "SR 01,Mend both lifts,10/03/2026\nSR 02,Answer the phone,10/03/2026\n")
    finished = FinishedImport.objects.get()
    assert admin_in.get(f"{LISTING}?brought_in={finished.pk}").context["page_obj"].paginator.count == 2
    assert "Published: 2." in publish(admin_in, address("all", brought_in=finished.pk))
    assert Recommendation.objects.get(pk=item.pk).title == "Mend both lifts"


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database without a transaction around the test, for threads with their own; its rows are deleted afterwards."""
    with django_db_blocker.unblock():
        yield
        for model in (Recommendation, Role, Panel, Revision, ModelLogEntry, get_user_model()):
            model.objects.all().delete()


def test_two_who_publish_one_draft_at_the_same_moment_publish_it_once(committed):
    user = get_user_model().objects.create_superuser("publisher")
    item = draft(PanelFactory(name="Scrutiny panel", slug="scrutiny-panel"), 1)
    start, ended, seen = threading.Barrier(2), [], timezone.now() + datetime.timedelta(minutes=1)

    def publish_it():
        start.wait()
        try:
            ended.append(publish_draft(item, by=user, seen=seen))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended, key=str) == [Published.ALREADY, Published.NOW]
    assert ModelLogEntry.objects.filter(object_id=str(item.pk), action="wagtail.publish").count() == 1
