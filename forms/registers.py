"""The staff's lists of what people sent."""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail_modeladmin.options import ModelAdminGroup

from cms.core.registers import RegisterAdmin, RegisterFilter, RegisterInspectView

from .answers import rows_of
from .enums import FormKind
from .models import FormVersion, Submission

DELETED = "deleted"


class FormFilter(RegisterFilter):
    """Which form it came with; those whose form was deleted are together."""

    title = "form"
    parameter_name = "form"

    def lookups(self, request: HttpRequest, model_admin: "SubmissionRegister") -> list[tuple[str, str]]:
        """Offer the forms that something came with, by their present titles."""
        used = FormVersion.objects.filter(kind=model_admin.kind, submissions__isnull=False)
        forms = used.filter(form__isnull=False).order_by("form__title", "form_id").distinct()
        offered = [(str(pk), title) for pk, title in forms.values_list("form_id", "form__title")]
        if used.filter(form__isnull=True).exists():
            offered.append((DELETED, "Forms since deleted"))
        return offered

    def has_output(self) -> bool:
        """Show the filter only where there is something to choose."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        if self.value() == DELETED:
            return queryset.filter(version__form__isnull=True)
        return queryset.filter(version__form_id=self.value()) if self.value() else queryset


class SubmissionInspectView(RegisterInspectView):
    """One submission: the questions as they were asked, with the answers."""

    def get_page_title(self) -> str:
        """Give the form's title, as it was."""
        return self.instance.version.form_title

    def get_context_data(self, **kwargs) -> dict:
        """Add the answers, section by section."""
        version = self.instance.version
        return super().get_context_data(sections=rows_of(version.definition, self.instance.answers), **kwargs)


class SubmissionRegister(RegisterAdmin):
    """What came with forms of one kind."""

    model = Submission
    kind = FormKind.GENERAL
    permission = "forms.handle_submission"
    list_display = ("reference", "form_title", "submitted_at")
    list_filter = (FormFilter,)
    search_fields = ("reference",)
    inspect_view_fields = ["submitted_at"]
    inspect_view_class = SubmissionInspectView
    inspect_template_name = "forms/admin/submission_inspect.html"

    def rows(self) -> QuerySet:
        """Give what came with forms of this kind."""
        return Submission.objects.filter(version__kind=self.kind).select_related("version")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave the answers where they are: a list has no use for them."""
        return super().get_queryset(request).defer("answers", "version__definition")

    def form_title(self, sent: Submission) -> str:
        """Give the form's title when it was sent."""
        return sent.version.form_title

    form_title.short_description = "form"
    form_title.admin_order_field = "version__form_title"


class ApplicationRegister(SubmissionRegister):
    """Applications to join."""

    kind = FormKind.APPLICATION
    row_name = "application"
    rows_name = "applications"
    base_url_path = "applications"
    menu_label = "Applications"
    menu_icon = "user"


class GeneralRegister(SubmissionRegister):
    """What came with every other form."""

    kind = FormKind.GENERAL
    row_name = "form"
    rows_name = "other forms"
    base_url_path = "other-forms"
    menu_label = "Other forms"
    menu_icon = "form"


class ReceivedGroup(ModelAdminGroup):
    """Everything that people sent, in one menu."""

    menu_label = "Received"
    menu_icon = "mail"
    menu_order = 160
    items = (ApplicationRegister, GeneralRegister)
