"""Loader of the demo's records: reference data, panels, meetings, images and documents."""

import datetime
import io

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from scrutiny_pages.models import Decision, EligibilityStatement, Meeting, Panel, Role, ServiceArea

from . import illustrations
from .content import FOLDER, read
from .members import load_attendance, load_duties, load_members, load_onboarding
from .story import LONDON, Story

RICH_PANEL_FIELDS = ["activities", "support", "terms_of_reference"]
PLAIN_PANEL_FIELDS = [
    *("name", "slug", "kind", "purpose", "time_asked", "recruiting"),
]


def load_records(story: Story) -> None:
    """Load all records, in the order of their dependencies."""
    load_pictures(story)
    load_documents(story)
    load_lists(story)
    load_onboarding(story)
    load_panels(story)
    load_members(story)
    load_duties(story)
    load_meetings(story)


def load_pictures(story: Story) -> None:
    """Draw the illustrations and store them as images, with their descriptions."""
    for data in read("pages")["pictures"]:
        file = ImageFile(io.BytesIO(illustrations.draw(data["key"])), name=f"{data['key']}.png")
        image = get_image_model()(title=data["title"], description=data["alt"], file=file)
        image.full_clean()
        image.save()
        story.images[data["key"]] = image


def load_documents(story: Story) -> None:
    """Store the documents that reports link to."""
    for data in read("pages")["documents"]:
        content = (FOLDER / "documents" / data["file"]).read_bytes()
        document = get_document_model()(title=data["title"], file=ContentFile(content, name=data["file"]))
        document.file_size = len(content)
        document.save()
        story.documents[data["key"]] = document


def load_lists(story: Story) -> None:
    """Load services, in place of the starter's, and job roles."""
    ServiceArea.objects.all().delete()
    settings = read("settings")
    for data in settings["service_areas"]:
        story.areas[data["slug"]] = ServiceArea.objects.create(**data)
    for data in settings["roles"]:
        mailbox = {"mailbox": data["mailbox"]}
        story.roles[data["key"]], _ = Role.objects.update_or_create(title=data["title"], defaults=mailbox)


def load_panels(story: Story) -> None:
    """Set the names, text and rules of the demo's landlord on the starter's panels, as an administrator would."""
    for data in read("panels")["panels"]:
        fields = {name: data[name] for name in PLAIN_PANEL_FIELDS if name in data}
        fields |= {name: story.rich(data[name]) for name in RICH_PANEL_FIELDS if name in data}
        panel = Panel.objects.get(slug=data["slug"])
        for name, value in fields.items():
            setattr(panel, name, value)
        own = [rule for each in data["rules"] for rule in each.items()]
        kept = [rule for rule in _rules_of(panel) if rule[0] not in dict(own)]
        panel.rules = own + kept
        panel.service_areas = [story.areas[slug] for slug in data["service_areas"]]
        panel.eligibility = [EligibilityStatement(statement=words) for words in data.get("eligibility", [])]
        panel.agreements = [story.agreements[slug] for slug in data.get("agreements", [])]
        panel.trainings = [story.trainings[slug] for slug in data.get("trainings", [])]
        panel.full_clean()
        panel.save()
        story.panels[data["key"]] = panel
        story.publish(panel, "site_opened")


def _rules_of(panel: Panel) -> list[tuple[str, dict]]:
    """Return the rules that the starter gave a panel."""
    return [(block.block_type, dict(block.value)) for block in panel.rules]


def load_meetings(story: Story) -> None:
    """Load past and future meetings and events."""
    for turn, data in enumerate(read("meetings")["meetings"]):
        day = story.dates[data["date"]]
        meeting = Meeting(
            panel=story.panels[data["panel"]],
            kind=data["kind"],
            theme=data["theme"],
            starts_at=_moment(day, data["from"]),
            ends_at=_moment(day, data["to"]),
            place=data["place"],
            how_to_join=data["how_to_join"],
            called_off_because=data.get("called_off_because", ""),
            agenda=story.rich(data["agenda"]),
            minutes=story.rich(data.get("minutes", "")),
            minutes_agreed_on=story.dates[data["minutes_agreed"]] if "minutes_agreed" in data else None,
        )
        meeting.decisions = [Decision(text=text) for text in data.get("decisions", [])]
        meeting.full_clean()
        meeting.save()
        if "came" in data:
            load_attendance(meeting, data, turn)
        story.meetings[data["key"]] = meeting


def _moment(day: datetime.date, clock: str) -> datetime.datetime:
    """Return a London time on a day."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(clock), LONDON)
