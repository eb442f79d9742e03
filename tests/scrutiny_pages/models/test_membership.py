"""A panel's rules on membership: enforced by form and code alike, quoted, and overridden only with a reason."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.core.models.append_only import HistoryIsKept
from scrutiny_pages.enums import MemberStanding
from scrutiny_pages.models import EligibilityStatement, Interest, Membership, Panel, Person, ReviewTask, RuleOverride
from scrutiny_pages.services.members import save_membership
from tests.factories import pages, records

pytestmark = pytest.mark.django_db

FULL = "The panel has up to 1 member."
ROWS = ("acceptances", "trainings_done", "interests")


def panel_of(*rules, **fields) -> Panel:
    return records.PanelFactory(rules=list(rules), **fields)


def given(**fields) -> dict:
    rows = {name: inline_formset(fields.pop(name, [])) for name in ROWS}
    plain = {"name": "Robin Example", "role": "member", "standing": "active", "joined_on": "2026-01-05"}
    return nested_form_data(plain | rows | fields)


def new_row(panel: Panel, **fields) -> Membership:
    fields = {"standing": "active", "joined_on": datetime.date(2026, 1, 5)} | fields
    return Membership(panel=panel, person=fields.pop("person", None) or records.PersonFactory(), **fields)


# --- One rule, both doors ------------------------------------------------------------------------------


def test_a_full_panel_refuses_the_next_member_and_quotes_its_rule(staff, client):
    staff("handle_membership")
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    records.MembershipFactory(panel=panel)
    answer = client.post("/admin/members/create/", given(panel=panel.pk))
    assert FULL in answer.context["form"].errors["standing"][0]
    with pytest.raises(ValidationError, match=FULL):
        save_membership(membership=new_row(panel))
    assert Membership.objects.count() == 1
    assert not Person.objects.filter(name="Robin Example").exists()  # nothing half saved


@pytest.mark.parametrize("level", ["warn", "aim"])
def test_a_rule_that_only_warns_is_told_after_saving(staff, client, level):
    staff("handle_membership")
    panel = panel_of(("members", {"at_most": 1, "level": level}))
    records.MembershipFactory(panel=panel)
    answer = client.post("/admin/members/create/", given(panel=panel.pk), follow=True)
    assert "there is no room" in answer.content.decode()
    assert Membership.objects.count() == 2


def test_what_was_broken_before_does_not_stand_in_the_way_of_a_new_telephone_number(staff, client):
    staff("handle_membership")
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    row, _other = records.MembershipFactory(panel=panel), records.MembershipFactory(panel=panel)
    answer = client.post(f"/admin/members/edit/{row.pk}/", given(panel=panel.pk, phone="01234 567890"))
    assert answer.status_code == 302
    assert Person.objects.get(pk=row.person_id).phone == "01234 567890"


def test_coming_back_counts_as_joining():
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    left = records.MembershipFactory(panel=panel, standing="left", left_on=datetime.date(2026, 2, 1))
    records.MembershipFactory(panel=panel)
    left.standing, left.left_on = MemberStanding.ACTIVE, None
    with pytest.raises(ValidationError, match=FULL):
        save_membership(membership=left)


@pytest.mark.parametrize(
    ("rules", "there", "fields", "where", "words"),
    [
        ((), {"role": "chair"}, {"role": "chair"}, "role", "A panel has one chair at a time."),
        ((("deputies", {"at_most": 1}),), {"role": "deputy"}, {"role": "deputy"}, "role", "up to 1 deputy"),
        ((), {}, {"standing": "reserve"}, "standing", "do not speak of reserves"),
        ((("training_commitment", {"percent": 80}),), {}, {"training_commitment": 50}, "training_commitment", "80%"),
        (
            (("term", {"role": "chair", "years": 2}),),
            {},
            {"role": "chair", "joined_on": "2020-01-01"},
            "role_since",
            "2",
        ),
    ],
    ids=["two chairs", "deputies K 4.1", "reserves W24", "training K 4.5", "chair's term W27"],
)
def test_each_refusal_is_at_its_field(staff, client, rules, there, fields, where, words):
    staff("handle_membership")
    panel = panel_of(*rules)
    records.MembershipFactory(panel=panel, **there)
    answer = client.post("/admin/members/create/", given(panel=panel.pk, **fields))
    assert words in answer.context["form"].errors[where][0]
    assert Membership.objects.count() == 1


def test_nobody_sits_on_both_forums(staff, client):
    """K 4.2."""
    staff("handle_membership")
    forum = records.PanelFactory(slug="forum", name="Tenants' Forum")
    panel = panel_of(("may_not_sit_on", {"panels": ["forum"], "level": "refuse"}))
    row = records.MembershipFactory(panel=forum)
    answer = client.post("/admin/members/create/", given(panel=panel.pk, name="", person=row.person_id))
    assert "Tenants' Forum" in answer.context["form"].errors["panel"][0]


# --- Setting a rule aside ------------------------------------------------------------------------------


@pytest.fixture
def full():
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    records.MembershipFactory(panel=panel)
    return panel


OVERRIDE = {"override": "on", "reason": "The Board asked for one more."}


def test_who_may_set_a_rule_aside_says_why_and_it_is_kept(staff, client, full):
    user = staff("handle_membership", "override_rule")
    assert client.post("/admin/members/create/", given(panel=full.pk, **OVERRIDE | {"reason": " "})).status_code == 200
    assert client.post("/admin/members/create/", given(panel=full.pk, **OVERRIDE)).status_code == 302
    kept = RuleOverride.objects.get()
    assert (kept.rule, kept.reason, kept.by) == (FULL, OVERRIDE["reason"], user)
    shown = client.get(f"/admin/members/edit/{kept.membership_id}/").content.decode()
    assert OVERRIDE["reason"] in shown
    for change in (kept.save, kept.delete, RuleOverride.objects.all().delete):
        with pytest.raises(HistoryIsKept):
            change()


def test_for_others_the_field_does_not_exist_and_a_forged_one_is_refused(staff, client, full):
    staff("handle_membership")
    assert b'name="override"' not in client.get("/admin/members/create/").content
    answer = client.post("/admin/members/create/", given(panel=full.pk, **OVERRIDE))
    assert FULL in answer.context["form"].errors["standing"][0]
    assert not RuleOverride.objects.exists()
    assert Membership.objects.count() == 1


def test_an_override_that_nothing_needs_is_not_written_down(staff, client):
    staff("handle_membership", "override_rule")
    assert client.post("/admin/members/create/", given(panel=panel_of().pk, **OVERRIDE)).status_code == 302
    assert not RuleOverride.objects.exists()


def test_the_row_and_the_reason_are_saved_together_or_not_at_all(full, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError

    monkeypatch.setattr(RuleOverride.objects, "create", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        save_membership(membership=new_row(full), override_reason="One more.")
    assert Membership.objects.count() == 1


# --- Before they start ---------------------------------------------------------------------------------


def test_nobody_is_active_until_what_is_required_is_dated(staff, client):
    """W31, H 4.2, K 13: accepted in the version in force, trained, and checked."""
    staff("handle_membership")
    agreement = records.AgreementFactory(
        name="Code", versions=[(datetime.date(2024, 1, 1), True), (datetime.date(2026, 3, 1), True)]
    )
    course = records.TrainingFactory(name="Equality")
    panel = panel_of()
    panel.agreements, panel.trainings = [agreement], [course]
    panel.eligibility = [EligibilityStatement(statement="I rent.")]
    panel.save()
    old, new = agreement.versions.order_by("number")

    def post(**fields):
        answer = client.post("/admin/members/create/", given(panel=panel.pk, **fields))
        return "" if answer.status_code == 302 else str(answer.context["form"].errors)

    accepted = [{"version": old.pk, "accepted_on": "2026-01-05"}]
    assert "Code" in post()
    assert "Code" in post(acceptances=accepted)
    accepted = [{"version": new.pk, "accepted_on": "2026-04-05"}]
    assert "Equality" in post(acceptances=accepted)
    trained = [{"training": course.pk, "done_on": "2026-04-05"}]
    assert "I rent." in post(acceptances=accepted, trainings_done=trained)
    assert post(acceptances=accepted, trainings_done=trained, eligibility_checked_on="2026-04-06") == ""
    row = Membership.objects.get()
    assert (row.acceptances.get().version, row.trainings_done.get().training) == (new, course)


def test_a_joining_member_needs_nothing_yet():
    panel = panel_of()
    panel.agreements = [records.AgreementFactory()]
    panel.save()
    save_membership(membership=new_row(panel, standing="joining"))
    assert Membership.objects.count() == 1


# --- Bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "where", "words"),
    [
        ({"name": "   "}, "person", "Choose who this is"),
        ({"name": "  ", "email": "a@example.org"}, "name", "Type the person's name."),
        ({"joined_on": "2026-03-01", "left_on": "2026-02-01"}, "left_on", "before the day of joining"),
        ({"role_since": "2025-02-01"}, "role_since", "before the day of joining"),
        ({"standing": "left"}, "left_on", "Say on which day"),
        ({"joined_on": ""}, "joined_on", "Say on which day"),
        ({"joined_on": "soon"}, "joined_on", "Enter a valid date"),
        ({"panel": ""}, "panel", "required"),
        ({"training_commitment": "101"}, "training_commitment", "100"),
        ({"person": "999"}, "person", "valid choice"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_saved(staff, client, fields, where, words):
    staff("handle_membership")
    answer = client.post("/admin/members/create/", given(**{"panel": panel_of().pk} | fields))
    assert words in answer.context["form"].errors[where][0]
    assert (Membership.objects.count(), Person.objects.count()) == (0, 0)


def test_a_person_is_on_a_panel_once_at_a_time(staff, client):
    staff("handle_membership")
    row = records.MembershipFactory()
    answer = client.post("/admin/members/create/", given(panel=row.panel_id, person=row.person_id, name=""))
    assert "on this panel already" in answer.context["form"].errors["person"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        records.MembershipFactory(panel=row.panel, person=row.person)
    row.standing, row.left_on = MemberStanding.LEFT, datetime.date(2026, 5, 1)
    save_membership(membership=row)
    assert (
        client.post("/admin/members/create/", given(panel=row.panel_id, person=row.person_id, name="")).status_code
        == 302
    )
    row.standing, row.left_on = MemberStanding.ACTIVE, None
    with pytest.raises(ValidationError, match="already"):
        save_membership(membership=row)


def test_a_known_email_is_not_typed_again(staff, client):
    staff("handle_membership")
    known = records.PersonFactory(email="a@example.org")
    panel = panel_of()
    answer = client.post("/admin/members/create/", given(panel=panel.pk, email="A@example.org"))
    assert "already know" in answer.context["form"].errors["email"][0]
    answer = client.post("/admin/members/create/", given(panel=panel.pk, person=known.pk))
    assert "Not both" in answer.context["form"].errors["name"][0]


# --- A review's team, its interests and its tasks ------------------------------------------------------


def test_a_reviews_team_has_its_own_limit_and_takes_no_seat_of_the_panel(home):
    """H 8.1: 4 to 12 a review; G 3."""
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    review = pages.ReviewPageFactory(panel=panel)
    save_membership(membership=new_row(panel))
    save_membership(membership=new_row(panel, review=review))
    with pytest.raises(ValidationError, match=FULL):
        save_membership(membership=new_row(panel, review=review))
    assert Panel.objects.with_seats().get(pk=panel.pk).seats_taken == 1
    with pytest.raises(ValidationError, match="review of another panel"):
        save_membership(membership=new_row(panel_of(), review=review))


def test_who_withdrew_is_shown_to_staff_and_gets_no_task(home, staff, client):
    """C Conflicts, W40."""
    staff("handle_membership")
    review = pages.ReviewPageFactory()
    row = records.MembershipFactory(panel=review.panel, person__name="Robin Example")
    with pytest.raises(ValidationError, match="Choose the review"):
        Interest(membership=row, declared_on=row.joined_on, about="Her flat.", followed="withdrew").full_clean()
    task = ReviewTask(task="Read bills", review=review, member=row, due=row.joined_on)
    task.full_clean()
    task.save()
    Interest.objects.create(
        membership=row, declared_on=row.joined_on, about="Her flat.", review=review, followed="withdrew"
    )
    with pytest.raises(ValidationError, match="withdrew from this review"):
        task.full_clean()
    assert "Withdrew from this review" in client.get(f"/admin/reviews/{review.pk}/team/").content.decode()
    assert "withdrew from this review" in client.get(f"/admin/review-tasks/?review={review.pk}").content.decode()
    with pytest.raises(ValidationError, match="not on the panel"):
        ReviewTask(task="x", review=review, member=records.MembershipFactory(), due=row.joined_on).full_clean()


@pytest.mark.parametrize("address", ["review-tasks/", "review-tasks/create/", "reviews/{}/team/"])
def test_teams_and_tasks_are_closed_to_others(home, staff, client, address):
    review = pages.ReviewPageFactory()
    staff("change_panel", "record_step")
    answer = client.get(f"/admin/{address.format(review.pk)}")
    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_a_review_with_a_team_and_a_panel_with_members_are_not_deleted(home, admin_in):
    review = pages.ReviewPageFactory()
    records.MembershipFactory(panel=review.panel, review=review)
    assert admin_in.post(f"/admin/pages/{review.pk}/delete/").status_code == 302
    assert admin_in.post(f"/admin/bulk/wagtailcore/page/delete/?id={review.pk}").status_code == 302
    assert admin_in.post(f"/admin/snippets/scrutiny_pages/panel/delete/{review.panel_id}/").status_code == 302
    assert admin_in.post(f"/admin/bulk/scrutiny_pages/panel/delete/?id={review.panel_id}").status_code == 302
    review.refresh_from_db()
    assert Panel.objects.filter(pk=review.panel_id).exists()
