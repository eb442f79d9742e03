"""The domain's models, one kind of thing a file."""

from .import_job import ImportJob
from .lists import Role, ServiceArea
from .meeting import Meeting, MeetingIndexPage
from .membership import Membership
from .newsletter import NewsletterIndexPage, NewsletterPage
from .outcome import OutcomeIndexPage, OutcomePage
from .panel import EligibilityStatement, Panel, PanelIndexPage, PanelPage
from .recommendation import Recommendation
from .report import ReportIndexPage, ReportPage
from .review import ReviewIndexPage, ReviewPage, ReviewStage, StageRecord
from .tracker import TrackerPage
from .tracking import Event, Extension, Tracking

__all__ = [
    "EligibilityStatement",
    "Event",
    "Extension",
    "ImportJob",
    "Meeting",
    "MeetingIndexPage",
    "Membership",
    "NewsletterIndexPage",
    "NewsletterPage",
    "OutcomeIndexPage",
    "OutcomePage",
    "Panel",
    "PanelIndexPage",
    "PanelPage",
    "Recommendation",
    "ReportIndexPage",
    "ReportPage",
    "ReviewIndexPage",
    "ReviewPage",
    "ReviewStage",
    "Role",
    "ServiceArea",
    "StageRecord",
    "TrackerPage",
    "Tracking",
]
