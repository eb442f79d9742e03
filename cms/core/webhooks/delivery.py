"""Delivery of public changes to webhooks: signed, retried until they arrive, and never lost.

``run_scheduled_tasks`` finds changes, writes a message for every endpoint that subscribes to the event, and sends what
is due. Delivery is at least once: a sender that is killed after the other side accepted a message sends it again, with
the same id.
"""

import base64
import datetime
import hashlib
import hmac
import json
import time
from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import cast

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from cms.core.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from cms.core.scheduler.registry import timed
from cms.core.security.outbound_http import DeliveryError, post
from cms.core.webhooks.change_detection import Change, detect_changes

TEST_EVENT = "webhook.test"
# How long to wait after the first failure, the second, and so on: 47 hours in all.
WAITS = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720, 1200)]
FAILS_AT_MOST = datetime.timedelta(days=3)
KEPT = datetime.timedelta(days=30)
SENDING_TIME = 45  # seconds for each tick: what is left then is sent a minute later
LEASE = datetime.timedelta(minutes=3)  # much longer than one message can take


def wait_after(tries: int) -> datetime.timedelta | None:
    """Return the delay after a number of failed attempts, or None if there are no more."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the signature of Standard Webhooks: HMAC-SHA256 of a message's id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def message(endpoint: WebhookEndpoint, event: str, facts: dict, at: datetime.datetime) -> WebhookDelivery:
    """Return an unsaved message to one endpoint; its body has only what the public site shows."""
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": facts})
    return WebhookDelivery(endpoint=endpoint, event=event, body=body, queued_at=at, next_try_at=at)


def send_test(endpoint: WebhookEndpoint, at: datetime.datetime) -> None:
    """Queue a test message for the next run."""
    message(endpoint, TEST_EVENT, {}, at).save()


def send_again(delivery: WebhookDelivery, at: datetime.datetime) -> None:
    """Queue a message again for the next run: with the same id, so that the receiver can recognise a repeat."""
    afresh = {"state": DeliveryState.WAITING, "attempts": 0, "queued_at": at, "next_try_at": at, "claimed_until": None}
    WebhookDelivery.objects.filter(pk=delivery.pk).update(**afresh)


@timed
def webhooks(at: datetime.datetime) -> None:
    """Find changes, send what is due, and delete old messages."""
    try:
        detect_changes(at, lambda changes: write_messages(changes, at))
    except Exception:
        # What was found before is sent, whatever is wrong with what is there now.
        _send_and_forget(at)
        raise
    _send_and_forget(at)


def _send_and_forget(at: datetime.datetime) -> None:
    WebhookDelivery.objects.filter(state=DeliveryState.WAITING, endpoint__is_on=False).update(
        state=DeliveryState.GIVEN_UP, last_error="The webhook is switched off."
    )
    send_due(at)
    WebhookDelivery.objects.filter(queued_at__lt=at - KEPT).delete()


def write_messages(changes: Iterable[Change], at: datetime.datetime) -> None:
    """Write a message about each change for every subscribed endpoint, in the current transaction."""
    # Locked, so that of two ticks the second finds noted what the first has told.
    endpoints = list(WebhookEndpoint.objects.select_for_update().filter(is_on=True))
    messages = [
        message(endpoint, change.event, change.facts, at)
        for change in changes
        for endpoint in endpoints
        if change.event in endpoint.events
    ]
    WebhookDelivery.objects.bulk_create(messages)


def send_due(at: datetime.datetime) -> None:
    """Send what is due, one to each endpoint in rotation.

    An endpoint that fails is skipped until the next run, and those that failed before come last, so that one that hangs
    delays the others little.
    """
    ends = time.monotonic() + SENDING_TIME
    due = WebhookDelivery.objects.due(at).values("endpoint")
    in_turn: Collection[WebhookEndpoint]
    in_turn = WebhookEndpoint.objects.filter(pk__in=due).order_by(F("failing_since").desc(nulls_first=True), "pk")
    while in_turn and time.monotonic() < ends:
        in_turn = [endpoint for endpoint in in_turn if time.monotonic() < ends and send_one(endpoint, at)]


def send_one(endpoint: WebhookEndpoint, at: datetime.datetime) -> bool:
    """Send the oldest message that is due to an endpoint; return whether to continue with that endpoint."""
    delivery = claim(WebhookDelivery.objects.due(at).filter(endpoint=endpoint), timezone.now())
    if delivery is None:
        return False
    problem, answer = attempt(delivery, timezone.now())
    settle(delivery, problem, answer, timezone.now())
    return not problem


def claim(due: QuerySet[WebhookDelivery], now: datetime.datetime) -> WebhookDelivery | None:
    """Claim a message, so that nobody else sends it for a while; return None if none is available."""
    with transaction.atomic():
        # Where rows cannot be locked, as in SQLite, only one transaction writes at a time.
        rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
        delivery = rows.order_by("next_try_at", "pk").first()
        if delivery:
            delivery.claimed_until = now + LEASE
            delivery.save(update_fields=["claimed_until"])
    return delivery


def attempt(delivery: WebhookDelivery, now: datetime.datetime) -> tuple[str, str]:
    """Send it once; return the error ("" if it was accepted) and the beginning of the response."""
    endpoint, timestamp = delivery.endpoint, int(now.timestamp())
    signatures = [
        signature(secret, delivery.message_id, timestamp, delivery.body) for secret in endpoint.secrets_at(now)
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Scrutineer",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    try:
        answer = post(endpoint.address, delivery.body.encode(), headers)
    except DeliveryError as failure:
        return str(failure), ""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return "", answer.start
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return f"It answered {answer.status}: it led elsewhere, and we do not follow.", answer.start
    return f"It answered {answer.status}.", answer.start


def settle(delivery: WebhookDelivery, problem: str, answer: str, now: datetime.datetime) -> None:
    """Record the result of one attempt, unless somebody else has claimed the message since."""
    tries = delivery.attempts + 1
    found = {"attempts": tries, "last_error": problem, "answer": answer, "claimed_until": None}
    wait = wait_after(tries)
    gave_up = bool(problem) and wait is None
    if not problem:
        found |= {"state": DeliveryState.SENT, "sent_at": now}
    elif gave_up:
        found |= {"state": DeliveryState.GIVEN_UP}
    else:
        found |= {"next_try_at": now + cast("datetime.timedelta", wait)}
    with transaction.atomic():
        ours = WebhookDelivery.objects.filter(pk=delivery.pk, claimed_until=delivery.claimed_until)
        if ours.update(**found):
            endpoint = WebhookEndpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
            _note(endpoint, failed=bool(problem), now=now)


def _note(endpoint: WebhookEndpoint, *, failed: bool, now: datetime.datetime) -> None:
    """Update the health of an endpoint, and switch off one that has failed for days."""
    endpoint.failing_since = (endpoint.failing_since or now) if failed else None
    if failed and now - cast("datetime.datetime", endpoint.failing_since) >= FAILS_AT_MOST:
        endpoint.is_on, endpoint.switched_off_at = False, now
    endpoint.save(update_fields=["failing_since", "is_on", "switched_off_at"])
