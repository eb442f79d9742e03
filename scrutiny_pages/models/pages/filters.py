"""How lists of records can be narrowed: one FilterSet for the page, for its downloads and for the API."""

from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import BadRequest
from django.core.validators import RegexValidator
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest

from cms.core.visibility import Viewer, visible_to

from ...enums import Standing
from ..meeting import Meeting
from ..panel import Panel
from ..recommendation import Recommendation
from ..reference_data import ServiceArea
from .review import ReviewPage

LATE = "Late"
NOT_LATE = "Not late"
LEAST_OPTIONS = 2  # all, and the only one there is


def _services(request) -> QuerySet:
    return ServiceArea.objects.all()


def _panels_with(model: type[Model]) -> Callable[[HttpRequest], QuerySet]:
    """Return a function that finds the public panels with public records of a model: what is hidden adds no choice."""

    def panels(request: HttpRequest) -> QuerySet:
        viewer = Viewer.of(request)
        theirs = visible_to(viewer, model.objects.filter(panel=OuterRef("pk")))
        return visible_to(viewer, Panel.objects.filter(Exists(theirs)))

    return panels


def _today(filterset: django_filters.FilterSet):
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
    """Filters that a page shows: what may be chosen, what is, and the address that says so."""

    date_field = ""
    # What a tick box chooses; the others are lists to choose from.
    tick_boxes: dict[str, str] = {}

    @classmethod
    def of(cls, request: HttpRequest, queryset: QuerySet) -> "ListFilter":
        """Return the filters as an address asks for them, the same ones each time; an impossible value is a 400."""
        if not isinstance(chosen := getattr(request, "_filters", None), cls):
            chosen = cls(request.GET, queryset=queryset, request=request)
            if not chosen.is_valid():
                raise BadRequest("Unknown filter value")
            request._filters = chosen
        return chosen

    @property
    def values(self) -> dict[str, str]:
        """Return what is chosen, by filter, as it stands in an address."""
        given = {name: str(self.form[name].value() or "") for name in self.filters}
        return {name: value for name, value in given.items() if value}

    def address(self, *without: str) -> str:
        """Return the part of an address that asks for what is chosen, except for some filters."""
        return urlencode({name: value for name, value in self.values.items() if name not in without})

    def without(self, *names: str) -> "ListFilter":
        """Return these filters with some left open."""
        left = {name: value for name, value in self.values.items() if name not in names}
        return type(self)(left, queryset=self.queryset, request=self.request)

    @property
    def chosen(self) -> list[dict]:
        """Return each choice in words, with the address of the same list without it."""
        return [{"words": self._words(name), "query": self.address(name)} for name in self.values]

    @property
    def chosen_words(self) -> str:
        """Describe what is chosen: Late, Repairs, 2026."""
        return ", ".join(choice["words"] for choice in self.chosen)

    def _words(self, name: str) -> str:
        value = self.form.cleaned_data[name]
        labels = dict(getattr(self.form.fields[name], "choices", ())) if isinstance(value, str) else {}
        return str(labels.get(value, value))

    @cached_property
    def selects(self) -> list[dict]:
        """Return the lists to choose from as select fields, without those that leave no choice."""
        selects = [self._select(name) for name in self.filters if name not in self.tick_boxes]
        return [
            select for select in selects if len(select["options"]) > LEAST_OPTIONS or self.values.get(select["name"])
        ]

    @property
    def is_of_use(self) -> bool:
        """Return whether there is anything to choose between."""
        return bool(self.tick_boxes or self.selects)

    def _select(self, name: str) -> dict:
        bound = self.form[name]
        choices = self._years() if name == "year" else bound.field.choices
        chosen = str(bound.value() or "")
        options = [{"value": key, "label": label, "checked": str(key) == chosen} for key, label in choices]
        # "Optional" goes without saying for a filter.
        return {"id": f"filter-{name}", "name": name, "label": bound.label, "options": options, "required": True}

    def _years(self) -> list[tuple[str, str]]:
        """Return the years that there is something of, and the one that is asked for, latest first."""
        days = self.queryset.order_by().dates(self.date_field, "year")
        years = {str(day.year) for day in days} | {self.values.get("year", "")} - {""}
        return [("", "All years"), *((year, year) for year in sorted(years, reverse=True))]

    def boxes(self) -> list[dict]:
        """Return what can be ticked."""
        return [
            {"id": f"filter-{name}", "name": name, "label": label, "checked": self.values.get(name) == "true"}
            for name, label in self.tick_boxes.items()
        ]


class RecommendationFilter(ListFilter):
    """Narrow recommendations by where they stand today, panel, service, year asked, and lateness."""

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
        """Return whether the list is of what is late, and of nothing else."""
        return self.values.get("overdue") == "true" or self.values.get("standing") == Standing.LATE

    def by_standing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those that stand in one place today."""
        return queryset.in_standing(value, _today(self))

    def by_overdue(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep what is late today; for false, what is not."""
        late = queryset.model.objects.overdue(_today(self)).values("pk")
        return queryset.filter(pk__in=late) if value == "true" else queryset.exclude(pk__in=late)


class OrderedRecommendationFilter(RecommendationFilter):
    """The same for programs, which may ask for the tracker's order; the usual one costs less (an index has it).

    They may also look one up by the reference that another system has for it.
    """

    earlier_reference = django_filters.CharFilter(
        label="The reference that it had in an older tracker", lookup_expr="iexact"
    )
    order = django_filters.ChoiceFilter(
        label="The order: what is due soonest first", choices=[("due", "Due soonest first")], method="by_order"
    )

    def by_order(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Put what is owed soonest first."""
        return queryset.soonest_due_first()


class StatisticsFilter(RecommendationFilter):
    """Narrow what the numbers count; where each stands is what they tell."""

    overdue = None
    standing = None


class OutcomeFilter(ListFilter):
    """Narrow outcomes by service, and by the year they were told in."""

    date_field = "first_published_at"

    service = _service_filter()
    year = _year_filter("first_published_at__year")


class ReviewFilter(ListFilter):
    """Narrow reviews by the panel that carries them out."""

    panel = django_filters.ModelChoiceFilter(
        label="Panel", to_field_name="slug", queryset=_panels_with(ReviewPage), empty_label="All panels"
    )


class MeetingFilter(ListFilter):
    """Narrow meetings and events by panel and by year."""

    date_field = "starts_at"

    panel = django_filters.ModelChoiceFilter(
        label="Panel", to_field_name="slug", queryset=_panels_with(Meeting), empty_label="All panels"
    )
    year = _year_filter("starts_at__year")


class NewsletterFilter(ListFilter):
    """Narrow newsletters by year."""

    date_field = "issued_on"

    year = _year_filter("issued_on__year")
