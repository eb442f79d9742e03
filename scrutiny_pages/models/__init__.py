"""The models of the domain."""

from .agreement import Agreement, AgreementVersion, Training
from .attendance import Attendance
from .calendar import SiteCalendar
from .duty import DutyDone, RegularDuty
from .escalation import Escalation, EscalationRoute, EscalationStep
from .import_job import FinishedImport, ImportJob
from .meeting import Decision, Meeting
from .membership import Acceptance, Interest, Membership, RuleOverride, TrainingDone
from .pages.easy_read import EasyReadPage
from .pages.meeting import MeetingIndexPage
from .pages.newsletter import NewsletterIndexPage, NewsletterPage
from .pages.outcome import OutcomeIndexPage, OutcomePage, OutcomeRecommendation
from .pages.panel import PanelIndexPage, PanelPage
from .pages.report import ReportIndexPage, ReportPage
from .pages.review import ReviewPage, fetch_reviews
from .pages.review_index import ReviewIndexPage
from .pages.tracker import TrackerPage
from .panel import EligibilityStatement, Panel
from .person import Person
from .process import COPIED_FIELDS, ProcessRequirement, ProcessStage, ReviewProcess
from .programme import SelectionCriterion, Topic, TopicScore, WorkProgramme
from .recommendation import Recommendation
from .reference_data import MemberKind, ResearchMethod, ReviewKind, Role, ServiceArea, Standard, Trigger
from .stage import ReviewStage, StageChange, StageRecord
from .starter import LoadedStarter, StarterPage
from .status_meaning import StatusMeaning
from .task import ReviewTask
from .tracking import Action, Event, Evidence, Extension, Tracking

__all__ = [
    "COPIED_FIELDS",
    "Acceptance",
    "Action",
    "Agreement",
    "AgreementVersion",
    "Attendance",
    "Decision",
    "DutyDone",
    "EasyReadPage",
    "EligibilityStatement",
    "Escalation",
    "EscalationRoute",
    "EscalationStep",
    "Event",
    "Evidence",
    "Extension",
    "FinishedImport",
    "ImportJob",
    "Interest",
    "LoadedStarter",
    "Meeting",
    "MeetingIndexPage",
    "MemberKind",
    "Membership",
    "NewsletterIndexPage",
    "NewsletterPage",
    "OutcomeIndexPage",
    "OutcomePage",
    "OutcomeRecommendation",
    "Panel",
    "PanelIndexPage",
    "PanelPage",
    "Person",
    "ProcessRequirement",
    "ProcessStage",
    "Recommendation",
    "RegularDuty",
    "ReportIndexPage",
    "ReportPage",
    "ResearchMethod",
    "ReviewIndexPage",
    "ReviewKind",
    "ReviewPage",
    "ReviewProcess",
    "ReviewStage",
    "ReviewTask",
    "Role",
    "RuleOverride",
    "SelectionCriterion",
    "ServiceArea",
    "SiteCalendar",
    "StageChange",
    "StageRecord",
    "Standard",
    "StarterPage",
    "StatusMeaning",
    "Topic",
    "TopicScore",
    "TrackerPage",
    "Tracking",
    "Training",
    "TrainingDone",
    "Trigger",
    "WorkProgramme",
    "fetch_reviews",
]
