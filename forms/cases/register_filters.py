"""How the lists of what people sent are narrowed."""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cms.core.admin.private_models import PrivateModelAdmin, RegisterFilter
from scrutiny_pages.models import Recommendation, ReviewPage

from ..enums import CaseState
from ..models import Case
from ..rules.case_states import states_of

DELETED, MINE, NOBODY, OPEN = "deleted", "mine", "nobody", "open"


class FormFilter(RegisterFilter):
    """Which form it came with; those whose form was deleted are together."""

    title = "form"
    parameter_name = "form"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer the forms that something came with which this person may see, by their present titles."""
        used = model_admin.visible_rows(request.user)
        forms = used.filter(version__form__isnull=False).order_by("version__form__title", "version__form_id")
        pairs = forms.values_list("version__form_id", "version__form__title").distinct()
        offered = [(str(pk), title) for pk, title in pairs]
        if used.filter(version__form__isnull=True).exists():
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


class SubjectFilter(RegisterFilter):
    """Which review or recommendation it is about."""

    title = "what it is about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer those that something came about which this person may see."""
        seen = model_admin.visible_rows(request.user)
        reviews = ReviewPage.objects.filter(pk__in=seen.values("case__review")).order_by("title")
        items = Recommendation.objects.filter(pk__in=seen.values("case__recommendation")).order_by("series", "number")
        return [
            *((f"review-{review.pk}", f"Review: {review.title}") for review in reviews),
            *((f"recommendation-{item.pk}", f"{item.ref}: {item.title}") for item in items),
        ]

    def has_output(self) -> bool:
        """Show the filter only where there is something to choose."""
        return bool(self.lookup_choices) or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        if not self.value():
            return queryset
        kind, _, key = self.value().partition("-")
        return queryset.filter(**{f"case__{kind}": key})


class StateFilter(RegisterFilter):
    """Where it stands."""

    title = "where it stands"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer the states that this kind of form uses, and all that are open."""
        return [(OPEN, "Still open"), *((str(state), CaseState(state).label) for state in states_of(model_admin.kind))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        if self.value() == OPEN:
            return queryset.filter(case__in=Case.objects.open())
        return queryset.filter(case__state=self.value()) if self.value() else queryset


class LatenessFilter(RegisterFilter):
    """Whether it is late today, or was."""

    title = "lateness"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer what can be told."""
        return [("now", "Late now"), ("unacknowledged", "Not acknowledged in time"), ("was", "Was answered late")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        today = timezone.localdate()
        sets = {
            "now": Case.objects.late(today),
            "unacknowledged": Case.objects.to_acknowledge(today),
            "was": Case.objects.answered_late(),
        }
        return queryset.filter(case__in=sets[self.value()]) if self.value() else queryset


class HandlerFilter(RegisterFilter):
    """Who has it."""

    title = "handler"
    parameter_name = "handler"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer oneself, nobody, and everybody who has one of those that this person may see."""
        used = model_admin.visible_rows(request.user).filter(case__handler__isnull=False).values("case__handler")
        people = get_user_model().objects.filter(pk__in=used).exclude(pk=request.user.pk).order_by("username")
        return [(MINE, "Mine"), (NOBODY, "Nobody"), *((str(each.pk), name_of(each)) for each in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        if self.value() == MINE:
            return queryset.filter(case__handler=request.user)
        if self.value() == NOBODY:
            return queryset.filter(case__handler=None)
        return queryset.filter(case__handler_id=self.value()) if self.value() else queryset


def name_of(user) -> str:
    """Return a name for a member of staff."""
    return user.get_full_name() or user.get_username()
