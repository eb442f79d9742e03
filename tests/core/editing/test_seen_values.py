"""Two people, or two tabs, that save one record without revisions, settings or a row of a register (case R7)."""

import re
from inspect import unwrap

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.admin.views.generic import EditView
from wagtail.admin.views.pages.edit import EditView as PageEditView
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.models import Site
from wagtail.test.utils.form_data import rich_text
from wagtail_modeladmin.options import ModelAdmin

from cms.core.editing.seen_values import FIELD
from cms.core.editing.stale_edits import RefusesStaleSave, RefusesStaleValues
from cms.core.models import SiteSettings, WebhookEndpoint
from home.models import Navigation
from scrutiny_pages.models import ReviewTask, Topic, WorkProgramme
from tests.clock import TODAY
from tests.factories import pages, records
from tests.project.admin_routes import admin_patterns
from tests.screens import filled_in

pytestmark = pytest.mark.django_db
REFUSED = "while you had it open, or you did in another tab"
THEIRS = "It is saved now as: {}"


@pytest.fixture
def open_screen(client):
    """Return a function that opens a form and returns one that saves it with different input."""

    def open_it(address: str):
        shown = filled_in(client.get(address).content.decode())

        def save(answer=None, **typed):
            again = filled_in(answer.content.decode()) if answer else shown
            return client.post(address, again | typed)

        return save

    return open_it


def role():
    row = records.RoleFactory(title="Head of Repairs", mailbox="old@example.org")
    return row, f"/admin/snippets/scrutiny_pages/role/edit/{row.pk}/", "title", "mailbox"


def settings():
    row = SiteSettings.for_site(Site.objects.get())
    return row, f"/admin/settings/core/sitesettings/{row.site_id}/", "team_name", "opening_hours"


def member():
    row = records.MembershipFactory(person__name="Robin Example")
    return row, f"/admin/members/edit/{row.pk}/", "name", "note"


def task():
    review = pages.ReviewPageFactory()
    member = records.MembershipFactory(panel=review.panel)
    row = ReviewTask.objects.create(task="Read the policy", review=review, member=member, due=TODAY)
    return row, f"/admin/review-tasks/edit/{row.pk}/", "task", "note"


def webhook():
    row = WebhookEndpoint.objects.create(
        name="Intranet", address="https://hooks.example.org/", events=["page.published"]
    )
    return row, f"/admin/webhooks/edit/{row.pk}/", "name", "address"


def saved(row, name: str) -> str:
    row = type(row).objects.get(pk=row.pk)
    return getattr(row if hasattr(row, name) else row.person, name)


EACH_KIND = pytest.mark.parametrize("kind", [role, settings, member, task, webhook])


@EACH_KIND
def test_the_second_is_refused_with_the_others_words_and_keeps_their_own(admin_in, home, open_screen, kind):
    row, address, name, _other = kind()
    mine, theirs = open_screen(address), open_screen(address)
    assert theirs(**{name: "Theirs <b>"}).status_code == 302

    answer = mine(**{name: "Mine"})

    words = answer.content.decode()
    assert answer.status_code == 200
    assert REFUSED in words
    assert THEIRS.format("Theirs &lt;b&gt;") in words
    assert filled_in(words)[name] == "Mine"
    assert saved(row, name) == "Theirs <b>"
    # Having seen it, they put both together and save.
    assert mine(answer, **{name: "Theirs and mine"}).status_code == 302
    assert saved(row, name) == "Theirs and mine"


@EACH_KIND
def test_what_the_second_did_not_touch_is_not_put_back_to_what_it_was(admin_in, home, open_screen, kind):
    row, address, name, other = kind()
    mine, theirs = open_screen(address), open_screen(address)
    theirs(**{name: "Theirs"})
    typed = "https://hooks.example.org/new/" if other == "address" else "mine@example.org"
    answer = mine(**{other: typed})
    assert THEIRS.format("Theirs") in answer.content.decode()
    assert saved(row, name) == "Theirs"
    assert filled_in(answer.content.decode())[other] == typed


@EACH_KIND
def test_a_second_click_is_no_clash(admin_in, home, open_screen, kind):
    row, address, name, _other = kind()
    save = open_screen(address)
    assert [save(**{name: "Mine"}).status_code for _click in range(2)] == [302, 302]
    assert saved(row, name) == "Mine"


@EACH_KIND
def test_a_third_change_while_the_second_looks_is_told_too(admin_in, home, open_screen, kind):
    row, address, name, _other = kind()
    mine, theirs = open_screen(address), open_screen(address)
    theirs(**{name: "Theirs"})
    answer = mine(**{name: "Mine"})
    open_screen(address)(**{name: "A third"})
    assert THEIRS.format("A third") in mine(answer, **{name: "Mine"}).content.decode()
    assert saved(row, name) == "A third"


def test_a_mistake_and_a_clash_are_told_at_once_and_one_save_mends_both(admin_in, open_screen):
    _row, address, _name, _other = role()
    mine, theirs = open_screen(address), open_screen(address)
    theirs(title="Theirs")
    answer = mine(title="Mine", mailbox="nowhere")
    words = answer.content.decode()
    assert THEIRS.format("Theirs") in words
    assert "Enter a valid email address" in words
    assert mine(answer, title="Mine", mailbox="").status_code == 302


def test_a_screen_without_a_mistake_stays_as_old_as_it_is(admin_in, open_screen):
    """The stamp of an opened form stays while other mistakes are mended."""
    _row, address, _name, _other = role()
    mine = open_screen(address)
    answer = mine(mailbox="nowhere")
    open_screen(address)(title="Theirs")
    assert THEIRS.format("Theirs") in mine(answer, mailbox="").content.decode()


@pytest.mark.parametrize("stamp", ["", "rubbish", "of another row"])
def test_a_screen_of_which_nothing_is_known_overwrites_nothing_unseen(admin_in, open_screen, client, stamp):
    row, address, _name, _other = role()
    if stamp == "of another row":
        other = records.RoleFactory(mailbox=row.mailbox)
        stamp = filled_in(client.get(address.replace(f"/{row.pk}/", f"/{other.pk}/")).content.decode())[FIELD]
    answer = open_screen(address)(mailbox="mine@example.org", **{FIELD: stamp})
    assert THEIRS.format("old@example.org") in answer.content.decode()


def test_values_are_told_as_people_see_them(admin_in, home, open_screen):
    meeting = records.MeetingFactory(is_public=True)
    address = reverse("wagtailsnippets_scrutiny_pages_meeting:edit", args=[meeting.pk])
    panel = records.PanelFactory(name="The Other Panel")
    mine = open_screen(address)
    open_screen(address)(panel=panel.pk, is_public="", kind="open_day", agenda=rich_text("<p>Damp</p>"))
    words = mine(theme="Mine").content.decode()
    for value in ("The Other Panel", "No", "Open day", "Damp"):
        assert THEIRS.format(value) in words


def test_menus_are_told_by_their_words(admin_in, home):
    navigation = Navigation.for_site(Site.objects.get())
    navigation.main = [("link", {"page": None, "url": "/a/", "label": "First"})]
    navigation.save()
    address = f"/admin/settings/home/navigation/{navigation.site_id}/"
    shown = filled_in(admin_in.get(address).content.decode())
    navigation.main = [("link", {"page": None, "url": "/a/", "label": "Theirs"})]
    navigation.save()
    link = {"type": "link", "order": "0", "deleted": "", "id": "", "value-page": "", "value-url": "/a/"}
    typed = {f"main-0-{name}": value for name, value in link.items()} | {"main-0-value-label": "Mine"}
    answer = admin_in.post(address, shown | {"main-count": "1", "footer-count": "0"} | typed)
    assert THEIRS.format("/a/ / Theirs") in answer.content.decode()
    navigation.refresh_from_db()
    assert navigation.main[0].value["label"] == "Theirs"


class TestRows:
    """Rows below a record, as the topics of a year."""

    @pytest.fixture
    def year(self):
        year = WorkProgramme(panel=records.PanelFactory(), title="2026", starts_on="2026-01-01", ends_on="2026-12-31")
        year.topics = [Topic(title="Damp", sort_order=0), Topic(title="Lifts", sort_order=1)]
        year.save()
        return year

    @pytest.fixture
    def screen(self, admin_in, open_screen, year):
        address = reverse("wagtailsnippets_scrutiny_pages_workprogramme:edit", args=[year.pk])
        return lambda: open_screen(address)

    @staticmethod
    def topics(year):
        return list(year.topics.order_by("sort_order", "pk").values_list("title", flat=True))

    @staticmethod
    def new_row(title):
        return {"topics-TOTAL_FORMS": "3", "topics-2-title": title, "topics-2-ORDER": "3", "topics-2-state": "proposed"}

    def fresh(self, year):
        return WorkProgramme.objects.get(pk=year.pk)

    def test_a_changed_row_is_told_beside_its_field(self, screen, year):
        mine, theirs = screen(), screen()
        assert theirs(**{"topics-0-title": "Theirs"}).status_code == 302
        answer = mine(title="Mine")
        assert THEIRS.format("Theirs") in answer.content.decode()
        assert self.topics(self.fresh(year)) == ["Theirs", "Lifts"]
        assert mine(answer).status_code == 302
        assert self.topics(self.fresh(year)) == ["Damp", "Lifts"]

    def test_rows_of_two_people_are_both_kept(self, screen, year):
        mine, theirs = screen(), screen()
        theirs(**self.new_row("Theirs"))
        answer = mine(**self.new_row("Mine"))
        assert "Somebody else added “Theirs" in answer.content.decode()
        assert self.topics(self.fresh(year)) == ["Damp", "Lifts", "Theirs"]
        assert mine(answer).status_code == 302
        assert sorted(self.topics(self.fresh(year))) == ["Damp", "Lifts", "Mine", "Theirs"]

    def test_a_new_row_sent_twice_is_not_two(self, screen, year):
        save = screen()
        assert [save(**self.new_row("Mine")).status_code for _click in range(2)] == [302, 200]
        assert self.topics(self.fresh(year)) == ["Damp", "Lifts", "Mine"]

    def test_a_row_that_was_taken_out_is_told_and_can_come_back(self, screen, year):
        mine, theirs = screen(), screen()
        assert theirs(**{"topics-0-DELETE": "1"}).status_code == 302
        answer = mine(title="Mine")
        assert "Somebody else took this row out" in answer.content.decode()
        assert mine(answer).status_code == 302
        assert self.topics(self.fresh(year)) == ["Damp", "Lifts"]

    def test_two_take_out_the_same_row(self, screen, year):
        mine, theirs = screen(), screen()
        theirs(**{"topics-0-DELETE": "1"})
        assert mine(**{"topics-0-DELETE": "1"}).status_code == 302
        assert self.topics(self.fresh(year)) == ["Lifts"]

    def test_a_row_that_was_changed_is_not_taken_out_unseen(self, screen, year):
        mine, theirs = screen(), screen()
        theirs(**{"topics-0-title": "Theirs"})
        answer = mine(**{"topics-0-DELETE": "1"})
        assert "Somebody else changed “Theirs" in answer.content.decode()
        assert self.topics(self.fresh(year)) == ["Theirs", "Lifts"]

    def test_another_order_is_told(self, screen, year):
        mine, theirs = screen(), screen()
        theirs(**{"topics-0-ORDER": "2", "topics-1-ORDER": "1"})
        assert self.topics(self.fresh(year)) == ["Lifts", "Damp"]
        answer = mine(title="Mine")
        assert "Somebody else changed the order" in answer.content.decode()
        assert self.topics(self.fresh(year)) == ["Lifts", "Damp"]

    def test_a_row_added_by_another_stands_in_nobodys_way(self, screen, year):
        mine, theirs = screen(), screen()
        theirs(**self.new_row("Theirs"))
        assert mine(title="Mine").status_code == 302
        assert self.topics(self.fresh(year)) == ["Damp", "Lifts", "Theirs"]


def test_whoever_may_not_change_it_sees_nothing_of_it(client, django_user_model):
    row, address, _name, _other = role()
    user = django_user_model.objects.create_user("somebody")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    answer = client.post(address, {"title": "Mine", FIELD: "rubbish"})
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert saved(row, "title") == "Head of Repairs"


def _edit_views():
    for route, pattern in admin_patterns():
        owner = getattr(unwrap(pattern.callback), "__self__", None)
        if isinstance(owner, ModelAdmin) and "/edit/" in route:
            yield route, owner.edit_view_class
        elif (view := getattr(pattern.callback, "view_class", None)) and issubclass(view, EditView | PageEditView):
            yield route, view


# What Wagtail itself keeps: accounts, files and the like. Their screens are Wagtail's.
# Settings have two patterns of one form; the first answers, as the next test holds.
WAGTAILS = re.compile(
    r"admin/(users|groups|sites|redirects|collections|workflows|images|documents|locales|formats|settings)/"
)


def test_every_screen_that_changes_what_is_ours_refuses_what_is_out_of_date():
    views = dict(_edit_views())
    ours = {route: view for route, view in views.items() if not WAGTAILS.match(route.replace("^", ""))}
    assert len(ours) > 20
    assert [route for route, view in ours.items() if not issubclass(view, RefusesStaleSave | RefusesStaleValues)] == []


def test_every_kind_of_settings_has_that_screen(admin_in, home):
    site = Site.objects.get()
    for model in settings_registry:
        address = reverse("wagtailsettings:edit", args=[model._meta.app_label, model._meta.model_name, site.pk])
        assert FIELD in filled_in(admin_in.get(address).content.decode()), model
