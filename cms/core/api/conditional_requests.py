"""Conditional requests: two short queries decide whether a client already has the current response (304).

Every SQL statement that writes is tracked, not every signal: bulk changes send none. A table that is not registered as
private counts as public, so the worst possible mistake is to send a response once more than needed.
"""

import datetime
import hashlib
import re
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import http_date, parse_etags

from ..models import ChangeCounter
from ..public_registry import moments_of_change, private_tables

WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
# Tables of others that no program is ever shown: sign-ins, logs, drafts, and what is made from something else.
QUIET = re.compile(
    r"auth_user\w*|django_\w+|post_office_\w+|sqlite_\w+"
    r"|wagtail(admin|users)_\w+|wagtailimages_rendition"
    r"|wagtailcore_(apitoken|comment\w*|modellogentry|page(logentry|subscription)|referenceindex|revision"
    r"|task\w*|groupapproval\w+|uploadedfile|workflow\w*)"
)

# An HTTP date has no parts of a second: what changed within this time could change again under the same date.
SETTLED = datetime.timedelta(seconds=2)


def track_writes(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Install a wrapper that tracks the writes of a database connection, when the connection is opened."""
    if _track not in connection.execute_wrappers:
        connection.execute_wrappers.append(_track)


def _track(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    written = WRITES.match(sql)
    result = execute(sql, params, many, context)
    if written and not is_quiet(written[1]):
        connection = context["connection"]
        # Once a transaction, and only when it is done: before, others read what was there.
        if all(work != ChangeCounter.note for _, work, _ in connection.run_on_commit):
            connection.on_commit(ChangeCounter.note, robust=True)
    return result


def is_quiet(table: str) -> bool:
    """Return whether a change in a table can never change a public response."""
    return table in private_tables() or bool(QUIET.fullmatch(table))


@cache
def _release() -> str:
    """Return a digest of the deployed code, the same for every process that runs it."""
    digest = hashlib.sha256(settings.BASE_URL.encode())
    folders = ("cms/core", "cms/settings", "home", "scrutiny_pages", "forms")
    for path in sorted(file for name in folders for file in (settings.BASE_DIR / name).rglob("*.py")):
        digest.update(path.read_bytes())
    digest.update((settings.BASE_DIR / "requirements.lock").read_bytes())
    return digest.hexdigest()


def _last_scheduled_change(since: datetime.datetime, at: datetime.datetime) -> datetime.datetime | None:
    """Return the last time before a moment at which a scheduled change of visibility took place, in one query."""
    passed = [
        rows.order_by()
        .filter(**{f"{moment}__range": (since, at)})
        .annotate(public_change_at=F(moment))
        .values("public_change_at")
        for rows, moment in moments_of_change()
    ]
    last = passed[0].union(*passed[1:], all=True).order_by("-public_change_at").first()
    return last["public_change_at"] if last else None


def _current_state(at: datetime.datetime) -> tuple[str, datetime.datetime]:
    """Return the ETag of the public state at a moment, and the time since when it has been so.

    Each hour has a new one: words such as "late" change with the date, and a change whose process was killed before it
    was counted is found within the hour.
    """
    hour = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    change = ChangeCounter.objects.filter(pk=1).first()
    last = _last_scheduled_change(hour, at)
    since = max(moment for moment in (hour, change and change.at, last) if moment)
    return f"{_release()}/{change.number if change else 0}/{hour.isoformat()}/{last}", since


def _is_current(request: HttpRequest, etag: str, date: str) -> bool:
    """Return whether the request's validators match the current ones exactly.

    ``*`` and other dates are ignored: they do not prove that there is anything at the URL.
    """
    if "If-None-Match" in request.headers:
        return etag.removeprefix("W/") in {
            known.removeprefix("W/") for known in parse_etags(request.headers["If-None-Match"])
        }
    return bool(date) and request.headers.get("If-Modified-Since") == date


def conditional(view: Callable) -> Callable:
    """Return a view that answers 304 to a client that already has the current response.

    Responses may be stored by any cache but must be revalidated before use, so withdrawn content disappears at once.
    Error responses are not cached.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        # Before the view reads anything: if something changes meanwhile, the answer is new under an old name.
        now = timezone.now()
        state, since = _current_state(now)
        etag = f'W/"{salted_hmac("cms.freshness", f"{request.build_absolute_uri()} {state}").hexdigest()}"'
        date = http_date(since.timestamp()) if now - since >= SETTLED else ""
        response = HttpResponseNotModified() if _is_current(request, etag, date) else view(request, *args, **kwargs)
        if response.status_code not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            patch_cache_control(response, no_store=True)
            return response
        response.headers["ETag"] = etag
        if date:
            response.headers["Last-Modified"] = date
        # Also where nothing is sent: a cache goes by the newest answer, and keeps one for each encoding.
        patch_vary_headers(response, ["Accept-Encoding"])
        patch_cache_control(response, public=True, no_cache=True)
        return response

    answer.is_fresh = True  # type: ignore[attr-defined]  # a mark that a test reads off the view
    return answer
