"""Visibility: one table of states, checked in the queryset, the rule, the page itself, the API and search."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.core.visibility import Viewer, visible_to
from tests.factories.pages import ReportIndexPageFactory, StandardPageFactory
from tests.factories.records import MembershipFactory, RecommendationFactory

HOUR = datetime.timedelta(hours=1)


def live(page):
    return page


def draft(page):
    page.live = False
    page.save()
    return page


def expired_by_the_clock(page):
    page.expire_at = timezone.now() - HOUR
    page.save()
    return page


def expiring_later(page):
    page.expire_at = timezone.now() + HOUR
    page.save()
    return page


def scheduled(page):
    page.live, page.go_live_at = False, timezone.now() + HOUR
    page.save()
    return page


def restricted(page, kind=PageViewRestriction.LOGIN):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="not-a-secret")
    restriction.groups.add(Group.objects.get_or_create(name="Some staff")[0])
    return page


def by_password(page):
    return restricted(page, PageViewRestriction.PASSWORD)


def by_group(page):
    return restricted(page, PageViewRestriction.GROUPS)


def under(change):
    def child(page):
        change(page)
        return StandardPageFactory(parent=Page.objects.get(pk=page.pk).specific, title="Zebra below")

    child.__name__ = f"under_{change.__name__}"
    return child


def alias_of(change):
    def alias(page):
        copy = page.create_alias(update_slug=f"{page.slug}-again", parent=page.get_parent())
        change(page)
        return copy

    alias.__name__ = f"alias_of_{change.__name__}"
    return alias


STATES = {
    live: 200,
    expiring_later: 200,
    draft: 404,
    scheduled: 404,
    expired_by_the_clock: 404,
    restricted: 302,
    by_group: 302,
    by_password: 200,  # what is answered is the question for the password
    under(draft): 404,
    under(expired_by_the_clock): 404,
    under(restricted): 302,
    alias_of(live): 200,
    alias_of(restricted): 404,
}


@pytest.mark.parametrize(("state", "answered"), STATES.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_every_surface_agrees_on_what_is_public(home, client, state, answered):
    page = state(StandardPageFactory(title="Zebra crossing", summary="SECRET-WORDS"))
    page = Page.objects.get(pk=page.pk)
    public = state.__name__ in ("live", "expiring_later", "alias_of_live")
    viewer = Viewer.anonymous()

    assert visible_to(viewer, Page.objects.filter(pk=page.pk)).exists() == public
    assert viewer.sees_page(page) == public

    response = client.get(page.get_url())
    assert response.status_code == answered
    assert (b"SECRET-WORDS" in response.content) == (public and page.title == "Zebra crossing")

    listed = {item["id"] for item in client.get("/api/v2/pages/?limit=20").json()["items"]}
    assert (page.pk in listed) == public
    assert client.get(f"/api/v2/pages/{page.pk}/").status_code == (200 if public else 404)
    assert (page.get_url() in client.get("/search/?q=zebra").content.decode()) == public


def test_people_who_pass_a_restriction_see_what_is_behind_it(home, admin_user, django_user_model):
    page = restricted(StandardPageFactory())
    group_page = by_group(StandardPageFactory())
    member = django_user_model.objects.create_user("member")
    member.groups.add(Group.objects.get(name="Some staff"))
    other = django_user_model.objects.create_user("other")
    seen = {
        user.username: set(visible_to(Viewer(user, timezone.now()), Page.objects.filter(depth__gt=2)))
        for user in (admin_user, member, other)
    }
    both = {Page.objects.get(pk=page.pk), Page.objects.get(pk=group_page.pk)}
    assert seen == {"admin": both, "member": both, "other": {Page.objects.get(pk=page.pk)}}


def test_machine_surfaces_answer_as_to_a_stranger_whoever_asks(home, admin_in):
    page = restricted(StandardPageFactory())
    assert admin_in.get(f"/api/v2/pages/{page.pk}/").status_code == 404


def test_a_recommendation_is_public_only_with_its_report(home, client, anonymous):
    from tests.factories.pages import ReportPageFactory

    ReportIndexPageFactory()
    report = ReportPageFactory(live=False)
    hidden = RecommendationFactory(report=report, series="2026-03", number=4)
    shown = RecommendationFactory(series="2026-03", number=5)
    draft_words = RecommendationFactory(live=False, series="2026-03", number=6)
    assert list(visible_to(anonymous, type(shown).objects.all())) == [shown]
    codes = [client.get(item.get_absolute_url()).status_code for item in (hidden, shown, draft_words)]
    codes += [client.get(f"/api/v2/recommendations/{item.ref}/").status_code for item in (hidden, shown, draft_words)]
    assert codes == [404, 200, 404] * 2


def test_a_private_model_has_no_rule_and_asking_is_a_mistake(db, anonymous):
    with pytest.raises(TypeError, match="private"):
        visible_to(anonymous, type(MembershipFactory()).objects.all())
