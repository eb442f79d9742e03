"""The sets that rules speak of, as queries; each agrees with its rule for one object."""

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
from .rule_lookup import RuleBook


class PanelQuerySet(SearchableQuerySetMixin, FetchHookQuerySet):
    """Panels."""

    def visible_to(self, viewer: Viewer) -> "PanelQuerySet":
        """Published panels are public."""
        return self.filter(published(viewer))

    def with_members(self) -> "PanelQuerySet":
        """Return panels that somebody can join: not the deciding bodies, whose members are not kept here."""
        return self.exclude(kind=PanelKind.DECIDING_BODY)

    def with_seats(self) -> "PanelQuerySet":
        """Annotate ``seats_taken``, memberships that hold a seat as ``Seat.holds_seat`` says of one, and ``teams``.

        A task-and-finish group has no standing members: its seats are those of the teams of its reviews under way, and
        ``teams`` is how many there are. Each is counted once, whatever else the query joins.
        """
        seated = Q(memberships__standing__in=SEATED) & ~Q(memberships__role__in=WITHOUT_SEAT)
        in_team = Q(kind=PanelKind.TASK_AND_FINISH, memberships__review__state__in=TEAM_STATES)
        of_body = Q(memberships__review=None)
        team = Count("memberships__review", filter=seated & in_team, distinct=True)
        return self.annotate(
            seats_taken=Count("memberships", filter=seated & (of_body | in_team), distinct=True), teams=team
        )

    def with_process(self) -> "PanelQuerySet":
        """Fetch how each usually carries out a review, and where it goes when the landlord says no."""
        stages = ProcessStage.objects.select_related("role", "signed_off_by", "deadline_panel")
        steps = EscalationStep.objects.select_related("deadline_panel")
        return self.select_related("usual_process__checked_by", "usual_process__escalation_route").prefetch_related(
            Prefetch("usual_process__stages", stages),
            Prefetch("usual_process__escalation_route__steps", steps),
        )

    def after_fetch(self, rows: list) -> None:
        """Give the panels of one list one rule book: their rules cost the same however many there are."""
        book = RuleBook(self.model._default_manager.all())
        for panel in rows:
            panel.rule_book = book


class RecommendationQuerySet(SearchableQuerySetMixin, QuerySet):
    """Recommendations, with their tracking."""

    def visible_to(self, viewer: Viewer) -> "RecommendationQuerySet":
        """Published ones are public, as soon as the report they are in is."""
        # Few reports have many recommendations: they are looked up once, not joined to each.
        reports = Page.objects.filter(visible_pages(viewer), reportpage__isnull=False)
        return self.filter(published(viewer) & (Q(report__isnull=True) | Q(report__in=reports.order_by().values("pk"))))

    def overdue(self, on: datetime.date) -> "RecommendationQuerySet":
        """Those whose answer or delivery is owed and late on a day."""
        return self.filter(overdue_condition(on))

    def with_standing(self, on: datetime.date) -> "RecommendationQuerySet":
        """Annotate ``standing_then``, where each stands on a day."""
        return self.annotate(standing_then=standing_expression(on))

    def in_standing(self, where: Standing, on: datetime.date) -> "RecommendationQuerySet":
        """Those that stand in one place on a day."""
        return self.with_standing(on).filter(standing_then=where)

    def standing_counts(self, on: datetime.date) -> dict[str, int]:
        """Count by where they stand on a day; places with none are left out."""
        rows = self.order_by().with_standing(on).values("standing_then").annotate(number=Count("pk", distinct=True))
        return {row["standing_then"]: row["number"] for row in rows}

    def soonest_due_first(self) -> "RecommendationQuerySet":
        """Order by what is owed first; settled ones last, newest first."""
        return self.order_by(F("due").asc(nulls_last=True), "-asked_on", "series", "number").annotate(
            due=due_expression()
        )

    def untold(self) -> "RecommendationQuerySet":
        """Those that are confirmed, and in no outcome that residents can read."""
        return self.filter(live=True, tracking__delivery=Delivery.CONFIRMED).exclude(outcomes__live=True)

    def for_listing(self) -> "RecommendationQuerySet":
        """Fetch what a row of a list shows, in a fixed number of queries."""
        return self.select_related("tracking", "owner", "panel", "report", "made_at").prefetch_related(
            "service_areas", "tracking__extensions"
        )

    def with_reasons(self) -> "RecommendationQuerySet":
        """Fetch what a list of what is late tells besides: why each is not done yet."""
        return self.prefetch_related("tracking__events")

    def for_page(self) -> "RecommendationQuerySet":
        """Fetch what one tells in full as well: its actions, the evidence, where it was taken, and who checks it."""
        told = self.for_listing().select_related("refers_to", "panel__usual_process__checked_by")
        return told.prefetch_related(
            "standards", "tracking__actions__owner", "tracking__evidence", "tracking__escalations"
        )


class MeetingQuerySet(QuerySet):
    """Meetings and events."""

    def visible_to(self, viewer: Viewer) -> "MeetingQuerySet":
        """Those marked public."""
        return self.filter(is_public=True)

    def held_or_to_come(self) -> "MeetingQuerySet":
        """Those that were not called off."""
        return self.filter(called_off_because="")

    def for_page(self) -> "MeetingQuerySet":
        """Fetch what the page of one shows: how many came, and what was agreed."""
        return self.select_related("panel", "review").prefetch_related("attendances", "decisions__ratified_at")

    def for_calendar(self, viewer: Viewer) -> "MeetingQuerySet":
        """Those that a calendar is given: public, called off or not, from a year ago on."""
        since = viewer.at - datetime.timedelta(days=366)
        return self.visible_to(viewer).filter(starts_at__gte=since).select_related("panel").order_by("starts_at", "pk")

    def coming(self, at: datetime.datetime) -> "MeetingQuerySet":
        """Those that have not started, soonest first."""
        return self.filter(starts_at__gte=at).order_by("starts_at", "pk")

    def past(self, at: datetime.datetime) -> "MeetingQuerySet":
        """Those that have started, latest first."""
        return self.filter(starts_at__lt=at).order_by("-starts_at", "-pk")


class ProgrammeQuerySet(QuerySet):
    """The years' work of panels."""

    def visible_to(self, viewer: Viewer) -> "ProgrammeQuerySet":
        """Those that were agreed, of public panels: residents read no list that nobody has agreed to (K 11.1)."""
        return self.filter(published(viewer, "panel__"), agreed_on__lte=viewer.today)


class MembershipQuerySet(QuerySet):
    """Memberships: private, but for the names that their owners agreed to show."""

    def named_in_public(self) -> "MembershipQuerySet":
        """Those who sit on the panel and agreed to be named."""
        named = self.filter(standing__in=SEATED, review=None, name_is_public=True)
        return named.select_related("person").order_by("role", "person__name")

    def for_rules(self) -> "MembershipQuerySet":
        """Fetch what the rules look at, in a fixed number of queries."""
        return self.select_related("panel", "kind").prefetch_related(
            "acceptances__version__agreement__versions", "trainings_done__training"
        )
