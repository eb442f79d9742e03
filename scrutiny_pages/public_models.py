"""Declaration of what the public may see of scrutiny, besides its pages."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from wagtail.models import ModelLogEntry

from cms.core.public_registry import PublicModel, register_part, register_private, register_public

from .feeds.webhook_sources import RECOMMENDATIONS
from .models import (
    Acceptance,
    Action,
    Agreement,
    AgreementVersion,
    Attendance,
    Decision,
    DutyDone,
    EligibilityStatement,
    Escalation,
    EscalationRoute,
    EscalationStep,
    Event,
    Evidence,
    Extension,
    FinishedImport,
    ImportJob,
    Interest,
    LoadedStarter,
    Meeting,
    MemberKind,
    Membership,
    OutcomeRecommendation,
    Panel,
    Person,
    ProcessRequirement,
    ProcessStage,
    Recommendation,
    RegularDuty,
    ResearchMethod,
    ReviewKind,
    ReviewProcess,
    ReviewStage,
    ReviewTask,
    Role,
    RuleOverride,
    SelectionCriterion,
    ServiceArea,
    StageChange,
    StageRecord,
    Standard,
    StarterPage,
    StatusMeaning,
    Topic,
    TopicScore,
    Tracking,
    Training,
    TrainingDone,
    Trigger,
    WorkProgramme,
)


def last_change_of_recommendations(items: list[Recommendation]) -> dict[int, datetime.datetime]:
    """Return when the words of some recommendations, or their public history, last changed, by primary key."""
    public = Event.objects.filter(is_public=True, tracking__recommendation__in=[item.pk for item in items])
    recorded = dict(public.order_by().values_list("tracking__recommendation").annotate(Max("recorded_at")))
    moments = {item.pk: [at for at in (item.last_published_at, recorded.get(item.pk)) if at] for item in items}
    return {pk: max(found) for pk, found in moments.items() if found}


def last_change_of_meetings(meetings: list[Meeting]) -> dict[int, datetime.datetime]:
    """Return when staff last changed some meetings in the admin, by primary key."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Meeting), object_id__in=[str(row.pk) for row in meetings]
    )
    rows = entries.order_by().values_list("object_id").annotate(Max("timestamp"))
    return {int(pk): at for pk, at in rows}


register_public(
    PublicModel(
        model=Recommendation,
        parts=(Tracking, Event, Extension, Action, Evidence, Escalation),
        endpoint="recommendations",
        order=("series", "number"),
        last_modified=last_change_of_recommendations,
        is_searched=True,
        is_in_pdfs=True,
        changes_at="expire_at",
        changing=lambda: Recommendation.objects.filter(live=True),
        change_source=RECOMMENDATIONS,
    )
)
register_public(
    PublicModel(
        model=Meeting,
        parts=(Decision,),
        endpoint="meetings_api",
        order=("pk",),
        last_modified=last_change_of_meetings,
        is_searched=True,
        is_in_pdfs=True,
        changes_at="starts_at",
        changing=lambda: Meeting.objects.filter(is_public=True),
    )
)
register_public(
    PublicModel(
        model=Panel,
        parts=(EligibilityStatement,),
        endpoint="panels",
        is_in_pdfs=True,
        changes_at="expire_at",
        changing=lambda: Panel.objects.filter(live=True),
    )
)
register_public(
    PublicModel(model=WorkProgramme, parts=(SelectionCriterion, Topic), endpoint="programmes_api", order=("pk",))
)
register_public(PublicModel(model=Agreement, parts=(AgreementVersion,), endpoint="agreements_api", order=("slug",)))
# Shown with the panels, reviews and recommendations that name them.
register_part(Action, ReviewProcess, Role, ServiceArea, Standard, is_in_pdfs=True)
register_part(EscalationRoute, EscalationStep, OutcomeRecommendation, ProcessRequirement, ProcessStage, RegularDuty)
register_part(ResearchMethod, ReviewKind, ReviewStage, StageChange, StageRecord, MemberKind, Training, Trigger)
# Of these the public sees numbers and states made of them, never a row: open seats, quorum, a page's readiness.
register_part(Acceptance, Attendance, DutyDone, Interest, Membership, Person, RuleOverride, TopicScore, TrainingDone)
register_part(LoadedStarter, StarterPage)
register_private(FinishedImport, ImportJob, ReviewTask, StatusMeaning)
