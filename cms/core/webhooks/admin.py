"""The staff's screens for webhooks: whom we tell, with which secret, and what came of every message."""

import json

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


def said(moment) -> str:
    """Format a moment as people do: 2 April 2026, 10:30am."""
    local = timezone.localtime(moment)
    return f"{format_date(local)}, {format_time(local)}"


def label_of(event: str) -> str:
    """Return what staff read of an event."""
    return "A test" if event == TEST_EVENT else event_labels().get(event, event)


def state_of(endpoint: WebhookEndpoint) -> str:
    """Return whether an address is told, and whether it takes what we send."""
    if endpoint.switched_off_at:
        return f"We switched it off on {format_date(timezone.localtime(endpoint.switched_off_at))}: it did not answer"
    if not endpoint.is_on:
        return "Off"
    if endpoint.failing_since:
        return f"Failing since {said(endpoint.failing_since)}"
    return "On"


class EndpointForm(WagtailAdminModelForm):
    """Asks whom to tell, and of what."""

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


class _LeadsToItsPage:
    """After saving, shows the webhook's own page, where its secret and its test are."""

    def get_success_url(self) -> str:
        """Return where to go on."""
        return self.url_helper.get_action_url("inspect", self.instance.pk)


class EndpointCreateView(_LeadsToItsPage, VerboseNameMixin, CreateView):
    """Adds a webhook."""

    def get_page_title(self) -> str:
        """Describe what this does."""
        return "Add a webhook"

    def get_page_subtitle(self) -> str:
        """Format no more: there is nothing yet."""
        return ""


class EndpointEditView(_LeadsToItsPage, RegisterEditView):
    """Changes a webhook."""

    def get_page_title(self) -> str:
        """Name it."""
        return self.instance.name


class EndpointInspectView(RegisterInspectView):
    """One webhook: how it is, and what can be done with it."""

    def get_page_title(self) -> str:
        """Name it."""
        return self.instance.name

    def get_page_subtitle(self) -> str:
        """Format no more."""
        return ""

    def get_context_data(self, **kwargs) -> dict:
        """Add what its page tells and offers."""
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
    """The addresses that are told when something public changes."""

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
        """Describe how it is."""
        return state_of(endpoint)

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Lead to what was sent."""
        return [("Messages sent and waiting", reverse("webhook-messages_modeladmin_index"))]

    def test_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Have a test sent."""
        endpoint = self.refuse_unseen(request, instance_pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if endpoint.is_on:
            send_test(endpoint, timezone.now())
            messages.success(request, "A test goes out within a minute. Look at its messages to see what came of it.")
        else:
            messages.warning(request, "It is switched off. Switch it on first.")
        return redirect(self.url_helper.get_action_url("inspect", endpoint.pk))

    def secret_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Show the secret; POST makes a new one."""
        endpoint = self.refuse_unseen(request, instance_pk)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        now = timezone.now()
        if request.method == "POST":
            endpoint.renew_secret(now)
            messages.success(request, "There is a new secret. The old one signs too for one more day.")
            return redirect(self.url_helper.get_action_url("secret", endpoint.pk))
        context = {
            "endpoint": endpoint,
            "old_until": said(endpoint.old_secret_until) if len(endpoint.secrets_at(now)) > 1 else "",
            "back_url": self.url_helper.get_action_url("inspect", endpoint.pk),
            "page_title": f"{endpoint.name}: secret",
            "header_icon": "key",
        }
        return TemplateResponse(request, "core/admin/webhook_secret.html", context)


class StateFilter(RegisterFilter):
    """Where a message stands."""

    title = "where it stands"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer every state."""
        return DeliveryState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class EndpointFilter(RegisterFilter):
    """Which webhook."""

    title = "webhook"
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: PrivateModelAdmin) -> list[tuple[str, str]]:
        """Offer every webhook."""
        return [(str(pk), name) for pk, name in WebhookEndpoint.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow the list."""
        return queryset.filter(endpoint_id=self.value()) if self.value() else queryset


class SendAgain(BulkAction):
    """Sends messages once more."""

    name = "again"
    label = "Send again"
    explanation = "Each of these goes out again within a minute, with the same id. It tells what was so at the time."

    def may(self, user, row: WebhookDelivery) -> bool:
        """Return whether somebody may."""
        return user.has_perm(PERMISSION)

    def do(self, user, row: WebhookDelivery) -> None:
        """Do it."""
        send_again(row, timezone.now())


class DeliveryInspectView(RegisterInspectView):
    """One message."""

    def get_page_title(self) -> str:
        """Describe what it tells of."""
        return label_of(self.instance.event)

    def get_page_subtitle(self) -> str:
        """Format no more."""
        return ""

    def get_context_data(self, **kwargs) -> dict:
        """Add its words, and the way to send it again."""
        delivery, to = self.instance, self.url_helper.get_action_url
        more = {
            "delivery": delivery,
            "body": json.dumps(json.loads(delivery.body), indent=2),
            "again_url": f"{to('bulk', SendAgain.name)}?row={delivery.pk}",
        }
        return super().get_context_data(**kwargs) | more


class DeliveryRegister(PrivateModelAdmin):
    """What webhooks were told, and what waits to be."""

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
        """Describe what it tells of: where that is on the site."""
        return delivery.about

    def since(self, delivery: WebhookDelivery) -> str:
        """Describe when it was written."""
        return said(delivery.queued_at)

    since.admin_order_field = "queued_at"

    def where_it_stands(self, delivery: WebhookDelivery) -> str:
        """Return whether it was sent; if not, what went wrong and when it is tried next."""
        if not delivery.last_error:
            return delivery.get_state_display()
        words = (
            f"{delivery.get_state_display()} after {delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}."
        )
        next_try = f" Next: {said(delivery.next_try_at)}." if delivery.state == DeliveryState.WAITING else ""
        return f"{words} {delivery.last_error}{next_try}"

    def links_above(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Lead to the webhooks."""
        return [("Webhooks", reverse("webhooks_modeladmin_index"))]


class FailingWebhooksPanel(Component):
    """Tells those who set up webhooks which ones do not answer."""

    name = "failing-webhooks"
    order = 65
    template_name = "core/admin/failing_webhooks_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        """Add them."""
        failing = WebhookEndpoint.objects.exclude(failing_since=None, switched_off_at=None)
        return {"failing": [(endpoint, state_of(endpoint)) for endpoint in failing]}


def tell_of_failing_webhooks(request: HttpRequest, panels: list) -> None:
    """Say on the admin's home which webhooks fail, to those who can do something about it."""
    if request.user.has_perm(PERMISSION):
        panels.append(FailingWebhooksPanel())
