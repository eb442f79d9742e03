"""Views of the page admin that differ from Wagtail's own: nothing is offered that is then refused."""

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
    """Choose where a new page of one type goes, among the places that can take one more."""

    def get_valid_parent_pages(self, user) -> QuerySet:
        """Return the pages under which this person may add one now: some types are limited in number."""
        parents = super().get_valid_parent_pages(user)
        free = [parent.pk for parent in parents if self.model.can_create_at(parent)]
        return parents.filter(pk__in=free)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Offer the places, or lead back with a reason where there is none."""
        if not self.get_valid_parent_pages(request.user).exists():
            messages.warning(request, f"There is no place for one more {self.model.get_verbose_name().lower()}.")
            return redirect(self.get_index_url())
        return super().get(request, *args, **kwargs)


class PagesOfOneTypeView(ContentTypeUseView):
    """All pages of one type."""

    def get_add_url(self) -> str | None:
        """Offer to add one only where one more can be."""
        choice = ParentChoiceView(model=self.model, locale=None)
        return super().get_add_url() if choice.get_valid_parent_pages(self.request.user).exists() else None


class LinksToMissing:
    """A form of a page that links to what has to be done before the page can be published."""

    def form_invalid(self, form: ModelForm) -> HttpResponse:
        """Add a link to each page above that is not public."""
        answer = super().form_invalid(form)
        for page in getattr(form, "hidden_parents", []):
            button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), "Open it")
            messages.warning(self.request, f"“{page}” is not public.", buttons=[button])
        return answer


class PageCreateView(AddsOnce, LinksToMissing, CreateView):
    """Adds a page."""

    def _model(self) -> type[Page]:
        return Page


class PageEditView(RefusesStaleSave, LinksToMissing, EditView):
    """Changes a page."""

    def lock_record(self) -> None:
        """Lock the page, which is read after that."""
        lock_row(Page, self.kwargs["page_id"])


class SitePageViewSet(PageViewSet):
    """The screens for every type of page."""

    add_view_class = PageCreateView
    edit_view_class = PageEditView

    choose_parent_view_class = ParentChoiceView
    content_type_use_view_class = PagesOfOneTypeView


page_viewset = SitePageViewSet()
