"""What staff see of reviews, processes and promises in the admin."""

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
from .outcome_views import UntoldView
from .recommendation_views import RecordStepView
from .scoring_views import ScoreTopicsView
from .stage_views import RecordStageView, StartReviewView
from .starter_views import FirstRunPanel, StarterView


class RecommendationIndexView(IndexView):
    """The list of recommendations, with a way to import a tracker."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer the import to those who may."""
        url = reverse("import_recommendations")
        offered = [HeaderButton("Import a tracker", url=url, icon_name="upload")]
        return [*super().header_buttons, *(offered if user_can_import(self.request.user) else [])]


class RecommendationViewSet(RecordViewSet):
    """Recommendations: their words. What became of them is recorded step by step."""

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
        """Fetch with each row what the list says of it."""
        return Recommendation.objects.select_related("panel", "owner", "latest_revision", "tracking")

    def get_urlpatterns(self) -> list:
        """Add the screen that records a step."""
        return [*super().get_urlpatterns(), path("record/<int:pk>/", RecordStepView.as_view(), name="record")]


class ProcessViewSet(RecordViewSet):
    """Review processes: stages, deadlines and limits."""

    model = ReviewProcess
    icon = "list-ol"
    list_display = ["name", "checked_by"]
    copy_view_enabled = False


class ProgrammeViewSet(RecordViewSet):
    """The year's work of a panel, with its topics."""

    model = WorkProgramme
    icon = "calendar"
    list_display = ["__str__", "starts_on", "agreed_on"]
    copy_view_enabled = False

    def get_urlpatterns(self) -> list:
        """Add the screen on which topics are scored."""
        return [*super().get_urlpatterns(), path("scores/<int:pk>/", ScoreTopicsView.as_view(), name="scores")]


class EscalationRouteViewSet(RecordViewSet):
    """Where a recommendation can be taken further."""

    model = EscalationRoute
    icon = "arrow-up"
    list_display = ["name"]
    copy_view_enabled = False


class RoleViewSet(RecordViewSet):
    """Job roles that own promises."""

    model = Role
    icon = "user"
    list_display = ["title", "mailbox"]


class ServiceAreaViewSet(RecordViewSet):
    """Services."""

    model = ServiceArea
    icon = "tag"


class TriggerViewSet(RecordViewSet):
    """What may set a review off."""

    model = Trigger
    icon = "warning"
    list_display = ["name", "who", "at_most_a_year"]


class ReviewKindViewSet(RecordViewSet):
    """Kinds of scrutiny."""

    model = ReviewKind
    icon = "folder-open-1"


class ResearchMethodViewSet(RecordViewSet):
    """Ways of finding things out."""

    model = ResearchMethod
    icon = "search"


class StandardViewSet(RecordViewSet):
    """Promises and measures that recommendations speak to."""

    model = Standard
    icon = "check"


class StatusMeaningViewSet(RecordViewSet):
    """What the statuses of other trackers mean, as the imports were told."""

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
def record_button(snippet: Model, user, next_url: str | None = None):
    """Offer "Record what happened" beside each recommendation."""
    if isinstance(snippet, Recommendation) and user_can_record_step(user, snippet):
        url = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[snippet.pk])
        yield Button("Record what happened", url=url, icon_name="check", priority=5)


@hooks.register("register_snippet_listing_buttons")
def programme_buttons(snippet: Model, user, next_url: str | None = None):
    """Offer to score the topics of a year's work."""
    if isinstance(snippet, WorkProgramme) and user.has_perm("scrutiny_pages.change_workprogramme"):
        url = reverse("wagtailsnippets_scrutiny_pages_workprogramme:scores", args=[snippet.pk])
        yield Button("Score topics", url=url, icon_name="list-ol", priority=5)


@hooks.register("register_admin_urls")
def stage_urls() -> list:
    """Add the screens of starters, of a review and its stages, and of what is still to be told."""
    return [
        path("starters/", StarterView.as_view(), name="starters"),
        path("untold/", UntoldView.as_view(), name="untold"),
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
    """Add the screens that import a tracker."""
    return [
        path("recommendations/import/", UploadView.as_view(), name="import_recommendations"),
        *(
            path(f"recommendations/import/<uuid:key>/{ending}", view.as_view(), name=f"import_recommendations_{screen}")
            for screen, ending, view in IMPORT_SCREENS
        ),
    ]


@hooks.register("construct_homepage_panels")
def first_run(request: HttpRequest, panels: list) -> None:
    """Ask how scrutiny works here, until that is chosen."""
    panel = FirstRunPanel(request)
    if panel.is_wanted:
        panels.append(panel)


class UntoldMenuItem(MenuItem):
    """A menu item for those who may start an outcome."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who may add pages."""
        return user_can_start_outcome(request.user)


@hooks.register("register_admin_menu_item")
def untold_menu_item() -> MenuItem:
    """Lead to what is confirmed and not yet told."""
    return UntoldMenuItem(TodoKind.OUTCOME.label, reverse_lazy("untold"), icon_name="comment", order=165)


@hooks.register("register_page_header_buttons")
def stage_button(page: Page, user, view_name: str, next_url: str | None = None):
    """Offer to start a review, or, once it has stages, to record what happened at one."""
    if not (isinstance(page, ReviewPage) and page.pk and user_can_record_stage(user, page)):
        return
    if not ReviewStage.objects.filter(review=page.pk).exists():
        yield Button("Start this review", url=reverse("start_review", args=[page.pk]), icon_name="date", priority=5)
    else:
        yield Button("Record a stage", url=reverse("record_stage", args=[page.pk]), icon_name="check", priority=5)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_a_review(request: HttpRequest, page: Page) -> None:
    """Tell the editor which limits a review breaks that are only warned of."""
    if isinstance(page, ReviewPage):
        for problem in page.limit_problems():
            messages.warning(request, problem.words)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def warn_of_a_recommendation(request: HttpRequest, snippet: Model) -> None:
    """Tell the editor what the process misses in a recommendation that may be published all the same."""
    if isinstance(snippet, Recommendation):
        for problem in snippet.limit_problems():
            messages.warning(request, problem.words)
