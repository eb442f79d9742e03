"""Tests of the members' register: its permissions, and the privacy of its data."""

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import Interest, Membership, Panel, Person
from tests.clock import TODAY
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

NO_ROWS = {name: inline_formset([]) for name in ("acceptances", "trainings_done", "interests")}
GIVEN = {"name": "Robin Example", "email": "", "role": "member", "standing": "active", "joined_on": "2026-01-05"}
GIVEN = nested_form_data(GIVEN | NO_ROWS)


@pytest.fixture
def seat():
    return records.MembershipFactory(person__name="Robin Example")


SCREENS = ["/admin/members/", "/admin/members/create/", "/admin/members/edit/{pk}/", "/admin/members/inspect/{pk}/"]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_register_is_closed_to_whoever_lacks_its_permission(client, staff, seat, screen, method):
    staff("change_panel", "handle_submission", "record_step")
    answer = getattr(client, method)(screen.format(pk=seat.pk), GIVEN | {"panel": seat.panel_id, "name": "Changed"})
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert [row.name for row in Membership.objects.all()] == ["Robin Example"]


@pytest.mark.parametrize("screen", SCREENS)
def test_who_has_the_permission_can_open_every_screen(client, staff, seat, screen):
    staff("handle_membership")
    assert client.get(screen.format(pk=seat.pk)).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?panel=99", 400),
        ("?standing=asleep", 400),
        ("?email__icontains=a", 400),
        ("edit/abc/", 404),
        ("edit/99999999999999999999/", 404),
        ("inspect/0/", 404),
        ("delete/1/", 404),
    ],
)
def test_a_wrong_address_is_answered_plainly(client, staff, seat, address, status):
    staff("handle_membership")
    assert client.get(f"/admin/members/{address}").status_code == status


def test_a_member_is_added_and_changed_and_no_log_keeps_the_name(client, staff):
    staff("handle_membership")
    panel = records.PanelFactory()
    assert client.post("/admin/members/create/", GIVEN | {"panel": panel.pk}).status_code == 302
    row = Membership.objects.get()
    answer = client.post(f"/admin/members/edit/{row.pk}/", GIVEN | {"panel": panel.pk, "left_on": "2026-01-01"})
    assert "before the day of joining" in answer.content.decode()
    left = GIVEN | {"panel": panel.pk, "standing": "left", "left_on": "2026-06-01", "phone": "01234 567890"}
    assert client.post(f"/admin/members/edit/{row.pk}/", left).status_code == 302
    assert Membership.objects.get().standing == MemberStanding.LEFT
    assert Person.objects.get().phone == "01234 567890"
    assert not any("Robin" in entry.label for entry in ModelLogEntry.objects.all())


def test_a_name_is_kept_in_one_place_and_nowhere_else(home, client, admin_in):
    """Not in a log, a revision, the search index or any row but the person's own."""
    panel = records.PanelFactory()
    interest = [{"declared_on": "2026-03-01", "about": "Zebedee's flat", "review": "", "followed": "noted"}]
    given = NO_ROWS | {"interests": inline_formset(interest), "name": "Zebedee Private", "panel": panel.pk}
    given |= {"role": "member", "standing": "active", "joined_on": "2026-01-05", "email": "zebedee@example.org"}
    assert admin_in.post("/admin/members/create/", nested_form_data(given)).status_code == 302
    row = Membership.objects.get()
    meeting = records.MeetingFactory(panel=panel, starts_at=timezone.now())
    attendance = f"/admin/snippets/scrutiny_pages/meeting/attendance/{meeting.pk}/"
    assert admin_in.post(attendance, {f"member_{row.pk}": "present"}).status_code == 302
    panel.save_revision().publish()
    kept = {
        model
        for model in apps.get_models(include_auto_created=True)
        if any("zebedee" in str(value).lower() for values in model._base_manager.values_list() for value in values)
    }
    assert kept == {Person, Interest}
    for address in (pages.PanelPageFactory(panel=panel).get_url(), meeting.get_absolute_url(), "/api/v2/panels/"):
        assert "zebedee" not in client.get(address).content.decode().lower()


@pytest.mark.parametrize("standing", MemberStanding.values)
def test_who_sits_takes_a_seat(seat, standing):
    takes_a_seat = standing in ("joining", "active", "suspended")
    Membership.objects.update(standing=standing)
    panel = Panel.objects.with_seats().get()
    assert (panel.seats_taken, panel.vacancies(TODAY)) == ((1, 11) if takes_a_seat else (0, 12))


def test_the_public_sees_seats_and_only_names_that_may_be_shown(home, client, seat):
    records.MembershipFactory(panel=seat.panel, person__name="Agreed Person", name_is_public=True)
    records.MembershipFactory(
        panel=seat.panel, person__name="Former Person", name_is_public=True, standing=MemberStanding.LEFT
    )
    words = client.get(pages.PanelPageFactory(panel=seat.panel).get_url()).content.decode()
    assert "2 of 12" in words
    assert "Agreed Person" in words
    assert "Robin" not in words
    assert "Former" not in words
