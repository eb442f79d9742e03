"""Create views that are idempotent: the first submission adds a record, each later one changes that record.

Wagtail's editor saves automatically while somebody types, and Save may be pressed before the response has arrived; a
network failure or a second click submits a form again. Each form has its own key. A later submission is handled as the
browser would have sent it after the first response: by the edit view, with the keys of the rows.
"""

import datetime
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from wagtail.admin.utils import set_query_params
from wagtail.models import RevisionMixin

from cms.core.editing.seen_values import HiddenField
from cms.core.models import OpenedForm
from cms.core.scheduler.registry import timed

FIELD = "opened_form"
KEPT = datetime.timedelta(days=1)  # longer than anybody leaves a form open


class AddsOnce:
    """A create view that adds one object for each form opened, however often the form is submitted."""

    model: type[Model]
    form: Any
    expects_json_response: bool
    get_form: Callable[[], Any]
    get_edit_url: Callable[[], str]
    json_error_response: Callable[[str, str], HttpResponse]
    response_is_json: Callable[[HttpResponse], bool]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create the object, or pass the request to the edit view of the object that this form created."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it
        with transaction.atomic():
            opened = OpenedForm.lock_for_update(request.POST.get(FIELD, ""), request.user)
            if opened and (added := self._added(opened)):
                return self._change(request, opened, added)
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it
            if opened and self._record() and self._record().pk:
                self._remember(opened, self._record(), dict(self.form.get_field_updates_for_resave()))
            return response

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the key of the form to the context."""
        if not hasattr(self, "form"):
            self.form = self.get_form()
        self.form.fields[FIELD] = HiddenField(str(uuid.uuid4()))
        return super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin: the view has it

    def _record(self) -> Any:
        return getattr(self, "page", None) or getattr(self, "object", None)

    def _added(self, opened: OpenedForm) -> Model | None:
        """Return the object that the form created, or None if there is none or it was deleted since."""
        return self._model()._default_manager.filter(pk=opened.made).first() if opened.made else None

    def _model(self) -> type[Model]:
        return self.model

    def _change(self, request: HttpRequest, opened: OpenedForm, added: Model) -> HttpResponse:
        if self.expects_json_response and opened.is_done:
            return self.json_error_response("invalid_revision", "This was saved already.")
        request.POST = request.POST.copy()  # type: ignore[assignment]  # a QueryDict that can be changed
        browsers = dict(opened.field_updates)
        if opened.revision:
            browsers |= dict(zip(("loaded_revision_id", "loaded_revision_created_at"), opened.revision, strict=True))
            browsers |= {"overwrite_revision_id": opened.revision[0]} if self.expects_json_response else {}
        for name, value in browsers.items():
            request.POST[name] = value  # type: ignore[misc]  # the copy made above can be changed
        self.page = self.object = added
        edit_url = self.get_edit_url()
        match = resolve(edit_url)
        response = match.func(request, *match.args, **match.kwargs)
        answer = json.loads(response.content) if self.response_is_json(response) else {}
        if answer.get("success"):
            updates = opened.field_updates | answer["field_updates"]
            del answer["html"]  # for a screen that knows already that it edits
            answer |= {"url": edit_url, "hydrate_url": set_query_params(edit_url, {"_w_hydrate_create_view": "1"})}
            response.content = json.dumps(answer | {"field_updates": updates})
            self._remember(opened, added, updates)
        elif not self.expects_json_response:
            opened.is_done = True
            opened.save()
        return response

    def _remember(self, opened: OpenedForm, added: Model, field_updates: dict[str, str]) -> None:
        opened.made, opened.field_updates, opened.is_done = added.pk, field_updates, not self.expects_json_response
        if isinstance(added, RevisionMixin):
            latest = added.revisions.order_by("-created_at", "-pk").first()
            opened.revision = [str(latest.pk), latest.created_at.isoformat()]
        opened.save()


@timed
def forget_forms(at: datetime.datetime) -> None:
    """Delete the records of forms that are no longer submitted."""
    OpenedForm.objects.filter(sent_at__lt=at - KEPT).delete()
