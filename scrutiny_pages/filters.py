"""How lists of records can be narrowed: one FilterSet for the page and for the API."""

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from cms.core.visibility import Viewer, visible_to

from .enums import Standing
from .models.lists import ServiceArea
from .models.panel import Panel


def _services(request) -> QuerySet:
    return ServiceArea.objects.all()


def _panels_that_ask(request) -> QuerySet:
    return visible_to(Viewer.of(request), Panel.objects.filter(recommendations__isnull=False)).distinct()


def _today(filterset: django_filters.FilterSet):
    return Viewer.of(filterset.request).today


class RecommendationFilter(django_filters.FilterSet):
    """Narrow recommendations by where they stand today, panel, service, year asked, and lateness."""

    standing = django_filters.ChoiceFilter(
        label="Where it stands", choices=Standing.choices, method="by_standing", empty_label="All"
    )
    service = django_filters.ModelChoiceFilter(
        label="Service",
        field_name="service_areas",
        to_field_name="slug",
        queryset=_services,
        empty_label="All services",
    )
    panel = django_filters.ModelChoiceFilter(
        label="Panel",
        to_field_name="slug",
        queryset=_panels_that_ask,
        empty_label="All panels",
    )
    year = django_filters.CharFilter(
        label="Year", field_name="asked_on__year", validators=[RegexValidator("^(19|20)[0-9]{2}$", "Enter a year.")]
    )
    overdue = django_filters.ChoiceFilter(
        label="Only what is late", choices=[("true", "Yes"), ("false", "No")], method="by_overdue"
    )

    def by_standing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those that stand in one place today."""
        return queryset.in_standing(value, _today(self))

    def by_overdue(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep what is late today; for false, what is not."""
        late = queryset.model.objects.overdue(_today(self)).values("pk")
        return queryset.filter(pk__in=late) if value == "true" else queryset.exclude(pk__in=late)
