"""The admin view of impact totals, which drafts the activity report (W52)."""

import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.charts import format_number
from cms.core.dates.formatting import add_months, format_month
from scrutiny_pages.models import Panel

from ..answers.responses import no_store
from ..models.permissions import PERMISSION
from .impact import Activity, Period, Total, activity_in, years_of_months
from .impact_report import draft_report, place

HALF_A_YEAR = 6
LENGTHS = {HALF_A_YEAR: "Half a year", 3: "Three months", 12: "A year"}


class PeriodForm(forms.Form):
    """The choice of months and panel."""

    first = forms.ChoiceField(label="From", help_text="The first month that counts.")
    months = forms.TypedChoiceField(label="For how long", coerce=int, choices=list(LENGTHS.items()))
    panel: "forms.ModelChoiceField[Panel]" = forms.ModelChoiceField(
        label="Panel",
        queryset=Panel.objects.order_by("name"),
        required=False,
        empty_label="All panels",
        help_text="What was erased since is only counted for all panels together.",
    )

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = years_of_months(on)
        field = cast("forms.ChoiceField", self.fields["first"])
        field.choices = [(month.isoformat(), format_month(month)) for month in months]
        field.initial = add_months(months[0], -HALF_A_YEAR).isoformat()

    @property
    def period(self) -> Period:
        """Return the chosen period."""
        return Period(datetime.date.fromisoformat(self.cleaned_data["first"]), self.cleaned_data["months"])


class ActivityReportView(WagtailAdminTemplateMixin, FormView):
    """The view of the totals of a period, which can create a draft page of them."""

    template_name = "forms/admin/activity_report.html"
    page_title = "Draft the activity report"
    header_icon = "doc-full"
    form_class = PeriodForm
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse users who handle no forms: the totals are made from submissions."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return no_store(super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict]:
        """Add this page to the breadcrumbs."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @property
    def may_draft(self) -> bool:
        """Return whether there is a parent page, and the user may add a page below it."""
        parent = place()
        return parent is not None and parent.permissions_for_user(self.request.user).can_add_subpage()

    def get_form_kwargs(self) -> dict:
        """Add the current date, up to which months are offered."""
        return super().get_form_kwargs() | {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the user's permissions and the labels of the button."""
        more = {
            "has_place": place() is not None,
            "may_draft": self.may_draft,
            "action_url": self.request.path,
            "submit_button_label": "Show the totals",
            "submit_button_active_label": "Adding up…",
        }
        return more | super().get_context_data(**kwargs)

    def form_valid(self, form: PeriodForm) -> HttpResponse:
        """Show the totals, or create the draft."""
        panel = form.cleaned_data["panel"]
        found = activity_in(form.period, user=self.request.user, panel=panel)
        if "draft" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, table=table_of(found)))
        if not self.may_draft:
            raise PermissionDenied
        page = draft_report(
            period=form.period, found=found, panel=panel, owner=cast("User", self.request.user), on=timezone.localdate()
        )
        messages.success(self.request, f"“{page.title}” is a draft. Write what changed, then publish it.")
        return redirect("wagtailadmin_pages:edit", page.pk)


def table_of(found: Activity) -> list[tuple[str, list[str]]]:
    """Return the totals as rows of a table: overall, by panel, and by review."""
    reviews = [(f"For the review “{title}”", one) for title, one in found.by_review.items()]
    rows = [("In all", found.total), *found.by_panel.items(), *reviews]
    return [(name, numbers_of(one)) for name, one in rows]


def numbers_of(one: Total) -> list[str]:
    """Return the cells of one row: activities, people, hours and pounds."""
    return [
        format_number(one.activities),
        format_number(one.of("people")),
        format_number(one.of("hours")),
        one.pounds_words,
    ]
