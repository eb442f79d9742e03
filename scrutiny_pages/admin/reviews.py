"""Viewsets and hooks of the admin for reviews, processes and recommendations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.models import Page
from wagtail.snippets.views.snippets import IndexView

from cms.core.admin.record_views import RecordViewSet

from ..enums import TodoKind
from ..importer.drafts import RecommendationFilterSet
from ..importer.preview_views import PreviewView
from ..importer.views import AnswersView, ColumnsView, LayoutView, UploadView
from ..models import (
    EscalationRoute,
    Recommendation,
    ResearchMethod,
    ReviewKind,
    ReviewPage,
    ReviewProcess,
    ReviewStage,
    Role,
    ServiceArea,
    Standard,
    StatusMeaning,
    Trigger,
    WorkProgramme,
)
from ..services.permissions import user_can_import, user_can_record_stage, user_can_record_step, user_can_start_outcome
from .outcome_views import WithoutOutcomeView
from .recommendation_views import RecordStepView
from .scoring_views import ScoreTopicsView
from .stage_views import RecordStageView, StartReviewView
from .starter_views import FirstRunPanel, StarterView


class RecommendationIndexView(IndexView):
    """The list of recommendations, with a link to the import of a tracker."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Add the link to the import, for users who may import."""
        url = reverse("import_recommendations")
        offered = [HeaderButton("Import a tracker", url=url, icon_name="upload")]
        return [*super().header_buttons, *(offered if user_can_import(self.request.user) else [])]


class RecommendationViewSet(RecordViewSet):
    """The viewset of the text of recommendations; what follows is recorded step by step."""

    model = Recommendation
    index_view_class = RecommendationIndexView
    icon = "tasks"
    list_display = [
        "__str__",
        "panel",
        "owner",
        Column("where_it_stands", label="Where it stands"),
        LiveStatusTagColumn(),
    ]
    list_per_page = 50
    filterset_class = RecommendationFilterSet
    # A copy would share the number of another promise, and none of its history.
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Fetch the related rows that the list shows."""
        return Recommendation.objects.select_related("panel", "owner", "latest_revision", "tracking")

    def get_urlpatterns(self) -> list:
        """Add the view that records a step."""
        return [*super().get_urlpatterns(), path("record/<int:pk>/", RecordStepView.as_view(), name="record")]


class ProcessViewSet(RecordViewSet):
    """The viewset of review processes: stages, deadlines and limits."""

    model = ReviewProcess
    icon = "list-ol"
    list_display = ["name", "checked_by"]
    copy_view_enabled = False


class ProgrammeViewSet(RecordViewSet):
    """The viewset of the annual work programmes of panels, with their topics."""

    model = WorkProgramme
    icon = "calendar"
    list_display = ["__str__", "starts_on", "agreed_on"]
    copy_view_enabled = False

    def get_urlpatterns(self) -> list:
        """Add the view that scores topics."""
        return [*super().get_urlpatterns(), path("scores/<int:pk>/", ScoreTopicsView.as_view(), name="scores")]


class EscalationRouteViewSet(RecordViewSet):
    """The viewset of escalation routes of recommendations."""

    model = EscalationRoute
    icon = "arrow-up"
    list_display = ["name"]
    copy_view_enabled = False


class RoleViewSet(RecordViewSet):
    """The viewset of job roles that own recommendations."""

    model = Role
    icon = "user"
    list_display = ["title", "mailbox"]


class ServiceAreaViewSet(RecordViewSet):
    """The viewset of service areas."""

    model = ServiceArea
    icon = "tag"


class TriggerViewSet(RecordViewSet):
    """The viewset of triggers of reviews."""

    model = Trigger
    icon = "warning"
    list_display = ["name", "who", "at_most_a_year"]


class ReviewKindViewSet(RecordViewSet):
    """The viewset of kinds of review."""

    model = ReviewKind
    icon = "folder-open-1"


class ResearchMethodViewSet(RecordViewSet):
    """The viewset of research methods."""

    model = ResearchMethod
    icon = "search"


class StandardViewSet(RecordViewSet):
    """The viewset of standards and measures that recommendations refer to."""

    model = Standard
    icon = "check"


class StatusMeaningViewSet(RecordViewSet):
    """The viewset of the meanings of other trackers' statuses, as entered during imports."""

    model = StatusMeaning
    icon = "download"
    list_display = ["words", "column", "heading", "meaning"]
    copy_view_enabled = False


LISTS = (
    RoleViewSet,
    ServiceAreaViewSet,
    TriggerViewSet,
    ReviewKindViewSet,
    ResearchMethodViewSet,
    StandardViewSet,
    StatusMeaningViewSet,
)


@hooks.register("register_snippet_listing_buttons")
def record_button(snippet: Model, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Yield "Record what happened" beside each recommendation."""
    if isinstance(snippet, Recommendation) and user_can_record_step(user, snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[snippet.pk])
        yield Button("Record what happened", url=url, icon_name="check", priority=5)


@hooks.register("register_snippet_listing_buttons")
def programme_buttons(snippet: Model, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Yield a link to the scoring of the topics of a work programme."""
    if isinstance(snippet, WorkProgramme) and user.has_perm("scrutiny_pages.change_workprogramme"):
        url = reverse("wagtailsnippets_scrutiny_pages_workprogramme:scores", args=[snippet.pk])
        yield Button("Score topics", url=url, icon_name="list-ol", priority=5)


@hooks.register("register_admin_urls")
def stage_urls() -> list:
    """Return the URL patterns of the views of starters, reviews and their stages, and missing outcomes."""
    return [
        path("starters/", StarterView.as_view(), name="starters"),
        path("untold/", WithoutOutcomeView.as_view(), name="without_outcome"),
        path("reviews/<int:pk>/start/", StartReviewView.as_view(), name="start_review"),
        path("reviews/<int:pk>/stages/", RecordStageView.as_view(), name="record_stage"),
    ]


IMPORT_SCREENS = (
    ("file", "file/", UploadView),
    ("layout", "table/", LayoutView),
    ("columns", "", ColumnsView),
    ("answers", "answers/", AnswersView),
    ("preview", "preview/", PreviewView),
)


@hooks.register("register_admin_urls")
def import_urls() -> list:
    """Return the URL patterns of the import of a tracker."""
    return [
        path("recommendations/import/", UploadView.as_view(), name="import_recommendations"),
        *(
            path(f"recommendations/import/<uuid:key>/{ending}", view.as_view(), name=f"import_recommendations_{screen}")
            for screen, ending, view in IMPORT_SCREENS
        ),
    ]


@hooks.register("construct_homepage_panels")
def first_run(request: HttpRequest, panels: list) -> None:
    """Add the first-run panel to the dashboard until a starter is loaded."""
    panel = FirstRunPanel(request)
    if panel.is_wanted:
        panels.append(panel)


class WithoutOutcomeMenuItem(MenuItem):
    """A menu item for users who may start an outcome."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may add pages."""
        return user_can_start_outcome(request.user)


@hooks.register("register_admin_menu_item")
def without_outcome_menu_item() -> MenuItem:
    """Return the menu item of confirmed recommendations without an outcome."""
    return WithoutOutcomeMenuItem(
        TodoKind.OUTCOME.label, reverse_lazy("without_outcome"), icon_name="comment", order=165
    )


@hooks.register("register_page_header_buttons")
def stage_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Yield a link that starts a review or, once it has stages, one that records an event at a stage."""
    if not (isinstance(page, ReviewPage) and page.pk and user_can_record_stage(user, page)):
        return
    if not ReviewStage.objects.filter(review=page.pk).exists():
        yield Button("Start this review", url=reverse("start_review", args=[page.pk]), icon_name="date", priority=5)
    else:
        yield Button("Record a stage", url=reverse("record_stage", args=[page.pk]), icon_name="check", priority=5)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_a_review(request: HttpRequest, page: Page) -> None:
    """Warn the editor of the limits that a saved review exceeds, if they only warn."""
    if isinstance(page, ReviewPage):
        for problem in page.limit_problems():
            messages.warning(request, problem.words)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def warn_of_a_recommendation(request: HttpRequest, snippet: Model) -> None:
    """Warn the editor of what the process requires and a saved recommendation lacks, if it only warns."""
    if isinstance(snippet, Recommendation):
        for problem in snippet.limit_problems():
            messages.warning(request, problem.words)
