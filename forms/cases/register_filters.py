"""Filters of the registers of submissions."""

from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cms.core.admin.private_models import RegisterFilter
from scrutiny_pages.models import Recommendation, ReviewPage

from ..enums import CaseState
from ..models import Case
from ..rules.case_states import states_of

DELETED, MINE, NOBODY, OPEN = "deleted", "mine", "nobody", "open"


class FormFilter(RegisterFilter):
    """A filter by form; submissions of deleted forms are grouped."""

    title = "form"
    parameter_name = "form"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the forms with submissions that this user may see, by their present titles."""
        used = model_admin.visible_rows(request.user)
        forms = used.filter(version__form__isnull=False).order_by("version__form__title", "version__form_id")
        pairs = forms.values_list("version__form_id", "version__form__title").distinct()
        offered = [(str(pk), title) for pk, title in pairs]
        if used.filter(version__form__isnull=True).exists():
            offered.append((DELETED, "Forms since deleted"))
        return offered

    def has_output(self) -> bool:
        """Return whether there is more than one choice, or one is selected."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the submissions by form."""
        if self.value() == DELETED:
            return queryset.filter(version__form__isnull=True)
        return queryset.filter(version__form_id=self.value()) if self.value() else queryset


class SubjectFilter(RegisterFilter):
    """A filter by the review or recommendation that a submission is about."""

    title = "what it is about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the reviews and recommendations of the submissions that this user may see."""
        seen = model_admin.visible_rows(request.user)
        reviews = ReviewPage.objects.filter(pk__in=seen.values("case__review")).order_by("title")
        items = Recommendation.objects.filter(pk__in=seen.values("case__recommendation")).order_by("series", "number")
        return [
            *((f"review-{review.pk}", f"Review: {review.title}") for review in reviews),
            *((f"recommendation-{item.pk}", f"{item.ref}: {item.title}") for item in items),
        ]

    def has_output(self) -> bool:
        """Return whether there is a choice, or one is selected."""
        return bool(self.lookup_choices) or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the submissions by subject."""
        value = self.value()
        if not value:
            return queryset
        kind, _, key = value.partition("-")
        return queryset.filter(**{f"case__{kind}": key})


class StateFilter(RegisterFilter):
    """A filter by state."""

    title = "where it stands"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states that this kind of form uses, preceded by all that are open."""
        return [(OPEN, "Still open"), *((str(state), CaseState(state).label) for state in states_of(model_admin.kind))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the submissions by state."""
        if self.value() == OPEN:
            return queryset.filter(case__in=Case.objects.open())
        return queryset.filter(case__state=self.value()) if self.value() else queryset


class LatenessFilter(RegisterFilter):
    """A filter by lateness, now or in the past."""

    title = "lateness"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the kinds of lateness."""
        return [("now", "Late now"), ("unacknowledged", "Not acknowledged in time"), ("was", "Was answered late")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the submissions by lateness."""
        today = timezone.localdate()
        sets = {
            "now": Case.objects.late(today),
            "unacknowledged": Case.objects.to_acknowledge(today),
            "was": Case.objects.answered_late(),
        }
        value = self.value()
        return queryset.filter(case__in=sets[value]) if value else queryset


class HandlerFilter(RegisterFilter):
    """A filter by handler."""

    title = "handler"
    parameter_name = "handler"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the user, nobody, and the other handlers of submissions that this user may see."""
        used = model_admin.visible_rows(request.user).filter(case__handler__isnull=False).values("case__handler")
        own = cast("User", request.user).pk
        people = get_user_model().objects.filter(pk__in=used).exclude(pk=own).order_by("username")
        return [(MINE, "Mine"), (NOBODY, "Nobody"), *((str(each.pk), name_of(each)) for each in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter the submissions by handler."""
        if self.value() == MINE:
            return queryset.filter(case__handler=request.user)
        if self.value() == NOBODY:
            return queryset.filter(case__handler=None)
        return queryset.filter(case__handler_id=self.value()) if self.value() else queryset


def name_of(user: User) -> str:
    """Return the display name of a member of staff."""
    return user.get_full_name() or user.get_username()
