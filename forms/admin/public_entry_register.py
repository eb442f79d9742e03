"""The admin register of entries of the disclosure log, published or not."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cms.core.admin.private_models import PrivateModelAdmin, RegisterInspectView
from cms.core.dates.formatting import format_date

from ..disclosure_log.statistics import outcome_words
from ..models import PublicEntry
from ..models.permissions import PERMISSION, AnyUser, closed_to


class EntryInspectView(RegisterInspectView):
    """The inspect view of an entry, which redirects to its edit view."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the edit view, which checks permissions itself."""
        return redirect("public_entry", pk=self.instance.pk)


class PublicEntryRegister(PrivateModelAdmin):
    """The register of entries of the disclosure log, published or not."""

    model = PublicEntry
    permission = PERMISSION
    row_name = "public entry"
    rows_name = "public log"
    base_url_path = "public-log"
    menu_label = "Public log"
    menu_icon = "globe"
    list_display = ("subject", "asked", "came_to", "shown")
    search_fields = ("subject",)
    ordering = ("-received_on", "-pk")
    inspect_view_fields = ["subject"]
    inspect_view_class = EntryInspectView

    def rows(self) -> QuerySet:
        """Return all entries."""
        return PublicEntry.objects.select_related("regime")

    def visible_rows(self, user: AnyUser) -> QuerySet:
        """Return the entries that a user may change.

        A draft may contain what only the handlers of its form should read.
        """
        return super().visible_rows(user).exclude(form_key__in=closed_to(user))

    @admin.display(ordering="received_on")
    def asked(self, entry: PublicEntry) -> str:
        """Format the date of the request."""
        return format_date(entry.received_on)

    @admin.display(description="what it came to")
    def came_to(self, entry: PublicEntry) -> str:
        """Format the outcome of the request."""
        return outcome_words(entry)

    @admin.display(description="who sees it", ordering="published_at")
    def shown(self, entry: PublicEntry) -> str:
        """Return whether the entry is public, in words."""
        return "Public" if entry.published_at else "Draft"
