"""Admin views of records, which Wagtail calls snippets."""

from wagtail.models import RevisionMixin
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from cms.core.admin.add_once import AddsOnce
from cms.core.editing.stale_edits import PlainSnippetEditView, SnippetEditView


class RecordCreateView(AddsOnce, CreateView):
    """The view that creates a record."""


class RecordViewSet(SnippetViewSet):
    """The view set of one record model; its edit view refuses to overwrite changes saved by somebody else."""

    add_view_class = RecordCreateView

    @property
    def edit_view_class(self) -> type[EditView]:
        """Return the edit view that compares revisions, or the one that compares values."""
        return SnippetEditView if issubclass(self.model, RevisionMixin) else PlainSnippetEditView
