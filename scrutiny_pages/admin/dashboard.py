"""The to-dos on the admin's home, and the screen that lists them all."""

import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..selectors.tasks import Todo, may_have_todos, todos

SHOWN = 10


def sorted_out(found: list[Todo], on: datetime.date) -> dict:
    """Return the to-dos with how many are overdue, due soon and without a date."""
    dated = [todo for todo in found if todo.due]
    overdue = sum(todo.due < on for todo in dated)
    counts = [(overdue, "overdue"), (len(dated) - overdue, "due soon"), (len(found) - len(dated), "waiting")]
    words = ", ".join(f"{number} {what}" for number, what in counts if number)
    return {"todos": found, "today": on, "count_words": words or "Nothing is due."}


class TodoPanel(Component):
    """What is due, in short, on the admin's home."""

    name = "due"
    order = 50
    template_name = "scrutiny_pages/admin/todo_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add the first of them, and how many there are."""
        user, today = parent_context["request"].user, timezone.localdate()
        if not may_have_todos(user):
            return {"hidden": True}
        found = todos(user, today)
        return sorted_out(found, today) | {"todos": found[:SHOWN], "more": max(0, len(found) - SHOWN)}


class TodoListView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that is due, overdue or waiting."""

    template_name = "scrutiny_pages/admin/todo_list.html"
    page_title = "Due, overdue and new"
    header_icon = "tasks"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse those for whom there is nothing here."""
        if not may_have_todos(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the admin's home."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict:
        """Add them all."""
        today = timezone.localdate()
        return super().get_context_data(**kwargs) | sorted_out(todos(self.request.user, today), today)
