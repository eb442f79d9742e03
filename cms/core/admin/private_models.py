"""Private registers in the admin: lists of records that are not content, with permissions on single rows.

A register declares what it shows; this module enforces access, on top of ``wagtail_modeladmin``, which on its own shows
forbidden rows in lists, filters by any column that a query string names, and answers 500 to a query string it cannot
parse. Nothing here deletes, and only an editable register adds or changes. An action on several rows is declared as a
``BulkAction`` and has a confirmation page.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import re_path
from django.utils.html import format_html
from django.utils.text import capfirst
from wagtail.admin import messages
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.options import ModelAdminGroup as ModelAdminGroup  # the apps take these from here
from wagtail_modeladmin.options import modeladmin_register as modeladmin_register
from wagtail_modeladmin.views import CreateView as CreateView
from wagtail_modeladmin.views import EditView, IndexView, InspectView

from cms.core.editing.stale_edits import RefusesStaleValues

LONGEST_SEARCH = 100  # characters; each word is a condition, and a database takes only so many
MOST_AT_ONCE = 200  # rows; a list shows fewer on one page


class RegisterPermissionHelper(PermissionHelper):
    """A modeladmin permission helper: users with the register's permission may read, and nobody may write.

    No link is offered to a view that the register does not have.
    """

    permission = ""
    screens: tuple[str, ...] = ()

    def user_can_list(self, user: Any) -> bool:
        """Return whether the user may see the register."""
        return user.has_perm(self.permission)

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        """Return whether to link to a row's page; the page itself looks the row up among those the user may see."""
        return "inspect" in self.screens and user.has_perm(self.permission)

    def user_can_create(self, user: Any) -> bool:
        """Return False: rows are created elsewhere."""
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        """Return False: submissions are never edited."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        """Return False: rows are deleted when their retention period ends, not by hand."""
        return False


class EditablePermissionHelper(RegisterPermissionHelper):
    """A permission helper that lets users with the register's permission add and change rows; nobody deletes one."""

    def user_can_create(self, user: Any) -> bool:
        """Return whether the user may add a row."""
        return "create" in self.screens and self.user_can_list(user)

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        """Return whether to link to the edit page of a row."""
        return "edit" in self.screens and self.user_can_list(user)


class RegisterFilter(SimpleListFilter):
    """A list filter that accepts only the values it offers."""

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: Any):
        super().__init__(request, params, model, model_admin)
        offered = {str(value) for value, _label in self.lookup_choices}
        if self.value() is not None and self.value() not in offered:
            raise IncorrectLookupParameters(f"{self.parameter_name} is not one of those offered")


class BulkAction:
    """An action on several rows, with a confirmation page."""

    name = ""  # in the address
    label = ""  # on the button
    explanation = ""  # what happens to each row, in a sentence

    def may(self, user: Any, row: Any) -> bool:
        """Return whether the user may apply the action to one row."""
        raise NotImplementedError

    def do(self, user: Any, row: Any) -> None:
        """Apply the action to one row.

        :raises ValidationError: for a row that the action cannot be applied to; the others are processed all the same.
        """
        raise NotImplementedError


class RegisterButtonHelper(ButtonHelper):
    """A button helper with a single button on each row."""

    def inspect_button(self, *args: Any, **kwargs: Any) -> dict:
        """Return the inspect button with the register's label."""
        return super().inspect_button(*args, **kwargs) | {
            "label": "Open",
            "title": f"Open this {self.view.verbose_name}",
        }


class VerboseNameMixin:
    """A mixin of views that name rows as the register does, not the model."""

    verbose_name: str
    verbose_name_plural: str

    def __init__(self, model_admin: "PrivateModelAdmin", *args: Any, **kwargs: Any):
        super().__init__(model_admin, *args, **kwargs)  # type: ignore[call-arg]  # a mixin: the view has it
        self.verbose_name = model_admin.row_name or self.verbose_name
        self.verbose_name_plural = model_admin.rows_name or self.verbose_name_plural

    def get_page_title(self) -> str:
        """Return the register's name."""
        return capfirst(self.verbose_name_plural)


class RegisterInspectView(VerboseNameMixin, InspectView):
    """The page of one row."""

    def get_meta_title(self) -> str:
        """Return the title of the browser tab."""
        return capfirst(self.verbose_name)

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        """Return the label of a field with a capital first letter."""
        return capfirst(super().get_field_label(field_name, field))


class RegisterEditView(RefusesStaleValues, VerboseNameMixin, EditView):
    """The view that changes one row."""

    instance: Any

    def reload_record(self) -> None:
        """Read the row again after it was locked."""
        self.instance = self.model._default_manager.get(pk=self.instance.pk)

    def _record(self) -> Model:
        return self.instance


class RegisterIndexView(VerboseNameMixin, IndexView):
    """The list of a register."""

    FORMATS = ()  # no export

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse anonymous users first, then a query string with parameters that the list does not offer."""
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        offered = {self.ORDER_VAR, self.ORDER_TYPE_VAR, self.SEARCH_VAR, self.PAGE_VAR}
        offered |= {list_filter.parameter_name for list_filter in self.model_admin.list_filter}
        if unknown := set(request.GET) - offered:
            raise BadRequest(f"The list cannot be narrowed by {', '.join(sorted(unknown))}")
        if len(request.GET.get(self.SEARCH_VAR, "")) > LONGEST_SEARCH:
            raise BadRequest("The search is too long")
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters as error:
            raise BadRequest("The list cannot be narrowed so") from error

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the bulk actions, and call the register's ``looked_at_list``."""
        context = super().get_context_data(**kwargs)
        register, request = self.model_admin, self.request
        register.looked_at_list(request, len(context["object_list"]))
        base = self.url_helper.get_action_url
        actions = [
            {"label": action.label, "url": base("bulk", name)} for name, action in register.bulk_by_name().items()
        ]
        return context | {"bulk_actions": actions, "links": register.links_above(request)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class PrivateModelAdmin(ModelAdmin):
    """A register: its columns, its filters, and the rule of which user may see which rows."""

    permission = ""
    row_name = ""
    rows_name = ""
    list_display: Sequence[str]
    list_filter: tuple[type[RegisterFilter], ...] = ()
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    index_view_class = RegisterIndexView
    inspect_view_class = RegisterInspectView
    button_helper_class = RegisterButtonHelper
    permissions_from = RegisterPermissionHelper
    screens: tuple[str, ...] = ("index", "inspect")
    index_template_name = "core/admin/register_index.html"
    bulk_template_name = "core/admin/register_bulk.html"
    bulk_actions: tuple[type[BulkAction], ...] = ()

    def __init__(self, parent: Any = None):
        if not self.permission:
            raise ImproperlyConfigured(f"{type(self).__name__} does not say which permission it needs")
        if not all(issubclass(list_filter, RegisterFilter) for list_filter in self.list_filter):
            raise ImproperlyConfigured(f"{type(self).__name__} has a filter that is not a RegisterFilter")
        if self.bulk_actions:
            self.screens = (*self.screens, "bulk")
            self.list_display_add_buttons = self.list_display[0]
            self.list_display = ("ticks", *self.list_display)
        super().__init__(parent)

    def ticks(self, row: Model) -> str:
        """Return the checkbox that selects a row; it belongs to the form above the list."""
        return format_html(
            '<input type="checkbox" name="row" value="{}" form="bulk" aria-label="Choose {}">', row.pk, str(row)
        )

    ticks.short_description = "choose"  # type: ignore[attr-defined]  # modeladmin reads it off the function

    def looked_at_list(self, request: HttpRequest, rows: int) -> None:
        """Log that a user saw this many rows, in a register that keeps an access log."""

    def looked_at(self, request: HttpRequest, row: Model) -> None:
        """Log that a user opened a row, in a register that keeps an access log."""

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the links above the list, as pairs of label and URL."""
        return []

    def bulk_by_name(self) -> dict[str, BulkAction]:
        """Return the bulk actions by name."""
        return {action.name: action() for action in self.bulk_actions}

    def bulk_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Show the confirmation page of a bulk action; on POST, apply it.

        Each row is looked up among those that the user may see, and the action's ``may`` is called for each.
        """
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        if (action := self.bulk_by_name().get(instance_pk)) is None:
            raise Http404("There is no such action")
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        rows = self.chosen_rows(request)
        index = self.url_helper.index_url
        if not rows:
            messages.warning(request, "Tick at least one row first.")
            return redirect(index)
        if not all(action.may(request.user, row) for row in rows):
            raise PermissionDenied
        if request.method == "POST":
            self.do_to_each(request, action, rows)
            return redirect(index)
        context = {
            "action": action,
            "rows": rows,
            "index_url": index,
            "rows_name": self.rows_name,
            "page_title": action.label,
            "header_icon": self.get_menu_icon(),
        }
        return TemplateResponse(request, self.bulk_template_name, context)

    def chosen_rows(self, request: HttpRequest) -> list[Model]:
        """Return the rows selected in the query string or the form.

        :raises Http404: if the user may not see one of them.
        """
        chosen = (request.POST if request.method == "POST" else request.GET).getlist("row")
        if len(chosen) > MOST_AT_ONCE:
            raise BadRequest("These are too many at once")
        if not all(_is_number(pk) for pk in chosen):
            raise Http404("There is no such row")
        rows = list(self.visible_rows(request.user).filter(pk__in=set(chosen)))
        if len(rows) != len(set(map(int, chosen))):
            raise Http404("There is no such row")
        return rows

    def do_to_each(self, request: HttpRequest, action: BulkAction, rows: Sequence[Model]) -> None:
        """Apply the action to each row separately, and add a message with the result."""
        done = 0
        for row in rows:
            try:
                action.do(request.user, row)
                done += 1
            except ValidationError as refused:
                messages.warning(request, f"{row}: {' '.join(refused.messages)}")
        if done:
            messages.success(request, f"{action.label}: {done} done.")

    def rows(self) -> QuerySet:
        """Return every row that belongs in this register."""
        return self.model._default_manager.all()

    def visible_rows(self, user: Any) -> QuerySet:
        """Return the rows that a user may see: one rule for the list and for the page of each row."""
        return self.rows() if user.has_perm(self.permission) else self.rows().none()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows of the list."""
        rows = self.visible_rows(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_permission_helper_class(self) -> type[PermissionHelper]:
        """Return the permission helper with this register's permission and views."""
        declared = {"permission": self.permission, "screens": self.screens}
        return type("PermissionHelper", (self.permissions_from,), declared)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Show one row to a user who may see it."""
        row = self.refuse_unseen(request, instance_pk)
        answer = super().inspect_view(request, instance_pk)
        if answer.status_code == HTTPStatus.OK:
            self.looked_at(request, row)
        return answer

    def refuse_unseen(self, request: HttpRequest, instance_pk: str) -> Model:
        """Return a row that the user may see.

        :raises PermissionDenied: if the user may not see the register.
        :raises Http404: if the user may not see the row.
        """
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        row = self.visible_rows(request.user).filter(pk=instance_pk).first() if _is_number(instance_pk) else None
        if row is None:
            raise Http404("There is no such row")
        return row

    def get_admin_urls_for_registration(self) -> tuple:
        """Return the URL patterns of this register's views, and of no others."""
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(name),
                getattr(self, f"{name}_view"),
                name=self.url_helper.get_action_url_name(name),
            )
            for name in self.screens
        )

    def register_admin_url_finders(self) -> None:
        """Register no finder of edit URLs: there is no edit view."""

    def register_indexing(self) -> None:
        """Keep private rows out of Wagtail's reference index."""


class EditableRegisterAdmin(PrivateModelAdmin):
    """A register whose rows staff maintain."""

    permissions_from = EditablePermissionHelper
    screens: tuple[str, ...] = ("index", "inspect", "create", "edit")
    edit_view_class = RegisterEditView

    def create_view(self, request: HttpRequest) -> HttpResponse:
        """Create a row."""
        if not self.permission_helper.user_can_create(request.user):
            raise PermissionDenied
        return super().create_view(request)

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Edit a row that the user may see."""
        self.refuse_unseen(request, instance_pk)
        return super().edit_view(request, instance_pk)
