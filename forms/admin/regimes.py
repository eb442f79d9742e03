"""The admin of regimes: administrators change them, editors can view them."""

from django.db.models import Model, Prefetch, ProtectedError, QuerySet
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import get_text_list
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column

from cms.core.admin.record_views import RecordViewSet

from ..models import FormPage, Regime


def days_to_answer(regime: Regime) -> str:
    """Format the time to answer: 20 working days."""
    if regime.answer_amount is None:
        return "No date"
    return f"{regime.answer_amount} {regime.get_answer_unit_display().lower()}"


def bank_holidays_of(regime: Regime) -> str:
    """Return the calendar of bank holidays in words."""
    return regime.get_calendar_display() if regime.calendar else "Our own nation"


def forms_of(regime: Regime) -> str:
    """Return the titles of the live forms of a regime; without one, the regime is off."""
    return get_text_list([form.title for form in regime.live_forms], "and") or "Off: no public form"


class RegimeViewSet(RecordViewSet):
    """The viewset of regimes. Their deadlines come from a law or a panel's decision, so few people change them."""

    model = Regime
    icon = "calendar-check"
    menu_label = "Rules for requests"
    list_display = [
        "name",
        Column("days", label="Answer within", accessor=days_to_answer),
        Column("holidays", label="Whose bank holidays", accessor=bank_holidays_of),
        BooleanColumn("may_extend"),
        Column("forms", label="In use by", accessor=forms_of),
    ]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        *(
            "name",
            "about",
            "source",
            "calendar",
            "rolls",
            "acknowledge_amount",
            "acknowledge_unit",
            "answer_amount",
            "answer_unit",
        ),
        *("may_extend", "extension_amount", "extension_unit", "review_amount", "review_unit", "clarification"),
        *("outside_body", "outside_body_url", "is_counted_in_public"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return all regimes, each with its live forms prefetched."""
        live = FormPage.objects.live().only("title", "regime", "path", "depth", "content_type")
        return Regime.objects.prefetch_related(Prefetch("forms", live, to_attr="live_forms"))


def is_in_use(regime: Regime) -> bool:
    """Return whether protected rows refer to a regime.

    These are forms, cases, entries of the disclosure log and totals of erased cases.
    """
    collector = Collector(using="default")
    try:
        collector.collect([regime])
    except ProtectedError:
        return True
    return False


def keep_regimes_in_use(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse to delete a regime in use: the dates and totals of requests depend on it."""
    kept = [item for item in instances if isinstance(item, Regime) and is_in_use(item)]
    if not kept:
        return None
    messages.error(request, f"“{kept[0]}” cannot be deleted: forms or requests go by it.")
    return redirect("wagtailsnippets_forms_regime:list")


def keep_regimes_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Model], action: object
) -> HttpResponse | None:
    """Refuse a bulk deletion that contains a regime in use."""
    return keep_regimes_in_use(request, objects) if action_type == "delete" and request.method == "POST" else None
