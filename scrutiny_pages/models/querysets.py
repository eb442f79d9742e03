"""QuerySets for the sets that rules refer to; each agrees with its rule for one object."""

import datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet
from wagtail.models import Page
from wagtail.search.queryset import SearchableQuerySetMixin

from cms.core.models.fetching import FetchHookQuerySet
from cms.core.visibility import Viewer, visible_pages

from ..enums import SEATED, TEAM_STATES, WITHOUT_SEAT, Delivery, PanelKind, Standing
from ..rules.publication import published
from ..rules.recommendation_status import due_expression, overdue_condition, standing_expression
from .escalation import EscalationStep
from .process import ProcessStage
from .rule_lookup import RuleLookup


class PanelQuerySet(SearchableQuerySetMixin, FetchHookQuerySet):
    """Panels."""

    def visible_to(self, viewer: Viewer) -> "PanelQuerySet":
        """Filter to published panels."""
        return self.filter(published(viewer))

    def with_members(self) -> "PanelQuerySet":
        """Filter to panels with members: deciding bodies are excluded, since their members are not stored."""
        return self.exclude(kind=PanelKind.DECIDING_BODY)

    def with_seats(self) -> "PanelQuerySet":
        """Annotate ``seats_taken``, memberships for which ``Seat.holds_seat`` is true, and ``teams``.

        A task-and-finish group has no permanent members: its seats are those of the teams of its reviews in progress,
        and ``teams`` is their number. Each is counted once, whatever else the query joins.
        """
        seated = Q(memberships__standing__in=SEATED) & ~Q(memberships__role__in=WITHOUT_SEAT)
        in_team = Q(kind=PanelKind.TASK_AND_FINISH, memberships__review__state__in=TEAM_STATES)
        of_body = Q(memberships__review=None)
        team = Count("memberships__review", filter=seated & in_team, distinct=True)
        return self.annotate(
            seats_taken=Count("memberships", filter=seated & (of_body | in_team), distinct=True), teams=team
        )

    def with_process(self) -> "PanelQuerySet":
        """Prefetch the usual review process and its escalation route."""
        stages = ProcessStage.objects.select_related("role", "signed_off_by", "deadline_panel")
        steps = EscalationStep.objects.select_related("deadline_panel")
        return self.select_related("usual_process__checked_by", "usual_process__escalation_route").prefetch_related(
            Prefetch("usual_process__stages", stages),
            Prefetch("usual_process__escalation_route__steps", steps),
        )

    def after_fetch(self, rows: list) -> None:
        """Share one rule book among the panels of a list, to keep the number of queries constant."""
        book = RuleLookup(self.model._default_manager.all())
        for panel in rows:
            panel.rule_lookup = book


class RecommendationQuerySet(SearchableQuerySetMixin, QuerySet):
    """Recommendations with their tracking rows."""

    def visible_to(self, viewer: Viewer) -> "RecommendationQuerySet":
        """Filter to published recommendations whose report, if any, is public."""
        # Few reports have many recommendations: they are looked up once, not joined to each.
        reports = Page.objects.filter(visible_pages(viewer), reportpage__isnull=False)
        return self.filter(published(viewer) & (Q(report__isnull=True) | Q(report__in=reports.order_by().values("pk"))))

    def overdue(self, on: datetime.date) -> "RecommendationQuerySet":
        """Filter to those with an owed answer or delivery that is overdue on a day."""
        return self.filter(overdue_condition(on))

    def with_standing(self, on: datetime.date) -> "RecommendationQuerySet":
        """Annotate ``standing_then``, the status on a day."""
        return self.annotate(standing_then=standing_expression(on))

    def in_standing(self, where: Standing, on: datetime.date) -> "RecommendationQuerySet":
        """Filter by status on a day."""
        return self.with_standing(on).filter(standing_then=where)

    def standing_counts(self, on: datetime.date) -> dict[str, int]:
        """Return the number of recommendations by status on a day, without statuses that have none."""
        rows = self.order_by().with_standing(on).values("standing_then").annotate(number=Count("pk", distinct=True))
        return {row["standing_then"]: row["number"] for row in rows}

    def soonest_due_first(self) -> "RecommendationQuerySet":
        """Order by due date; settled ones last, newest first."""
        return self.order_by(F("due").asc(nulls_last=True), "-asked_on", "series", "number").annotate(
            due=due_expression()
        )

    def without_outcome(self) -> "RecommendationQuerySet":
        """Filter to confirmed recommendations that no public outcome mentions."""
        return self.filter(live=True, tracking__delivery=Delivery.CONFIRMED).exclude(outcomes__live=True)

    def for_listing(self) -> "RecommendationQuerySet":
        """Prefetch the relations of a list row, in a fixed number of queries."""
        return self.select_related("tracking", "owner", "panel", "report", "made_at").prefetch_related(
            "service_areas", "tracking__extensions"
        )

    def with_reasons(self) -> "RecommendationQuerySet":
        """Prefetch the reasons for delays, for lists of overdue recommendations."""
        return self.prefetch_related("tracking__events")

    def for_page(self) -> "RecommendationQuerySet":
        """Prefetch the relations of a full page: actions, evidence, escalations and the checking body."""
        told = self.for_listing().select_related("refers_to", "panel__usual_process__checked_by")
        return told.prefetch_related(
            "standards", "tracking__actions__owner", "tracking__evidence", "tracking__escalations"
        )


class MeetingQuerySet(QuerySet):
    """Meetings and events."""

    def visible_to(self, viewer: Viewer) -> "MeetingQuerySet":
        """Filter to meetings marked as public."""
        return self.filter(is_public=True)

    def not_cancelled(self) -> "MeetingQuerySet":
        """Exclude cancelled meetings."""
        return self.filter(called_off_because="")

    def for_page(self) -> "MeetingQuerySet":
        """Prefetch the relations of a meeting's page: attendance and decisions."""
        return self.select_related("panel", "review").prefetch_related("attendances", "decisions__ratified_at")

    def for_calendar(self, viewer: Viewer) -> "MeetingQuerySet":
        """Filter to meetings for calendar feeds: public, cancelled or not, from a year ago on."""
        since = viewer.at - datetime.timedelta(days=366)
        return self.visible_to(viewer).filter(starts_at__gte=since).select_related("panel").order_by("starts_at", "pk")

    def coming(self, at: datetime.datetime) -> "MeetingQuerySet":
        """Filter to meetings that have not started, soonest first."""
        return self.filter(starts_at__gte=at).order_by("starts_at", "pk")

    def past(self, at: datetime.datetime) -> "MeetingQuerySet":
        """Filter to meetings that have started, latest first."""
        return self.filter(starts_at__lt=at).order_by("-starts_at", "-pk")


class ProgrammeQuerySet(QuerySet):
    """Work programmes of panels."""

    def visible_to(self, viewer: Viewer) -> "ProgrammeQuerySet":
        """Filter to agreed programmes of public panels: a programme is private until it is agreed (K 11.1)."""
        return self.filter(published(viewer, "panel__"), agreed_on__lte=viewer.today)


class MembershipQuerySet(QuerySet):
    """Memberships: private, except names whose owners agreed to publication."""

    def named_in_public(self) -> "MembershipQuerySet":
        """Filter to current members who agreed to be named."""
        named = self.filter(standing__in=SEATED, review=None, name_is_public=True)
        return named.select_related("person").order_by("role", "person__name")

    def for_rules(self) -> "MembershipQuerySet":
        """Prefetch the relations that the rules need, in a fixed number of queries."""
        return self.select_related("panel", "kind").prefetch_related(
            "acceptances__version__agreement__versions", "trainings_done__training"
        )
