"""Meetings and events, which have a permanent URL, and their decisions."""

import datetime
import uuid
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField
from wagtail.models import Site
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.dates.formatting import format_date, format_time
from cms.core.models import SiteSettings

from ..enums import PROVING_KINDS, AttendanceState, ConsultationMethod, DecisionState, Level, MeetingKind
from ..rules.meetings import meeting_breaches
from ..rules.quorum import Turnout, state_of_decision, turnout
from ..rules.rule_types import Breach, PlannedMeeting, Quorum
from .editing.admin_forms import FormWithRows
from .panel import Panel
from .querysets import MeetingQuerySet


class Meeting(index.Indexed, ClusterableModel):
    """A meeting or an event: date, place, ways to join, and afterwards attendance, minutes and decisions."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    review = models.ForeignKey(
        "scrutiny_pages.ReviewPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="meetings",
        help_text="If it is about one review.",
    )
    kind = models.CharField(max_length=12, choices=MeetingKind, default=MeetingKind.MEETING)
    way = models.CharField(
        "how members were asked", max_length=8, choices=ConsultationMethod, blank=True, editable=False
    )
    theme = models.CharField(max_length=120, help_text="What it is about, in a few words.")
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("ends", null=True, blank=True)
    place = models.CharField(max_length=200)
    how_to_join = models.TextField(
        blank=True, max_length=400, help_text="Who may come and how: in person, online, by phone."
    )
    agenda = RichTextField(blank=True, features=RICH_TEXT_FEATURES)
    minutes = RichTextField(blank=True, features=["h3", *RICH_TEXT_FEATURES])
    minutes_agreed_on = models.DateField(
        null=True, blank=True, help_text="Minutes stay private until the panel has agreed that they are accurate."
    )
    notice_given_on = models.DateField(
        "people were told on", null=True, blank=True, help_text="Needed if the panel's rules ask for notice."
    )
    is_public = models.BooleanField("show on the website", default=True)
    called_off_because = models.CharField(
        "called off, because",
        max_length=250,
        blank=True,
        help_text=(
            "Only if it is called off: why, and what happens instead. "
            "It stays on the website, so that nobody travels for nothing. The public reads this."
        ),
    )
    # Written with who came, by the rules of that day: a rule that changes later changes no old decision.
    members_needed = models.PositiveSmallIntegerField(null=True, editable=False)
    members_came = models.PositiveSmallIntegerField(null=True, editable=False)
    # What calendars know it by, and whether what they have is the latest (RFC 5545: UID, SEQUENCE, LAST-MODIFIED).
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    times_changed = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = MeetingQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("theme"),
        index.SearchField("agenda"),
        index.SearchField("said_in_public"),
        index.SearchField("place"),
        index.FilterField("is_public"),
    ]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("panel"), FieldPanel("review")]),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("theme")]),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    FieldPanel("place"),
                    FieldPanel("how_to_join"),
                    FieldPanel("notice_given_on"),
                    FieldPanel("is_public"),
                    FieldPanel("called_off_because"),
                ],
                heading="When and where",
            ),
            ObjectList(
                [
                    FieldPanel("agenda"),
                    FieldPanel("minutes"),
                    InlinePanel(
                        "decisions", heading="What was agreed", label="Decision", help_text="Public with the minutes."
                    ),
                    FieldPanel("minutes_agreed_on"),
                ],
                heading="Agenda and minutes",
            ),
        ],
        base_form_class=FormWithRows,
    )

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.theme}"

    def get_absolute_url(self) -> str:
        """Return the permanent URL path."""
        return reverse("meeting", args=[self.pk])

    def clean(self) -> None:
        """Raise ValidationError for invalid times, too short a notice period, or an impossible ratification.

        Afterwards ``broken`` holds the panel rules that are broken and only produce a warning.
        """
        super().clean()
        self.broken: list[Breach] = []
        wrong = self._recorded_decision_errors()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = "This is before the meeting starts."
        if self.starts_at and self.minutes_agreed_on and self.minutes_agreed_on < self.day:
            wrong["minutes_agreed_on"] = "This is before the meeting."
        if self.minutes_agreed_on and not self.has_agreed_minutes:
            wrong["minutes_agreed_on"] = "This day has not come yet. Fill it in once the panel has agreed."
        if self.kind == MeetingKind.BETWEEN and not self.way:
            wrong["kind"] = "This is recorded with the step that it decides. Choose another kind here."
        if self.way and self.kind != MeetingKind.BETWEEN:
            wrong["kind"] = "This was a decision between meetings, and stays one."
        if self.is_called_off and (self.minutes or self.decisions.all() or self.turnout):
            wrong["called_off_because"] = "Minutes, decisions or who came are recorded, so it was held."
        if self.starts_at and self.notice_given_on and self.notice_given_on > self.day:
            wrong["notice_given_on"] = "This is after the meeting."
        if self.panel_id and self.review and self.review.panel_id not in (None, self.panel_id):
            wrong["review"] = "This is a review of another panel."
        if self.panel_id and self.starts_at and "notice_given_on" not in wrong and self._notice_is_new():
            site = Site.objects.filter(is_default_site=True).first()
            planned = PlannedMeeting(
                kind=self.kind,
                day=self.day,
                told_on=self.notice_given_on,
                nation=SiteSettings.for_site(site).nation,
                light_touch=bool(self.review and self.review.light_touch),
            )
            for breach in meeting_breaches(planned, rules=self.panel.rules_in_force):
                if breach.level == Level.REFUSE:
                    wrong[breach.field or "starts_at"] = breach.sentence
                else:
                    self.broken.append(breach)
        refusals = [decision.refusal() for decision in self.decisions.all()] if self.starts_at else []
        if any(refusals):
            wrong["__all__"] = [refusal for refusal in refusals if refusal]
        if wrong:
            raise ValidationError(wrong)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and count changes of what a calendar shows, as the SEQUENCE of its iCalendar event.

        The search index is updated again afterwards, since decisions are saved after the meeting.
        """
        shown = ("panel_id", "kind", "theme", "starts_at", "ends_at", "place", "how_to_join", "called_off_because")
        before = Meeting.objects.filter(pk=self.pk).values_list(*shown).first() if self.pk else None
        if before and before != tuple(getattr(self, name) for name in shown):
            self.times_changed += 1
        super().save(*args, **kwargs)
        index.insert_or_update_object(self)

    def _recorded_decision_errors(self) -> dict[str, Any]:
        """Return errors for changes to panel, kind or day of a meeting that recorded decisions depend on."""
        before = Meeting.objects.filter(pk=self.pk).first() if self.pk and self.starts_at else None
        rests = before and (
            before.decided_events.uncorrected().exists() or before.signed_stages.exclude(done_on=None).exists()
        )
        if before is None or not rests:
            return {}
        changed = {
            "panel": self.panel_id != before.panel_id,
            "kind": self.kind != before.kind,
            "starts_at": self.day != before.day,
            "called_off_because": self.is_called_off,
        }
        words = "Something was decided at this meeting. If that was recorded by mistake, correct it first."
        return {name: words for name, is_changed in changed.items() if is_changed}

    def _notice_is_new(self) -> bool:
        """Return whether the inputs of the notice rule changed: new rules are not applied to unchanged meetings."""
        looked_at = ("panel_id", "review_id", "kind", "starts_at", "notice_given_on")
        before = Meeting.objects.filter(pk=self.pk).values_list(*looked_at).first() if self.pk else None
        return before != tuple(getattr(self, name) for name in looked_at)

    @property
    def day(self) -> datetime.date:
        """Return the date of the meeting in London."""
        return timezone.localdate(self.starts_at)

    @property
    def is_called_off(self) -> bool:
        """Return whether the meeting was cancelled."""
        return bool(self.called_off_because)

    @cached_property
    def turnout(self) -> Turnout | None:
        """Return the turnout; None until attendance is recorded."""
        recorded = list(self.attendances.all()) if self.pk else []
        if not recorded:
            return None
        voters = [row.state for row in recorded if row.votes]
        return turnout(
            kind=self.kind,
            rules=self.panel.rules_in_force,
            members=len(voters),
            present=voters.count(AttendanceState.PRESENT),
            needed=self.members_needed,
        )

    @property
    def has_quorum(self) -> bool:
        """Return whether the panel's rules set a quorum for this kind of meeting."""
        if self.kind == MeetingKind.BETWEEN:
            return True
        return self.kind in PROVING_KINDS and self.panel.rules_in_force.one(Quorum) is not None

    def may_decide(self) -> str:
        """Return the reason why this meeting cannot make decisions, or an empty text if it can.

        Decisions without a quorum are not valid: the next full meeting makes them again or ratifies them (K 7.2; a
        sub-group has its own rule).
        """
        if self.starts_at > timezone.now():
            return "This meeting has not been held yet."
        if self.is_called_off:
            return "This meeting was called off."
        return self.not_enough()

    def not_enough(self) -> str:
        """Return the reason, from kind and attendance, why this meeting cannot make decisions; empty if it can."""
        if self.kind not in PROVING_KINDS:
            return f"Nothing is decided at this sort of event ({self.get_kind_display()})."
        if not self.has_quorum:
            return ""
        if self.turnout is None:
            return "First record who came to this meeting: a decision there needs enough members."
        return "" if self.turnout.enough else self.turnout.sentence

    @property
    def had_enough(self) -> bool:
        """Return whether the quorum was met, from the numbers stored with the attendance."""
        return self.members_needed is None or (self.members_came or 0) >= self.members_needed

    @property
    def proof_words(self) -> str:
        """Return the public description of where, or how, a decision was made: participants are counted, not named."""
        if self.kind != MeetingKind.BETWEEN:
            return f"At the meeting of the {self.panel} on {format_date(self.day)}"
        return f"{self.get_way_display()}. {self.turnout.took_part if self.turnout else ''}".strip()

    @property
    def time_words(self) -> str:
        """Return the time of day as text: 6:30pm, or 6:30pm to 8pm."""
        start = format_time(timezone.localtime(self.starts_at))
        return f"{start} to {format_time(timezone.localtime(self.ends_at))}" if self.ends_at else start

    @property
    def when_words(self) -> str:
        """Return date and time as text: Thursday 3 December 2026, 6:30pm to 8pm."""
        start = timezone.localtime(self.starts_at)
        return f"{start:%A} {format_date(start)}, {self.time_words}"

    @property
    def has_agreed_minutes(self) -> bool:
        """Return whether the panel has agreed the minutes as accurate by today."""
        return self.minutes_agreed_on is not None and self.minutes_agreed_on <= timezone.localdate()

    @property
    def public_minutes(self) -> str:
        """Return the minutes once they are agreed as accurate, an empty text before."""
        return self.minutes if self.has_agreed_minutes else ""

    @property
    def title(self) -> str:
        """Return the theme, under the attribute name that the search index uses for titles."""
        return self.theme

    @property
    def said_in_public(self) -> str:
        """Return the searchable text of minutes and decisions, once the minutes are agreed as accurate."""
        return " ".join([get_text_for_indexing(self.public_minutes), *(item.text for item in self.public_decisions)])

    @property
    def public_decisions(self) -> list["Decision"]:
        """Return the decisions, once the minutes are agreed as accurate."""
        return list(self.decisions.all()) if self.has_agreed_minutes else []


class Decision(models.Model):
    """One decision of a meeting, and the later meeting that ratified it if there was no quorum (K 7.2)."""

    meeting = ParentalKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.TextField(max_length=600, help_text="In one sentence. The public reads this: name no one.")
    ratified_at = models.ForeignKey(
        Meeting,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ratified",
        help_text="Only if too few members came: the later meeting that said yes to it.",
    )

    panels = [FieldPanel("text"), FieldPanel("ratified_at")]

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    def refusal(self) -> str:
        """Return the reason why the ratification is invalid, or an empty text. Called by ``Meeting.clean``."""
        later = self.ratified_at
        if later is None:
            return ""
        if later.panel_id != self.meeting.panel_id:
            return f"“{self.text}” can only be ratified by a meeting of the {self.meeting.panel}."
        if later.starts_at <= self.meeting.starts_at:
            return f"“{self.text}” can only be ratified by a later meeting."
        if self.meeting.turnout is None or self.meeting.turnout.enough is not False:
            return f"“{self.text}” needs no ratifying: leave that empty. It is for meetings to which too few came."
        if not self.meeting.turnout.ratify:
            return f"“{self.text}” cannot be ratified: the rules of the {self.meeting.panel} do not allow it."
        refused = later.not_enough()
        return f"“{self.text}” was not ratified at that meeting. {refused}" if refused else ""

    @property
    def state(self) -> DecisionState:
        """Return the validity of the decision."""
        # If it turns out that too few came to that meeting as well, this waits again (case AR8).
        ratified = self.ratified_at is not None and self.ratified_at.had_enough
        return state_of_decision(self.meeting.turnout, has_quorum=self.meeting.has_quorum, ratified=ratified)

    @property
    def state_words(self) -> str:
        """Return the public notice of a decision that waits, was ratified later or is invalid, else nothing."""
        match self.state:
            case DecisionState.UNKNOWN | DecisionState.AGREED:
                return ""
            case DecisionState.RATIFIED:
                return f"Confirmed at the meeting on {format_date(cast('Meeting', self.ratified_at).day)}"
            case state:
                return state.label
