"""The staff views of the import of a tracker: file, table, columns, answers."""

import dataclasses
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..models import ImportJob
from ..services.permissions import user_can_import
from .columns import columns_of
from .diff import Plan, make_plan
from .drafts import LISTING, unpublished_imports
from .forms import AnswersForm, ColumnsForm, LayoutForm, UploadForm
from .missing_days import pack_days, unpack_days
from .readers import open_book
from .rows import Options
from .sheet import CannotRead, Layout, Sheet
from .status_meanings import keep_choices, kept_choices


class ImportView(WagtailAdminTemplateMixin):
    """The base of the import's views, for users who may add, publish and record steps."""

    page_title = "Import recommendations"
    header_icon = "upload"
    _show_breadcrumbs = True
    job: Any = None  # an ImportJob, but for the first view of an import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` unless the user may import; redirect to the first view if the import is over."""
        if not user_can_import(request.user):
            raise PermissionDenied
        if "key" in kwargs:
            jobs = ImportJob.objects.filter(pk=kwargs["key"], made_by=cast("User", request.user))
            self.job = jobs.defer("content").select_related("panel", "report").first()
            if self.job is None:
                messages.warning(request, "That import is finished, or was thrown away. Start again with the file.")
                return redirect("import_recommendations")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sheet(self) -> Sheet:
        """Return the imported table."""
        return Sheet.unpack(self.job.sheet)

    @cached_property
    def plan(self) -> Plan:
        """Return the plan of the import, as of now."""
        return make_plan(self.sheet, self.job.columns, self.import_options())

    def address(self, screen: str) -> str:
        """Return the URL of another view of this import."""
        return reverse(f"import_recommendations_{screen}", args=[self.job.pk])

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the list, the first view, then this page."""
        listing = {"url": reverse(LISTING), "label": "Recommendations"}
        here = {"url": "", "label": "Import", "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, listing, here]

    def import_options(self) -> Options:
        """Return the options that hold for all rows."""
        job = self.job
        today = timezone.localdate()
        return Options(
            today,
            job.panel,
            job.report,
            job.series,
            job.file_name,
            frozenset(job.wanted_rows),
            unpack_days(job.days),
        )


class ImportFormView(ImportView, FormView):
    """The base of the import's views with a form. Its back button stores what was chosen so far."""

    template_name = "scrutiny_pages/admin/import_form.html"

    @property
    def back_url(self) -> str:
        """Return the URL of the previous view; the first one has none."""
        return ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Submit the form, or store its valid part and go back."""
        if "back" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        self.keep(form)
        return redirect(self.back_url)

    def keep(self, form: Any) -> None:
        """Store the valid part of the form."""

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the labels of the form's button and the address that it is sent to."""
        words = {"submit_button_label": "Continue", "submit_button_active_label": "Reading…"}
        return super().get_context_data(**kwargs) | words | {"action_url": self.request.path, "back_url": self.back_url}


class UploadView(ImportFormView):
    """A view that reads the uploaded file and stores it until the import is done, or changes its options."""

    form_class = UploadForm
    page_subtitle = "Upload the tracker"

    def get_initial(self) -> dict:
        """Return the stored options."""
        job = self.job
        return {"panel": job.panel, "report": job.report, "series": job.series} if job else {}

    def get_form(self, form_class: Any = None) -> UploadForm:
        """Return the form; the file is required only if none is stored."""
        form = super().get_form(form_class)
        if self.job:
            form.keep_file(self.job.file_name)
        return form

    def get_context_data(self, **kwargs: Any) -> dict:
        """Mark the form as multipart, and add the known columns and the unpublished imports."""
        context = super().get_context_data(**kwargs) | {"form_is_multipart": True, "takes": columns_of()}
        context["waiting"] = unpublished_imports()
        return context | ({"action_url": self.address("file")} if self.job else {})

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Store the file, and redirect to its table, or to its columns if there is nothing to choose."""
        ImportJob.tidy(timezone.now())
        job = self.job or ImportJob(made_by=cast("User", self.request.user))
        given = form.cleaned_data
        job.panel, job.report, job.series = given["panel"], given["report"], given["series"]
        self._keep_file(job, form)
        return redirect(self.address("columns" if job.sheet else "layout"))

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        """Store a readable file all the same, so that it need not be chosen again."""
        if form.book:
            self._keep_file(self.job or ImportJob(made_by=cast("User", self.request.user)), form)
            form.keep_file(self.job.file_name)
        return super().form_invalid(form)

    def _keep_file(self, job: ImportJob, form: UploadForm) -> None:
        if form.book:
            job.file_name, job.content = form.cleaned_data["file"].name, form.content
            job.sheet = form.sheet.pack() if form.sheet else {}
            job.layout, job.columns, job.wanted_rows, job.days = {}, {}, [], {}
        job.save()
        self.job = job


class LayoutView(ImportFormView):
    """A view that asks for the sheet and the row of the headings, and whether hidden cells count."""

    form_class = LayoutForm
    page_subtitle = "Find the table"

    @property
    def back_url(self) -> str:
        """Return the URL of the previous view."""
        return self.address("file")

    def get_form_kwargs(self) -> dict:
        """Read the file again, since only the chosen table is stored as cells."""
        book = open_book(bytes(self.job.content))
        return super().get_form_kwargs() | {"book": book, "layout": Layout(**self.job.layout)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; redirect to the upload if the file cannot be read at all."""
        try:
            return super().get(request, *args, **kwargs)
        except CannotRead as error:
            messages.error(request, str(error))
            return redirect(self.back_url)

    def form_valid(self, form: LayoutForm) -> HttpResponse:
        """Store the table, and redirect to its columns; matched columns stay if the headings are the same."""
        job = self.job
        if job.sheet.get("headings") != form.sheet.headings:
            job.columns = {}
        job.layout, job.sheet, job.wanted_rows = dataclasses.asdict(form.layout), form.sheet.pack(), []
        job.save(update_fields=["layout", "sheet", "columns", "wanted_rows"])
        return redirect(self.address("columns"))


class TableView(ImportView):
    """The base of views that need the table."""

    def missing(self) -> str:
        """Return the name of an earlier view that has to be completed first, or ""."""
        return "" if self.job.sheet else "layout"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the view, or redirect to the one that has to be completed first."""
        missing = self.missing()
        return redirect(self.address(missing)) if missing else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Submit the form, or redirect to the view that has to be completed first."""
        missing = self.missing()
        return redirect(self.address(missing)) if missing else super().post(request, *args, **kwargs)


class ColumnsView(TableView, ImportFormView):
    """A view that matches the columns."""

    form_class = ColumnsForm
    page_subtitle = "Match the columns"

    @property
    def back_url(self) -> str:
        """Return the URL of the previous view."""
        return self.address("layout" if self.job.layout else "file")

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the sheet and the stored choices."""
        chosen = {str(position): key for key, position in self.job.columns.items()}
        initial = {str(position): chosen.get(str(position), "") for position in range(len(self.sheet.headings))}
        return super().get_form_kwargs() | {"sheet": self.sheet, "initial": initial if chosen else {}}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the notices about the file."""
        context = super().get_context_data(**kwargs)
        return context | {"notices": self.sheet.notices, "layout_url": self.address("layout")}

    def keep(self, form: ColumnsForm) -> None:
        """Store the matched columns."""
        self.job.columns = form.columns
        self.job.save(update_fields=["columns"])

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        """Store the columns, and redirect to the missing answers, or to the preview."""
        self.keep(form)
        return redirect(self.address("answers" if self.plan.needs_answers else "preview"))


class MatchedView(TableView):
    """The base of views that need matched columns."""

    def missing(self) -> str:
        """Return the name of an earlier view that has to be completed first, or ""."""
        return super().missing() or ("" if "title" in self.job.columns else "columns")


class AnswersView(MatchedView, ImportFormView):
    """A view for what the file lacks: meanings of statuses, which are stored for the next file, and missing days."""

    form_class = AnswersForm
    page_subtitle = "Say what the file does not"

    @property
    def back_url(self) -> str:
        """Return the URL of the previous view."""
        return self.address("columns")

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the unknown statuses and missing days of this file."""
        plan = self.plan
        chosen = {word: entry.meaning for word, entry in kept_choices().items()}
        about = {"statuses": plan.statuses, "chosen": chosen, "days": plan.days, "today": plan.options.today}
        return super().get_form_kwargs() | about

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the number of other problems, so that none comes as a surprise."""
        context, plan = super().get_context_data(**kwargs), self.plan
        kept = "What a status means is kept, and used for the next file too." if plan.statuses else ""
        given = (
            "A day is given only to rows that lack it. Days in the file, and on this site, stay." if plan.days else ""
        )
        notices = [" ".join(filter(None, [kept, given]))] if kept or given else []
        if context["form"].omitted:
            notices.append(
                f"{context['form'].omitted:,} more texts are too long or too many to be statuses. "
                "Go back and choose another column for them, or correct the file."
            )
        asked = sum(len(word.rows) for word in plan.unknown) + sum(len(day.rows) for day in plan.open_days)
        return context | {
            "notices": notices,
            "others": max(0, len(plan.problems) - asked),
            "preview_url": self.address("preview"),
            "nothing_asked": not (plan.statuses or plan.days),
        }

    def keep(self, form: AnswersForm) -> None:
        """Store the meanings of statuses, and the answers for days."""
        keep_choices(form.chosen, form.typed)
        self.job.days = pack_days(form.days)
        self.job.save(update_fields=["days"])

    def form_valid(self, form: AnswersForm) -> HttpResponse:
        """Store the answers, and redirect to the preview, or back here if the statuses reveal more missing days."""
        self.keep(form)
        plan = make_plan(self.sheet, self.job.columns, self.import_options())
        if plan.open_days:
            messages.warning(self.request, "Now that their statuses are known, more rows lack a day.")
        return redirect(self.address("answers" if plan.open_days else "preview"))
