"""Private registers in the admin: lists of records that are not content, and whose rows not everybody may see.

A register declares what it shows; this module holds what keeps it safe, on top of ``wagtail_modeladmin``,
which on its own shows forbidden rows in lists, filters by any column that an address names, and answers
500 to an address it cannot read. Nothing here deletes, and only an editable register adds or changes. What can be done
with several rows at once is declared as a ``BulkAction``: a page names what will happen before it does.
"""

from collections.abc import Sequence
from http import HTTPStatus

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
    """Answers modeladmin's questions: those with the register's permission read, and nobody does more.

    Nothing is offered that leads to a screen which the register does not have.
    """

    permission = ""
    screens: tuple[str, ...] = ()

    def user_can_list(self, user) -> bool:
        """Return whether a person sees the register at all."""
        return user.has_perm(self.permission)

    def user_can_inspect_obj(self, user, obj) -> bool:
        """Return whether to offer a row's page; the page itself looks the row up among those the person may see."""
        return "inspect" in self.screens and user.has_perm(self.permission)

    def user_can_create(self, user) -> bool:
        """Refuse: rows come from where they are made."""
        return False

    def user_can_edit_obj(self, user, obj) -> bool:
        """Refuse: what was sent stays as it was sent."""
        return False

    def user_can_delete_obj(self, user, obj) -> bool:
        """Refuse: rows go when their time is over, not by hand."""
        return False


class EditablePermissionHelper(RegisterPermissionHelper):
    """Lets those with the register's permission add and change rows too. Nobody deletes one by hand."""

    def user_can_create(self, user) -> bool:
        """Return whether a person may add a row."""
        return "create" in self.screens and self.user_can_list(user)

    def user_can_edit_obj(self, user, obj) -> bool:
        """Return whether to offer to change a row."""
        return "edit" in self.screens and self.user_can_list(user)


class RegisterFilter(SimpleListFilter):
    """A filter that takes only the values it offers."""

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        offered = {str(value) for value, _label in self.lookup_choices}
        if self.value() is not None and self.value() not in offered:
            raise IncorrectLookupParameters(f"{self.parameter_name} is not one of those offered")


class BulkAction:
    """Something that can be done with several rows at once, once a page has named what will happen."""

    name = ""  # in the address
    label = ""  # on the button
    explanation = ""  # what happens to each row, in a sentence

    def may(self, user, row: Model) -> bool:
        """Return whether a person may do it to one row: asked for each."""
        raise NotImplementedError

    def do(self, user, row: Model) -> None:
        """Do it to one row.

        :raises ValidationError: in words, for a row that it cannot be done to; the others are done all the same.
        """
        raise NotImplementedError


class RegisterButtonHelper(ButtonHelper):
    """The one button a row has."""

    def inspect_button(self, *args, **kwargs) -> dict:
        """Call it what it does."""
        return super().inspect_button(*args, **kwargs) | {
            "label": "Open",
            "title": f"Open this {self.view.verbose_name}",
        }


class VerboseNameMixin:
    """A screen that speaks of rows in the register's words, not the model's."""

    def __init__(self, model_admin: "PrivateModelAdmin", *args, **kwargs):
        super().__init__(model_admin, *args, **kwargs)
        self.verbose_name = model_admin.row_name or self.verbose_name
        self.verbose_name_plural = model_admin.rows_name or self.verbose_name_plural

    def get_page_title(self) -> str:
        """Return the register's name."""
        return capfirst(self.verbose_name_plural)


class RegisterInspectView(VerboseNameMixin, InspectView):
    """One row."""

    def get_meta_title(self) -> str:
        """Return what the browser's tab says."""
        return capfirst(self.verbose_name)

    def get_field_label(self, field_name: str, field=None) -> str:
        """Return a label that begins with a capital."""
        return capfirst(super().get_field_label(field_name, field))


class RegisterEditView(RefusesStaleValues, VerboseNameMixin, EditView):
    """Changes one row."""

    def reload_record(self) -> None:
        """Read the row again, now that it is locked."""
        self.instance = self.model._default_manager.get(pk=self.instance.pk)

    def _record(self) -> Model:
        return self.instance


class RegisterIndexView(VerboseNameMixin, IndexView):
    """The list of a register."""

    FORMATS = ()  # no export

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse strangers first, then an address that asks for what the list does not offer."""
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

    def get_context_data(self, **kwargs) -> dict:
        """Add what can be done with several rows, and tell the register what was looked at."""
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
    """A register: who may see which rows, and how a row is shown."""

    permission = ""
    row_name = ""
    rows_name = ""
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

    def __init__(self, parent=None):
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
        """Return the box by which a row is chosen; it belongs to the form above the list."""
        return format_html(
            '<input type="checkbox" name="row" value="{}" form="bulk" aria-label="Choose {}">', row.pk, str(row)
        )

    ticks.short_description = "choose"

    def looked_at_list(self, request: HttpRequest, rows: int) -> None:
        """Note that somebody saw so many rows, where a register keeps note of it."""

    def looked_at(self, request: HttpRequest, row: Model) -> None:
        """Note that somebody opened a row, where a register keeps note of it."""

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return links to show above the list, as pairs of words and address."""
        return []

    def bulk_by_name(self) -> dict[str, BulkAction]:
        """Return what can be done with several rows at once, by name."""
        return {action.name: action() for action in self.bulk_actions}

    def bulk_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Name what will happen to the rows that were chosen; when that is confirmed, do it.

        Each row is looked up among those that the person may see, and each is asked whether they may do this to it.
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
        """Return the rows that an address or a form names; 404 if one of them is not theirs to see."""
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
        """Do it to each row on its own, and say what came of it."""
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

    def visible_rows(self, user) -> QuerySet:
        """Return the rows that a person may see: the one rule, for the list and for each row's own page."""
        return self.rows() if user.has_perm(self.permission) else self.rows().none()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the list's rows."""
        rows = self.visible_rows(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_permission_helper_class(self) -> type[PermissionHelper]:
        """Return the permission helper, with this register's permission and the screens that it has."""
        declared = {"permission": self.permission, "screens": self.screens}
        return type("PermissionHelper", (self.permissions_from,), declared)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Show one row to those who may see it."""
        row = self.refuse_unseen(request, instance_pk)
        answer = super().inspect_view(request, instance_pk)
        if answer.status_code == HTTPStatus.OK:
            self.looked_at(request, row)
        return answer

    def refuse_unseen(self, request: HttpRequest, instance_pk: str) -> Model:
        """Return a row; refuse those who may not see the register, and say 404 for a row that is not theirs to see."""
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        row = self.visible_rows(request.user).filter(pk=instance_pk).first() if _is_number(instance_pk) else None
        if row is None:
            raise Http404("There is no such row")
        return row

    def get_admin_urls_for_registration(self) -> tuple:
        """Return the addresses of this register's screens: those of the other screens do not exist."""
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(name),
                getattr(self, f"{name}_view"),
                name=self.url_helper.get_action_url_name(name),
            )
            for name in self.screens
        )

    def register_admin_url_finders(self) -> None:
        """Do without the link to an edit screen that Wagtail would look for: there is none."""

    def register_indexing(self) -> None:
        """Stay out of Wagtail's index of references: private rows are indexed nowhere."""


class EditableRegisterAdmin(PrivateModelAdmin):
    """A register whose rows staff keep themselves."""

    permissions_from = EditablePermissionHelper
    screens = ("index", "inspect", "create", "edit")
    edit_view_class = RegisterEditView

    def create_view(self, request: HttpRequest) -> HttpResponse:
        """Add a row."""
        if not self.permission_helper.user_can_create(request.user):
            raise PermissionDenied
        return super().create_view(request)

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Change a row, to those who may see it."""
        self.refuse_unseen(request, instance_pk)
        return super().edit_view(request, instance_pk)
