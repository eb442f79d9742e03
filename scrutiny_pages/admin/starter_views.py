"""The first-run view, which loads a starter, and its panel on the dashboard."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..models import LoadedStarter
from ..starters.loader import OtherArrangement, load_starter
from ..starters.reader import read, read_all

PERMISSION = "scrutiny_pages.add_loadedstarter"


class StarterForm(forms.Form):
    """A form that chooses a starter, and whether to add it to one that is loaded already."""

    fields: dict[str, Any]
    starter = forms.ChoiceField(label="How does scrutiny work here?", widget=forms.RadioSelect)
    add = forms.BooleanField(
        label="Add it to the arrangement that this site has already",
        required=False,
        help_text="What is there stays as it is.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starter"].choices = [(starter.name, f"{starter.title}. {starter.about}") for starter in read_all()]
        if not LoadedStarter.objects.exists():
            del self.fields["add"]


class StarterView(WagtailAdminTemplateMixin, FormView):
    """A view that loads a starter."""

    template_name = "scrutiny_pages/admin/starters.html"
    page_title = "How does scrutiny work here?"
    header_icon = "cogs"
    form_class = StarterForm
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` unless the user may load a starter."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs of this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the starters loaded before, and the labels of the button."""
        words = {"submit_button_label": "Start with this", "submit_button_active_label": "Loading…"}
        more = {
            "loaded": [(read(row.name).title, row.loaded_at) for row in LoadedStarter.objects.all()],
            "action_url": self.request.path,
        }
        return super().get_context_data(**kwargs) | words | more

    def form_valid(self, form: StarterForm) -> HttpResponse:
        """Load the starter in one transaction."""
        starter = read(form.cleaned_data["starter"])
        try:
            with transaction.atomic():
                loaded = load_starter(starter, on=timezone.localdate(), add=form.cleaned_data.get("add", False))
        except OtherArrangement as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        if loaded:
            messages.success(
                self.request,
                f"This site now works as: {starter.title}. Look at its panels and processes. Its pages are drafts: "
                "the list of what is due names each of them, for you to look at and publish.",
            )
        else:
            messages.info(self.request, "This arrangement was loaded before. Nothing has changed.")
        return redirect("wagtailadmin_home")


class FirstRunPanel(Component):
    """The dashboard panel that links to the starters, until one is loaded."""

    name = "first_run"
    order = 10
    template_name = "scrutiny_pages/admin/first_run.html"

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def is_wanted(self) -> bool:
        """Return whether no starter is loaded and the user may load one."""
        return self.request.user.has_perm(PERMISSION) and not LoadedStarter.objects.exists()
