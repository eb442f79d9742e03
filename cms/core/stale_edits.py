"""Two people, or two tabs, that change one thing: who saves second is shown what the first saved, and loses nothing.

Wagtail refuses an autosave from a screen that is out of date; an ordinary Save or Publish from one won silently.
"""

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.formats import localize
from django.utils.html import strip_tags
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.blocks import StreamValue
from wagtail.snippets.views.snippets import EditView

AUTOSAVES, MOST_REMEMBERED = "autosaves", 20
LONGEST_SHOWN = 1500  # characters of one field
OUT_OF_DATE = (
    "This was saved by somebody else, or in another tab, after you opened it. Nothing of yours was saved, and nothing "
    "is lost: your text is below, and what is saved now is here. Put into your text what you want to keep of it, then "
    "save again."
)


def _in_words(value: object) -> str:
    """Return a field's saved value as text that can be read and copied."""
    if isinstance(value, StreamValue):
        return " / ".join(str(part) for part in value.stream_block.get_searchable_content(value))
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(_in_words(item) for item in value)
    return str(localize(value)) if value is not None else ""


def saved_otherwise(form: ModelForm) -> list[str]:
    """Return what is saved now in each field in which the form that was sent differs, as sentences."""
    told = []
    for name in form.changed_data:
        if name not in form.fields or (form.fields[name].widget.is_hidden and name not in form.initial):
            continue
        text = _in_words(form.initial.get(name))
        if isinstance(form.fields[name].widget, DraftailRichTextArea):
            text = strip_tags(text)
        text = text[:LONGEST_SHOWN] or "(empty)"
        told.append(f"“{form[name].label}” is saved now as: {text}")
    for name, formset in getattr(form, "formsets", {}).items():
        if name != "comments" and formset.has_changed():
            told.append(f"The list “{name.replace('_', ' ')}” differs too.")
    return told


class RefusesStaleSave:
    """An edit view of something with revisions, which refuses every save from a screen that is out of date.

    What a screen saved by itself meanwhile is its own. Wagtail's script takes the number of that revision away when
    somebody presses Save or Publish, so the session remembers it, by what the screen had loaded.
    """

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Save, or show what was saved meanwhile beside what was typed."""
        if self.expects_json_response:
            response = super().form_valid(form)
            self._remember_autosave()
            return response
        if not self.is_out_of_date or self._is_own_autosave():
            return super().form_valid(form)
        for words in (OUT_OF_DATE, *saved_otherwise(form)):
            form.add_error(None, words)
        if hasattr(self, "get_error_message"):  # Wagtail's view of a record shows errors only beside this one
            self.produced_error_code, self.produced_error_message = "invalid_revision", self.get_error_message()
        return self.form_invalid(form)

    def _loaded(self) -> str:
        """Return what this screen was opened on."""
        names = ("loaded_revision_id", "loaded_revision_created_at")
        return ":".join(
            [self._record()._meta.label, str(self._record().pk), *map(self.request.POST.get, names, ["", ""])]
        )

    def _record(self) -> Model:
        return getattr(self, "page", None) or self.object

    def _latest(self) -> list:
        """Return what tells the newest revision, which an autosave may have overwritten, as a session keeps it."""
        latest = self._record().revisions.order_by("-created_at", "-pk").first()
        return [latest.pk, latest.created_at.isoformat()] if latest else []

    def _remember_autosave(self) -> None:
        kept = [pair for pair in self.request.session.get(AUTOSAVES, []) if pair[0] != self._loaded()]
        self.request.session[AUTOSAVES] = [*kept, [self._loaded(), self._latest()]][-MOST_REMEMBERED:]

    def _is_own_autosave(self) -> bool:
        return dict(self.request.session.get(AUTOSAVES, [])).get(self._loaded()) == self._latest()


class SnippetEditView(RefusesStaleSave, EditView):
    """Changes a record that has revisions."""
