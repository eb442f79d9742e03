"""Loader of the demo's panel members, agreements, training, attendance and recurring duties."""

import datetime

from scrutiny_pages.enums import AttendanceState
from scrutiny_pages.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
    DutyDone,
    Interest,
    Meeting,
    MemberKind,
    Membership,
    Person,
    RegularDuty,
    ReviewTask,
    Training,
    TrainingDone,
)
from scrutiny_pages.services import expected_at, has_vote, record_attendance
from scrutiny_pages.services.members import save_membership

from .content import read
from .story import Story

ON_TRIAL = datetime.timedelta(days=183)


def load_onboarding(story: Story) -> None:
    """Load the first version of each agreement, and the courses: panels require them."""
    content = read("members")
    for data in content["agreements"]:
        # The starter brings some of them, with their first version.
        agreement, made = Agreement.objects.get_or_create(slug=data["slug"], defaults={"name": data["name"]})
        story.agreements[data["slug"]] = agreement
        if made:
            _add_version(story, agreement, data["versions"][0])
    for data in content["trainings"]:
        story.trainings[data["slug"]] = Training.objects.create(**data)


def _add_version(story: Story, agreement: Agreement, data: dict) -> AgreementVersion:
    return AgreementVersion.objects.create(
        agreement=agreement,
        text=story.rich(data["text"]),
        in_force_from=story.dates[data["in_force"]],
        must_accept=data.get("must_accept", True),
    )


def load_members(story: Story) -> None:
    """Load the members of the scrutiny panel, then the agreements that changed since they joined."""
    content = read("members")
    for data in content["members"]:
        story.members[data["name"]] = _load_member(story, data)
    for data in content["agreements"]:
        for later in data["versions"][1:]:
            version = _add_version(story, story.agreements[data["slug"]], later)
            for member in content["members"]:
                if member.get("new_code"):
                    Acceptance.objects.create(
                        membership=story.members[member["name"]], version=version, accepted_on=version.in_force_from
                    )
    for data in content["interests"]:
        interest = Interest(
            membership=story.members[data["member"]],
            declared_on=story.dates[data["declared"]],
            about=data["about"],
            followed=data.get("followed", ""),
        )
        interest.full_clean()
        interest.save()


def _load_member(story: Story, data: dict) -> Membership:
    today, joined = story.dates.today, story.dates[data["joined"]]
    panel = story.panels["scrutiny"]
    ready = data["standing"] != "joining"
    member = Membership(
        person=Person.objects.create(name=data["name"], email=data.get("email", "")),
        panel=panel,
        kind=MemberKind.objects.get(slug=data.get("kind", "tenant")),
        role=data.get("role", "member"),
        role_since=story.dates[data["role_since"]] if "role_since" in data else None,
        standing=data["standing"],
        joined_on=joined,
        left_on=story.dates[data["left"]] if "left" in data else None,
        eligibility_checked_on=joined,
        trial_ended_on=joined + ON_TRIAL if joined + ON_TRIAL < today else None,
        name_is_public=data["named"],
    )
    agreements = panel.agreements.all() if ready else panel.agreements.all()[:1]
    member.acceptances = [Acceptance(version=each.versions.first(), accepted_on=joined) for each in agreements]
    member.trainings_done = [TrainingDone(training=each, done_on=joined) for each in panel.trainings.all() if ready]
    save_membership(membership=member, on=today)
    return member


def load_attendance(meeting: Meeting, data: dict, turn: int) -> None:
    """Record the attendance of a meeting: as many as its minutes say, with different people absent each time.

    :param turn: the index in the list of members to begin at.
    """
    expected = expected_at(meeting)
    missed = [row for row in expected if row.name in data.get("missed", [])]
    voters = [row for row in expected if has_vote(row) and row not in missed]
    voters = voters[turn % len(voters) :] + voters[: turn % len(voters)]
    came = voters[: data["came"]]
    states = {row: AttendanceState.PRESENT if row in came else AttendanceState.EXCUSED for row in expected}
    states |= dict.fromkeys(missed, AttendanceState.ABSENT)
    record_attendance(meeting=meeting, states=states, at=meeting.starts_at)


def load_duties(story: Story) -> None:
    """Load the recurring duties, in place of the starter's suggestions, and the last talks."""
    RegularDuty.objects.all().delete()
    for data in read("members")["duties"]:
        duty = RegularDuty(
            name=data["name"],
            what=data["what"],
            role=story.roles[data["role"]],
            panel=story.panels[data["panel"]],
            every=data["every"],
            first_due=story.dates[data["first_due"]] if "first_due" in data else None,
            for_each_member=data.get("for_each_member", False),
        )
        duty.full_clean()
        duty.save()
        if "done" in data:
            late = data.get("late", {})
            for name, member in story.members.items():
                if member.standing == "active":
                    done_on = story.dates[late.get(name, data["done"])]
                    DutyDone.objects.create(duty=duty, membership=member, done_on=done_on)


def load_tasks(story: Story) -> None:
    """Load the members' tasks in the reviews."""
    for data in read("members")["tasks"]:
        task = ReviewTask(
            review=story.pages[data["review"]].specific,
            member=story.members[data["member"]],
            task=data["task"],
            due=story.dates[data["due"]],
            done_on=story.dates[data["done"]] if "done" in data else None,
        )
        task.full_clean()
        task.save()
