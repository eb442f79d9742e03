"""Panels: public rules, rules inherited from another panel, and time-limited panels."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from scrutiny_pages.enums import MemberRole, MemberStanding
from scrutiny_pages.models import Agreement, MemberKind, Panel, Training
from scrutiny_pages.presenters.panels import vacancy_words
from scrutiny_pages.rules.rule_types import Members, Seat
from tests.clock import TODAY
from tests.factories import pages, records
from tests.scrutiny_pages.rules.test_panel_rules import WORDS

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def shown(client, page) -> str:
    return client.get(page.get_url()).content.decode()


@pytest.mark.parametrize(
    ("recruiting", "seats", "words"),
    [
        (True, 2, "2 seats are open on the Scrutiny Panel"),
        (True, 1, "One seat is open on the Scrutiny Panel"),
        (True, 0, ""),
        (True, None, "The Scrutiny Panel is open to new members"),
        (False, 2, ""),
    ],
)
def test_a_panel_says_that_it_looks_for_members(recruiting, seats, words):
    assert vacancy_words(name="Scrutiny Panel", recruiting=recruiting, open_seats=seats) == words


# --- rules, where they are read ----------------------------------------------------------------------


def test_every_rule_is_kept_and_said_on_the_page(home, client):
    kinds = [MemberKind(name=name, slug=name) for name in ("leaseholder", "stac", "forum", "silver", "general")]
    MemberKind.objects.bulk_create(kinds)
    page = pages.PanelPageFactory(panel__rules=[(kind, given) for kind, given, _ in WORDS.values()])
    words = shown(client, page)
    for sentence in Panel.objects.get(pk=page.panel_id).rules_in_force.words():
        assert sentence.replace("'", "&#x27;") in words


@pytest.mark.parametrize(
    ("fields", "several"),
    [
        ({"name": "Leaseholder"}, "leaseholders"),
        ({"name": "Tenants' Forum member"}, "Tenants' Forum members"),
        ({"name": "Person who rents", "plural": "People who rent"}, "people who rent"),
        ({"name": "A"}, "as"),
    ],
)
def test_a_kind_of_member_is_said_in_the_plural(fields, several):
    assert MemberKind(**fields).several == several


def test_a_page_outlives_what_its_rules_name(home, client):
    kind, other = records.MemberKindFactory(name="Leaseholder", slug="lease-holders"), records.PanelFactory(slug="old")
    limit = ("kind_limit", {"member_kind": kind.slug, "at_most": 2})
    page = pages.PanelPageFactory(panel__rules=[limit, ("may_not_sit_on", {"panels": [other.slug]})])
    assert "may go to leaseholders." in shown(client, page)
    assert f"may not also be on the {other.name}." in shown(client, page)
    kind.delete()
    other.delete()
    assert "may go to lease holders." in shown(client, page)
    assert "may not also be on the old." in shown(client, page)
    assert client.get(f"/api/v2/panels/{page.panel.slug}/").status_code == 200


def test_a_panel_goes_by_the_rules_of_another(home, client):
    forum = records.PanelFactory(name="Forum", rules=[("frequency", {"times_a_year": 4})])
    lender = records.PanelFactory(name="Repairs Panel", rules=[("members", {"at_most": 15})], rules_from=forum)
    page = pages.PanelPageFactory(panel__rules=[("note", {"text": "We meet by phone."})], panel__rules_from=lender)
    panel = Panel.objects.with_seats().get(pk=page.panel_id)
    assert panel.rules_in_force.words_by_source() == {
        "": ["We meet by phone."],
        "Repairs Panel": ["The panel has up to 15 members."],
        "Forum": ["It meets about 4 times a year."],
    }
    assert (panel.maximum_members, panel.vacancies(TODAY)) == (15, 15)
    assert "Rules we take from the Repairs Panel" in shown(client, page)
    given = client.get(f"/api/v2/panels/{panel.slug}/").json()
    assert (given["maximum_members"], given["rules_as_data"][1]["taken_from"]) == (15, "Repairs Panel")


def test_a_rule_of_its_own_takes_the_place_of_the_others():
    lender = records.PanelFactory(rules=[("members", {"at_most": 15}), ("quorum", {"number": 9})])
    panel = records.PanelFactory(rules=[("members", {"at_most": 12})], rules_from=lender)
    assert (panel.maximum_members, len(panel.rules_in_force.items)) == (12, 2)


@pytest.mark.parametrize(("percent", "members", "needed"), [(50, 0, 1), (50, 5, 3), (None, 5, 6)])
def test_the_api_says_the_quorum_of_today(client, percent, members, needed):
    rule = {"percent": percent} if percent else {"number": 6}
    panel = records.PanelFactory(rules=[("quorum", rule)])
    records.MembershipFactory.create_batch(members, panel=panel)
    assert client.get(f"/api/v2/panels/{panel.slug}/").json()["quorum"] == needed


@pytest.mark.parametrize("role", MemberRole.values)
@pytest.mark.parametrize("standing", MemberStanding.values)
def test_the_database_counts_seats_as_the_rule_does(role, standing):
    panel = records.MembershipFactory(role=role, standing=standing).panel
    counted = Panel.objects.with_seats().get().vacancies(TODAY)
    assert counted == Members.open_seats(panel.rules_in_force, [Seat("1", panel.slug, role=role, standing=standing)])


def test_a_seat_is_counted_once_whatever_else_is_asked_of_its_panel():
    panel = records.PanelFactory()
    records.MembershipFactory.create_batch(3, panel=panel)
    for n in range(2):
        panel.eligibility.create(statement=f"Statement {n}")
    panel.save()
    panels = Panel.objects.filter(eligibility__statement__startswith="Statement")
    assert panels.with_seats().get().seats_taken == 3
    assert panels.with_seats().filter(memberships__isnull=False).get().seats_taken == 3


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [0, 1, 2])
@pytest.mark.parametrize("field", ["parent", "rules_from"])
def test_a_panel_never_comes_back_to_itself(field, steps):
    panel = last = records.PanelFactory()
    for _ in range(steps):
        last = records.PanelFactory(**{field: last})
    setattr(panel, field, last)
    with pytest.raises(ValidationError) as refused:
        panel.full_clean()
    assert set(refused.value.message_dict) == {field}
    setattr(panel, field, records.PanelFactory())
    panel.full_clean()


def test_rules_that_loop_all_the_same_are_read_once():
    panel = records.PanelFactory()
    other = records.PanelFactory(rules_from=panel, rules=[("probation", {"months": 6})])
    Panel.objects.filter(pk=panel.pk).update(rules_from=other)
    assert len(Panel.objects.get(pk=panel.pk).rules_in_force.items) == 2


def test_a_quorum_is_held_against_a_maximum_that_is_another_panels():
    panel = records.PanelFactory(rules=[("quorum", {"number": 13})])
    panel.full_clean()
    panel.rules_from = records.PanelFactory(rules=[("members", {"at_most": 12})])
    with pytest.raises(ValidationError, match="more people than the panel may have"):
        panel.full_clean()


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (1, True)])
def test_a_panel_ends_after_it_starts(days, fits):
    panel = records.PanelFactory(starts_on=TODAY)
    panel.ends_on = TODAY + days * DAY
    if fits:
        panel.full_clean()
    else:
        with pytest.raises(ValidationError, match="before the first day"):
            panel.full_clean()


@pytest.mark.parametrize(
    ("live", "ever", "fits"), [(True, True, False), (True, False, False), (False, True, False), (False, False, True)]
)
def test_the_slug_of_a_panel_that_was_published_stays(live, ever, fits):
    panel = records.PanelFactory(live=live, first_published_at=timezone.now() if ever else None)
    panel.full_clean()
    panel.slug = "another"
    if fits:
        panel.full_clean()
    else:
        with pytest.raises(ValidationError, match="so its slug stays"):
            panel.full_clean()


GIVEN = {
    "name": "Scrutiny Panel",
    "slug": "scrutiny-panel",
    "kind": "scrutiny_panel",
    "purpose": "Checks services.",
    **{name: rich_text("") for name in ("activities", "support", "terms_of_reference", "role_description")},
    "eligibility": inline_formset([]),
}
BODIES = {"at_most": "1", "level": "refuse"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([("members", {"at_least": "13", "at_most": "12", "level": "refuse"})], "fewer than the minimum"),
        ([("members", {"at_least": "", "at_most": "", "level": "refuse"})], "the least or the most members"),
        ([("members", {"at_least": "-1", "at_most": "", "level": "refuse"})], "greater than or equal to 1"),
        ([("members", {"at_least": "", "at_most": "6", "level": "often"})], "not one of the available choices"),
        ([("quorum", {"number": "6", "percent": "50"})], "one of the two"),
        ([("quorum", {"number": "", "percent": "101"})], "no more members than all of them"),
        ([("training_commitment", {"percent": "200", "level": "warn"})], "no more training than all of it"),
        ([("one_of", BODIES | {"panels": "forum"})], "more bodies than a member may be on"),
        ([("may_not_sit_on", {"panels": "nowhere", "level": "warn"})], "not one of the available choices"),
        ([("kind_limit", {"member_kind": "nobody", "at_most": "2", "level": "warn"})], "not one of the available"),
        ([("kind_limit", {"member_kind": "lease", "at_most": "2", "level": "warn"})] * 2, "two limits for leases"),
        ([("note", {"text": ""})], "This field is required"),
        ([("quorum", {"number": "2", "percent": ""})] * 2, "maximum number of items is 1"),
        (
            [("members", {"at_least": "", "at_most": "5", "level": "warn"}), ("quorum", {"number": "6"})],
            "more people than the panel may have",
        ),
    ],
)
def test_an_editor_is_told_which_rule_is_wrong(admin_in, given, words):
    records.MemberKindFactory(name="Lease", slug="lease")
    records.PanelFactory(slug="forum")
    data = nested_form_data(GIVEN | {"rules": streamfield(given)}) | {"action-publish": "1"}
    answer = admin_in.post(reverse("wagtailsnippets_scrutiny_pages_panel:add"), data)
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors.as_json()) + answer.content.decode()
    assert Panel.objects.count() == 1


def test_a_draft_may_have_a_rule_that_is_not_filled_in(admin_in):
    half = [("members", {"at_least": "", "at_most": "", "level": "refuse"}), ("note", {"text": ""})]
    data = nested_form_data(GIVEN | {"rules": streamfield(half)})
    answer = admin_in.post(reverse("wagtailsnippets_scrutiny_pages_panel:add"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    edit = reverse("wagtailsnippets_scrutiny_pages_panel:edit", args=[Panel.objects.get().pk])
    assert admin_in.get(edit).status_code == 200


def test_an_editor_reads_the_rules_that_they_set(admin_in):
    panel = records.PanelFactory(rules=[("term", {"role": "chair", "years": 3, "consecutive": True})])
    words = admin_in.get(reverse("wagtailsnippets_scrutiny_pages_panel:edit", args=[panel.pk])).content.decode()
    assert "The chair serves for up to 3 years in a row." in words


# --- panels that are there for a time (K 5) ----------------------------------------------------------


@pytest.mark.parametrize(("days", "finished"), [(-1, False), (0, False), (1, True), (400, True)])
def test_a_panel_has_finished_the_day_after_its_last(days, finished):
    panel = records.PanelFactory(recruiting=True, ends_on=TODAY)
    panel = Panel.objects.with_seats().get(pk=panel.pk)
    on = TODAY + days * DAY
    assert panel.is_finished(on) is finished
    assert panel.recruits(on) is not finished
    assert panel.vacancies(on) == (0 if finished else 12)
    assert bool(panel.vacancy_words(on)) is not finished


@pytest.mark.parametrize(("days", "finished"), [(-1, True), (0, False), (1, False)])
def test_the_public_is_told_that_a_panel_has_finished(home, client, days, finished):
    last = timezone.localdate() + days * DAY
    form = pages.StandardPageFactory(title="Apply here")
    page = pages.PanelPageFactory(panel__recruiting=True, panel__ends_on=last, apply_page=form)
    words = shown(client, page)
    assert ("finished its work" in words) is finished
    assert ("Apply to join" in words) is not finished
    assert ("Seats open" in words) is not finished
    assert ("This panel finished on" in shown(client, page.get_parent().specific)) is finished
    given = client.get(f"/api/v2/panels/{page.panel.slug}/").json()
    assert (given["recruiting"], given["vacancies"]) == ((False, 0) if finished else (True, 12))
    assert given["ends_on"] == last.isoformat()


def test_a_panel_says_who_helps_it_and_what_comes_first(home, client):
    page = pages.PanelPageFactory(
        panel__supported_by=records.RoleFactory(title="Involvement Officer"),
        panel__board_champion="A Board member",
        panel__mentor="A mentor from elsewhere",
        panel__brief="Find out why boilers fail.",
        panel__role_description="<p>You ask questions.</p>",
        panel__starts_on=timezone.localdate() + DAY,
    )
    page.panel.agreements = [Agreement.objects.create(name="Code of Conduct", slug="code")]
    page.panel.trainings = [Training.objects.create(name="Equality and Diversity", slug="equality")]
    page.panel.save()
    words = shown(client, page)
    for said in (
        *("Involvement Officer", "A Board member", "A mentor from elsewhere", "why boilers fail", "You ask questions"),
        *("Code of Conduct", "Equality and Diversity", "It works"),
    ):
        assert said in words
    assert "private-mailbox" not in words


# --- a panel that is not public ----------------------------------------------------------------------


def test_what_a_hidden_panel_made_names_it_and_leads_nowhere(home, client):
    """Its name is public with its recommendations; its page, its rules and its members are not."""
    panel = records.PanelFactory(name="Hidden Panel", slug="hidden", live=False)
    hidden = pages.PanelPageFactory(panel=panel, slug="hidden-page")
    records.MembershipFactory(panel=panel, person__name="Agreed Person", name_is_public=True)
    item = records.RecommendationFactory(panel=panel)
    review = pages.ReviewPageFactory(panel=panel)
    meeting = records.MeetingFactory(panel=panel)
    for url in (item.get_absolute_url(), review.get_url(), meeting.get_absolute_url()):
        words = client.get(url).content.decode()
        assert "Hidden Panel" in words
        assert "hidden-page" not in words
        assert "Agreed Person" not in words
    assert client.get(hidden.get_url()).status_code == 404
    assert client.get("/api/v2/panels/hidden/").status_code == 404


def test_a_hidden_panel_is_not_named_by_those_below_it(home, client):
    above = records.PanelFactory(
        name="Zebra Board", slug="zebras", live=False, rules=[("frequency", {"times_a_year": 4})]
    )
    below = records.PanelFactory(slug="below", parent=above, rules_from=above)
    page = pages.PanelPageFactory(panel=below)
    for address in (page.get_url(), "/api/v2/panels/", "/api/v2/panels/below/"):
        assert "zebra" not in client.get(address).content.decode().lower(), address
    above.live = True
    above.save()
    assert "Zebra Board" in client.get(page.get_url()).content.decode()
    assert client.get("/api/v2/panels/below/").json()["part_of"] == "zebras"
