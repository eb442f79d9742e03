"""Models of webhooks: endpoints, deliveries, and the public state that was last seen."""

import datetime
import json
import secrets
import uuid
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone

from cms.core.security.outbound_http import problem_of_address

SECRET_BYTES = 32
OLD_SECRET_LASTS = datetime.timedelta(days=1)
LONGEST_ADDRESS = 500


def new_secret() -> str:
    """Return a new signing secret, in the format of the Standard Webhooks libraries."""
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def new_message_id() -> str:
    """Return a new message id, which a message keeps however often it is sent."""
    return f"msg_{uuid.uuid4().hex}"


class WebhookEndpoint(models.Model):
    """A URL that receives public changes."""

    name = models.CharField(max_length=60, help_text="What staff call it, such as: Intranet.")
    address = models.CharField(
        max_length=LONGEST_ADDRESS,
        help_text="Where we send to. It starts with https:// and it is on the public internet.",
    )
    events = models.JSONField("tell it when", default=list)
    is_on = models.BooleanField("switched on", default=True, help_text="While it is off, nothing is sent or kept.")
    secret = models.CharField(max_length=80, default=new_secret)
    # A receiver needs a while to learn a new secret: until then both sign.
    old_secret = models.CharField(max_length=80, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    # Set when we gave up on it, and cleared when somebody switches it on again.
    switched_off_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "webhook"
        ordering = ["name", "pk"]
        default_permissions = ()
        permissions = [("manage_webhooks", "Can set up webhooks and read what they sent")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a URL that requests are never sent to."""
        super().clean()
        problem_of_address(self.address, field="address")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; reset the failures of an endpoint that is switched on."""
        if self.is_on and self.pk and WebhookEndpoint.objects.filter(pk=self.pk, is_on=False).exists():
            self.switched_off_at = self.failing_since = None
        super().save(*args, **kwargs)

    def renew_secret(self, at: datetime.datetime) -> None:
        """Replace the secret; the old one signs too for one more day."""
        self.old_secret, self.old_secret_until = self.secret, at + OLD_SECRET_LASTS
        self.secret = new_secret()
        self.save(update_fields=["secret", "old_secret", "old_secret_until"])

    def secrets_at(self, at: datetime.datetime) -> list[str]:
        """Return the secrets that sign at a moment, the newest first."""
        old_counts = self.old_secret_until is not None and at < self.old_secret_until
        return [self.secret, self.old_secret] if old_counts else [self.secret]


class DeliveryState(models.TextChoices):
    """The states of one message to one endpoint."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    GIVEN_UP = "given_up", "Given up"


class DeliveryQuerySet(models.QuerySet):
    """A queryset of messages to endpoints."""

    def due(self, at: datetime.datetime) -> "DeliveryQuerySet":
        """Return the messages that are due and not claimed."""
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=at)
        return self.filter(free, state=DeliveryState.WAITING, next_try_at__lte=at, endpoint__is_on=True)


class WebhookDelivery(models.Model):
    """One message to one endpoint: the exact body, and the result."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name="webhook"
    )
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    event = models.CharField(max_length=40)
    body = models.TextField("message")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    queued_at = models.DateTimeField("since", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("tries", default=0)
    next_try_at = models.DateTimeField("next try", default=timezone.now)
    # Who sends it holds it until then. A sender that was killed holds it no longer.
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField("sent", null=True)
    last_error = models.CharField("what went wrong last", max_length=200, blank=True)
    answer = models.TextField("start of the last answer", blank=True)

    objects = DeliveryQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "webhook message"
        ordering = ["-queued_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "next_try_at"], name="webhook_delivery_due")]

    def __str__(self) -> str:
        return f"{self.about}: {self.event} to {self.endpoint}"

    @property
    def about(self) -> str:
        """Return the path on the site of the object that the message is about."""
        return urlsplit(json.loads(self.body)["data"].get("url", "")).path or "A test"


class PublishedSnapshot(models.Model):
    """The public state of an object when ``run_scheduled_tasks`` last ran; differences from it are sent to webhooks."""

    kind = models.CharField(max_length=20)
    key = models.PositiveBigIntegerField()
    mark = models.CharField(max_length=64)
    facts = models.JSONField()

    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "core_knownpublic"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="known_public_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
