"""Webhooks: whom we tell that something public changed, what we told them, and what we last knew to be public."""

import datetime
import json
import secrets
import uuid
from base64 import b64encode
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone

from cms.core.security.outbound_http import problem_of_address

SECRET_BYTES = 32
OLD_SECRET_LASTS = datetime.timedelta(days=1)
LONGEST_ADDRESS = 500


def new_secret() -> str:
    """Make a secret for signing, in the shape that the Standard Webhooks libraries read."""
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def new_message_id() -> str:
    """Make the id that a message keeps however often it is sent."""
    return f"msg_{uuid.uuid4().hex}"


class WebhookEndpoint(models.Model):
    """An address that is told when something public changes."""

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
        """Refuse an address that we would not send to."""
        super().clean()
        problem_of_address(self.address, field="address")

    def save(self, *args, **kwargs) -> None:
        """Save; whoever switches it on starts afresh."""
        if self.is_on and self.pk and WebhookEndpoint.objects.filter(pk=self.pk, is_on=False).exists():
            self.switched_off_at = self.failing_since = None
        super().save(*args, **kwargs)

    def renew_secret(self, at: datetime.datetime) -> None:
        """Sign with a new secret from now on, and for one more day with the old one too."""
        self.old_secret, self.old_secret_until = self.secret, at + OLD_SECRET_LASTS
        self.secret = new_secret()
        self.save(update_fields=["secret", "old_secret", "old_secret_until"])

    def secrets_at(self, at: datetime.datetime) -> list[str]:
        """Return the secrets that sign at a moment, the newest first."""
        old_counts = self.old_secret_until is not None and at < self.old_secret_until
        return [self.secret, self.old_secret] if old_counts else [self.secret]


class DeliveryState(models.TextChoices):
    """Where one message to one address stands."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    GIVEN_UP = "given_up", "Given up"


class DeliveryQuerySet(models.QuerySet):
    """Messages to addresses."""

    def due(self, at: datetime.datetime) -> "DeliveryQuerySet":
        """Those to be sent now, that nobody is sending."""
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=at)
        return self.filter(free, state=DeliveryState.WAITING, next_try_at__lte=at, endpoint__is_on=True)


class WebhookDelivery(models.Model):
    """One message to one address: exactly what is sent, and what came of it."""

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
        """Describe where on the site that is which it tells of."""
        return urlsplit(json.loads(self.body)["data"].get("url", "")).path or "A test"


class PublishedSnapshot(models.Model):
    """Something as it was public when ``tick`` last looked: what differs from it is told to webhooks."""

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
