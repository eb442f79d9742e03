"""Edit views with optimistic locking: whoever saves second sees what was saved first, and loses no input.

Wagtail refuses an autosave from an outdated editor, but lets an ordinary Save or Publish overwrite silently. Objects
with revisions are compared by revision; the others (most records, all settings, the registers) by the values shown.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin import messages
from wagtail.contrib.settings.views import EditView as WagtailSettingsEditView
from wagtail.snippets.views.snippets import EditView

from cms.core.editing.seen_values import FIELD, Comparison, HiddenField, Seen, free_lost_rows, initial_in_words

AUTOSAVES, MOST_REMEMBERED = "autosaves", 20
OUT_OF_DATE = (
    "This was saved by somebody else, or in another tab, after you opened it. Nothing of yours was saved, and nothing "
    "is lost: your text is below, and what is saved now is here. Put into your text what you want to keep of it, then "
    "save again."
)
VALUES_CHANGED = (
    "Somebody else saved this while you had it open, or you did in another tab. Nothing of yours is lost: what you "
    "typed is below, and what they saved is beside it. To keep yours, save again."
)


def saved_otherwise(form: ModelForm) -> list[str]:
    """Return a sentence with the saved value of each field in which the submitted form differs."""
    told = []
    for name in form.changed_data:
        if name not in form.fields or (form.fields[name].widget.is_hidden and name not in form.initial):
            continue
        told.append(f"“{form[name].label}” is saved now as: {initial_in_words(form, name)}")
    for name, formset in getattr(form, "formsets", {}).items():
        if name != "comments" and formset.has_changed():
            told.append(f"The list “{name.replace('_', ' ')}” differs too.")
    return told


def lock_row(model: type[Model], pk: object) -> None:
    """Lock a row until the transaction ends; raise Http404 if it was deleted meanwhile."""
    get_object_or_404(model._default_manager.select_for_update(of=("self",), no_key=True), pk=pk)


class RefusesStaleSave:
    """An edit view of an object with revisions, which refuses every save from an outdated editor.

    The editor's own autosaves do not count as somebody else's. Wagtail's script removes the revision number when
    somebody presses Save or Publish, so the session remembers it, by editor and by the revision loaded.
    """

    request: HttpRequest
    object: Any
    form: Any
    expects_json_response: bool
    is_out_of_date: bool
    get_form: Callable[[], Any]
    form_invalid: Callable[[ModelForm], HttpResponse]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Handle the request with the row locked: of two simultaneous saves the second waits, and is then outdated."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it
        with transaction.atomic():
            self.lock_record()
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it

    def lock_record(self) -> None:
        """Lock the row until the transaction ends, before the record is read."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the id of this editor, and whether it has saved anything yet."""
        if not hasattr(self, "form"):
            self.form = self.get_form()
        self.form.fields["opened_screen"] = HiddenField(str(uuid.uuid4()))
        if not self._latest():
            self.form.fields["loaded_revision_id"] = HiddenField("none")
        return super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin: the view has it

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Save, or show what was saved meanwhile beside the submitted input."""
        if self.expects_json_response:
            response = super().form_valid(form)  # type: ignore[misc]  # a mixin: the view has it
            self._remember_autosave()
            return response
        if not self.is_out_of_date or self._is_own_autosave() or not (told := saved_otherwise(form)):
            return super().form_valid(form)  # type: ignore[misc]  # a mixin: the view has it
        for words in (OUT_OF_DATE, *told):
            form.add_error(None, words)
        if hasattr(self, "get_error_message"):  # Wagtail's view of a record shows errors only beside this one
            self.produced_error_code, self.produced_error_message = "invalid_revision", self.get_error_message()
        return self.form_invalid(form)

    def _loaded(self) -> str:
        """Return the id of this editor, and the revision that it loaded."""
        names = ("opened_screen", "loaded_revision_id", "loaded_revision_created_at")
        sent = [self.request.POST.get(name, "") for name in names]
        return ":".join([self._record()._meta.label, str(self._record().pk), *sent])

    def _record(self) -> Any:
        return getattr(self, "page", None) or self.object

    def _latest(self) -> list:
        """Return the id and time of the latest revision, as a session stores them.

        An autosave may have overwritten that revision.
        """
        latest = self._record().revisions.order_by("-created_at", "-pk").first()
        return [latest.pk, latest.created_at.isoformat()] if latest else []

    def _remember_autosave(self) -> None:
        kept = [pair for pair in self.request.session.get(AUTOSAVES, []) if pair[0] != self._loaded()]
        self.request.session[AUTOSAVES] = [*kept, [self._loaded(), self._latest()]][-MOST_REMEMBERED:]

    def _is_own_autosave(self) -> bool:
        return dict(self.request.session.get(AUTOSAVES, [])).get(self._loaded()) == self._latest()


class RefusesStaleValues:
    """An edit view of an object without revisions: the values shown are compared with those saved now.

    The row is locked first and read after that, so checking and saving are one step.
    """

    request: HttpRequest
    object: Any
    form: Any
    comparison: Comparison
    get_object: Callable[[], Any]
    get_form_kwargs: Callable[[], dict[str, Any]]
    get_form_class: Callable[[], type[ModelForm]]
    get_context_data: Callable[..., dict]
    render_to_response: Callable[..., Any]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show what was saved meanwhile beside the submitted input."""
        with transaction.atomic():
            self.lock_record()
            self.reload_record()
            request.POST = request.POST.copy()  # type: ignore[assignment]  # a QueryDict that can be changed
            return super().post(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it

    def lock_record(self) -> None:
        """Lock the row until the transaction ends."""
        lock_row(type(self._record()), self._record().pk)

    def reload_record(self) -> None:
        """Read the record again after it was locked."""
        self.object = self.get_object()

    def _record(self) -> Model:
        return self.object

    def get_form(self, *args: Any) -> ModelForm:
        """Return the form with a hidden field of the digests of its values."""
        kwargs = self.get_form_kwargs()
        sent = kwargs.pop("data", None)
        kwargs.pop("files", None)
        now_form = self.get_form_class()(**kwargs)
        if sent is not None:
            before = Seen.unpacked(sent.get(FIELD, ""), self._record())
            self.comparison = Comparison(before, now_form, free_lost_rows(sent, now_form))
        form = super().get_form(*args)  # type: ignore[misc]  # a mixin: the view has it
        form.fields[FIELD] = HiddenField(Seen.of(now_form).packed(self._record()))
        return form

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Save unless that would overwrite what somebody else saved meanwhile."""
        return self.refusal(form) or super().form_valid(form)  # type: ignore[misc]  # a mixin: the view has it

    def form_invalid(self, form: ModelForm) -> HttpResponse:
        """Show the errors, and what was saved meanwhile."""
        return self.refusal(form) or super().form_invalid(form)  # type: ignore[misc]  # a mixin: the view has it

    def refusal(self, form: ModelForm) -> HttpResponse | None:
        """Return the form with what was saved meanwhile beside each field, or None if nothing conflicts."""
        if FIELD not in self.request.POST or not self.comparison.add_conflicts(form):
            return None
        data: Any = form.data  # a copy that `post` made
        data[FIELD] = form.fields[FIELD].initial  # they are told, so that they can save again
        self.form = form
        button = messages.button(self.request.get_full_path(), "Open what is saved now", new_window=True)
        messages.warning(self.request, VALUES_CHANGED, buttons=[button])
        return self.render_to_response(self.get_context_data(form=form))


class SnippetEditView(RefusesStaleSave, EditView):
    """The edit view of a record with revisions."""

    def lock_record(self) -> None:
        """Lock the record, and read it again."""
        lock_row(type(self.object), self.object.pk)
        self.object = self.get_object()


class PlainSnippetEditView(RefusesStaleValues, EditView):
    """The edit view of a record without revisions."""


class SettingsEditView(RefusesStaleValues, WagtailSettingsEditView):
    """The edit view of settings."""
