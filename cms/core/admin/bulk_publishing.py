"""Bulk publishing of drafts of records, each through the same publish gate as in the editor.

A draft that is refused does not stop the others, and is listed with the reason. A draft that changed after the list was
opened is not published.
"""

import datetime
import enum
import logging
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.text import capfirst
from wagtail import hooks
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.log_actions import LogContext
from wagtail.models import DraftStateMixin
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from cms.core.admin.pagination import page_in_pieces
from cms.core.editing.publish_gate import PublishGate

MOST_SHOWN = 500  # of the drafts on the screen that asks; whoever has more looks at the list
TOLD_AFTER = 10  # drafts
LONGEST = datetime.timedelta(seconds=20)  # then it stops and offers the rest: servers end what takes longer than 30
LONGEST_KEY = 18  # digits
BOOKKEEPING = ("latest_revision", "live_revision")
CHANGED = "It was changed after you looked at it. Look at it again."
logger = logging.getLogger("django.request")


class Published(enum.Enum):
    """The result of publishing one draft."""

    NOW = "published"
    LATER = "scheduled"
    ALREADY = "already"


def problems_of_draft(draft: DraftStateMixin, at: datetime.datetime) -> list[str]:
    """Return the messages that prevent a draft from being published, as the editor's form would show them."""
    found: list[str] = []
    try:
        draft.full_clean(exclude=BOOKKEEPING)
    except ValidationError as error:
        for name, words in error.message_dict.items():
            label = "" if name == NON_FIELD_ERRORS else f"{capfirst(str(draft._meta.get_field(name).verbose_name))}: "
            found += [f"{label}{text}" for text in words]
    if draft.expire_at and draft.expire_at <= at:
        found.append("The day on which it expires is past.")
    if isinstance(draft, PublishGate):
        found += [problem for problem in draft.publishing_problems() if problem not in found]
    return found


@transaction.atomic
def publish_draft(item: DraftStateMixin, *, by: Any, seen: datetime.datetime) -> Published:
    """Publish the latest draft of a record.

    :param seen: the time at which the user looked at it.
    :raises ValidationError: if the publish gate refuses it, or it was changed after ``seen``.
    """
    rows = type(item)._default_manager.select_for_update(of=("self",))
    item = rows.filter(pk=item.pk).first()
    if item is None or not is_waiting(item):
        return Published.ALREADY
    revision = item.latest_revision
    if revision.created_at > seen:
        raise ValidationError(CHANGED)
    if problems := problems_of_draft(revision.as_object(), timezone.now()):
        raise ValidationError(problems)
    with LogContext(user=by):
        revision.publish(user=by)
    return Published.LATER if revision.approved_go_live_at else Published.NOW


def is_waiting(item: DraftStateMixin) -> bool:
    """Return whether a record has a draft that is neither public nor scheduled for publishing."""
    revision = item.latest_revision
    return bool(item.has_unpublished_changes and revision and not revision.approved_go_live_at)


class SeenForm(forms.Form):
    """A form that carries the time at which the list to be published was opened."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])


class PublishBulkAction(SnippetBulkAction):
    """A bulk action that publishes the selected drafts after a confirmation page."""

    display_name = "Publish"
    action_type = "publish"
    aria_label = "Publish the chosen drafts"
    template_name = "core/admin/bulk_publish.html"
    action_priority = 10
    form_class = SeenForm

    def __init__(self, request: HttpRequest, model: type[DraftStateMixin]):
        super().__init__(request, model)
        listing = reverse(model.snippet_viewset.get_url_name("list"))
        self.next_url = get_valid_next_url_from_request(request) or listing

    @classproperty
    def models(cls) -> list[type[DraftStateMixin]]:
        """Return the record models that have drafts."""
        return [model for model in get_snippet_models() if issubclass(model, DraftStateMixin)]

    @cached_property
    def listing(self) -> Any:
        """Return the queryset of the staff listing, with the filters and the search of the query string applied."""
        index = self.model.snippet_viewset.index_view
        view = index.view_class(**index.view_initkwargs)
        view.setup(self.request)
        return view

    @cached_property
    def chosen(self) -> list[DraftStateMixin]:
        """Return the selected records; with ``id=all`` every record of the filtered listing, on all its pages."""
        given = self.request.GET.getlist("id")
        if "all" in given:
            keys = [item.pk for item in self.listing.get_queryset()]
        else:
            keys = [int(key) for key in given if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY]
        rows = self.listing.get_base_queryset().filter(pk__in=keys)
        return list(rows.select_related("latest_revision"))

    def check_perm(self, item: DraftStateMixin) -> bool:
        """Return whether the user may publish a record."""
        return self.permission_policy.user_has_permission_for_instance(self.request.user, "publish", item)

    def get_actionable_objects(self) -> tuple[list, dict]:
        """Return the selected records with a draft to publish, and those that the user may not publish."""
        waiting = [(item, self.check_perm(item)) for item in self.chosen if is_waiting(item)]
        refused = [item for item, is_allowed in waiting if not is_allowed]
        return [item for item, is_allowed in waiting if is_allowed], {"items_with_no_access": refused}

    def get_initial(self) -> dict:
        """Return the current time as the time at which the list was opened."""
        return {"seen": timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%f%z")}

    def object_context(self, item: DraftStateMixin) -> dict:
        """Return the row of a record: the title of its draft, its status and its publishing problems."""
        problems = problems_of_draft(item.latest_revision.as_object(), timezone.now())
        return super().object_context(item) | {
            "title": item.latest_revision.object_str,
            "is_new": not item.live,
            "state": getattr(item, "where_it_stands", ""),
            "problems": problems,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the publishable drafts, the refused drafts and the number of records without a draft."""
        drafts, refused = self.get_actionable_objects()
        shown = [self.object_context(item) for item in drafts[:MOST_SHOWN]]
        # Past Wagtail's own list, which would look at all that was chosen.
        context = super(BulkAction, self).get_context_data(**kwargs) | refused
        context |= {
            "fine": [line for line in shown if not line["problems"]],
            "kept_back": [line for line in shown if line["problems"]],
            "count": len(drafts) - sum(bool(line["problems"]) for line in shown),
            "unshown": len(drafts) - len(shown),
            "without_draft": len(self.chosen) - len(drafts) - len(refused["items_with_no_access"]),
            "next": self.next_url,
            "submit_url": self.request.get_full_path(),
            "is_refused": bool(refused["items_with_no_access"]) and not drafts,
        }
        return context | self._heading()

    def _heading(self) -> dict:
        icon = self.model.snippet_viewset.icon
        return {"page_title": "Publish drafts", "header_title": "Publish drafts", "header_icon": icon}

    def form_valid(self, form: SeenForm) -> HttpResponseBase:
        """Publish each draft in a transaction of its own, and stream the progress."""
        self.cleaned_form = form
        drafts, _ = self.get_actionable_objects()
        for hook in hooks.get_hooks("before_bulk_action"):
            answer = hook(self.request, self.action_type, drafts, self)
            if hasattr(answer, "status_code"):
                return answer
        context = self._heading() | {"doing": f"Publishing {len(drafts):,}."}
        return page_in_pieces(self.request, context, self._publish(drafts, form.cleaned_data["seen"]))

    def _publish(self, drafts: list[DraftStateMixin], seen: datetime.datetime) -> Iterator[str]:
        ended: Counter[Published] = Counter()
        refused: list[tuple[str, str]] = []
        until, number = time.monotonic() + LONGEST.total_seconds(), 0
        for number, item in enumerate(drafts, 1):
            try:
                ended[publish_draft(item, by=self.request.user, seen=seen)] += 1
            except ValidationError as error:
                refused.append((item.latest_revision.object_str, " ".join(error.messages)))
            # Whatever is wrong with one must not keep the others back, nor leave the page half sent.
            except Exception:
                logger.exception("A draft could not be published")
                refused.append((item.latest_revision.object_str, "Something went wrong on our side."))
            if number % TOLD_AFTER == 0:
                yield f"<p>{number:,} of {len(drafts):,}</p>\n"
            if time.monotonic() >= until:
                break
        for hook in hooks.get_hooks("after_bulk_action"):
            hook(self.request, self.action_type, drafts, self)
        result = {
            "published": ended[Published.NOW],
            "scheduled": ended[Published.LATER],
            "already": ended[Published.ALREADY],
            "refused": refused,
            "left": len(drafts) - number,
            "again": self.request.get_full_path(),
            "next": self.next_url,
        }
        yield render_to_string("core/admin/bulk_published.html", result)
