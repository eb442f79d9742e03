"""The API: the exact shape of some responses, the filters shared with pages, and nothing private in any."""

import datetime

import pytest

from scrutiny_pages import services
from scrutiny_pages.enums import Answer
from tests.factories import pages, records
from tests.factories.decisions import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(home):
    committee = records.PanelFactory(name="Assurance Committee", slug="assurance-committee")
    stages = [
        {"name": "Reading", "description": "We read.", "deadline_unit": "weeks", "deadline_amount": 2},
        {"name": "Writing", "role": records.RoleFactory(title="Clerk"), "note": "PRIVATE", "letter": "PRIVATE"},
    ]
    process = records.ReviewProcessFactory(
        name="Usual", checked_by=committee, stages=stages, escalation_steps=["the Board"]
    )
    panel = records.PanelFactory(
        name="Scrutiny Panel", slug="scrutiny-panel", purpose="Checks services.", usual_process=process
    )
    item = records.RecommendationFactory(
        series="2026-03",
        number=4,
        title="Publish each rate",
        panel=panel,
        owner=records.RoleFactory(title="Contracts Manager"),
        service_areas=[records.ServiceAreaFactory(slug="repairs")],
    )
    day = datetime.date
    no = {"answer": Answer.NOT_ACCEPTED, "on": day(2026, 3, 20), "reason": "Too dear."}
    services.record_answer(recommendation=item, **no)
    decide(services.escalate, recommendation=item, on=day(2026, 3, 24), reason="It is not.")
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(2026, 4, 2), target=day(2026, 6, 30))
    action = {"text": "Write the page", "owner": item.owner, "due": day(2026, 6, 30)}
    services.plan_action(recommendation=item, on=day(2026, 4, 3), **action)
    services.ask_for_time(recommendation=item, on=day(2026, 6, 1), until=day(2026, 9, 30), reason="A new contractor.")
    decide(services.decide_time, recommendation=item, granted=True, on=day(2026, 6, 12))
    services.finish_action(recommendation=item, on=day(2026, 6, 13), action=item.tracking.actions.get())
    link = "https://example.com/rates"
    services.claim_done(recommendation=item, on=day(2026, 6, 13), evidence="The page.", link=link)
    services.add_note(recommendation=item, on=day(2026, 6, 13), title="PRIVATE", is_public=False)
    return item


IN_BRIEF = {
    "ref": "2026-03/4",
    "url": "/recommendations/2026-03/4/",
    "title": "Publish each rate",
    "text": "",
    "reason": "",
    "evidence": "",
    "who_benefits": "",
    "value_for_money": "",
    "completion_measure": "",
    "asked_on": "2026-03-10",
    "panel": "scrutiny-panel",
    "report": None,
    "made_at": None,
    "earlier_reference": "",
    "refers_to": None,
    "owner": "Contracts Manager",
    "service_areas": ["repairs"],
    "standards": [],
    "standing": "claimed",
    "explanation": "The landlord sent evidence. Residents are checking it.",
    "answer": "accepted",
    "answer_due": None,
    "answered_on": "2026-04-02",
    "answer_reason": "",
    "first_answer": "not_accepted",
    "first_answered_on": "2026-03-20",
    "taken_to": [
        {
            "to_whom": "the Board",
            "asks": "Say what you will do.",
            "on": "2026-03-24",
            "reply_due": None,
            "replied_on": "2026-04-02",
        }
    ],
    "delivery": "claimed",
    "actions": [{"text": "Write the page", "owner": "Contracts Manager", "due": "2026-06-30", "done_on": "2026-06-13"}],
    "evidence_shown": [{"on": "2026-06-13", "text": "The page.", "link": "https://example.com/rates"}],
    "checked_by": "assurance-committee",
    "first_target": "2026-06-30",
    "current_target": "2026-09-30",
    "times_date_changed": 1,
    "lateness": None,
    "confirmed_on": None,
    "impact_check_due": None,
    "impact": "",
    "impact_checked_on": None,
}
HISTORY = [
    ("2026-03-10", "asked", "Asked for"),
    ("2026-03-20", "not_accepted", "Not accepted"),
    ("2026-03-24", "escalated", "Taken to the Board"),
    ("2026-04-02", "accepted", "Accepted"),
    ("2026-04-03", "action_planned", "Action planned"),
    ("2026-06-01", "time_asked", "More time asked for"),
    ("2026-06-12", "time_granted", "Date changed from 30 June 2026 to 30 September 2026"),
    ("2026-06-13", "action_done", "Action done"),
    ("2026-06-13", "claimed", "The landlord says it is done"),
]


def test_a_list_of_recommendations(client, item):
    answer = client.get("/api/v2/recommendations/").json()
    assert answer["meta"] == {"total_count": 1, "next": None, "previous": None}
    [given] = answer["items"]
    assert given.pop("status") == "Landlord says done. We are checking"
    assert given == IN_BRIEF


def test_recommendations_come_newest_first_or_in_the_order_of_the_tracker(client, home):
    day = datetime.date
    due = {"old": None, "middle": day(2026, 5, 1), "new": day(2026, 9, 1), "newer": day(2026, 7, 1)}
    for month, (title, answer_due) in enumerate(due.items(), 1):
        records.RecommendationFactory(title=title, asked_on=day(2026, month, 1), tracking__answer_due=answer_due)
    for query, order in (("", "newer new middle old"), ("?order=due", "middle newer new old")):
        items = client.get(f"/api/v2/recommendations/{query}").json()["items"]
        assert [item["title"] for item in items] == order.split()


def test_one_recommendation_with_its_public_history(client, item):
    given = client.get("/api/v2/recommendations/2026-03/4/").json()
    history = given.pop("history")
    given.pop("status")
    assert given == IN_BRIEF
    assert [(entry["on"], entry["kind"], entry["title"]) for entry in history] == HISTORY
    assert all(set(entry) == {"on", "kind", "title", "text", "how", "meeting", "mistake"} for entry in history)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=claimed", 1),
        ("standing=confirmed", 0),
        ("overdue=true", 0),
        ("overdue=false", 1),
        ("panel=scrutiny-panel", 1),
        ("service=repairs", 1),
        ("year=2026", 1),
        ("year=2025", 0),
        ("standing=claimed&service=repairs&year=2026", 1),
    ],
)
def test_the_page_and_the_api_narrow_by_the_same_filters(client, item, query, found):
    tracker = pages.TrackerPageFactory()
    assert client.get(f"/api/v2/recommendations/?{query}").json()["meta"]["total_count"] == found
    assert client.get(f"{tracker.get_url()}?{query}").context["page_obj"].paginator.count == found


def test_a_panel_shows_its_rules_and_seats_and_no_one_in_them(client, item):
    records.MembershipFactory(panel=item.panel, person__name="Named Person", name_is_public=True)
    records.MembershipFactory(panel=item.panel)
    answer = client.get("/api/v2/panels/scrutiny-panel/")
    assert answer.json() == {
        "slug": "scrutiny-panel",
        "name": "Scrutiny Panel",
        "kind": "Scrutiny panel",
        "part_of": None,
        "purpose": "Checks services.",
        "service_areas": [],
        "time_asked": "",
        "recruiting": False,
        "who_may_join": [],
        "starts_on": None,
        "ends_on": None,
        "rules": ["The panel has up to 12 members."],
        "rules_as_data": [
            {
                "kind": "members",
                "words": "The panel has up to 12 members.",
                "taken_from": None,
                "at_least": None,
                "at_most": 12,
                "level": "refuse",
            }
        ],
        "minimum_members": None,
        "maximum_members": 12,
        "quorum": None,
        "seats_taken": 2,
        "vacancies": 10,
        "process": {
            "name": "Usual",
            "description": "",
            "checked_by": "assurance-committee",
            "stages": [
                {"name": "Reading", "text": "We read.", "by_when": "Within 2 weeks of the end of the stage before."},
                {"name": "Writing", "text": "Who acts: Clerk.", "by_when": ""},
            ],
            "if_refused": [{"name": "We go to the Board", "text": "We ask: Say what you will do.", "by_when": ""}],
        },
        "brief": "",
        "supported_by": None,
        "board_champion": "",
        "mentor": "",
        "activities": "",
        "support": "",
        "role_description": "",
        "terms_of_reference": "",
    }
    assert b"Person" not in answer.content


def test_a_report_as_a_page(client, item):
    report = pages.ReportPageFactory(title="Keeping appointments", body=[("heading", "How we did it")])
    given = client.get(f"/api/v2/pages/{report.pk}/").json()
    assert set(given) == {
        "id",
        "meta",
        "title",
        "summary",
        "social_image",
        "agreed_on",
        "body",
        "response_summary",
        "recommendation_refs",
        "alternatives",
    }
    assert (given["body"][0]["type"], given["body"][0]["value"]) == ("heading", "How we did it")
    assert given["meta"]["parent"]["meta"]["type"] == "scrutiny_pages.ReviewPage"


def test_nothing_private_is_in_any_answer(client, item):
    records.MembershipFactory(panel=item.panel)
    pages.PanelPageFactory(panel=item.panel)
    pages.ReportPageFactory()
    for address in (
        "/api/v2/panels/",
        "/api/v2/recommendations/",
        "/api/v2/recommendations/2026-03/4/",
        "/api/v2/pages/?fields=*",
        "/api/v2/pages/?type=scrutiny_pages.PanelPage&fields=*",
    ):
        words = client.get(address).content.decode().lower()
        for private in ("private", "example.org", "mailbox", "member_", "recorded_by"):
            assert private not in words, (address, private)
