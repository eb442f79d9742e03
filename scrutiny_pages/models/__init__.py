"""The domain's models, one kind of thing a file."""

from .agreement import Agreement, Training
from .calendar import SiteCalendar
from .escalation import Escalation, EscalationRoute, EscalationStep
from .lists import MemberKind, ResearchMethod, ReviewKind, Role, ServiceArea, Standard, Trigger
from .meeting import Meeting, MeetingIndexPage
from .membership import Membership
from .newsletter import NewsletterIndexPage, NewsletterPage
from .outcome import OutcomeIndexPage, OutcomePage
from .panel import EligibilityStatement, Panel, PanelIndexPage, PanelPage
from .process import COPIED_FIELDS, ProcessRequirement, ProcessStage, ReviewProcess
from .programme import SelectionCriterion, Topic, TopicScore, WorkProgramme
from .recommendation import Recommendation
from .report import ReportIndexPage, ReportPage
from .review import ReviewIndexPage, ReviewPage
from .starter import LoadedStarter
from .stage import ReviewStage, StageChange, StageRecord
from .tracker import TrackerPage
from .tracking import Action, Event, Evidence, Extension, Tracking

__all__ = [
    "COPIED_FIELDS",
    "Action",
    "Agreement",
    "EligibilityStatement",
    "Escalation",
    "EscalationRoute",
    "EscalationStep",
    "Event",
    "Evidence",
    "Extension",
    "LoadedStarter",
    "Meeting",
    "MeetingIndexPage",
    "MemberKind",
    "Membership",
    "NewsletterIndexPage",
    "NewsletterPage",
    "OutcomeIndexPage",
    "OutcomePage",
    "Panel",
    "PanelIndexPage",
    "PanelPage",
    "ProcessRequirement",
    "ProcessStage",
    "Recommendation",
    "ReportIndexPage",
    "ReportPage",
    "ResearchMethod",
    "ReviewIndexPage",
    "ReviewKind",
    "ReviewPage",
    "ReviewProcess",
    "ReviewStage",
    "Role",
    "SelectionCriterion",
    "ServiceArea",
    "SiteCalendar",
    "StageChange",
    "StageRecord",
    "Standard",
    "Topic",
    "TopicScore",
    "TrackerPage",
    "Tracking",
    "Training",
    "Trigger",
    "WorkProgramme",
]
