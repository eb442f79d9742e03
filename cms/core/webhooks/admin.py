"""Admin of webhooks: endpoints, secrets and deliveries."""

import datetime
import json
from typing import Any, cast

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.components import Component

from cms.core.admin.private_models import (
    BulkAction,
    CreateView,
    EditableRegisterAdmin,
    PrivateModelAdmin,
    RegisterEditView,
    RegisterFilter,
    RegisterInspectView,
    VerboseNameMixin,
)
from cms.core.dates.formatting import format_date, format_time
from cms.core.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from cms.core.webhooks.change_detection import event_labels
from cms.core.webhooks.delivery import TEST_EVENT, send_again, send_test

PERMISSION = "core.manage_webhooks"


def format_moment(moment: datetime.datetime) -> str:
    """Format a date and time: 2 April 2026, 10:30am."""
    local = timezone.localtime(moment)
    return f"{format_date(local)}, {format_time(local)}"


def label_of(event: str) -> str:
    """Return the label of an event for staff."""
    return "A test" if event == TEST_EVENT else event_labels().get(event, event)


def state_of(endpoint: WebhookEndpoint) -> str:
    """Return the state of an endpoint: off, switched off, failing or working."""
    if endpoint.switched_off_at:
        return f"We switched it off on {format_date(timezone.localtime(endpoint.switched_off_at))}: it did not answer"
    if not endpoint.is_on:
        return "Off"
    if endpoint.failing_since:
        return f"Failing since {format_moment(endpoint.failing_since)}"
    return "On"


class EndpointForm(WagtailAdminModelForm):
    """The form of an endpoint: its URL and its events."""

    events = forms.MultipleChoiceField(
        label="Tell it when", choices=lambda: list(event_labels().items()), widget=forms.CheckboxSelectMultiple
    )


endpoint_screen = ObjectList(
    [
        HelpPanel(template="core/admin/webhook_help.html"),
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("events"),
        FieldPanel("is_on"),
    ],
    base_form_class=EndpointForm,
)


class _RedirectsToItsPage:
    """A view mixin that redirects after saving to the webhook's page, with its secret and its test."""

    url_helper: Any
    instance: Any

    def get_success_url(self) -> str:
        """Return the URL of the webhook's page."""
        return self.url_helper.get_action_url("inspect", self.instance.pk)


class EndpointCreateView(_RedirectsToItsPage, VerboseNameMixin, CreateView):
    """The view that creates a webhook."""

    def get_page_title(self) -> str:
        """Return the title."""
        return "Add a webhook"

    def get_page_subtitle(self) -> str:
        """Return no subtitle."""
        return ""


class EndpointEditView(_RedirectsToItsPage, RegisterEditView):
    """The view that edits a webhook."""

    def get_page_title(self) -> str:
        """Return the name of the webhook."""
        return self.instance.name


class EndpointInspectView(RegisterInspectView):
    """The page of one webhook: its state and its actions."""

    def get_page_title(self) -> str:
        """Return the name of the webhook."""
        return self.instance.name

    def get_page_subtitle(self) -> str:
        """Return no subtitle."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the state, the events and the actions."""
        endpoint, to = self.instance, self.url_helper.get_action_url
        counts = endpoint.deliveries.aggregate(
            **{state.value: Count("pk", filter=Q(state=state)) for state in DeliveryState}
        )
        more = {
            "endpoint": endpoint,
            "state": state_of(endpoint),
            "event_words": [label_of(event) for event in endpoint.events],
            "counts": [(DeliveryState(state).label, number) for state, number in counts.items()],
            "edit_url": to("edit", endpoint.pk),
            "test_url": to("test", endpoint.pk),
            "secret_url": to("secret", endpoint.pk),
            "messages_url": f"{reverse('webhook-messages_modeladmin_index')}?webhook={endpoint.pk}",
        }
        return super().get_context_data(**kwargs) | more


class EndpointRegister(EditableRegisterAdmin):
    """The register of webhook endpoints."""

    model = WebhookEndpoint
    permission = PERMISSION
    row_name = "webhook"
    rows_name = "webhooks"
    base_url_path = "webhooks"
    menu_label = "Webhooks"
    menu_icon = "site"
    menu_order = 900
    add_to_settings_menu = True
    list_display = ("name", "address", "state")
    ordering = ("name", "pk")
    edit_handler = endpoint_screen
    screens = (*EditableRegisterAdmin.screens, "test", "secret")
    create_view_class = EndpointCreateView
    edit_view_class = EndpointEditView
    inspect_view_class = EndpointInspectView
    inspect_template_name = "core/admin/webhook.html"
    inspect_view_fields = ["name"]

    def state(self, endpoint: WebhookEndpoint) -> str:
        """Return a description of its state."""
        return state_of(endpoint)

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the link to the deliveries."""
        return [("Messages sent and waiting", reverse("webhook-messages_modeladmin_index"))]

    def test_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Queue a test message."""
        endpoint = cast("WebhookEndpoint", self.refuse_unseen(request, instance_pk))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if endpoint.is_on:
            send_test(endpoint, timezone.now())
            messages.success(request, "A test goes out within a minute. Look at its messages to see what came of it.")
        else:
            messages.warning(request, "It is switched off. Switch it on first.")
        return redirect(self.url_helper.get_action_url("inspect", endpoint.pk))

    def secret_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Show the secret; on POST, make a new one."""
        endpoint = cast("WebhookEndpoint", self.refuse_unseen(request, instance_pk))
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        now = timezone.now()
        if request.method == "POST":
            endpoint.renew_secret(now)
            messages.success(request, "There is a new secret. The old one signs too for one more day.")
            return redirect(self.url_helper.get_action_url("secret", endpoint.pk))
        context = {
            "endpoint": endpoint,
            "old_until": format_moment(cast("datetime.datetime", endpoint.old_secret_until))
            if len(endpoint.secrets_at(now)) > 1
            else "",
            "back_url": self.url_helper.get_action_url("inspect", endpoint.pk),
            "page_title": f"{endpoint.name}: secret",
            "header_icon": "key",
        }
        return TemplateResponse(request, "core/admin/webhook_secret.html", context)


class StateFilter(RegisterFilter):
    """A list filter by the state of a message."""

    title = "where it stands"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every state."""
        return DeliveryState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the filtered list."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class EndpointFilter(RegisterFilter):
    """A list filter by webhook."""

    title = "webhook"
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every webhook."""
        return [(str(pk), name) for pk, name in WebhookEndpoint.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the filtered list."""
        return queryset.filter(endpoint_id=self.value()) if self.value() else queryset


class SendAgain(BulkAction):
    """The bulk action that sends messages again."""

    name = "again"
    label = "Send again"
    explanation = "Each of these goes out again within a minute, with the same id. It tells what was so at the time."

    def may(self, user: Any, row: WebhookDelivery) -> bool:
        """Return whether the user may send the message again."""
        return user.has_perm(PERMISSION)

    def do(self, user: Any, row: WebhookDelivery) -> None:
        """Queue the message again."""
        send_again(row, timezone.now())


class DeliveryInspectView(RegisterInspectView):
    """The page of one message."""

    def get_page_title(self) -> str:
        """Return the event as the title."""
        return label_of(self.instance.event)

    def get_page_subtitle(self) -> str:
        """Return no subtitle."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the body, and the action to send it again."""
        delivery, to = self.instance, self.url_helper.get_action_url
        more = {
            "delivery": delivery,
            "body": json.dumps(json.loads(delivery.body), indent=2),
            "again_url": f"{to('bulk', SendAgain.name)}?row={delivery.pk}",
        }
        return super().get_context_data(**kwargs) | more


class DeliveryRegister(PrivateModelAdmin):
    """The register of messages to webhooks."""

    model = WebhookDelivery
    permission = PERMISSION
    row_name = "message"
    rows_name = "webhook messages"
    base_url_path = "webhook-messages"
    menu_label = "Webhook messages"
    menu_icon = "history"
    menu_order = 910
    add_to_settings_menu = True
    list_display = ("about", "event", "endpoint", "since", "where_it_stands")
    list_filter = (StateFilter, EndpointFilter)
    list_select_related = ("endpoint",)
    ordering = ("-queued_at", "-pk")
    inspect_view_class = DeliveryInspectView
    inspect_template_name = "core/admin/webhook_message.html"
    inspect_view_fields = ["message_id"]
    bulk_actions = (SendAgain,)

    def about(self, delivery: WebhookDelivery) -> str:
        """Return the path on the site of the object that the message is about."""
        return delivery.about

    def since(self, delivery: WebhookDelivery) -> str:
        """Return the formatted time at which it was written."""
        return format_moment(delivery.queued_at)

    since.admin_order_field = "queued_at"  # type: ignore[attr-defined]  # modeladmin reads it off the function

    def where_it_stands(self, delivery: WebhookDelivery) -> str:
        """Return its state; for one that failed also the error and the time of the next attempt."""
        if not delivery.last_error:
            return delivery.get_state_display()
        words = (
            f"{delivery.get_state_display()} after {delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}."
        )
        next_try = f" Next: {format_moment(delivery.next_try_at)}." if delivery.state == DeliveryState.WAITING else ""
        return f"{words} {delivery.last_error}{next_try}"

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the link to the webhooks."""
        return [("Webhooks", reverse("webhooks_modeladmin_index"))]


class FailingWebhooksPanel(Component):
    """An admin home panel that lists failing webhooks."""

    name = "failing-webhooks"
    order = 65
    template_name = "core/admin/failing_webhooks_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add the failing webhooks."""
        failing = WebhookEndpoint.objects.exclude(failing_since=None, switched_off_at=None)
        return {"failing": [(endpoint, state_of(endpoint)) for endpoint in failing]}


def add_failing_webhooks_panel(request: HttpRequest, panels: list) -> None:
    """Add the panel to the admin's home, for users who may change webhooks."""
    if request.user.has_perm(PERMISSION):
        panels.append(FailingWebhooksPanel())
