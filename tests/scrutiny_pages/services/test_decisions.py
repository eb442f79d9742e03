"""Tests of the proof of decisions: a meeting with a quorum, or participants between two meetings."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import AttendanceState, ConsultationMethod, Delivery, Standing, Step
from scrutiny_pages.models import Meeting, Membership, Recommendation, ReviewPage, StageRecord
from scrutiny_pages.selectors.tasks import todos
from scrutiny_pages.services import DecisionsDepend, TransitionNotAllowed
from tests.factories import pages, records
from tests.factories.decisions import meeting_of

BY_EMAIL = ("between_meetings", {"ways": ["email"], "only_time": False})
TIME_BY_EMAIL = ("between_meetings", {"ways": ["email"], "only_time": True})
FOUR = ("quorum", {"number": 4, "ratify": True})
ON, LATER = datetime.date(2026, 6, 8), datetime.date(2026, 6, 22)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


def body(*rules, members: int = 6):
    """Return a panel with rules and members."""
    panel = records.PanelFactory(rules=list(rules) or [("members", {"at_most": 12})])
    records.MembershipFactory.create_batch(members, panel=panel)
    return panel


def seats(panel) -> list[Membership]:
    return list(panel.memberships.order_by("pk"))


def claimed(panel) -> Recommendation:
    """Return a recommendation that the landlord claims is done."""
    item = records.RecommendationFactory(panel=panel, asked_on=day(3, 10))
    services.record_answer(recommendation=item, answer="accepted", on=day(4, 2), target=day(5, 31))
    services.claim_done(recommendation=item, on=day(5, 20), evidence="Photos of all six doors.")
    return item


def now(item: Recommendation) -> Recommendation:
    return Recommendation.objects.get(pk=item.pk)


def hold(panel, on: datetime.date, came: int, **more) -> Meeting:
    """Create a meeting with the attendance of some members."""
    moment = timezone.make_aware(datetime.datetime.combine(on, datetime.time(18)))
    meeting = records.MeetingFactory(panel=panel, starts_at=moment, **more)
    return who_came(meeting, came)


def who_came(meeting: Meeting, came: int, **more) -> Meeting:
    states = {
        row: AttendanceState.PRESENT if number < came else AttendanceState.EXCUSED
        for number, row in enumerate(services.expected_at(meeting))
    }
    services.record_attendance(meeting=meeting, states=states, at=timezone.now(), **more)
    return Meeting.objects.get(pk=meeting.pk)


# --- Case AR6: only those who check decide, and it is known who --------------------------------------------


@pytest.mark.parametrize("how", ["Email from the Service Lead", "", "Agreed by everybody", "\u00a0"])
def test_case_ar6_words_alone_are_no_decision(db, how):
    item = claimed(body())
    with pytest.raises(TransitionNotAllowed, match="Choose the meeting of the Panel"):
        services.confirm(recommendation=item, on=ON, how=how)
    assert now(item).tracking.delivery == Delivery.CLAIMED


@pytest.mark.parametrize(
    ("rules", "step", "allowed"),
    [
        ([], "time", "allow no decision without a meeting"),
        ([], "confirm", "allow no decision without a meeting"),
        ([TIME_BY_EMAIL], "time", ""),
        ([TIME_BY_EMAIL], "confirm", "It is only for decisions about more time."),
        ([BY_EMAIL], "confirm", ""),
        ([("between_meetings", {"ways": ["post"]})], "confirm", "It does not allow a decision by email."),
    ],
)
def test_case_ar6_the_panels_rules_say_what_it_decides_without_a_meeting(db, rules, step, allowed):
    panel = body(*rules)
    item = claimed(panel) if step == "confirm" else records.RecommendationFactory(panel=panel, asked_on=day(3, 10))
    if step == "time":
        services.record_answer(recommendation=item, answer="accepted", on=day(4, 2), target=day(6, 30))
        services.ask_for_time(recommendation=item, on=day(5, 20), until=day(9, 30), reason="The wood is late.")
    meeting = services.decide_between_meetings(
        panel=panel, on=ON, way=ConsultationMethod.EMAIL, took_part=seats(panel)[:5]
    )

    def take():
        if step == "confirm":
            services.confirm(recommendation=item, meeting=meeting)
        else:
            services.decide_time(recommendation=item, granted=True, meeting=meeting)

    if allowed:
        with pytest.raises(TransitionNotAllowed, match=allowed):
            take()
    else:
        take()
        event = now(item).tracking.events.latest("pk")
        assert (event.on, event.how, event.meeting) == (ON, "By email. 5 members took part", meeting)


def test_case_ar6_as_many_take_part_as_at_a_meeting(db):
    panel = body(FOUR, BY_EMAIL)
    item = claimed(panel)
    few = services.decide_between_meetings(panel=panel, on=ON, way=ConsultationMethod.EMAIL, took_part=seats(panel)[:3])
    with pytest.raises(TransitionNotAllowed, match="3 members took part"):
        services.confirm(recommendation=item, meeting=few)
    enough = services.decide_between_meetings(
        panel=panel, on=ON, way=ConsultationMethod.EMAIL, took_part=seats(panel)[:4]
    )
    services.confirm(recommendation=item, meeting=enough)
    assert now(item).tracking.standing(ON) == Standing.CONFIRMED


@pytest.mark.parametrize(
    "fields",
    [
        {"joined_on": LATER},
        {"standing": "left", "left_on": day(5, 1)},
        {"standing": "joining", "joined_on": None},
        {"role": "deputy"},
        {"role": "co_optee"},
        {"panel": None},
    ],
    ids=["joined later", "left before", "still joining", "a deputy", "brought in without a vote", "of another panel"],
)
def test_case_ar6_nobody_takes_part_who_had_no_vote_that_day(db, fields):
    panel = body(BY_EMAIL)
    fields = {"panel": panel} | fields
    if fields["panel"] is None:
        fields["panel"] = body(BY_EMAIL)
    anonymous = records.MembershipFactory(**fields)
    with pytest.raises(TransitionNotAllowed, match="had no vote"):
        services.decide_between_meetings(
            panel=panel, on=ON, way=ConsultationMethod.EMAIL, took_part=[*seats(panel)[:5], anonymous]
        )
    assert not Meeting.objects.exists()


def test_case_ar6_the_public_reads_how_many_and_no_names(home, client):
    page_of_panel = pages.PanelPageFactory(panel=body(BY_EMAIL))
    panel = page_of_panel.panel
    item = claimed(panel)
    meeting = services.decide_between_meetings(
        panel=panel, on=ON, way=ConsultationMethod.EMAIL, took_part=seats(panel)[:5]
    )
    services.confirm(recommendation=item, meeting=meeting, how="Asked twice")
    page = client.get(item.get_absolute_url()).content.decode()
    assert "By email. 5 members took part. Asked twice" in page
    assert "Private Person" not in page
    rule = "Between meetings, the panel may decide something by email."
    assert rule in client.get(page_of_panel.get_url()).content.decode()


def address(item: Recommendation) -> str:
    return f"/admin/snippets/scrutiny_pages/recommendation/record/{item.pk}/"


def test_case_ar6_the_screen_asks_for_the_meeting_or_who_took_part_and_saves_nothing_by_half(staff, client):
    panel = body(FOUR, BY_EMAIL)
    item = claimed(panel)
    staff("record_step", "handle_membership")
    shown = client.get(address(item), {"step": Step.CONFIRM}).content.decode()
    assert "Decided without a meeting?" in shown
    assert seats(panel)[0].name in shown
    for given, words in [
        ({"how": "Email from the Service Lead"}, "Choose the meeting, or how it was decided without one"),
        ({"way": "email", "on": "2026-06-08"}, "Choose the members who took part."),
        ({"way": "email", "took_part": [seats(panel)[0].pk]}, "Enter the day on which they decided."),
        ({"way": "phone", "on": "2026-06-08"}, "phone is not one of the available choices"),
        ({"way": "email", "on": "2026-06-08", "took_part": [seats(panel)[0].pk]}, "1 member took part. 4 were needed"),
    ]:
        refused = client.post(address(item), {"step": Step.CONFIRM} | given)
        assert refused.status_code == 200
        assert words in refused.content.decode()
        assert not Meeting.objects.exists()
    took_part = [row.pk for row in seats(panel)[:4]]
    given = {"step": Step.CONFIRM, "way": "email", "on": "2026-06-08", "took_part": took_part}
    assert client.post(address(item), given).status_code == 302
    assert now(item).tracking.delivery == Delivery.CONFIRMED


def test_case_ar6_who_may_not_see_the_members_is_asked_for_the_meeting_only(staff, client):
    panel = body(BY_EMAIL)
    item = claimed(panel)
    staff("record_step")
    shown = client.get(address(item), {"step": Step.CONFIRM}).content.decode()
    assert "Decided without a meeting?" not in shown
    assert "Private Person" not in shown
    held = meeting_of(panel, ON)
    assert client.post(address(item), {"step": Step.CONFIRM, "meeting": held.pk}).status_code == 302


# --- Case AR7: a sign-off has its proof, and comes after what it signs ---------------------------------------


STAGES = [
    {"name": "Research"},
    {"name": "The report", "produces": "draft_report"},
    {"name": "A visit", "produces": "letter", "only_if_needed": True},
    {"name": "The forum signs", "produces": "sign_off", "before_public": True},
]


@pytest.fixture
def review(home):
    forum = body(FOUR)
    stages = [dict(stage) for stage in STAGES]
    stages[-1]["signed_off_by"] = forum
    process = records.ReviewProcessFactory(stages=stages)
    page = pages.ReviewPageFactory(panel=records.PanelFactory(usual_process=process))
    services.start_review(review=page, process=process, on=day(3, 2))
    return ReviewPage.objects.get(pk=page.pk)


def stage(review: ReviewPage, name: str):
    return {"review": review, "stage": review.stages.get(name=name)}


def test_case_ar7_a_sign_off_is_no_talk_in_the_corridor(review):
    services.record_stage(**stage(review, "The report"), on=day(4, 1))
    signs = stage(review, "The forum signs")
    forum = signs["stage"].signed_off_by
    short, other = hold(forum, day(5, 4), came=3), meeting_of(body(FOUR), day(5, 6))
    for proof, words in [
        ({"on": day(5, 1), "how": "Two members said yes in the corridor"}, "Choose the meeting of the"),
        ({"meeting": short}, "3 members came. 4 were needed"),
        ({"meeting": other}, "That was a meeting of the"),
        ({"meeting": records.MeetingFactory(panel=forum)}, "has not been held yet"),
    ]:
        with pytest.raises(TransitionNotAllowed, match=words):
            services.record_stage(**signs, **proof)
    assert not StageRecord.objects.filter(stage_key=signs["stage"].key, done_on__isnull=False).exists()
    services.record_stage(**signs, meeting=hold(forum, day(5, 11), came=4), how="Item 3")
    record = StageRecord.objects.get(stage_key=signs["stage"].key)
    assert (record.done_on, record.how) == (day(5, 11), f"At the meeting of the {forum} on 11 May 2026. Item 3")


def test_case_ar7_a_sign_off_comes_after_what_it_signs_and_stays_so(review):
    signs, report = stage(review, "The forum signs"), stage(review, "The report")
    held = hold(signs["stage"].signed_off_by, day(5, 11), came=5)
    with pytest.raises(TransitionNotAllowed, match="“The report” comes before “The forum signs”, and is not done"):
        services.record_stage(**signs, meeting=held)
    services.record_stage(**report, on=day(5, 12))
    with pytest.raises(TransitionNotAllowed, match="before “The report” was done on 12 May 2026"):
        services.record_stage(**signs, meeting=held)
    services.record_stage(**report, on=day(5, 11))
    services.record_stage(**signs, meeting=held)
    with pytest.raises(TransitionNotAllowed, match="before “The report” was done on 12 May 2026"):
        services.record_stage(**report, on=day(5, 12))
    with pytest.raises(TransitionNotAllowed, match="“The report” comes before"):
        services.send_back_stage(**report, on=day(5, 20), reason="A page is missing.")
    services.send_back_stage(**signs, on=day(5, 20), reason="A page is missing.")
    services.send_back_stage(**report, on=day(5, 20), reason="A page is missing.")


def test_case_ar7_a_sign_off_falls_when_too_few_came_after_all(review):
    signs = stage(review, "The forum signs")
    services.record_stage(**stage(review, "The report"), on=day(5, 1))
    held = hold(signs["stage"].signed_off_by, day(5, 11), came=5)
    services.record_stage(**signs, meeting=held)
    with pytest.raises(DecisionsDepend, match="The forum signs"):
        who_came(held, 3)
    who_came(held, 3, undo=True)
    record = StageRecord.objects.get(stage_key=signs["stage"].key)
    assert (record.done_on, record.meeting) == (None, None)


# --- Case AR8: what too few decided waits, and follows the facts ---------------------------------------------


def made_at(meeting: Meeting, **fields) -> Recommendation:
    return records.RecommendationFactory(panel=meeting.panel, made_at=meeting, asked_on=meeting.day, **fields)


def test_case_ar8_what_too_few_made_waits_and_says_so_until_a_full_meeting_says_yes(home, client):
    panel = body(FOUR)
    item = made_at(hold(panel, ON, came=3), tracking__answer_due=day(7, 1))
    late = day(8, 1)
    assert now(item).tracking.standing(late) == Standing.UNRATIFIED
    assert not Recommendation.objects.overdue(late).exists()
    assert Recommendation.objects.in_standing(Standing.UNRATIFIED, late).get() == item
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Waits for a full meeting" in page
    assert "Too few came when it was made. A full meeting has to agree." in page
    assert client.get(f"/api/v2/recommendations/{item.ref}/").json()["standing"] == "unratified"
    with pytest.raises(TransitionNotAllowed, match="First a full meeting has to say yes to it"):
        services.record_answer(recommendation=now(item), answer="accepted", on=late, target=day(9, 1))
    full = hold(panel, LATER, came=4)
    services.ratify(recommendation=now(item), meeting=full)
    assert now(item).tracking.standing(ON) == Standing.WAITING
    assert now(item).tracking.standing(late) == Standing.LATE
    assert "A full meeting said yes to it" in client.get(item.get_absolute_url()).content.decode()
    services.record_answer(recommendation=now(item), answer="accepted", on=late, target=day(9, 1))


def test_case_ar8_staff_see_what_waits_for_a_full_meeting(home, admin_user):
    panel = body(FOUR)
    item = made_at(hold(panel, ON, came=3))
    words = f"To be ratified by a full meeting: {item}"
    assert words in [todo.words for todo in todos(admin_user, LATER)]
    services.ratify(recommendation=now(item), meeting=hold(panel, LATER, came=4))
    assert words not in [todo.words for todo in todos(admin_user, LATER)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "training"),
        ("starts_at", datetime.datetime(2026, 6, 9, 18, tzinfo=datetime.UTC)),
        ("called_off_because", "Snow."),
        ("panel", None),
    ],
)
def test_case_ar8_nobody_changes_what_a_decision_rests_on(db, name, value):
    panel = body()
    held = hold(panel, ON, came=4)
    item = claimed(panel)
    services.confirm(recommendation=item, meeting=held)
    held = Meeting.objects.get(pk=held.pk)
    held.theme = "Another theme"
    held.full_clean()
    setattr(held, name, value or body())
    with pytest.raises(ValidationError, match=r"Something was decided at this meeting|so it was held"):
        held.full_clean()
    entry = now(item).tracking.events.latest("pk")
    services.correct_entry(recommendation=now(item), entry=entry, on=LATER, reason="Another meeting.")
    if name != "called_off_because":  # who came is recorded
        held.full_clean()


def test_case_ar8_it_waits_again_when_too_few_came_to_the_full_meeting_after_all(home, client):
    panel = body(FOUR)
    item, full = made_at(hold(panel, ON, came=3)), hold(panel, LATER, came=4)
    services.ratify(recommendation=now(item), meeting=full)
    with pytest.raises(DecisionsDepend, match="A full meeting said yes to it"):
        who_came(full, 2)
    assert now(item).tracking.standing(LATER) == Standing.WAITING
    who_came(full, 2, undo=True)
    assert now(item).tracking.standing(LATER) == Standing.UNRATIFIED
    told = " ".join(client.get(item.get_absolute_url()).content.decode().split())
    assert "Too few members took part, so this was not decided." in told


def test_case_ar8_what_is_put_right_the_other_way_counts_at_once(home):
    panel = body(FOUR)
    short = hold(panel, ON, came=3)
    item = made_at(short)
    who_came(short, 4)
    assert now(item).tracking.standing(LATER) == Standing.WAITING
    with pytest.raises(TransitionNotAllowed, match="needs no ratifying"):
        services.ratify(recommendation=now(item), meeting=hold(panel, LATER, came=4))


@pytest.mark.parametrize(
    ("on", "came", "kind", "words"),
    [
        (LATER, 3, "meeting", "4 were needed"),
        (day(6, 1), 5, "meeting", "dated before it was asked for"),
        (LATER, 5, "training", "Nothing is decided at this sort of event"),
    ],
)
def test_case_ar8_only_a_later_full_meeting_ratifies(home, on, came, kind, words):
    panel = body(FOUR)
    item = made_at(hold(panel, ON, came=3))
    with pytest.raises(TransitionNotAllowed, match=words):
        services.ratify(recommendation=now(item), meeting=hold(panel, on, came=came, kind=kind))


@pytest.mark.parametrize(
    ("rules", "came", "words"),
    [
        ([FOUR], None, "First record who came"),
        ([("quorum", {"number": 4})], 3, "It does not count. 3 members came. 4 were needed"),
        ([FOUR], 3, ""),
        ([FOUR], 4, ""),
        ([], None, ""),
    ],
)
def test_case_ar8_what_does_not_count_is_not_published(home, rules, came, words):
    panel = body(*rules)
    moment = timezone.make_aware(datetime.datetime.combine(ON, datetime.time(18)))
    meeting = records.MeetingFactory(panel=panel, starts_at=moment)
    if came is not None:
        meeting = who_came(meeting, came)
    item = made_at(meeting, live=False)
    if words:
        with pytest.raises(ValidationError, match=words):
            item.save_revision().publish()
    else:
        item.save_revision().publish()
    assert now(item).live is not bool(words)


def test_case_ar8_a_confirmation_falls_with_its_meeting_and_nothing_falls_unasked(staff, client):
    staff("handle_membership")
    panel = body(FOUR)
    held = hold(panel, ON, came=4)
    items = [claimed(panel), claimed(panel)]
    for item in items:
        services.confirm(recommendation=item, meeting=held)
    rows = services.expected_at(held)
    screen = f"/admin/snippets/scrutiny_pages/meeting/attendance/{held.pk}/"
    given = {f"member_{row.pk}": "present" if number < 3 else "absent" for number, row in enumerate(rows)}
    asked = client.post(screen, given).content.decode()
    assert "3 members came. 4 were needed" in asked
    assert all(item.ref in asked for item in items)
    assert "take back what was decided there" in asked
    assert {now(item).tracking.delivery for item in items} == {Delivery.CONFIRMED}
    assert Meeting.objects.get(pk=held.pk).turnout.present == 4
    assert client.post(screen, given | {"undo": "on"}).status_code == 302
    assert {now(item).tracking.delivery for item in items} == {Delivery.CLAIMED}
    assert Meeting.objects.get(pk=held.pk).turnout.present == 3


def test_case_ar8_a_rule_that_changes_later_changes_no_decision(db):
    panel = body(FOUR)
    held = hold(panel, ON, came=4)
    panel.rules = [("quorum", {"number": 6})]
    panel.save()
    held = Meeting.objects.get(pk=held.pk)
    assert held.turnout.enough
    # Somebody is put right who stayed away: the same had a vote, so the old number stands.
    assert who_came(held, 5).turnout.needed == 4
