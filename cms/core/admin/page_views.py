"""Views of the page admin that differ from Wagtail's: they offer only actions that are permitted."""

from typing import Any

from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.views.pages.choose_parent import GenericChooseParentView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from cms.core.admin.add_once import AddsOnce
from cms.core.editing.stale_edits import RefusesStaleSave, lock_row


class ParentChoiceView(GenericChooseParentView):
    """A view to choose the parent of a new page of one type, among the pages that can take another."""

    def get_valid_parent_pages(self, user: Any) -> QuerySet:
        """Return the pages under which the user may add one now: some types are limited in number."""
        parents = super().get_valid_parent_pages(user)
        free = [parent.pk for parent in parents if self.model.can_create_at(parent)]
        return parents.filter(pk__in=free)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the possible parents, or redirect with a message if there is none."""
        if not self.get_valid_parent_pages(request.user).exists():
            messages.warning(request, f"There is no place for one more {self.model.get_verbose_name().lower()}.")
            return redirect(self.get_index_url())
        return super().get(request, *args, **kwargs)


class PagesOfOneTypeView(ContentTypeUseView):
    """The listing of all pages of one type."""

    def get_add_url(self) -> str | None:
        """Return the URL to add a page, or None if no more can be added."""
        choice = ParentChoiceView(model=self.model, locale=None)
        return super().get_add_url() if choice.get_valid_parent_pages(self.request.user).exists() else None


class LinksToMissing:
    """A mixin of page edit views that links to what has to be done before the page can be published."""

    request: HttpRequest

    def form_invalid(self, form: ModelForm) -> HttpResponse:
        """Add a link to each ancestor page that is not public."""
        answer = super().form_invalid(form)  # type: ignore[misc]  # a mixin: the view has it
        for page in getattr(form, "hidden_parents", []):
            button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), "Open it")
            messages.warning(self.request, f"“{page}” is not public.", buttons=[button])
        return answer


class PageCreateView(AddsOnce, LinksToMissing, CreateView):
    """The view that creates a page."""

    def _model(self) -> type[Page]:
        return Page


class PageEditView(RefusesStaleSave, LinksToMissing, EditView):
    """The view that edits a page."""

    def lock_record(self) -> None:
        """Lock the row of the page before it is read."""
        lock_row(Page, self.kwargs["page_id"])


class SitePageViewSet(PageViewSet):
    """The view set of every page type."""

    add_view_class = PageCreateView
    edit_view_class = PageEditView

    choose_parent_view_class = ParentChoiceView
    content_type_use_view_class = PagesOfOneTypeView


page_viewset = SitePageViewSet()
