"""The staff screens on which a tracker is imported: upload, match columns, preview, import."""

import logging
from collections.abc import Iterator

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..models import ImportJob, Panel, Recommendation, ReportPage
from ..permissions import user_can_import
from .columns import COLUMNS, examples, guess, name_of
from .loading import NotImported, bring_in
from .planning import make_plan
from .reading import LARGEST_FILE, read
from .rows import Options
from .sheet import CannotRead, Sheet

LISTING = "wagtailsnippets_scrutiny_pages_recommendation:list"
MOST_SHOWN = 500  # problems; who has more will want to mend them in the spreadsheet first
logger = logging.getLogger("django.request")


class UploadForm(forms.Form):
    """The file, and what holds for all its rows."""

    file = forms.FileField(
        label="The tracker",
        help_text="CSV or an Excel workbook (.xlsx), up to 10 MB and 10,000 rows. The first row holds the headings.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    panel = forms.ModelChoiceField(
        Panel.objects.all(), label="Asked by", required=False, help_text="For rows that name no panel."
    )
    report = forms.ModelChoiceField(
        ReportPage.objects.all(),
        label="Report",
        required=False,
        help_text="For rows that name no report, if they had one.",
    )
    series = forms.CharField(
        label="Series",
        required=False,
        max_length=20,
        validators=Recommendation._meta.get_field("series").validators,
        help_text="For rows without a full reference. Leave it empty to use the year and month they were asked for.",
    )

    def clean_file(self) -> UploadedFile:
        """Read the file, or say why it cannot be read."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 10 MB. Split it into smaller ones.")
        try:
            self.sheet = read(upload.read())
        except CannotRead as error:
            raise ValidationError(str(error)) from error
        return upload


class ColumnsForm(forms.Form):
    """One question a column: what is it?"""

    def __init__(self, *args, sheet: Sheet, **kwargs):
        super().__init__(*args, **kwargs)
        guessed = {position: key for key, position in guess(sheet.headings).items()}
        choices = [("", "Leave this column out"), *((column.key, column.label) for column in COLUMNS.values())]
        for position in range(len(sheet.headings)):
            shown = examples(sheet, position)
            self.fields[str(position)] = forms.ChoiceField(
                label=name_of(sheet, position),
                choices=choices,
                required=False,
                initial=guessed.get(position, ""),
                help_text="For example: " + " | ".join(shown) if shown else "This column is empty.",
            )

    def clean(self) -> dict:
        """Refuse two columns for one thing, and a file without the one thing needed."""
        given = super().clean()
        taken: dict[str, str] = {}
        for position, key in list(given.items()):
            if key in taken:
                self.add_error(position, f"“{self.fields[taken[key]].label}” is that already. Choose one of the two.")
            elif key:
                taken[key] = position
        if "title" not in taken and not self.errors:
            raise ValidationError(f"Say which column holds “{COLUMNS['title'].label}”.")
        self.columns = {key: int(position) for key, position in taken.items()}
        return given


class ImportView(WagtailAdminTemplateMixin):
    """A screen of the import, for those who may add, publish and record steps."""

    page_title = "Import recommendations"
    header_icon = "upload"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those who may not import; lead back to the first screen from an import that is over."""
        if not user_can_import(request.user):
            raise PermissionDenied
        if "key" in kwargs:
            self.job = ImportJob.objects.filter(pk=kwargs["key"], made_by=request.user).first()
            if self.job is None:
                messages.warning(request, "That import is finished, or was thrown away. Start again with the file.")
                return redirect("import_recommendations")
            self.sheet = Sheet.unpack(self.job.sheet)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list, and to the first screen."""
        listing = {"url": reverse(LISTING), "label": "Recommendations"}
        here = {"url": "", "label": "Import", "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, listing, here]

    def options(self) -> Options:
        """Give what holds for all rows."""
        job = self.job
        return Options(timezone.localdate(), job.panel, job.report, job.series, job.file_name)


class ImportFormView(ImportView, FormView):
    """A screen of the import that asks something."""

    template_name = "scrutiny_pages/admin/import_form.html"

    def get_context_data(self, **kwargs) -> dict:
        """Add the words on the form's button and where it is sent."""
        words = {"submit_button_label": "Continue", "submit_button_active_label": "Reading…"}
        return super().get_context_data(**kwargs) | words | {"action_url": self.request.path}


class UploadView(ImportFormView):
    """Takes the file, reads it and keeps what it says until the import is done."""

    form_class = UploadForm
    page_subtitle = "Step 1 of 3: upload the tracker"

    def get_context_data(self, **kwargs) -> dict:
        """Say that the form carries a file."""
        return super().get_context_data(**kwargs) | {"form_is_multipart": True, "takes": COLUMNS.values()}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Keep the cells, and go on to the columns."""
        ImportJob.tidy(timezone.now())
        given = form.cleaned_data
        job = ImportJob.objects.create(
            made_by=self.request.user,
            file_name=given["file"].name,
            sheet=form.sheet.pack(),
            panel=given["panel"],
            report=given["report"],
            series=given["series"],
        )
        return redirect("import_recommendations_columns", job.pk)


class ColumnsView(ImportFormView):
    """Asks what each column is."""

    form_class = ColumnsForm
    page_subtitle = "Step 2 of 3: match the columns"

    def get_form_kwargs(self) -> dict:
        """Tell the form which columns there are; what was chosen before stays chosen."""
        chosen = {str(position): key for key, position in self.job.columns.items()}
        initial = {str(position): chosen.get(str(position), "") for position in range(len(self.sheet.headings))}
        return super().get_form_kwargs() | {"sheet": self.sheet, "initial": initial if chosen else {}}

    def get_context_data(self, **kwargs) -> dict:
        """Add what there is to tell of the file."""
        return super().get_context_data(**kwargs) | {"notices": self.sheet.notices}

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        """Keep the answers, and go on to the preview."""
        self.job.columns = form.columns
        self.job.save(update_fields=["columns"])
        return redirect("import_recommendations_preview", self.job.pk)


class PreviewView(ImportView, TemplateView):
    """Shows what an import would do, with every problem by row; and does it, when asked to and there is none."""

    template_name = "scrutiny_pages/admin/import_preview.html"
    page_subtitle = "Step 3 of 3: check and import"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the preview, once the columns are matched."""
        if not self.job.columns:
            return redirect("import_recommendations_columns", self.job.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        """Add the plan."""
        plan = make_plan(self.sheet, self.job.columns, self.options())
        left_out = [
            name_of(self.sheet, position)
            for position in range(len(self.sheet.headings))
            if position not in self.job.columns.values()
        ]
        changed = [
            f"Row {planned.draft.row}, {planned.ref}: {', '.join(COLUMNS[key].label for key in planned.changes)}"
            for planned in plan.changed
        ]
        return super().get_context_data(**kwargs) | {
            "job": self.job,
            "plan": plan,
            "columns_url": reverse("import_recommendations_columns", args=[self.job.pk]),
            "left_out": left_out,
            "changed": changed[:MOST_SHOWN],
            "kept": plan.kept[:MOST_SHOWN],
            "problems": plan.problems[:MOST_SHOWN],
            "unshown": max(0, len(plan.problems) - MOST_SHOWN),
        }

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Import, and say how far it is while it goes: the page arrives in pieces, and needs no script."""
        if not self.job.columns:
            return redirect("import_recommendations_columns", self.job.pk)
        context = super().get_context_data(job=self.job)
        page = render_to_string("scrutiny_pages/admin/import_run.html", context, request)
        response = StreamingHttpResponse(self._run(*page.split("<!-- progress -->")))
        # Compressed, or kept back by a proxy, it would arrive only when all is done.
        response["Content-Encoding"] = "identity"
        response["X-Accel-Buffering"] = "no"
        response["Cache-Control"] = "no-store"
        return response

    def _run(self, before: str, after: str) -> Iterator[str]:
        """Give the page in pieces; the last says what was done, or that nothing was."""
        yield before
        progress, refused = None, ""
        try:
            for progress in bring_in(self.sheet, self.job.columns, self.options(), by=self.request.user):
                yield f"<p>{progress}</p>\n"
        except NotImported as error:
            refused = str(error)
        # The page is half sent, so the site's own answer to a mistake can no longer be given.
        except Exception:
            logger.exception("An import failed")
            refused = "Something went wrong on our side."
        else:
            self.job.delete()
        result = {
            "refused": refused,
            "plan": progress and progress.plan,
            "job": self.job,
            "listing_url": reverse(LISTING),
        }
        yield render_to_string("scrutiny_pages/admin/import_result.html", result)
        yield after
