"""Totals of impact assessments, which contain only numbers."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from forms.enums import CaseState, FormKind
from forms.models import Case, FormHandling
from forms.privacy.services import erase
from forms.reporting.impact import NO_PANEL, Period, activity_in
from forms.reporting.impact_report import title_of
from scrutiny_pages.models import NewsletterPage
from tests.factories import pages
from tests.factories.forms import FormPageFactory, question, send_to
from tests.factories.records import PanelFactory, RecommendationFactory
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db
HALF = Period(datetime.date(2026, 1, 1), 6)
SECRET = "Visit to Ottoline Marsh at 12 Quenley Rise"


@pytest.fixture
def panel(home):
    return PanelFactory(name="Scrutiny Panel")


@pytest.fixture
def form(home):
    return FormPageFactory(
        kind=FormKind.IMPACT,
        questions=(
            question("activity"),
            question("panel", "panel_choice"),
            question("people", "number", counts="people"),
            question("hours", "number", decimals=True, counts="hours"),
            question("pounds", "money", counts="pounds"),
            question("tea", "number"),
            question("outcome", "long_text"),
        ),
    )


def sent(form, on: datetime.date, *, panel=None, state=CaseState.RECEIVED, spam=False, **answers):
    chosen = {"panel": {"pk": panel.pk, "title": str(panel)}} if panel else {}
    known = {"activity": SECRET, "outcome": SECRET, "people": "4", "hours": "2.5", "pounds": "10.20", "tea": "9"}
    item = send_to(form, known | chosen | answers, uuid.uuid4())
    arrange(Case.objects.filter(submission=item).update, received_on=on, state=state, is_quarantined=spam)
    return item


@pytest.fixture
def half_a_year(form, panel):
    """Return the assessments of half a year, and some before and after it."""
    return [
        sent(form, HALF.first, panel=panel),
        sent(form, datetime.date(2026, 6, 30), panel=panel, hours="0.1", pounds="0.10"),
        sent(form, datetime.date(2026, 3, 9), people="1"),
        sent(form, datetime.date(2025, 12, 31), panel=panel, people="100"),
        sent(form, datetime.date(2026, 7, 1), panel=panel, people="100"),
        sent(form, datetime.date(2026, 3, 9), panel=panel, people="100", spam=True),
        sent(form, datetime.date(2026, 3, 9), panel=panel, people="100", state=CaseState.WITHDRAWN),
    ]


def test_totals_are_those_of_the_period_without_spam_and_what_was_taken_back(half_a_year, panel, admin_user):
    found = activity_in(HALF, user=admin_user)
    assert found.total.activities == 3
    assert [found.total.of(what) for what in ("people", "hours", "pounds")] == [9, Decimal("5.1"), Decimal("20.50")]
    assert {name: one.activities for name, one in found.by_panel.items()} == {NO_PANEL: 1, "Scrutiny Panel": 2}
    assert [one.activities for one in found.by_month.values()] == [1, 0, 1, 0, 0, 1]
    one = activity_in(HALF, user=admin_user, panel=panel)
    assert (one.total.activities, one.total.of("pounds")) == (2, Decimal("10.30"))


def test_an_assessment_is_found_by_what_it_is_about(home, panel, admin_user, admin_in):
    review, item = pages.ReviewPageFactory(title="Damp and mould"), RecommendationFactory()
    form = FormPageFactory(
        kind=FormKind.IMPACT,
        questions=(
            question("people", "number", counts="people"),
            question("for", "review_choice"),
            question("about", "recommendation_choice"),
        ),
    )
    about = {"for": {"pk": review.pk, "title": "x"}, "about": {"pk": item.pk, "title": "x"}}
    gone = {"for": {"pk": 10**6, "title": "x"}}
    first, second = (sent(form, HALF.first, people=people, **named) for people, named in (("3", about), ("5", gone)))
    found = activity_in(HALF, user=admin_user)
    assert {name: one.of("people") for name, one in found.by_review.items()} == {"Damp and mould": 3}
    for value in (f"review-{review.pk}", f"recommendation-{item.pk}"):
        listed = admin_in.get(f"/admin/impact-assessments/?about={value}").content.decode()
        assert first.reference in listed
        assert second.reference not in listed
    page = admin_in.get(f"/admin/impact-assessments/inspect/{first.pk}/").content.decode()
    assert review.full_url in page
    assert item.get_absolute_url() in page


def test_what_was_erased_still_counts_in_all_and_by_month(half_a_year, admin_user):
    before = activity_in(HALF, user=admin_user)
    for item in half_a_year:
        erase(sent=item)
    after = activity_in(HALF, user=admin_user)
    assert after.total == before.total
    assert after.by_month == before.by_month
    assert list(after.by_panel) == [NO_PANEL]


def test_only_forms_that_the_person_handles_are_added_up(half_a_year, django_user_model, form):
    person = django_user_model.objects.create_user("handler")
    person.user_permissions.set(Permission.objects.filter(codename="handle_submission"))
    assert activity_in(HALF, user=person).total.activities == 3
    erase(sent=half_a_year[0])
    handling = FormHandling.objects.create(form_key=form.form_key, form_title="It")
    handling.groups.add(Group.objects.create(name="Others"))
    person = django_user_model.objects.get(pk=person.pk)
    assert activity_in(HALF, user=person).total.activities == 0


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (HALF, "What we did, January to June 2026"),
        (Period(datetime.date(2025, 11, 1), 3), "What we did, November 2025 to January 2026"),
    ],
)
def test_a_report_is_called_by_its_months(period, words):
    assert title_of(period) == words


class TestScreen:
    @pytest.fixture
    def this_month(self, form, panel):
        today = timezone.localdate()
        sent(form, today, panel=panel)
        return {"first": today.replace(day=1).isoformat(), "months": "3", "panel": ""}

    def test_it_shows_totals_and_makes_a_draft_of_them_without_a_word_of_anybodys(self, admin_in, home, this_month):
        index = pages.NewsletterIndexPageFactory()
        page = admin_in.post(reverse("activity_report"), this_month).content.decode()
        assert "10.2" in page
        assert "Ottoline" not in page
        assert not NewsletterPage.objects.exists()
        for _ in range(2):
            answer = admin_in.post(reverse("activity_report"), this_month | {"draft": "1"})
        first, second = NewsletterPage.objects.order_by("pk")
        assert answer.url == reverse("wagtailadmin_pages:edit", args=[second.pk])
        assert first.slug != second.slug
        assert first.get_parent().pk == index.pk
        assert not first.live
        words = str(first.body.get_prep_value()) + str(first.latest_revision.content)
        assert "Ottoline" not in words
        assert "£10.20" in words
        assert {"chart", "time_chart", "figure"} <= {block.block_type for block in first.body}
        first.body.stream_block.clean(first.body)
        first.save_revision().publish()
        published = admin_in.get(first.get_url()).content.decode()
        assert "Scrutiny Panel" in published
        assert admin_in.get(reverse("wagtailadmin_pages:edit", args=[second.pk])).status_code == 200

    def test_a_period_with_nothing_in_it_makes_a_page_of_noughts(self, admin_in, home):
        pages.NewsletterIndexPageFactory()
        first = timezone.localdate().replace(day=1).isoformat()
        asked = {"first": first, "months": "12", "panel": "", "draft": "1"}
        assert admin_in.post(reverse("activity_report"), asked).status_code == 302
        page = NewsletterPage.objects.get()
        page.save_revision().publish()
        assert admin_in.get(page.get_url()).status_code == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"first": "2026-02-02"},
            {"first": "\x00"},
            {"months": "7"},
            {"months": "9" * 30},
            {"panel": "x"},
            {"panel": "0"},
        ],
    )
    def test_nonsense_is_refused_in_words(self, admin_in, this_month, wrong):
        pages.NewsletterIndexPageFactory()
        answer = admin_in.post(reverse("activity_report"), this_month | {"draft": "1"} | wrong)
        assert answer.status_code in (200, 400)
        assert not NewsletterPage.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_is_for_those_who_handle_what_comes(self, client, django_user_model, this_month, method):
        editor = django_user_model.objects.create_user("editor")
        editor.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        client.force_login(editor)
        answer = getattr(client, method)(reverse("activity_report"), this_month)
        assert (answer.status_code, answer.url) == (302, "/admin/")

    def test_who_may_not_add_pages_sees_totals_and_makes_none(self, client, django_user_model, this_month):
        pages.NewsletterIndexPageFactory()
        person = django_user_model.objects.create_user("handler")
        wanted = ["access_admin", "handle_submission"]
        person.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        client.force_login(person)
        page = client.post(reverse("activity_report"), this_month).content.decode()
        assert "10.2" in page
        assert "Make a draft page" not in page
        assert client.post(reverse("activity_report"), this_month | {"draft": "1"}).url == "/admin/"
        assert not NewsletterPage.objects.exists()

    def test_the_list_of_assessments_leads_to_it(self, admin_in, this_month):
        listed = admin_in.get("/admin/impact-assessments/").content.decode()
        assert reverse("activity_report") in listed
