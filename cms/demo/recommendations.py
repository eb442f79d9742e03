"""Loader of the demo's recommendations, whose histories are replayed through the services that staff use."""

from scrutiny_pages import services
from scrutiny_pages.enums import ConsultationMethod, MemberStanding
from scrutiny_pages.models import Meeting, Panel, Recommendation

from .content import read
from .story import Story

WORDS = ["title", "text", "reason", "evidence", "who_benefits", "value_for_money", "completion_measure"]


def load_recommendations(story: Story) -> None:
    """Load every report's recommendations, numbered in the order of the content."""
    for report_key, content in read("recommendations").items():
        for number, data in enumerate(content["recommendations"], 1):
            recommendation = _asked_for(story, report_key, content, number, data)
            story.recommendations[data["key"]] = recommendation
            story.publish(recommendation, content["asked"])
            due = story.dates[data.get("answer_due", content["answer_due"])]
            services.set_answer_due(recommendation=recommendation, due=due)
            for turn in data["story"]:
                apply_step(story, recommendation, dict(turn))


def _asked_for(story: Story, report_key: str, content: dict, number: int, data: dict) -> Recommendation:
    asked_on = story.dates[content["asked"]]
    report = story.pages[report_key]
    recommendation = Recommendation(
        series=f"{asked_on:%Y-%m}",
        number=number,
        asked_on=asked_on,
        report=report,
        panel=report.get_parent().specific.panel,
        owner=story.roles[data["owner"]],
        **{name: data[name] for name in WORDS},
    )
    recommendation.service_areas = [story.areas[slug] for slug in data["service_areas"]]
    recommendation.full_clean()
    recommendation.save()
    return recommendation


def apply_step(story: Story, recommendation: Recommendation, turn: dict) -> None:
    """Apply one step of a history; its first key is the kind of step, and (except for an answer) its value the date."""
    step = next(iter(turn))
    value = turn.pop(step)
    on = story.dates[turn.pop("when") if step == "answer" else value]
    for name in ("target", "until", "due", "impact_check"):
        if name in turn:
            turn[name] = story.dates[turn[name]]
    if "impact_check" in turn:
        turn["impact_check_on"] = turn.pop("impact_check")
    if "owner" in turn:
        turn["owner"] = story.roles[turn["owner"]]
    if "action" in turn:
        turn["action"] = recommendation.tracking.actions.get(text=turn["action"])
    match step:
        case "answer":
            turn["answer"] = value
            service = services.record_answer
        case "grant" | "refuse_time":
            turn["granted"] = step == "grant"
            service = services.decide_time
        case _:
            service = STEPS[step]
    if step in DECISIONS:
        turn["meeting"] = _where_decided(story, recommendation.panel, value)
    service(recommendation=recommendation, on=on, **turn)


def _where_decided(story: Story, panel: Panel, name: str) -> Meeting:
    """Return the panel's meeting on a named day; else create a decision by email in which two members do not vote."""
    meeting = story.meetings.get(name)
    if meeting and meeting.panel == panel:
        return meeting
    on = story.dates[name]
    members = panel.memberships.filter(joined_on__lte=on, standing=MemberStanding.ACTIVE).order_by("pk")
    took_part = [row for row in members if services.has_vote(row)][2:]
    return services.decide_between_meetings(panel=panel, on=on, way=ConsultationMethod.EMAIL, took_part=took_part)


DECISIONS = ("grant", "refuse_time", "confirm", "send_back", "close", "withdraw", "check_impact", "escalate", "reword")
STEPS = {
    "start": services.start_work,
    "ask": services.ask_for_time,
    "claim": services.claim_done,
    "send_back": services.send_back,
    "confirm": services.confirm,
    "close": services.close_undelivered,
    "withdraw": services.withdraw,
    "check_impact": services.check_impact,
    "plan": services.plan_action,
    "finish": services.finish_action,
    "escalate": services.escalate,
    "reply": services.record_reply,
    "reword": services.reword,
    "note": services.add_note,
}
