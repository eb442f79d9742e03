"""The private registers: the members of panels, and the tasks of reviews."""

from typing import Any

from django.contrib.admin import display
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from wagtail.admin import messages

from cms.core.admin.private_models import (
    CreateView,
    EditableRegisterAdmin,
    ModelAdminGroup,
    RegisterEditView,
    RegisterFilter,
    RegisterInspectView,
    VerboseNameMixin,
)

from ..enums import Followed, Level, MemberStanding
from ..models import Interest, Membership, Panel, ReviewPage, ReviewTask
from ..services.members import lock_seat
from .member_forms import member_screen, task_screen


class PanelFilter(RegisterFilter):
    """A filter by panel."""

    title = "panel"
    parameter_name = "panel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every panel."""
        return [(str(panel.pk), panel.name) for panel in Panel.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the rows by the chosen panel."""
        return queryset.filter(panel_id=self.value()) if self.value() else queryset


class StandingFilter(RegisterFilter):
    """A filter by the membership's status."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every status."""
        return MemberStanding.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the rows by the chosen status."""
        return queryset.filter(standing=self.value()) if self.value() else queryset


class ReviewFilter(RegisterFilter):
    """A filter by review: the review's team, or its tasks."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the reviews that have a row in this register."""
        used = model_admin.model.objects.filter(review__isnull=False).values("review")
        return [(str(review.pk), review.title) for review in ReviewPage.objects.filter(pk__in=used).order_by("title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the rows by the chosen review."""
        return queryset.filter(review_id=self.value()) if self.value() else queryset


class AtomicPostMixin:
    """A view that validates and saves in one transaction: locks of the validation last until the row is saved."""

    request: HttpRequest

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Validate and save in one transaction."""
        return super().post(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Save, then show the limits that only warn."""
        answer = super().form_valid(form)  # type: ignore[misc]  # a mixin: the view has it
        for breach in form.instance.broken if form.is_valid() else []:
            if breach.level != Level.REFUSE:
                messages.warning(self.request, breach.sentence)
        return answer


class MemberCreateView(AtomicPostMixin, VerboseNameMixin, CreateView):
    """A view that adds a member."""

    def get_page_title(self) -> str:
        """Return the title for a new member."""
        return "Add a member"

    def get_page_subtitle(self) -> str:
        """Return no subtitle: there is no person yet."""
        return ""


class MemberEditView(AtomicPostMixin, RegisterEditView):
    """A view that edits a member."""

    def lock_record(self) -> None:
        """Lock the panel and the person first, as every service that changes a member does."""
        lock_seat(self.instance)
        super().lock_record()

    def get_page_title(self) -> str:
        """Return the person's name, which every user of this view may see."""
        return self.instance.name


class MemberInspectView(RegisterInspectView):
    """A read-only view of one member."""

    LABELS = {"name": "Name", "email": "Email", "phone": "Phone"}

    def get_page_title(self) -> str:
        """Return the person's name, which every user of this view may see."""
        return self.instance.name

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        """Return a field's label, also for the fields of the person."""
        return self.LABELS.get(field_name) or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any = None) -> str:
        """Return a field's value, also for the fields of the person."""
        if field_name in self.LABELS:
            return getattr(self.instance.person, field_name)
        return super().get_field_display_value(field_name, field)


class MembershipRegister(EditableRegisterAdmin):
    """The register of members, their seats, and their consent to be named."""

    model = Membership
    permission = "scrutiny_pages.handle_membership"
    row_name = "member"
    rows_name = "members"
    base_url_path = "members"
    menu_label = "Members"
    menu_icon = "group"
    list_display = ("person_name", "panel", "role_words", "standing", "name_is_public")
    list_filter = (PanelFilter, StandingFilter, ReviewFilter)
    list_select_related = ("panel", "person", "review")
    search_fields = ("person__name",)
    ordering = ("panel", "person__name")
    edit_handler = member_screen
    create_view_class = MemberCreateView
    edit_view_class = MemberEditView
    inspect_view_class = MemberInspectView
    inspect_view_fields = [
        *("name", "email", "phone", "name_is_public", "panel", "review", "kind", "role", "standing"),
        *(
            "joined_on",
            "left_on",
            "role_since",
            "eligibility_checked_on",
            "training_commitment",
            "trial_ended_on",
            "note",
        ),
    ]

    @display(description="name", ordering="person__name")
    def person_name(self, row: Membership) -> str:
        """Return the person's name."""
        return row.name

    @display(description="role", ordering="role")
    def role_words(self, row: Membership) -> str:
        """Return the role, with the review if the seat is for one review only."""
        return f"{row.get_role_display()}, {row.review}" if row.review else row.get_role_display()


class TaskRegister(EditableRegisterAdmin):
    """The register of the tasks of members in reviews (G 3)."""

    model = ReviewTask
    permission = "scrutiny_pages.handle_membership"
    row_name = "task"
    rows_name = "review tasks"
    base_url_path = "review-tasks"
    menu_label = "Review tasks"
    menu_icon = "list-ul"
    list_display = ("task", "review", "member_name", "due", "done_on")
    list_filter = (ReviewFilter,)
    list_select_related = ("review", "member__person")
    edit_handler = task_screen
    search_fields = ("task", "member__person__name")
    ordering = ("due", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Annotate each task with whether its member withdrew from the review."""
        declared = Interest.objects.filter(membership__person=OuterRef("member__person"))
        withdrew = declared.filter(review=OuterRef("review"), followed=Followed.WITHDREW)
        return super().get_queryset(request).annotate(withdrew=Exists(withdrew))

    @display(description="member", ordering="member__person__name")
    def member_name(self, row: Any) -> str:
        """Return the member's name, marked if they have withdrawn since."""
        return f"{row.member.name} (withdrew from this review)" if row.withdrew else row.member.name


class PeopleGroup(ModelAdminGroup):
    """The menu of the private registers of people."""

    menu_label = "People"
    menu_icon = "group"
    menu_order = 155
    items = (MembershipRegister, TaskRegister)
