"""The panel of to-dos on the admin's dashboard, and the view that lists them all."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..selectors.tasks import Todo, may_have_todos, todos

SHOWN = 10


def todo_context(found: list[Todo], on: datetime.date) -> dict:
    """Return the template context of to-dos, with a summary of how many are overdue, due soon and undated."""
    dated = [todo.due for todo in found if todo.due]
    overdue = sum(due < on for due in dated)
    counts = [(overdue, "overdue"), (len(dated) - overdue, "due soon"), (len(found) - len(dated), "waiting")]
    words = ", ".join(f"{number} {what}" for number, what in counts if number)
    return {"todos": found, "today": on, "count_words": words or "Nothing is due."}


class TodoPanel(Component):
    """The dashboard panel of the first to-dos."""

    name = "due"
    order = 50
    template_name = "scrutiny_pages/admin/todo_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add the first to-dos, and the number of the rest."""
        user, today = parent_context["request"].user, timezone.localdate()
        if not may_have_todos(user):
            return {"hidden": True}
        found = todos(user, today)
        return todo_context(found, today) | {"todos": found[:SHOWN], "more": max(0, len(found) - SHOWN)}


class TodoListView(WagtailAdminTemplateMixin, TemplateView):
    """A view of every to-do: due, overdue or undated."""

    template_name = "scrutiny_pages/admin/todo_list.html"
    page_title = "Due, overdue and new"
    header_icon = "tasks"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` for a user who cannot have to-dos."""
        if not may_have_todos(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the dashboard, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add every to-do of the user."""
        today = timezone.localdate()
        return super().get_context_data(**kwargs) | todo_context(todos(self.request.user, today), today)
