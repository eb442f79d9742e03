"""The demo: whatever today is, it loads whole, tells every kind of story, and keeps its dates in order."""

import datetime
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, Site

from cms.core.dates.formatting import is_quarter_end, quarter_end
from cms.core.models import SiteSettings
from cms.core.text.rich_text_markup import rich_text
from cms.core.visibility import Viewer
from cms.demo import illustrations
from cms.demo.content import FOLDER, read, read_reports
from cms.demo.dates import Calendar, on_a_likely_day, past_christmas
from cms.demo.load import load_arrangement, load_demo
from cms.demo.recommendations import WORDS
from cms.demo.story import Story
from forms.enums import Audience
from forms.models import FormPage
from home.models import HomePage, Navigation
from scrutiny_pages.enums import Answer, Delivery, EventKind, MemberStanding, ReviewState, Standing
from scrutiny_pages.models import (
    Event,
    Meeting,
    Membership,
    NewsletterPage,
    OutcomePage,
    Panel,
    Recommendation,
    ReportPage,
    ReviewPage,
    StageRecord,
    Tracking,
)
from tests.shared_rows import shared_rows

DAY = datetime.timedelta(days=1)
ORDINARY_DAY = datetime.date(2026, 11, 22)
TODAYS = [
    datetime.date.fromisoformat(day)
    for day in (
        "2025-12-24",
        "2026-01-01",
        "2026-03-31",
        "2026-04-01",
        "2026-06-29",
        "2026-06-30",
        "2026-08-15",
        "2026-11-22",
        "2026-12-31",
        "2027-05-03",
        "2028-02-29",
        "2028-10-01",
    )
]
EVERY_DAY = [datetime.date(2025, 12, 1) + n * DAY for n in range(3 * 366)]


# --- Dates: pure ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "steps", "expected"),
    [
        ("2026-03-31", 0, "2026-03-31"),
        ("2026-03-31", -1, "2025-12-31"),
        ("2026-04-01", 0, "2026-06-30"),
        ("2026-04-01", -1, "2026-03-31"),
        ("2026-01-01", -1, "2025-12-31"),
        ("2026-12-31", 1, "2027-03-31"),
        ("2028-02-29", -6, "2026-09-30"),
    ],
)
def test_quarter_ends_are_counted_from_a_day(on, steps, expected):
    assert quarter_end(datetime.date.fromisoformat(on), steps).isoformat() == expected


def test_moving_to_a_likely_day_never_changes_the_order():
    for weekday in ("", "tuesday"):
        moved = [on_a_likely_day(day, weekday) for day in EVERY_DAY]
        assert moved == sorted(moved)
        assert all(day.weekday() < 5 for day in moved)


def test_nobody_meets_at_christmas():
    assert past_christmas(datetime.date(2026, 12, 26)) == datetime.date(2027, 1, 9)
    assert past_christmas(datetime.date(2026, 12, 24)) == datetime.date(2027, 1, 7)
    assert past_christmas(datetime.date(2026, 12, 23)) == datetime.date(2026, 12, 23)


def test_a_text_tells_its_dates():
    dates = Calendar({"then": {"days": 3}}, datetime.date(2026, 4, 1))
    assert dates.fill_in("On {then}, in {then.month}.") == "On 3 April 2026, in April 2026."


def test_rich_text_knows_paragraphs_lists_headings_and_links():
    text = "### One\nA & **b**\ngoes on\n\n- x\n- y\n  more\n\n[Go](page:about) or [call](tel:1)"
    assert rich_text(text, {"about": 7}.get) == (
        "<h3>One</h3><p>A &amp; <b>b</b> goes on</p><ul><li>x</li><li>y more</li></ul>"
        '<p><a linktype="page" id="7">Go</a> or <a href="tel:1">call</a></p>'
    )


def turns():
    """Return each recommendation's dates as names, in the order in which they happen."""
    for content in read("recommendations").values():
        for data in content["recommendations"]:
            names = [content["asked"]]
            for turn in data["story"]:
                step = next(iter(turn))
                names.append(turn["when"] if step == "answer" else turn[step])
            yield data["key"], names


def test_on_every_day_of_three_years_the_story_is_in_order():
    stories = list(turns())
    reviews = [[row["date"] for row in review["done"].values()] for review in read("reviews")["reviews"]]
    happened = {name for _, names in stories for name in names} | {name for names in reviews for name in names}
    rows = [*read_reports(), *read("outcomes")["outcomes"], *read("reviews")["reviews"], *read("form")["forms"]]
    published = [(row["published"], row.get("updated", row["published"])) for row in rows]
    for today in EVERY_DAY:
        dates = Calendar(read("dates"), today)
        assert all(dates[name] <= today for name in happened), today
        assert all(dates[first] <= dates[last] <= today for first, last in published), today
        for key, names in stories:
            told = [dates[name] for name in names]
            assert told == sorted(told), (today, key)
        for review in read("reviews")["reviews"]:
            planned = review.get("planned", {}) | {key: row["date"] for key, row in review["done"].items()}
            told = [dates[planned[stage["key"]]] for stage in read("reviews")["stages"]]
            assert told == sorted(told), (today, review["key"])
        assert dates["last_quarter_end"] < today <= dates["this_quarter_end"]
        assert dates["moving_answer_due"] < today < dates["board_next"]
        assert today < min(dates[name] for name in ("panel_next", "training_next", "open_morning", "tracking_0"))


def test_every_promised_date_is_a_quarter_end():
    specs = read("dates")
    for content in read("recommendations").values():
        for data in content["recommendations"]:
            for turn in data["story"]:
                for name in ("target", "until"):
                    assert name not in turn or set(specs[turn[name]]) == {"quarter_end"}, data["key"]


def test_no_content_has_lost_a_value():
    def check(value, place):
        assert value is not None, place
        if isinstance(value, dict):
            for name, item in value.items():
                # YAML reads a bare on, yes or no as true or false.
                assert isinstance(name, str), place
                check(item, f"{place}/{name}")
        elif isinstance(value, list):
            for number, item in enumerate(value):
                check(item, f"{place}/{number}")

    for path in FOLDER.rglob("*.yaml"):
        name = str(path.relative_to(FOLDER).with_suffix(""))
        check(read(name), name)


def test_a_report_takes_five_minutes_to_read():
    for report in read_reports():
        words = sum(len(str(block).split()) for block in report["body"])
        assert 550 <= words <= 1000, report["key"]


# --- Pictures ---------------------------------------------------------------------------------------


def test_pictures_are_the_same_every_time():
    for key in illustrations.SCENES:
        assert illustrations.draw.__wrapped__(key) == illustrations.draw(key)


# --- Loading ----------------------------------------------------------------------------------------


@pytest.fixture
def var(tmp_path, settings):
    """Keep what the command writes away from this checkout."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return tmp_path


def stand_at(day, monkeypatch):
    """Have the clock stand at noon of a day."""
    noon = datetime.datetime.combine(day, datetime.time(12), timezone.get_default_timezone())
    monkeypatch.setattr(timezone, "now", lambda: noon)


@pytest.mark.django_db
@pytest.mark.matrix("today", TODAYS[0])
@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_it_tells_every_kind_of_story(today, var, monkeypatch):
    # All that depends on the day, without the pages' words: those take most of the time.
    stand_at(today, monkeypatch)
    story = Story(dates=Calendar(read("dates"), today))
    load_arrangement(story)
    recommendations = list(Recommendation.objects.for_listing())
    counts = Counter(item.tracking.standing(today) for item in recommendations)
    assert counts == {
        Standing.CONFIRMED: 3,
        Standing.CLAIMED: 1,
        Standing.PROGRESS: 2,
        Standing.NOT_STARTED: 1,
        Standing.LATE: 3,
        Standing.WAITING: 1,
        Standing.REFUSED: 1,
        Standing.CLOSED: 1,
        Standing.WITHDRAWN: 1,
    }
    late = [item.tracking for item in recommendations if item.tracking.is_overdue(today)]
    assert Counter(tracking.answer for tracking in late) == {Answer.ACCEPTED: 2, Answer.AWAITED: 1}
    assert Counter(len(item.tracking.granted) for item in recommendations) == {0: 11, 1: 2, 2: 1}
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert kinds[EventKind.TIME_REFUSED] == kinds[EventKind.SENT_BACK] == kinds[EventKind.PARTLY_ACCEPTED] == 1
    # Asking is told from the words, and the first date for an answer comes with the arrangement.
    assert set(kinds) == set(EventKind) - {
        EventKind.ASKED,
        EventKind.ANSWER_DUE,
        EventKind.REFERRED,
        EventKind.CORRECTED,
        EventKind.RATIFIED,
    }
    assert set(Tracking.objects.values_list("delivery", flat=True)) == set(Delivery)
    for tracking in Tracking.objects.exclude(first_target=None).prefetch_related("extensions"):
        asked_for = [extension.asked_for for extension in tracking.extensions.all()]
        targets = [tracking.first_target, tracking.current_target, *asked_for]
        assert all(is_quarter_end(target) for target in targets)
    assert all(on <= today for on in Event.objects.values_list("on", flat=True))
    for item in recommendations:
        assert item.series == f"{item.asked_on:%Y-%m}"
    at = datetime.datetime.combine(today, datetime.time(12), timezone.get_default_timezone())
    assert Meeting.objects.past(at).count() >= 5
    assert Meeting.objects.coming(at).count() >= 4
    for meeting in Meeting.objects.exclude(minutes_agreed_on=None):
        assert timezone.localdate(meeting.starts_at) < meeting.minutes_agreed_on <= today


@pytest.fixture(scope="class")
def demo(request, tmp_path_factory):
    """Load the demo once for a class of tests, as it stands on an ordinary day, and undo it after the last."""
    with (
        shared_rows(request),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        stand_at(ORDINARY_DAY, monkeypatch)
        load_demo(today=ORDINARY_DAY, password="a-password-for-tests")
        Site.clear_site_root_paths_cache()
        yield


def block_ids(block: blocks.Block, value, place: str):
    """Return every block of a stored value with its id, nested ones too."""
    match block:
        case blocks.StreamBlock():
            for child in value:
                yield f"{place}/{child['type']}", child.get("id")
                yield from block_ids(block.child_blocks[child["type"]], child["value"], f"{place}/{child['type']}")
        case blocks.ListBlock():
            for child in value:
                yield f"{place}/item", child.get("id")
                yield from block_ids(block.child_block, child["value"], f"{place}/item")
        case blocks.StructBlock():
            for name, child in block.child_blocks.items():
                if name in value:
                    yield from block_ids(child, value[name], f"{place}/{name}")


def state() -> list:
    """Count what loading makes, and when its pages were published."""
    models = (Page, Revision, Event, Meeting, Membership, Panel, get_image_model())
    counted = [model.objects.count() for model in models]
    return [counted, list(Page.objects.values_list("pk", "last_published_at")), get_user_model().objects.count()]


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
class TestLoaded:
    """What the demo is once it is loaded."""

    def test_it_holds_what_was_promised(self):
        assert Counter(ReviewPage.objects.values_list("state", flat=True)) == {
            ReviewState.FINISHED: 1,
            ReviewState.UNDER_WAY: 1,
            ReviewState.CHOSEN: 1,
        }
        assert [page.objects.live().count() for page in (ReportPage, OutcomePage, NewsletterPage)] == [2, 4, 2]
        assert OutcomePage.objects.get(recommendations=None).checked_on
        assert StageRecord.objects.count() == 14  # 13 done, one moved
        assert Recommendation.objects.count() == 14
        for item in Recommendation.objects.all():
            assert all(getattr(item, name) for name in WORDS)
            assert item.owner
        panel = Panel.objects.with_seats().get(slug="resident-scrutiny-panel")
        assert panel.vacancies(timezone.localdate()) == 2
        assert panel.eligibility.count() == 3
        assert panel.minimum_members <= panel.seats_taken <= panel.maximum_members
        assert 0 < Membership.objects.named_in_public().count() < panel.seats_taken
        assert Membership.objects.filter(standing=MemberStanding.LEFT).exists()
        settings = SiteSettings.objects.get()
        for field in SiteSettings._meta.get_fields():
            assert getattr(settings, field.name), field.name
        assert len(Navigation.objects.get().main) == 7

    def test_its_tree_is_sound_and_its_pages_open(self, client):
        problems = Page.find_problems()
        assert not any(problems), problems
        assert HomePage.objects.get().get_children().live().count() == 12
        assert not Page.objects.filter(depth=2).exclude(pk=HomePage.objects.get().pk).exists()
        viewer = Viewer.anonymous()
        # Forms for members are found by nobody else.
        unlisted = FormPage.objects.exclude(audience=Audience.ANYONE).values("pk")
        for page in Page.objects.filter(depth__gt=1).exclude(pk__in=unlisted):
            assert viewer.sees_page(page)
            assert not page.has_unpublished_changes
            assert page.live_revision_id == page.latest_revision_id
            assert client.get(page.url).status_code == 200, page.url
        for record in [*Recommendation.objects.all(), *Meeting.objects.filter(is_public=True)]:
            assert client.get(record.get_absolute_url()).status_code == 200, record
        found = client.get(reverse("search"), {"q": "gutter"}).content.decode()
        assert "From the first call to a dry wall" in found

    def test_every_block_has_an_id_of_its_own(self):
        seen = []
        things = [page.specific for page in Page.objects.filter(depth__gt=1)] + list(Navigation.objects.all())
        for thing in things:
            for name in ("body", "sections", "main", "footer"):
                stream = getattr(thing, name, None)
                if stream is not None and hasattr(stream, "raw_data"):
                    seen += block_ids(stream.stream_block, list(stream.raw_data), f"{thing}/{name}")
        assert len(seen) > 150
        assert all(found for _, found in seen), [place for place, found in seen if not found]
        assert len({found for _, found in seen}) == len(seen)

    def test_the_form_asks_what_the_register_says(self):
        form = Page.objects.get(slug="apply").specific
        questions = [question for section in form.sections for question in section.value["questions"]]
        asked = Counter(question.block_type for question in questions)
        assert asked["eligibility"] == 3
        assert asked["yes_no"] == 4
        assert asked["long_text"] == 5
        private = [question.value["label"] for question in questions if question.value.get("handlers_only")]
        assert private == ["Is there any support that you need from us?"]
        assert form.versions.count() == 1

    def test_photos_say_what_they_show(self):
        assert get_image_model().objects.filter(description="").count() == 0
        for report in ReportPage.objects.all():
            [photo] = [block.value for block in report.body if block.block_type == "photo"]
            assert photo["image"].contextual_alt_text
            assert photo["consent"]
            assert report.social_image

    def test_an_editor_edits_and_a_caseworker_cannot(self, client):
        report = ReportPage.objects.first()
        edit = reverse("wagtailadmin_pages:edit", args=[report.pk])
        client.force_login(get_user_model().objects.get(username="editor"))
        assert client.get(edit).status_code == 200
        client.force_login(get_user_model().objects.get(username="caseworker"))
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
        assert client.get(edit).status_code == 302

    def test_loading_twice_changes_nothing(self, var):
        before = state()
        call_command("load_demo", "--if-empty", verbosity=0)
        assert state() == before
        with pytest.raises(CommandError, match="home page already"):
            call_command("load_demo")
        assert state() == before
        assert not (var / "demo-sign-ins.txt").exists()


@pytest.mark.django_db
def test_the_command_makes_passwords_and_keeps_them_for_its_owner(var, capsys):
    call_command("load_demo", "--today", "2026-11-22")
    path = var / "demo-sign-ins.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    told = path.read_text()
    assert told in capsys.readouterr().out
    passwords = dict(line.split("user name: ")[1].split(" password: ") for line in told.splitlines())
    assert len(set(passwords.values())) == 4
    for name, password in passwords.items():
        assert get_user_model().objects.get(username=name.strip()).check_password(password)
