"""Scheduled work: email is sent once, scheduled changes take place, and a failure does not stop the rest."""

import datetime
import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import Revision

from cms.core.emails import queue, stuck
from cms.core.models import NamedLock
from cms.core.models.lock import lock_held
from home.models import StandardPage
from scrutiny_pages.models import Panel, Recommendation
from tests.factories import pages, records
from tests.mail_server import mail_server

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def post(settings):
    """A mail server that this site sends to."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server


def tick() -> tuple[str, str]:
    """Run the command once; return its output and its errors."""
    said, complained = io.StringIO(), io.StringIO()
    call_command("run_scheduled_tasks", stdout=said, stderr=complained)
    return said.getvalue(), complained.getvalue()


def put(to: str = "chair@example.org", **context) -> None:
    facts = {"ref": "2026-03/4", "link": "https://example.org/x/", "team": "Involvement team", "phone": "01234 567890"}
    queue(to, "A decision was recorded for 2026-03/4", "decision_recorded", facts | context)


def an_hour_passes() -> None:
    """Move the time of the next attempt to now."""
    Email.objects.update(scheduled_time=timezone.now() - MINUTE)


# --- Mail ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_is_sent_once_and_as_plain_text(post):
    put()
    assert tick() == ("Mail: 1 sent.\n", "")
    assert tick() == ("", "")
    [mail] = post.taken
    assert (mail["To"], mail["From"]) == ("chair@example.org", "scrutiny@localhost")
    assert mail["Subject"] == "A decision was recorded for 2026-03/4"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_payload().split("\n") == [
        "A decision was recorded for 2026-03/4.",
        "",
        "See it here: https://example.org/x/",
        "",
        "If you do not recognise it, call the Involvement team on 01234 567890.",
    ]


@pytest.mark.django_db
def test_words_are_neither_a_template_nor_markup():
    put(team="{{ 7|add:7 }} & {% now 'Y' %}", phone="")
    assert "tell the {{ 7|add:7 }} & {% now 'Y' %}." in Email.objects.get().message


@pytest.mark.django_db
def test_mail_rolls_back_with_what_it_tells_of():
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert not Email.objects.exists()


@pytest.mark.django_db
def test_what_a_mail_server_refuses_is_tried_again_and_stops_nothing(post, settings):
    post.refused = ["gone@"]
    put("gone@example.org")
    put("not an address\nBcc: everyone@example.org")
    put("chair@example.org")
    said, complained = tick()
    assert said == "Mail: 1 sent, 2 to be tried again (SMTPRecipientsRefused, ValueError).\n"
    assert post.told == ["chair@example.org"]
    # Neither addresses nor what the server answered are in any log.
    assert "example.org" not in said + complained
    assert settings.LOGGING["loggers"]["post_office"] == {"handlers": ["nowhere"], "propagate": False}
    assert tick() == ("", "")  # not before five minutes are over
    post.refused = []
    an_hour_passes()
    tick()
    assert post.told == ["chair@example.org", "gone@example.org"]


@pytest.mark.django_db
def test_it_goes_on_trying_for_four_hours_and_then_says_so(settings, today):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 1  # nobody there
    assert settings.POST_OFFICE["MAX_RETRIES"] * settings.POST_OFFICE["RETRY_INTERVAL"] >= 4 * HOUR
    put()
    assert tick()[0] == "Mail: 1 to be tried again (ConnectionRefusedError).\n"
    assert Email.objects.get().scheduled_time > timezone.now() + 4 * MINUTE
    assert stuck(timezone.now()).count() == 1
    an_hour_passes()
    Email.objects.update(number_of_retries=settings.POST_OFFICE["MAX_RETRIES"])
    assert tick()[0] == "Mail: 1 given up (ConnectionRefusedError).\n"
    assert Email.objects.get().status == STATUS.failed
    assert stuck(timezone.now()).count() == 1


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database without a transaction around the test, for threads with their own; its rows are deleted afterwards."""
    with django_db_blocker.unblock():
        yield
        Email.objects.all().delete()
        NamedLock.objects.all().delete()


def test_two_at_once_send_each_mail_once(committed, post):
    post.delay = 0.1
    for number in range(5):
        put(f"chair-{number}@example.org")

    def run():
        try:
            call_command("run_scheduled_tasks", stdout=io.StringIO())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(post.told) == [f"chair-{number}@example.org" for number in range(5)]


# --- The lease -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_lease_is_held_by_one_until_it_is_given_back():
    with lock_held("work", at_most=HOUR) as ours:
        assert ours
        with lock_held("work", at_most=HOUR) as too:
            assert not too
        with lock_held("work", at_most=HOUR) as still:
            assert not still
        with lock_held("other work", at_most=HOUR) as other:
            assert other
    with lock_held("work", at_most=HOUR) as again:
        assert again


@pytest.mark.django_db
def test_a_lease_is_given_back_when_the_work_fails():
    with pytest.raises(ZeroDivisionError), lock_held("work", at_most=HOUR):
        raise ZeroDivisionError
    with lock_held("work", at_most=HOUR) as ours:
        assert ours


@pytest.mark.django_db
def test_who_was_killed_holds_nothing_up_for_long(post):
    put()
    with lock_held("run_scheduled_tasks", at_most=HOUR):
        tick()
        assert post.told == []
        NamedLock.objects.update(until=timezone.now() - MINUTE)
        tick()
        assert post.told == ["chair@example.org"]


# --- What is scheduled ---------------------------------------------------------------------------------


def schedule(item, at: datetime.datetime):
    """Schedule the publishing of a draft."""
    item.go_live_at = at
    revision = item.save_revision(approved_go_live_at=at)
    item.refresh_from_db()
    return revision


@pytest.fixture
def past():
    return timezone.now() - HOUR


@pytest.mark.django_db
def test_what_is_due_is_published_and_withdrawn(home, past):
    old = pages.StandardPageFactory(expire_at=past)
    lasting = pages.StandardPageFactory(expire_at=timezone.now() + HOUR)
    new, later = pages.StandardPageFactory(live=False), pages.StandardPageFactory(live=False)
    schedule(new, past)
    schedule(later, timezone.now() + HOUR)
    panel = records.PanelFactory(expire_at=past)
    assert tick() == ("", "")
    live = {page.pk: (page.live, page.expired) for page in StandardPage.objects.all()}
    assert live == {old.pk: (False, True), lasting.pk: (True, False), new.pk: (True, False), later.pk: (False, False)}
    assert not Panel.objects.get(pk=panel.pk).live


@pytest.mark.django_db
def test_one_that_is_refused_stops_no_other(home, past, monkeypatch):
    """A promise without the fields that its process requires may not be public."""
    asking = records.RecommendationFactory(title="Refused thing", live=False)
    broken, fine = pages.StandardPageFactory(live=False), pages.StandardPageFactory(live=False)
    schedule(asking, past - MINUTE)
    schedule(broken, past)
    schedule(fine, past + MINUTE)
    monkeypatch.setattr(Recommendation, "publishing_problems", lambda *_: ["Say who benefits."])
    publish = Revision.publish

    def stumble(revision, *args, **kwargs):
        publish(revision, *args, **kwargs)
        if revision.object_id == str(broken.pk):
            raise ZeroDivisionError

    monkeypatch.setattr(Revision, "publish", stumble)
    for _ in range(2):
        _, complained = tick()
        assert complained.splitlines() == [
            f"Refused: {asking}. Say who benefits.",
            f"Failed: {broken.title}. ZeroDivisionError",
        ]
        assert [StandardPage.objects.get(pk=page.pk).live for page in (broken, fine)] == [False, True]
        assert not Recommendation.objects.get().live
    monkeypatch.undo()
    assert tick() == ("", "")
    assert Recommendation.objects.get().live
    assert StandardPage.objects.get(pk=broken.pk).live


@pytest.mark.django_db
def test_mail_that_cannot_be_sent_stops_no_page(home, past, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    put()
    page = pages.StandardPageFactory(live=False)
    schedule(page, past)
    tick()
    assert StandardPage.objects.get(pk=page.pk).live


# --- Nothing of it is public ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/post_office/email/", "/post_office/", "/api/v2/emails/", "/django-admin/"])
def test_no_screen_shows_the_outbox(admin_in, home, address):
    assert admin_in.get(address).status_code == 404
