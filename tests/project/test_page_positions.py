"""Positions of pages in the tree, through the editor's real forms."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import StandardPage
from scrutiny_pages.models import ReportPage
from tests.factories import pages

pytestmark = pytest.mark.django_db

# At the top of the site, by what is there; each is in the URLconf or a place of files.
USED = ["search", "admin", "api", "healthz", "information-requests", "static", "media"]
FREE = ["searching", "documents", "forms", "meetings", "panels", "feeds"]


def page_data(title: str, slug: str, **more) -> dict:
    return nested_form_data({"title": title, "slug": slug, "summary": "", "body": streamfield([]), **more})


def add(client, parent, title: str, slug: str, **more):
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", parent.pk])
    return client.post(address, page_data(title, slug, **more))


@pytest.mark.parametrize("slug", USED)
def test_an_address_that_the_site_uses_is_refused_in_words(admin_in, home, slug):
    """Case S5."""
    answer = add(admin_in, home, slug.title(), slug, **{"action-publish": "1"})
    assert answer.status_code == 200
    assert f"This website itself uses the address /{slug}/" in answer.content.decode()
    assert f"“{slug}-page”" in answer.content.decode()
    with pytest.raises(ValidationError, match="This website itself uses"):
        pages.StandardPageFactory(title=slug, slug=slug)
    assert not Page.objects.filter(slug=slug).exists()


def test_other_addresses_are_free(home):
    for slug in FREE:
        page = pages.StandardPageFactory(title=slug, slug=slug)
        assert page.slug == slug
    # Below another page nothing of the site's own is in the way, but for what is under a page of that name.
    assert pages.StandardPageFactory(title="Search", slug="search", parent=page).slug == "search"
    feeds = Page.objects.get(slug="feeds").specific
    with pytest.raises(ValidationError, match="/feeds/reports/"):
        pages.StandardPageFactory(title="Reports", slug="reports", parent=feeds)


@pytest.mark.parametrize("way", ["move", "bulk move", "copy", "rename"])
def test_no_page_gets_to_such_an_address_later(admin_in, home, way):
    """Case S5: not by being moved, copied or given another slug either."""
    above = pages.StandardPageFactory(title="About", slug="about")
    page = pages.StandardPageFactory(title="Search", slug="search", parent=above)
    ask = {
        "move": lambda: admin_in.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk]), follow=True),
        "bulk move": lambda: admin_in.post(
            f"/admin/bulk/wagtailcore/page/move/?id={page.pk}", {"chooser": home.pk}, follow=True
        ),
        "copy": lambda: admin_in.post(
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            {"new_title": "S", "new_slug": "search", "new_parent_page": home.pk, "copy_subpages": ""},
        ),
        "rename": lambda: admin_in.post(
            reverse("wagtailadmin_pages:edit", args=[above.pk]), page_data("About", "search")
        ),
    }
    answer = ask[way]()
    assert "This website itself uses the address /search/" in answer.content.decode()
    assert not home.get_children().filter(slug="search").exists()


def test_publishing_under_what_is_not_public_is_told_before(admin_in, home):
    """Case S4: in the editor, and by code, with a link to what is missing."""
    above = pages.StandardPageFactory(title="A & B", slug="above")
    above.live = False
    above.save()
    answer = add(admin_in, above, "Below", "below", **{"action-publish": "1"})
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "Nobody would see this page if it were published now" in words
    assert "it stands under “A &amp; B”" in words
    assert f'href="/admin/pages/{above.pk}/edit/"' in words
    assert add(admin_in, above, "Below", "below").status_code == 302  # as a draft
    below = StandardPage.objects.get(slug="below")
    with pytest.raises(ValidationError, match="Nobody would see this page"):
        below.get_latest_revision().publish()
    assert not StandardPage.objects.get(pk=below.pk).live
    above.save_revision().publish()
    below.get_latest_revision().publish()
    assert StandardPage.objects.get(pk=below.pk).live


def test_a_report_under_a_draft_review_is_told_of_it(home, admin_in):
    """Case S4: as it was found."""
    review = pages.ReviewPageFactory()
    report = pages.ReportPageFactory(parent=review)
    type(review).objects.filter(pk=review.pk).update(live=False)
    ReportPage.objects.filter(pk=report.pk).update(live=False)
    with pytest.raises(ValidationError, match="Nobody would see this page"):
        ReportPage.objects.get(pk=report.pk).save_revision().publish()


def test_what_is_public_already_can_be_saved_when_its_parent_is_not(home):
    above = pages.StandardPageFactory(title="Above", slug="above")
    below = pages.StandardPageFactory(title="Below", slug="below", parent=above)
    Page.objects.filter(pk=above.pk).update(live=False)
    below.title = "Still below"
    below.save()
    below.save_revision()


def test_publishing_under_a_restricted_page_says_so(admin_in, home):
    """Case S4: a page that only some can see is public for them; the editor is warned."""
    above = pages.StandardPageFactory(title="Members", slug="members")
    PageViewRestriction.objects.create(page=above, restriction_type=PageViewRestriction.LOGIN)
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", above.pk])
    answer = admin_in.post(address, page_data("Below", "below") | {"action-publish": "1"}, follow=True)
    assert "it stands under “Members”, whose privacy is set" in answer.content.decode()
    assert StandardPage.objects.get(slug="below").live


@pytest.mark.parametrize("seconds", [0, 31])
def test_a_page_whose_time_is_over_can_be_saved(admin_in, home, seconds):
    """Case S6."""
    over = datetime.datetime(2026, 11, 1, 10, 30, seconds, tzinfo=datetime.UTC)
    page = pages.StandardPageFactory(title="Old", slug="old")
    Page.objects.filter(pk=page.pk).update(expire_at=over)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    unchanged = {"expire_at": "01/11/2026 10:30", "go_live_at": ""}
    answer = admin_in.post(edit, page_data("Renamed", "old", **unchanged))
    assert answer.status_code == 302, answer.context["form"].errors
    page = Page.objects.get(pk=page.pk)
    assert page.get_latest_revision_as_object().title == "Renamed"
    assert page.get_latest_revision_as_object().expire_at == over
    for change in ({"expire_at": "02/11/2026 10:30"}, {"action-publish": "1"}):
        answer = admin_in.post(edit, page_data("Renamed", "old", **(unchanged | change)))
        assert "must be in the future" in answer.content.decode(), change
