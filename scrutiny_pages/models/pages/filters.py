"""Filters of lists of records: one FilterSet for the page, its downloads and the API."""

import datetime
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import BadRequest
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from cms.core.visibility import Viewer, visible_to

from ...enums import Standing
from ..meeting import Meeting
from ..panel import Panel
from ..querysets import RecommendationQuerySet
from ..recommendation import Recommendation
from ..reference_data import ServiceArea
from .review import ReviewPage

LATE = "Late"
NOT_LATE = "Not late"
LEAST_OPTIONS = 2  # all, and the only one there is


def _services(request: HttpRequest) -> QuerySet:
    return ServiceArea.objects.all()


def _panels_with(model: Any) -> Callable[[HttpRequest], QuerySet]:
    """Return a function that lists the public panels with public records of a model; others add no choice."""

    def panels(request: HttpRequest) -> QuerySet:
        viewer = Viewer.of(request)
        theirs = visible_to(viewer, model.objects.filter(panel=OuterRef("pk")))
        return visible_to(viewer, Panel.objects.filter(Exists(theirs)))

    return panels


def _today(filterset: django_filters.FilterSet) -> datetime.date:
    return Viewer.of(filterset.request).today


def _service_filter() -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label="Service",
        field_name="service_areas",
        to_field_name="slug",
        queryset=_services,
        empty_label="All services",
    )


def _year_filter(field_name: str) -> django_filters.CharFilter:
    years = RegexValidator("^(19|20)[0-9]{2}$", "Enter a year.")
    return django_filters.CharFilter(label="Year", field_name=field_name, validators=[years])


class ListFilter(django_filters.FilterSet):
    """A FilterSet for a list page: available choices, active filters, and their query strings."""

    date_field = ""
    # What a tick box chooses; the others are lists to choose from.
    tick_boxes: dict[str, str] = {}

    @classmethod
    def of(cls, request: HttpRequest, queryset: QuerySet) -> "ListFilter":
        """Return the filter set of a request, created once; raise a 400 error for an invalid value."""
        if not isinstance(chosen := getattr(request, "_filters", None), cls):
            chosen = cls(request.GET, queryset=queryset, request=request)
            if not chosen.is_valid():
                raise BadRequest("Unknown filter value")
            request._filters = chosen  # type: ignore[attr-defined]  # kept with the request
        return chosen

    @property
    def values(self) -> dict[str, str]:
        """Return the active values by filter, as in the query string."""
        given = {name: str(self.form[name].value() or "") for name in self.filters}
        return {name: value for name, value in given.items() if value}

    def address(self, *without: str) -> str:
        """Return the query string of the active filters, without some of them."""
        return urlencode({name: value for name, value in self.values.items() if name not in without})

    def without(self, *names: str) -> "ListFilter":
        """Return a copy of this filter set with some filters removed."""
        left = {name: value for name, value in self.values.items() if name not in names}
        return type(self)(left, queryset=self.queryset, request=self.request)

    @property
    def chosen(self) -> list[dict]:
        """Return each active filter as text, with the URL that removes it."""
        return [{"words": self._words(name), "query": self.address(name)} for name in self.values]

    @property
    def chosen_words(self) -> str:
        """Return the active filters as text: Late, Repairs, 2026."""
        return ", ".join(choice["words"] for choice in self.chosen)

    def _words(self, name: str) -> str:
        value = self.form.cleaned_data[name]
        labels = dict(getattr(self.form.fields[name], "choices", ())) if isinstance(value, str) else {}
        return str(labels.get(value, value))

    @cached_property
    def selects(self) -> list[dict]:
        """Return the select fields of the form, without those that have no choice to offer."""
        selects = [self._select(name) for name in self.filters if name not in self.tick_boxes]
        return [
            select for select in selects if len(select["options"]) > LEAST_OPTIONS or self.values.get(select["name"])
        ]

    @property
    def is_of_use(self) -> bool:
        """Return whether there is anything to filter by."""
        return bool(self.tick_boxes or self.selects)

    def _select(self, name: str) -> dict:
        bound = self.form[name]
        choices = self._years() if name == "year" else bound.field.choices
        chosen = str(bound.value() or "")
        options = [{"value": key, "label": label, "checked": str(key) == chosen} for key, label in choices]
        # "Optional" goes without saying for a filter.
        return {"id": f"filter-{name}", "name": name, "label": bound.label, "options": options, "required": True}

    def _years(self) -> list[tuple[str, str]]:
        """Return the years that have records, and the requested one, latest first."""
        days = self.queryset.order_by().dates(self.date_field, "year")
        years = {str(day.year) for day in days} | {self.values.get("year", "")} - {""}
        return [("", "All years"), *((year, year) for year in sorted(years, reverse=True))]

    def checkboxes(self) -> list[dict]:
        """Return the checkboxes of the form."""
        return [
            {"id": f"filter-{name}", "name": name, "label": label, "checked": self.values.get(name) == "true"}
            for name, label in self.tick_boxes.items()
        ]


class RecommendationFilter(ListFilter):
    """Filters of recommendations: status today, panel, service, year made, and overdue."""

    date_field = "asked_on"
    tick_boxes = {"overdue": "Only what is late"}

    overdue = django_filters.ChoiceFilter(
        label="Only what is late", choices=[("true", LATE), ("false", NOT_LATE)], method="by_overdue"
    )
    standing = django_filters.ChoiceFilter(
        label="Where it stands", choices=Standing.choices, method="by_standing", empty_label="All"
    )
    service = _service_filter()
    panel = django_filters.ModelChoiceFilter(
        label="Panel",
        to_field_name="slug",
        queryset=_panels_with(Recommendation),
        empty_label="All panels",
    )
    year = _year_filter("asked_on__year")

    @property
    def shows_late(self) -> bool:
        """Return whether the list shows exactly the overdue recommendations."""
        return self.values.get("overdue") == "true" or self.values.get("standing") == Standing.LATE

    def by_standing(self, queryset: RecommendationQuerySet, name: str, value: str) -> QuerySet:
        """Filter by status today."""
        return queryset.in_standing(Standing(value), _today(self))

    def by_overdue(self, queryset: RecommendationQuerySet, name: str, value: str) -> QuerySet:
        """Filter to what is overdue today; for false, to what is not."""
        late = queryset.model.objects.overdue(_today(self)).values("pk")
        return queryset.filter(pk__in=late) if value == "true" else queryset.exclude(pk__in=late)


class OrderedRecommendationFilter(RecommendationFilter):
    """Filters for API clients, which can also request the tracker's order; the default order is cheaper (indexed).

    They can also look up a recommendation by another system's reference.
    """

    earlier_reference = django_filters.CharFilter(
        label="The reference that it had in an older tracker", lookup_expr="iexact"
    )
    order = django_filters.ChoiceFilter(
        label="The order: what is due soonest first", choices=[("due", "Due soonest first")], method="by_order"
    )

    def by_order(self, queryset: RecommendationQuerySet, name: str, value: str) -> QuerySet:
        """Order by due date, soonest first."""
        return queryset.soonest_due_first()


class StatisticsFilter(RecommendationFilter):
    """Filters of statistics: all but the status, which is what the statistics count."""

    overdue = None
    standing = None


class OutcomeFilter(ListFilter):
    """Filters of outcomes: service, and year of publication."""

    date_field = "first_published_at"

    service = _service_filter()
    year = _year_filter("first_published_at__year")


class ReviewFilter(ListFilter):
    """Filters of reviews: panel."""

    panel = django_filters.ModelChoiceFilter(
        label="Panel", to_field_name="slug", queryset=_panels_with(ReviewPage), empty_label="All panels"
    )


class MeetingFilter(ListFilter):
    """Filters of meetings and events: panel and year."""

    date_field = "starts_at"

    panel = django_filters.ModelChoiceFilter(
        label="Panel", to_field_name="slug", queryset=_panels_with(Meeting), empty_label="All panels"
    )
    year = _year_filter("starts_at__year")


class NewsletterFilter(ListFilter):
    """Filters of newsletters: year."""

    date_field = "issued_on"

    year = _year_filter("issued_on__year")
